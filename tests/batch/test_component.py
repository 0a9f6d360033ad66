"""The component `nac_stance` in pipelines of others."""

import json
import pickle
import shutil
import subprocess
import sys

import pytest
import spacy
from spacy.tokens import Doc, DocBin

from classifier import load_model, score
from classifier.scoring.component import KEY, StanceScorer
from classifier.scoring.errors import ModelError
from tests.batch.conftest import CALM, DRY, FIRM, text_of

TEXT = f"{FIRM}  {CALM}\n\n{DRY}"


def pipelines():
    blank, with_sentences, crowded = spacy.blank("en"), spacy.blank("en"), spacy.blank("en")
    with_sentences.add_pipe("sentencizer")
    crowded.add_pipe("sentencizer")
    ruler = crowded.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "ORG", "pattern": "Allies"}])
    crowded.add_pipe("merge_entities")
    return {"blank": blank, "with sentences": with_sentences, "crowded": crowded, "no language": spacy.blank("xx")}


@pytest.mark.parametrize("kind", ["blank", "with sentences", "crowded", "no language"])
def test_any_english_pipeline_gives_the_score_of_nac_score(kind):
    nlp = pipelines()[kind]
    before = [(t.text, t.is_sent_start, t.ent_type_) for t in nlp(TEXT)]
    nlp.add_pipe("nac_stance")
    doc = nlp(TEXT)
    alone = score(TEXT)
    found = doc._.nac_stance
    assert [(t.text, t.is_sent_start, t.ent_type_) for t in doc] == before
    assert (found["verdict"], found["probability"], found["index"]) == (alone.verdict, alone.probability, alone.index)
    assert [(s["start"], s["end"]) for s in found["sentences"]] == [(s.start, s.end) for s in alone.sentences]
    assert [doc.text[c["start"] : c["end"]] for c in found["cues"]] == [c["text"] for c in found["cues"]]
    assert json.loads(json.dumps(found)) == found


def test_the_entry_point_is_enough():
    code = (
        "import spacy\n"
        "nlp = spacy.blank('en'); nlp.add_pipe('nac_stance')\n"
        "print(nlp('Allies will respond to any further incursion.')._.nac_stance['model']['name'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == load_model().name


@pytest.fixture
def nlp():
    nlp = spacy.blank("en")
    nlp.add_pipe("nac_stance")
    return nlp


def test_results_survive_pickle_and_docbin(nlp):
    doc = nlp(TEXT)
    assert pickle.loads(pickle.dumps(doc))._.nac_stance == doc._.nac_stance
    box = DocBin(store_user_data=True, docs=[doc])
    back = next(iter(DocBin().from_bytes(box.to_bytes()).get_docs(spacy.blank("en").vocab)))
    assert back._.nac_stance == doc._.nac_stance
    assert Doc(nlp.vocab).from_bytes(doc.to_bytes())._.nac_stance == doc._.nac_stance


def test_results_come_back_from_processes(nlp):
    texts = [text_of(i) for i in range(6)]
    there = [doc._.nac_stance for doc in nlp.pipe(texts, n_process=2, batch_size=2)]
    assert there == [nlp(text)._.nac_stance for text in texts]


def test_a_pipeline_can_be_written_and_read(nlp, tmp_path):
    nlp.to_disk(tmp_path / "pipeline")
    back = spacy.load(tmp_path / "pipeline")
    assert back(TEXT)._.nac_stance == nlp(TEXT)._.nac_stance
    other = spacy.blank("en")
    other.add_pipe("nac_stance")
    assert other.from_bytes(nlp.to_bytes())(TEXT)._.nac_stance == nlp(TEXT)._.nac_stance
    assert pickle.loads(pickle.dumps(nlp.get_pipe("nac_stance")))(nlp.make_doc(TEXT))._.nac_stance == nlp(TEXT)._.nac_stance


def test_another_model_of_that_name_is_refused(nlp, tmp_path):
    folder = tmp_path / "mine"
    shutil.copytree(load_model().folder, folder)
    mine = spacy.blank("en")
    mine.add_pipe("nac_stance", config={"model": str(folder)})
    mine.to_disk(tmp_path / "pipeline")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    (folder / "manifest.json").write_text(json.dumps({**manifest, "seed": -1}), encoding="utf-8")
    with pytest.raises(ModelError, match="made with another model"):
        spacy.load(tmp_path / "pipeline")


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"{"])
def test_a_note_that_cannot_be_read_is_told(tmp_path, content):
    (tmp_path / "model.json").write_bytes(content)
    with pytest.raises(ModelError, match="cannot be read"):
        StanceScorer().from_disk(tmp_path)
    with pytest.raises(ModelError, match=r"holds no model\.json"):
        StanceScorer().from_disk(tmp_path / "nowhere")


def test_other_languages_are_refused():
    with pytest.raises(ValueError, match="nac_stance scores English"):
        spacy.blank("fr").add_pipe("nac_stance")


def test_an_extension_of_others_is_left_alone(nlp):
    assert Doc.get_extension(KEY)[2] is not None
    StanceScorer()
    assert Doc.has_extension(KEY)


@pytest.mark.parametrize("text", ["", " \n ", "...", "One word"])
def test_a_text_of_next_to_nothing_has_a_score_too(nlp, text):
    assert nlp(text)._.nac_stance["verdict"] == score(text).verdict
