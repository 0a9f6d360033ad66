"""`nac evaluate`: records that keep to their schema, refusals that say what to do, one page in which nothing acts."""

import csv
import json

import jsonschema
import pytest

from classifier.learning.corpora import CORPUS
from classifier.learning.figures.tested import read_tested
from classifier.scoring.places import SHIPPED
from tests.desk.conftest import nac, write_rows
from tests.desk.test_report import Page, check_that_nothing_acts

MEASURES = "accuracy balanced_accuracy macro_f1 weighted_f1 roc_auc brier log_loss ece coverage"
FIELDS = f"n classes {MEASURES} per_class confusion intervals baselines model"


def constructed(every=6):
    return [json.loads(line) for line in (CORPUS / "constructed.jsonl").read_text(encoding="utf-8").splitlines()][::every]


@pytest.fixture(scope="module")
def releases(tmp_path_factory):
    rows = [
        {key: row[key] for key in ("id", "text", "label", "kind", "topic")} | {"date": row["made"], "group": row["hand"]}
        for row in constructed(20)
    ]
    return write_rows(tmp_path_factory.mktemp("corpus") / "releases.jsonl", *rows)


@pytest.fixture(scope="module")
def sentences(tmp_path_factory):
    rows = [
        {
            "text": row["text"][s["start"] : s["end"]],
            "label": s["label"],
            "release": row["id"],
            "reader_a": s["reader_a"],
            "reader_b": s["reader_b"],
        }
        for row in constructed(60)
        for s in row["sentences"]
    ]
    return write_rows(tmp_path_factory.mktemp("corpus") / "sentences.jsonl", *rows)


def measure(*arguments):
    result = nac("evaluate", *arguments, "--format", "json")
    assert result.exit_code == 0, result.stderr
    found = json.loads(result.stdout)
    schema = json.loads(nac("schema", "evaluate").stdout)
    jsonschema.validate(found, schema)
    return found


def test_releases_of_a_two_pole_model(releases):
    found = measure(releases)
    assert list(found) == FIELDS.split()
    assert found["classes"] == ["hawkish", "cautious"]
    assert found["model"]["unit"] == "release"
    assert found["accuracy"] > 0.8, "texts that the model was trained on"
    assert found["model"]["silent"]["n"] > 0 and set(found["model"]["set_aside"]) <= {"balanced", "disputed"}
    assert set(found["model"]["slices"]) == {"kind", "topic", "length"}
    assert found["baselines"] == {} and found["model"]["paired"] is None


def test_rows_of_sentences_are_scored_as_sentences(sentences):
    found = measure(sentences)
    assert found["classes"] == ["cautious", "hawkish", "neutral"]
    assert found["model"]["unit"] == "sentence"
    assert found["n"] == sum(b["n"] for b in found["model"]["reliability"]) == sum(map(sum, found["confusion"]))
    assert found["model"]["annotators"]["percent"] > 0.7
    assert found["model"]["groups"] < found["n"]
    assert found["coverage"] == 1.0


def test_the_unit_can_be_asked_for(releases):
    assert measure(releases, "--unit", "sentence", "--ignore-label", "none")["model"]["unit"] == "sentence"


def test_baselines_are_fitted_to_the_rows_given_for_it(releases, tmp_path):
    train = write_rows(tmp_path / "train.jsonl", *({"text": row["text"], "label": row["label"]} for row in constructed(7)))
    found = measure(releases, "--baseline-train", train)
    assert list(found["baselines"]) == ["majority", "lexicon", "tfidf"]
    assert all(rung["n"] == found["n"] for rung in found["baselines"].values())
    assert found["baselines"]["majority"]["roc_auc"] == 0.5 < found["baselines"]["lexicon"]["roc_auc"]
    assert found["baselines"]["majority"]["accuracy"] < found["baselines"]["tfidf"]["accuracy"]


