"""The same rows with any number of workers, whoever runs them, and whichever of them dies."""

import itertools
import threading
import warnings
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier import load_model, score_many
from classifier.batch import places
from classifier.batch.chunks import cut_chunks
from classifier.batch.engine import run_chunks
from classifier.batch.lost import KILLER, WorkersLost
from classifier.batch.many import record_of
from classifier.batch.places import Workers
from classifier.batch.record import Task
from classifier.batch.work import work_chunk
from classifier.scoring.errors import ModelError
from classifier.scoring.identity import model_hash
from tests.batch.conftest import CALM, DRY, FIRM, batch, make_rows, text_of
from tests.batch.killers import killing

LONG = " ".join(
    f"{sentence} In round {i} the matter was raised again." for i, sentence in zip(range(900), itertools.cycle((FIRM, CALM, DRY)))
)


def task(**options):
    model = load_model()
    return Task(model=str(model.folder), model_hash=model_hash(model), **options)


def run(texts, work, *, jobs=2, size=1500):
    """Rows of a run; loky's warning that a worker died is no error here."""
    records = (record_of(text, number) for number, text in enumerate(texts))
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "A worker stopped while some jobs")
        return [row for done in run_chunks(cut_chunks(records, size), work, Workers(jobs=jobs)) for row in done.output]


def test_one_two_and_four_workers_write_the_same_bytes(tmp_path, table):
    for unit, suffix in (("release", ".jsonl"), ("sentence", ".csv"), ("paragraph", ".parquet")):
        written = set()
        for jobs in (1, 2, 4):
            out = tmp_path / f"{unit}{jobs}{suffix}"
            batch(table, "--out", out, "--jobs", jobs, "--unit", unit, "--chunk-mb", "0.001")
            written.add(out.read_bytes())
        assert len(written) == 1


def test_a_long_text_is_the_same_in_a_worker():
    """One process may use several threads for arithmetic, a worker uses one: sums must not depend on it."""
    texts = [LONG, FIRM, LONG + CALM]
    assert (
        list(score_many(texts, jobs=2, chunk_bytes=100))
        == list(score_many(texts))
        == [next(iter(score_many([t]))) | {"id": str(i)} for i, t in enumerate(texts, 1)]
    )


def test_the_order_of_texts_changes_nothing_but_the_order_of_rows():
    rows = make_rows(12)
    there = list(score_many(rows, chunk_bytes=900))
    back = list(score_many(rows[::-1], chunk_bytes=1300))
    assert there == back[::-1]


@settings(max_examples=15, deadline=None)
@given(st.lists(st.sampled_from(range(12)), max_size=12), st.integers(1, 4000))
def test_chunks_change_nothing(numbers, size):
    rows = [make_rows(12)[number] for number in numbers]
    assert list(score_many(rows, chunk_bytes=size)) == list(score_many(rows))


def test_records_that_kill_their_workers_are_found_and_the_others_are_scored():
    texts = [text_of(i) for i in range(10)]
    expected = run(texts, partial(work_chunk, task=task()), jobs=1)
    rows = run(texts, killing(task(), killed="number 2,", ended="number 7,"))
    assert [row["error"] for row in rows] == [str(KILLER) if i in (2, 7) else None for i in range(10)]
    assert [row for row in rows if row["error"] is None] == [row for i, row in enumerate(expected) if i not in (2, 7)]


def test_a_worker_that_died_once_costs_nothing(tmp_path):
    texts = [text_of(i) for i in range(20)]
    rows = run(texts, killing(task(), killed="number 7,", once=str(tmp_path / "died")))
    assert (tmp_path / "died").exists()
    assert rows == run(texts, partial(work_chunk, task=task()), jobs=1)


def test_a_model_that_is_another_one_in_a_worker_ends_the_run():
    other = Task(model=str(load_model().folder), model_hash="0" * 64)
    with pytest.raises(ModelError, match="is not the one"):
        run([FIRM, CALM], partial(work_chunk, task=other), size=100)


@pytest.mark.parametrize("jobs", [1, 2])
def test_reading_waits_for_who_takes_the_rows(jobs):
    """Memory does not grow where rows are taken slowly: no more is read than a few chunks for each worker."""
    asked = []
    texts = (asked.append(i) or text_of(i) for i in range(300))
    rows = score_many(texts, jobs=jobs, chunk_bytes=1000)
    next(rows)
    threading.Event().wait(1.5)  # workers that could run ahead would have by now
    taken = len(asked)
    assert taken < 60
    assert sum(1 for _ in rows) == 299
    assert len(asked) == 300


def test_an_input_that_fails_ends_the_run_with_its_own_error():
    def texts():
        yield FIRM
        raise LookupError("the source broke off")

    with pytest.raises(LookupError, match="broke off"):
        list(score_many(texts(), jobs=2))


def test_a_run_can_be_left_in_the_middle():
    rows = score_many((text_of(i) for i in range(40)), jobs=2, chunk_bytes=1000)
    first = next(rows)
    rows.close()
    assert first["id"] == "1"
    assert len(list(score_many([FIRM, CALM], jobs=2, chunk_bytes=1))) == 2


@pytest.mark.parametrize(
    ("item", "code", "why"),
    [
        (3, "malformed", "no text"),
        ({"id": "a"}, "malformed", "no text in it"),
        ({"text": 5}, "malformed", "a number for a text"),
        ("", "unreadable", "empty"),
        ("...", "unreadable", "no word"),
        ("half of a pair: \ud800 here", "malformed", "cannot be written as UTF-8"),
        ("x" * 20_000_001, "too_large", "more than one statement can be"),
    ],
)
def test_what_cannot_be_scored_is_a_row_with_its_error(item, code, why):
    rows = list(score_many([FIRM, item, CALM]))
    assert [row["error"] and row["error"].split(":")[0] for row in rows] == [None, code, None], why


@pytest.mark.parametrize("wrong", [{"unit": "page"}, {"jobs": 0}, {"jobs": -2}, {"chunk_bytes": 0}])
def test_wrong_options_are_refused_before_anything_is_read(wrong):
    with pytest.raises(ValueError, match="unit is one of"):
        score_many([FIRM], **wrong)


def test_a_cluster_that_does_not_answer_is_named(monkeypatch):
    monkeypatch.setattr(places, "PATIENCE", 1)
    with pytest.raises(WorkersLost, match="no Dask cluster answers at tcp://127.0.0.1:9"):
        list(score_many([FIRM], backend="dask", address="tcp://127.0.0.1:9"))
