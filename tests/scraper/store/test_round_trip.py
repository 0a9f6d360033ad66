"""A release comes back from either database exactly as it was given."""

import dataclasses

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, text

from scraper.fingerprints import count_differing_bits, simhash
from scraper.release import Paragraph, Provenance, Release
from scraper.store.codec import LONGEST_KEY, content_hash, indexable, plain, provenance_json, release_of, version_row
from scraper.store.tables import METADATA, MIGRATIONS
from tests.scraper.store.made import make_release

# Every code point there is, halves of pairs and NUL among them: a store must not choke on what a reader let through.
anything = st.text(st.characters(exclude_categories=()), max_size=60)
maybe = st.none() | anything
days = st.none() | st.dates().map(str)


@st.composite
def releases(draw):
    body = draw(st.text(st.characters(exclude_categories=()), max_size=400))
    cuts = sorted(draw(st.lists(st.integers(0, len(body)), max_size=6)))
    return Release(
        id=draw(anything),
        text=body,
        paragraphs=tuple(Paragraph(a, b) for a, b in zip(cuts, cuts[1:], strict=False)),
        provenance=Provenance(
            source=draw(anything),
            layout=draw(st.sampled_from(["nato", "nato_docu", "generic", "text"])),
            encoding=draw(maybe),
            raw_sha256=draw(st.none() | st.from_regex(r"[0-9a-f]{64}", fullmatch=True)),
            url=draw(maybe),
            retrieved_at=draw(st.none() | st.just("2024-06-01T00:00:00+00:00")),
            archived=draw(st.booleans()),
            notes=tuple(draw(st.lists(anything, max_size=3))),
        ),
        title=draw(maybe),
        subtitle=draw(maybe),
        number=draw(maybe),
        date=draw(days),
        date_source=draw(st.sampled_from(["issued", "url", "none"])),
        language=draw(st.sampled_from([None, "en", "fr", "uk"])),
        url=draw(maybe),
        extra=draw(st.dictionaries(anything, anything, max_size=3)),
    )


def empty(store):
    with store.database.write() as connection:
        if store.database.is_sqlite:
            connection.execute(text("INSERT INTO search (search) VALUES ('delete-all')"))
        else:
            connection.execute(text("DELETE FROM search"))
        for table in reversed(METADATA.sorted_tables):
            if table is not MIGRATIONS:
                connection.execute(delete(table))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(release=releases())
def test_any_release_comes_back_as_it_was(store, release):
    empty(store)
    kept = store.library.add(release)
    assert kept.outcome == "added" and kept.version == release.version
    assert store.library.release(release.id).release == release
    assert [version.release for version in store.library.versions(kept.key)] == [release]
    assert [unscored.release for unscored in store.scores.unscored("m", language=None)] == [release]
    assert store.library.add(release).outcome == "unchanged"


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=releases(), second=releases())
def test_two_wordings_at_one_address_are_both_kept(store, first, second):
    empty(store)
    second = dataclasses.replace(second, id=first.id, url=first.url)
    store.library.add(first)
    kept = store.library.add(second)
    found = [version.release for version in store.library.versions(kept.key)]
    if content_hash(first) == content_hash(second):
        assert (kept.outcome, kept.new_version, found) == ("unchanged", False, [first])
    else:
        assert (kept.outcome, kept.new_version) == ("changed", True)
        assert found[0] == first and found[1] == second


@given(release=releases())
def test_rows_are_what_any_database_can_hold(release):
    row = version_row(release) | {"provenance": provenance_json(release.provenance)}
    for name, value in row.items():
        assert "\x00" not in value and value.encode("utf-8").decode() == value, name
    assert release_of(row) == release


@given(first=anything, second=anything)
def test_what_is_looked_up_stays_apart(first, second):
    assert len(indexable(first * 100)) <= LONGEST_KEY + 65
    assert (indexable(first * 40) == indexable(second * 40)) == (plain(first * 40) == plain(second * 40))


LARGE = [
    ("x" * 300_000, "one word without end"),
    ("word " * 60_000, "more words than PostgreSQL has positions for"),
    (" ".join(f"w{i}" for i in range(120_000)), "more words than a tsvector may hold"),
    ("\U0001f54a" * 50_000, "letters of four bytes"),
]


@pytest.mark.parametrize(("body", "why"), LARGE, ids=[why for _, why in LARGE])
def test_long_texts_come_back(store, body, why):
    release = make_release("https://example.org/" + "p" * 4000, body, title="t" * 5000)
    store.library.add(release)
    assert store.library.release(release.id).release == release, why


def test_a_date_that_is_no_day_is_kept(store):
    for number, day in enumerate(("soon", "2024-02-31", "")):
        release = make_release(f"https://example.org/{number}", f"{day} " * 30, date=day)
        store.library.add(release)
        assert store.library.release(release.id).release == release


def test_fingerprints_survive_the_sign(store):
    bodies = [" ".join(f"{word}{i}" for word in "abcdefgh") * 5 for i in range(20)]
    for number, body in enumerate(bodies):
        store.library.add(make_release(f"https://example.org/{number}", body, date=f"19{number + 10}-01-01"))
    with store.database.read() as connection:
        kept = list(connection.execute(text("SELECT fingerprint FROM versions ORDER BY id")).scalars())
    assert any(number < 0 for number in kept) and any(number > 0 for number in kept)
    assert all(count_differing_bits(number % 2**64, simhash(body)) == 0 for number, body in zip(kept, bodies, strict=True))
