"""The same query finds the same releases on either database, and no query breaks anything."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from scraper.errors import QueryError
from scraper.store.indexing import fold_words, place_words
from scraper.store.opening import open_store
from scraper.store.searching import LONGEST_QUERY, find_words, parse_query
from tests.scraper.store.made import make_release

TEXTS = {
    "1": ("Airspace violation", "Allies condemned the violation of Polish airspace. Air policing goes on."),
    "2": ("Exercise", "The exercise of air defence began. Allies will not hesitate."),
    "3": ("Café", "Le café: «l'été» était chaud. Straße, naïve, ÅNGSTRÖM, İstanbul."),
    "4": ("Київ", "Рада НАТО-Україна зібралася 2023-07-12, PR(2023)001, U.S.-led."),
    "5": ("NOT and OR", "near NOT or AND, search:words * ^ \"quoted\" (x) {y} 'z' -- ; DROP TABLE"),
    "6": ("Nothing", "Alles violations policings."),
}

QUERIES = [
    ("airspace", "1", "a word"),
    ("AIRSPACE Violation", "1", "case does not count"),
    ("violation", "1", "endings do"),
    ("air", "12", "in two texts"),
    ("air -exercise", "1", "a word that must not occur"),
    ("-exercise air", "1", "the order does not count"),
    ('"air policing"', "1", "a phrase"),
    ('"policing air"', "", "a phrase the other way round"),
    ('air -"air defence"', "1", "a phrase that must not occur"),
    ('"air defence', "2", "a quotation mark that is not closed"),
    ("cafe ete", "3", "accents do not count"),
    ("café été", "3", "nor in the query"),
    ("strasse", "3", "sharp s"),
    ("angstrom naive istanbul", "3", "other accents"),
    ("київ", "4", "a title, in another script"),
    ("НАТО-Україна", "4", "a hyphen parts words that follow each other"),
    ("2023-07-12", "4", "numbers"),
    ("(2023)001", "4", "marks are passed over"),
    ("u.s.-led", "4", "full stops"),
    ("NOT OR AND", "5", "operators of the databases are words"),
    ("drop table", "5", "as are commands"),
    ("search:words*", "5", "a colon and a star"),
    ("near(air)", "", "all words must be there"),
    ("well-known", "", "words that are not there"),
    ("  air\t\n exercise ", "2", "white space"),
]


@pytest.fixture
def filled(store):
    for number, (title, text) in TEXTS.items():
        store.library.add(make_release(f"https://example.org/{number}", text, title=title))
    return store


@pytest.mark.parametrize(("query", "found", "why"), QUERIES, ids=[row[0].strip() for row in QUERIES])
def test_queries(filled, query, found, why):
    assert "".join(sorted(hit.key[-1] for hit in filled.search.find(query))) == found, why


EMPTY = [("", "nothing"), ("   ", "white space"), ('""', "an empty phrase"), ("-air", "only what must not occur"), ("*", "marks alone")]
EMPTY += [
    ("--", "dashes"),
    ('-"air policing"', "only a phrase that must not occur"),
    ("x" * (LONGEST_QUERY + 1), "too long"),
    ("́", "an accent"),
]


@pytest.mark.parametrize(("query", "why"), EMPTY, ids=[why for _, why in EMPTY])
def test_a_query_without_a_word_is_refused(filled, query, why):
    with pytest.raises(QueryError) as refused:
        filled.search.find(query)
    assert refused.value.exit_code == 2 and "phrases" in refused.value.hint, why


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(st.sampled_from("ab \"-'()*:^{}&|!<>\\;%_\x00é\ud800") | st.characters(exclude_categories=()), max_size=30))
@example('"')
@example('a"b"c')
@example("NEAR(")
@example("a AND")
@example("a:b -c:d")
@example("'); DROP TABLE versions; --")
def test_no_query_breaks_anything(filled, query):
    try:
        parse_query(query)
    except QueryError:
        with pytest.raises(QueryError):
            filled.search.find(query)
    else:
        assert len(filled.search.find(query)) <= len(TEXTS)


@given(words=st.lists(st.text(min_size=1, max_size=8), max_size=8), noise=st.text(" .,-«»\n", max_size=4))
@example(words=["⼀"], noise="")
def test_a_match_is_found_in_its_place(words, noise):
    body = f"{noise} ".join(words)
    for word in words:
        if fold_words(word) and fold_words(f'"{word}"') and '"' not in word:
            place = find_words(body, parse_query(f'"{word}"'))
            assert place is not None, word
            assert fold_words(word)[0] in fold_words(body[slice(*place)])


@given(st.text() | st.text(st.sampled_from("aÉ½⼀ﬁ ̈ß_-Σς'")))
def test_words_are_placed_as_they_are_folded(text):
    placed = place_words(text)
    assert [word for word, *_ in placed] == fold_words(text)
    assert all(0 <= start < end <= len(text) for _, start, end in placed)


def test_replaced_wordings_are_found_when_asked_for(store):
    for text in ("Allies will act at once.", "Allies will consult."):
        store.library.add(make_release(text=text))
    assert store.search.find("once") == []
    (hit,) = store.search.find("once", all_versions=True)
    assert not hit.current and hit.release.text == "Allies will act at once."
    assert [hit.current for hit in store.search.find("consult")] == [True]


def test_language_and_limit(filled):
    assert len(filled.search.find("air", limit=1)) == 1
    assert filled.search.find("air", language="fr") == []


def test_the_best_match_comes_first(store):
    for number, text in enumerate(("the corridor " + "and more words " * 200, "corridor corridor corridor"), 1):
        store.library.add(make_release(f"https://example.org/{number}", text))
    assert [hit.key[-1] for hit in store.search.find("corridor")] == ["2", "1"]


def test_what_was_found_is_still_found_after_reopening(filled, address, tmp_path):
    filled.close()
    with open_store(address, raw=tmp_path / "store.raw") as again:
        assert len(again.search.find("airspace")) == 1