def test_two_models_are_compared_on_the_same_rows(releases):
    first, second = measure(releases, "--model", "stance-1", "--model", SHIPPED / "stance-1")
    assert first["model"]["paired"] is None
    paired = second["model"]["paired"]
    assert paired["beside"] == "stance-1"
    assert paired["mcnemar"]["p"] == 1.0 and paired["differences"]["brier"]["value"] == 0.0


def test_fields_by_option_in_a_table(tmp_path, releases):
    path = tmp_path / "odd.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["what", "side", "doc", "when", "part"])
        for line in releases.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            writer.writerow([row["text"], row["label"], row["id"], "2021-05-31" if len(row["id"]) % 2 else "2022", "test"])
        writer.writerow(["Allies will act at once.", "hawkish", "x", "2020", "train"])
    options = ("--text-field", "what", "--label-field", "side", "--group-field", "doc", "--date-field", "when", "--split-field", "part")
    whole, part = measure(path, *options), measure(path, *options, "--split", "test")
    assert whole["n"] == part["n"] + 1
    assert measure(releases)["accuracy"] == part["accuracy"]


def test_a_table_in_another_encoding_with_annotators_named_either_way(tmp_path):
    path = tmp_path / "latin.csv"
    with path.open("w", encoding="latin-1", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["text", "label", "Anna", "Zoë"])
        for row in constructed(120):
            text = row["text"].encode("ascii", "ignore").decode()
            writer.writerow([f"{text} Said in Orléans.", row["label"], row["label"], row["label"]])
    refused = nac("evaluate", path)
    assert (refused.exit_code, "is not UTF-8" in refused.stderr) == (5, True)
    once = measure(path, "--encoding", "latin-1", "--annotators", "Anna,Zoë")
    assert once["model"]["annotators"]["percent"] == 1.0
    assert measure(path, "--encoding", "latin-1", "--annotator-field", "Anna", "--annotator-field", "Zoë") == once


def test_the_same_corpus_gives_the_same_figures(releases):
    assert measure(releases) == measure(releases)


ONE, TWO = {"text": "Allies will act.", "label": "hawkish"}, {"text": "Allies will talk.", "label": "cautious"}
REFUSED = [
    ([], 5, "no rows", "an empty file"),
    ([ONE, ONE | {"text": "x y"}], 5, "one class alone (hawkish)", "one class"),
    (
        [ONE, TWO, {"text": "x", "label": "Hawkish"}],
        5,
        "'Hawkish' is unknown to model stance-1, which knows 'hawkish', 'cautious'",
        "a typo",
    ),
    ([ONE, TWO, {"text": "x", "label": "<b>\x1b[2J"}], 5, r"\x1b[2J", "a label that would act on a terminal"),
    ([ONE, {"text": "x", "label": "disputed"}], 5, "one class alone", "nothing left but one class"),
    ([{"text": "x", "label": "disputed"}], 5, "no row labelled 'hawkish', 'cautious'", "nothing left at all"),
    ([ONE, {"text": "", "label": "cautious"}], 5, "line 2", "a row without a text"),
    ([ONE, {"text": "x"}], 5, "line 2", "a row without a label"),
    ([ONE, "{"], 5, "line 2", "broken JSON"),
]


@pytest.mark.parametrize(("rows", "code", "words", "reason"), REFUSED, ids=[row[3] for row in REFUSED])
def test_refusals(tmp_path, rows, code, words, reason):
    result = nac("evaluate", write_rows(tmp_path / "corpus.jsonl", *rows))
    assert (result.exit_code, result.stdout) == (code, ""), result.stderr
    assert words in result.stderr and "corpus.jsonl" in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1 and "Traceback" not in result.stderr


USAGE = [
    ((), 2, "no corpus given"),
    (("x.jsonl", "--set", "council"), 2, "not both"),
    (("--set", "no-such-set"), 2, "the sets are"),
    (("--set", "time-split"), 1, "--data"),
    (("--set", "time-split", "--data", "/nowhere"), 1, "does not hold it"),
    (("/nowhere.jsonl",), 1, "/nowhere.jsonl"),
    (("--set", "council", "--model", "no-such-model"), 4, "there are: stance-1"),
]


