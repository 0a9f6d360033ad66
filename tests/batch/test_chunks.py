"""Chunks depend on the records alone, and lose none of them."""

from hypothesis import given
from hypothesis import strategies as st

from classifier.batch.chunks import MOST_RECORDS, chunk_hash, cut_chunks
from classifier.batch.lost import find_killers
from classifier.batch.record import Chunk, Fault, Record

texts = st.text(st.characters(), max_size=300)
records = st.lists(st.builds(lambda id, text: Record(source="s", id=id, text=text), st.text(max_size=5), texts), max_size=40)


@given(records, st.integers(1, 3000))
def test_all_records_in_order_and_no_chunk_too_large(records, size):
    chunks = list(cut_chunks(iter(records), size))
    assert [record for chunk in chunks for record in chunk.records] == records
    assert [chunk.number for chunk in chunks] == list(range(len(chunks)))
    assert [chunk.first for chunk in chunks] == [sum(len(c.records) for c in chunks[:i]) for i in range(len(chunks))]
    for chunk in chunks:
        assert len(chunk.records) == 1 or sum(record.weight for record in chunk.records) <= size


@given(records, st.integers(1, 3000))
def test_a_chunk_is_full_before_the_next_begins(records, size):
    chunks = list(cut_chunks(iter(records), size))
    for chunk, following in zip(chunks, chunks[1:], strict=False):
        assert sum(record.weight for record in (*chunk.records, following.records[0])) > size


def test_short_rows_are_counted_too():
    chunks = list(cut_chunks(Record(source="s", text="a") for _ in range(2 * MOST_RECORDS + 1)))
    assert [len(chunk.records) for chunk in chunks] == [MOST_RECORDS, MOST_RECORDS, 1]


def test_records_are_read_as_chunks_are_asked_for():
    asked = []
    chunks = cut_chunks((asked.append(i) or Record(source="s", text="x" * 1000) for i in range(100)), 5000)
    next(chunks)
    assert len(asked) == 5


@given(texts, texts)
def test_the_hash_of_a_chunk_is_that_of_its_records(one, other):
    def hashed(text):
        return chunk_hash(Chunk(0, 0, (Record(source="s", text=text),)))

    assert (hashed(one) == hashed(other)) is (one == other)


def test_the_hash_sees_every_field():
    plain = Record(source="s", id="1", text="t")
    others = [
        Record(source="s2", id="1", text="t"),
        Record(source="s", id="2", text="t"),
        Record(source="s", id="1", data=b"t"),
        Record(source="s", id="1", text="t", date="2024"),
        Record(source="s", id="1", text="t", kept=("x",)),
        Record(source="s", id="1", text="t", fault=Fault("a", "b")),
        Record(source="s", id="1", line=b"t"),
    ]
    hashes = {chunk_hash(Chunk(0, 0, (record,))) for record in (plain, *others)}
    assert len(hashes) == 1 + len(others)


@given(st.integers(1, 60).flatmap(lambda n: st.tuples(st.just(n), st.sets(st.integers(0, n - 1), min_size=1))))
def test_halving_finds_every_killer_and_no_other(case):
    count, killers = case
    chunk = Chunk(0, 0, tuple(Record(source="s", id=str(i)) for i in range(count)))

    def survives(part):
        return not any(int(record.id) in killers for record in part.records)

    assert find_killers(chunk, survives) == killers
