"""What a stranger may have: tables without texts that are exactly what the labelled texts give, listed with their sums."""

import csv
import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from classifier.learning.dehydrated.places import LABELS, differing_files
from classifier.learning.dehydrated.recipe import NoSourceText, hash_text, read_source
from classifier.learning.dehydrated.restore import Drift, build_release, build_sentences, check_source, dump_lines, list_wanted
from classifier.learning.dehydrated.tables import read_table
from classifier.learning.labelled.row import CorpusError
from tests.corpus.made_labels import make_data, make_labels, source_file

TABLES = ["releases.csv", "sentences.csv", "nac_statements.csv", "article4_consultations.csv", "incidents_without_article4.csv"]


def test_the_corpus_is_what_the_labelled_texts_give(given_data):
    again = "nac corpus dehydrate --from ../shared/data --out corpus"
    assert differing_files(given_data, LABELS) == [], f"run {again}"


def test_sums_are_those_of_the_files_and_name_all_of_them():
    listed = dict(reversed(line.split("  ", 1)) for line in (LABELS / "SHA256SUMS").read_text().splitlines())
    for name, digest in listed.items():
        assert hashlib.sha256((LABELS / name).read_bytes()).hexdigest() == digest, f"{name}: run nac corpus dehydrate"
    there = {path.name for path in LABELS.iterdir() if path.is_file()}
    assert there - set(listed) == {"SHA256SUMS", "__init__.py", "py.typed", "README.md"}


def test_croissant_is_valid_and_its_tables_can_be_read():
    """In a process of its own: the validator logs, and warns of its own dependencies."""
    code = (
        "import sys, mlcroissant as mlc\n"
        "data = mlc.Dataset(sys.argv[1])\n"
        "assert not data.metadata.ctx.issues.errors, data.metadata.ctx.issues.report()\n"
        "for name in ('releases', 'sentences', 'nac_statements', 'article4_consultations'):\n"
        "    row = next(iter(data.records(name)))\n"
        "    assert row[f'{name}/id'], name\n"
    )
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code, str(LABELS / "croissant.json")], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_croissant_describes_every_column():
    metadata = json.loads((LABELS / "croissant.json").read_text(encoding="utf-8"))
    described = {
        record_set["@id"]: [field["source"]["extract"]["column"] for field in record_set["field"]] for record_set in metadata["recordSet"]
    }
    for name in (*TABLES, "pool_releases.csv", "pool_sentences.csv"):
        with (LABELS / name).open(encoding="utf-8", newline="") as stream:
            assert described[name.removesuffix(".csv")] == next(csv.reader(stream))


def test_no_table_holds_a_text_of_others():
    """Longest value a column: no cell of the labels is long enough for a paragraph, none of the sentences' for a sentence."""
    for row in read_table(LABELS / "sentences.csv"):
        assert not any(" " in value for value in row.values()), "labels, codes, offsets and hashes are single words"
    for row in read_table(LABELS / "releases.csv"):
        assert not any(" " in value for value in row.values())
    assert "phrases" not in read_table(LABELS / "nac_statements.csv")[0]


def test_the_data_sheet_counts_what_is_there():
    told = (LABELS / "DATASHEET.md").read_text(encoding="utf-8")
    for name in (*TABLES, "pool_releases.csv", "pool_sentences.csv"):
        count = f"{len(read_table(LABELS / name)):,}"
        assert re.search(rf"`{name}` \| {count} \|", told), f"{name} has {count} rows"
    for name in ("constructed.jsonl", "constructed_test.jsonl"):
        count = len((LABELS / name).read_text(encoding="utf-8").splitlines())
        assert re.search(rf"`{name}` \| {count:,} \|", told), f"{name} has {count} rows"


def test_article_4_facts_have_sources_and_days():
    consultations, incidents = read_table(LABELS / "article4_consultations.csv"), read_table(LABELS / "incidents_without_article4.csv")
    assert len(consultations) == 9 and len(incidents) == 26
    for row in (*consultations, *incidents):
        assert row["source_url"].startswith(("http://", "https://")), row["id"]
        assert row["confidence"] in ("high", "medium", "low"), row["id"]
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", row.get("requested_on") or row.get("date") or ""), row["id"]


def test_texts_parted_from_their_labels_and_put_together_again_are_the_same_bytes(tmp_path):
    files = make_data(tmp_path / "data")
    labels = make_labels(tmp_path / "labels", tmp_path / "data")
    assert not any("remain in contact" in path.read_text() for path in labels.iterdir())
    rows = [build_release(wanted, check_source(wanted, files[wanted.path])) for wanted in list_wanted(labels)]
    assert dump_lines(rows) == (tmp_path / "data" / "releases.jsonl").read_bytes()
    sentences = build_sentences(labels, {row["id"]: row["text"] for row in rows})
    assert dump_lines(sentences) == (tmp_path / "data" / "sentences.jsonl").read_bytes()


def test_the_recipe(tmp_path):
    source = read_source(source_file(3))
    assert (source.title, source.url) == ("Made-up release 3", "https://example.org/3")
    assert source.text == "Allies met in town 3. They will send help & food.\n\nThey remain in contact."


@pytest.mark.parametrize("raw", [b"no front matter", b"---\nopen: 1\n", b"\xff\xfe---\n---\n"])
def test_what_is_no_source_file(raw):
    with pytest.raises(NoSourceText):
        read_source(raw)


def test_broken_front_matter_costs_the_title_and_not_the_text():
    assert read_source(b"---\ntitle: [\n---\nText.\n").text == "Text."


def test_drift_tells_other_bytes_from_another_text(tmp_path):
    files = make_data(tmp_path / "data")
    wanted = list_wanted(make_labels(tmp_path / "labels", tmp_path / "data"))[0]
    raw = files[wanted.path]
    same = check_source(wanted, raw.replace(b"tags: s", b"tags: t"))
    other = check_source(wanted, raw.replace(b"food", b"arms"))
    none = check_source(wanted, b"404")
    assert (type(same), same.same_text) == (Drift, True)
    assert (type(other), other.same_text, other.new_text_sha256 is None) == (Drift, False, False)
    assert (type(none), none.same_text, none.new_text_sha256) == (Drift, False, None)


@pytest.mark.parametrize(
    ("old", "new", "told"), [("food", "arms", "does not have its hash"), ('"start": ', '"start": 1', "not where its offsets")]
)
def test_data_that_contradict_themselves_are_refused(tmp_path, old, new, told):
    make_data(tmp_path / "data")
    for name in ("releases.jsonl", "sentences.jsonl"):
        path = tmp_path / "data" / name
        path.write_text(path.read_text().replace(old, new))
    with pytest.raises(CorpusError, match=told):
        make_labels(tmp_path / "labels", tmp_path / "data")


def test_the_recipe_is_the_one_of_the_data(given_data):
    """The recipe that came with the data, on the same made-up files."""
    namespace = {}
    exec(compile((Path(given_data) / "text_recipe.py").read_text(), "text_recipe", "exec"), namespace)
    for number in range(20):
        raw = source_file(number).replace(b"food", "fo\xa0od <b>x</b> ![p](q) > quote\n \xa0\n* item_1\\".encode())
        assert hash_text(read_source(raw).text) == hash_text(namespace["plain_text"](raw.decode()))