@pytest.mark.parametrize(("arguments", "code", "words"), USAGE, ids=[row[2] for row in USAGE])
def test_wrong_calls_say_what_to_do(arguments, code, words):
    result = nac("evaluate", *arguments)
    assert (result.exit_code, result.stdout) == (code, ""), result.stderr
    assert words in result.stderr.lower()


def test_the_councils_register_without_any_data():
    release, sentence = measure("--set", "council")
    assert [release["model"]["unit"], sentence["model"]["unit"]] == ["release", "sentence"]
    assert release["model"]["predictions"] == sentence["model"]["predictions"] == "recorded"
    assert "tfidf" in release["baselines"] and "recorded" in release["baselines"]["tfidf"]["fitted_on"]
    figures = json.loads((SHIPPED / "stance-1" / "metrics.json").read_text(encoding="utf-8"))["council_register"]["model"]
    assert release["accuracy"] == figures["release"]["accuracy"] and release["brier"] == figures["release"]["brier"]
    assert sentence["macro_f1"] == figures["sentence"]["macro_f1"]


def test_both_sets_side_by_side(given_data):
    result = nac("evaluate", "--set", "time-split", "--set", "council", "--data", given_data)
    assert result.exit_code == 0, result.stderr
    heads = [line.split() for line in result.stdout.splitlines() if line.startswith(("releases", "sentences"))]
    assert heads == [["releases", "time-split", "council"], ["sentences", "time-split", "council"]]
    figures = json.loads((SHIPPED / "stance-1" / "metrics.json").read_text(encoding="utf-8"))["time_split"]["model"]["release"]
    assert f"{figures['roc_auc']:.3f}" in result.stdout
    assert "disputed" in result.stderr


def test_recorded_answers_hold_no_text():
    for answers in read_tested(SHIPPED / "stance-1").values():
        assert all(" " not in one.id for one in answers.values())
    assert "text" not in json.loads((SHIPPED / "stance-1" / "tested.jsonl").read_text(encoding="utf-8").splitlines()[0])


def test_the_page_loads_nothing_and_holds_the_figures(releases, tmp_path):
    train = write_rows(tmp_path / "train.jsonl", *({"text": row["text"], "label": row["label"]} for row in constructed(30)))
    result = nac(
        "evaluate", releases, "--model", "stance-1", "--model", SHIPPED / "stance-1", "--baseline-train", train, "--format", "html"
    )
    assert result.exit_code == 0, result.stderr
    page = Page(result.stdout)
    assert not page.open
    tags = {tag for tag, _ in page.tags}
    assert not tags & {"script", "iframe", "object", "embed", "link", "img", "form", "base"}
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on") or name in ("style", "src")]
    assert "url(" not in result.stdout and result.stdout.count('<svg class="plot"') == 4
    for words in ("Beside the baselines", "McNemar", "Worst errors", "By kind", "Reliability", "Risk and coverage", "majority"):
        assert words in page.words, words


def test_hostile_words_of_a_corpus_stay_words(tmp_path):
    evil = "<script>alert(1)</script>\x1b[31m\u202e{{ 7*7 }}"
    rows = [
        {"id": evil, "text": f"{evil} Allies will send ships at once.", "label": "cautious", "kind": evil},
        {"id": "b", "text": f"{evil} Allies remain in close contact.", "label": "hawkish", "kind": "plain"},
    ] * 5  # fmt: skip
    corpus = write_rows(tmp_path / "<img src=x>.jsonl", *rows)
    result = nac("evaluate", corpus, "--format", "html")
    assert result.exit_code == 0, result.stderr
    check_that_nothing_acts(
        result.stdout.replace('href="#e', 'href="#t').replace('id="e', 'id="t'), Page(result.stdout.replace('id="e', 'id="t'))
    )
    table = nac("evaluate", corpus).stdout
    assert "\x1b" not in table and "\u202e" not in table
    assert "\u202e" not in nac("evaluate", corpus, "--format", "json").stdout
