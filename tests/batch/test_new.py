"""`--new`: what the store holds and the model has not scored."""

import subprocess
import time

import pytest

from classifier import load_model, score
from classifier.scoring.identity import model_hash
from scraper.store.opening import open_store
from tests.batch.conftest import CALM, DRY, FIRM, FRENCH, batch, read_jsonl, start
from tests.scraper.store.made import make_release, words_of


@pytest.fixture
def db(tmp_path):
    with open_store(str(tmp_path / "store.db")) as store:
        for i in range(8):
            store.library.add(make_release(f"https://example.org/{i}", f"{FIRM} {words_of(i)}. {CALM}", language="en"))
        store.library.add(make_release("https://example.org/fr", FRENCH, language="fr"))
    return tmp_path / "store.db"


def unscored(db):
    with open_store(str(db)) as store:
        return [item.key for item in store.scores.unscored(model_hash(load_model()))]


def test_what_is_new_is_scored_once(db, tmp_path):
    keys = unscored(db)
    out = tmp_path / "new.jsonl"
    batch("--new", "--db", db, "--out", out, "--chunk-mb", "0.001")
    rows = read_jsonl(out)
    assert [row["id"] for row in rows] == keys
    assert len(keys) == 8
    assert unscored(db) == []
    assert batch("--new", "--db", db).stdout == ""
    with open_store(str(db)) as store:
        store.library.add(make_release("https://example.org/0", f"{FIRM} {words_of(0)}. {DRY}", language="en"))
    assert len(batch("--new", "--db", db).stdout.splitlines()) == 1


def test_the_store_keeps_the_score_of_nac_score(db, tmp_path):
    from scraper.store.newest import list_newest_scores

    batch("--new", "--db", db, "--unit", "sentence", "--out", tmp_path / "new.csv")
    with open_store(str(db)) as store:
        kept = list_newest_scores(store.database, model_hash(load_model()))
        texts = {entry.key: entry.release.text for entry in store.library.releases()}
    assert len(kept) == 8
    for row in kept:
        alone = score(texts[row.key])
        assert (row.verdict, row.probability, (row.low, row.high)) == (alone.verdict, alone.probability, alone.interval)


def test_a_broken_off_run_counts_nothing_as_scored(db, tmp_path):
    keys = unscored(db)
    out = tmp_path / "new.jsonl"
    process = start("batch", "--new", "--db", db, "--out", out, "--chunk-mb", "0.0006", "-q", stderr=subprocess.PIPE)
    end = time.monotonic() + 60
    while not list(tmp_path.glob("new.jsonl.parts/*.part")) and process.poll() is None and time.monotonic() < end:
        time.sleep(0.002)
    process.kill()
    process.communicate()
    assert unscored(db) == ([] if out.exists() else keys)
    batch("--new", "--db", db, "--out", out, "--chunk-mb", "0.0006", "--resume")
    assert [row["id"] for row in read_jsonl(out)] == keys
    assert unscored(db) == []


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("--new", "x.jsonl"), 2, "takes the place of inputs"),
        (("--new", "--keep", "a"), 2, "no fields to keep"),
        (("x.jsonl", "--db", "y"), 2, "with --new alone"),
        (("--new", "--db", "nowhere.db"), 1, "nowhere.db"),
    ],
)
def test_what_cannot_be(tmp_path, monkeypatch, arguments, code, told):
    monkeypatch.chdir(tmp_path)
    assert told in batch(*arguments, code=code).stderr
