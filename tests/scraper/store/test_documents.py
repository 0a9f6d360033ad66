"""One document is one release, under whatever address, capture or language it is met; every wording is kept."""

import pytest

from scraper.store.library import Filter
from tests.scraper.store.made import DAY, keep_page, make_candidate, make_release, words_of
from tests.scraper.store.test_crawl import NOW, ONE

LONG = words_of(1, 300)
EDITED = LONG.replace("harbour", "port", 2)
OTHER = words_of(2, 300)
FRENCH = "Le Conseil s'est réuni à Bruxelles et les Alliés ont condamné la violation de leur espace aérien. " * 5
CLASSIC = "https://www.nato.int/cps/en/natohq/official_texts_217320.htm"
CLASSIC_FRENCH = "https://www.nato.int/cps/fr/natohq/official_texts_217320.htm"
NEW = "https://www.nato.int/en/about-us/official-texts-and-resources/official-texts/2024/05/17/statement"
NEW_FRENCH = NEW.replace("/en/", "/fr/")
ELSEWHERE = "https://example.org/statement"


def keep(store, address, text, **known):
    return store.library.add(make_release(address, text, **known))


PAIRS = [
    # second address, second text, what is known of it, outcome, new version, one release, why
    (CLASSIC, LONG, {}, "unchanged", False, True, "the same page again"),
    (CLASSIC, EDITED, {}, "changed", True, True, "a silent edit"),
    (CLASSIC, LONG, {"title": "Statement, amended"}, "changed", True, True, "a silent edit of the title alone"),
    (CLASSIC, OTHER, {"date": "2011-01-01"}, "changed", True, True, "an address names its document whatever it says now"),
    (NEW, LONG, {}, "duplicate", False, True, "the migrated page"),
    (NEW, EDITED, {}, "duplicate", True, True, "the migrated page, edited on the way"),
    (ELSEWHERE, LONG, {"date": None, "date_source": "none"}, "duplicate", True, True, "the same words, no day given"),
    (CLASSIC_FRENCH, LONG, {}, "duplicate", False, True, "the French path that falls back to English"),
    (CLASSIC_FRENCH, FRENCH, {"language": "fr"}, "duplicate", True, True, "the translation under the same number"),
    (NEW, LONG, {"date": "2019-05-17"}, "added", True, False, "the same words issued again years later"),
    (ELSEWHERE, OTHER, {}, "added", True, False, "another text of the same day"),
    (ELSEWHERE, FRENCH, {"language": "fr"}, "added", True, False, "another language, and nothing pairs the two"),
    (CLASSIC.replace("217320", "217321"), OTHER, {"number": "(2024) 002"}, "added", True, False, "the next number"),
]


@pytest.mark.parametrize(("place", "text", "known", "outcome", "new", "one", "why"), PAIRS, ids=[row[6] for row in PAIRS])
def test_a_second_page_finds_its_document(store, place, text, known, outcome, new, one, why):
    assert keep(store, CLASSIC, LONG).outcome == "added"
    kept = keep(store, place, text, at="2024-07-01T00:00:00+00:00", **known)
    assert (kept.outcome, kept.new_version) == (outcome, new), (why, kept)
    assert (store.library.count() == 1) is one, why
    assert (kept.key == CLASSIC) is one, why
    assert (kept.link is not None) is one, why
    assert store.library.release(place).key == kept.key, why
    assert len(store.library.versions(CLASSIC)) == 1 + (new and one), why


def test_words_that_went_away_and_came_back_are_seen_in_their_order(store):
    for month, text in enumerate((LONG, EDITED, LONG, LONG), 1):
        keep(store, CLASSIC, text, at=f"2024-0{month}-01T00:00:00+00:00")
    first, second = store.library.versions(CLASSIC)
    assert (first.current, second.current) == (True, False)
    assert [(capture.first_seen[:7], capture.last_seen[:7]) for capture in first.captures] == [
        ("2024-01", "2024-01"),
        ("2024-03", "2024-04"),
    ]
    assert [(capture.first_seen[:7], capture.last_seen[:7]) for capture in second.captures] == [("2024-02", "2024-02")]
    assert store.library.release(CLASSIC).release.text == LONG


def collect(store, *steps, plan="all"):
    """Each step: candidate, text, redirects."""
    kept = []
    for number, (candidate, text, redirects) in enumerate(steps):
        run = store.queue.begin_run("made", f"{plan}{number}", NOW)
        store.queue.enqueue(run, [candidate])
        (job,) = store.queue.claim(ONE, run, now=NOW)
        kept.append(keep_page(store, job, text, redirects=redirects))
    return kept


def test_captures_of_an_archive_are_versions_in_the_order_of_their_days(store):
    early, late = (make_candidate(CLASSIC, capture=f"20{year}0101000000") for year in (10, 15))
    kept = collect(store, (late, LONG, ()), (make_candidate(CLASSIC), OTHER, ()), (early, EDITED, ()))
    assert [one.outcome for one in kept] == ["added", "changed", "changed"]
    found = {version.release.text: version for version in store.library.versions(CLASSIC)}
    assert [found[text].captures[0].archived_at for text in (EDITED, LONG, OTHER)] == ["20100101000000", "20150101000000", ""]
    assert store.library.release(CLASSIC).release.text == OTHER, "the live page is the current one, whenever captures come in"


def test_among_captures_alone_the_latest_is_current(store):
    for year, text in ((15, LONG), (10, EDITED)):
        collect(store, (make_candidate(CLASSIC, capture=f"20{year}0101000000"), text, ()), plan=str(year))
    assert store.library.release(CLASSIC).release.text == LONG


def test_a_page_that_moved_keeps_both_addresses(store):
    keep(store, "https://example.org/old", LONG)
    run = store.queue.begin_run("made", "x", NOW)
    store.queue.enqueue(run, [make_candidate("https://example.org/old")])
    (job,) = store.queue.claim(ONE, run, now=NOW)
    kept = store.queue.keep_release(job, make_release("https://example.org/new", EDITED))
    assert (kept.outcome, kept.key, kept.link) == ("duplicate", "https://example.org/old", "moved from a known address")
    assert store.library.release("https://example.org/new").addresses == ("https://example.org/old", "https://example.org/new")


def test_a_page_that_now_leads_to_something_else_is_not_that(store):
    keep(store, "https://example.org/old", LONG)
    run = store.queue.begin_run("made", "x", NOW)
    store.queue.enqueue(run, [make_candidate("https://example.org/old")])
    (job,) = store.queue.claim(ONE, run, now=NOW)
    kept = store.queue.keep_release(job, make_release("https://example.org/latest", OTHER, title="Something else"))
    assert (kept.outcome, kept.key) == ("added", "https://example.org/latest")
    assert store.library.release("https://example.org/old").release.text == LONG


def test_a_translation_is_named_by_its_twin_in_either_order(store):
    first, second = "https://example.org/a", "https://example.org/b"
    collect(store, (make_candidate(first, twin=second), LONG, ()), (make_candidate(second), FRENCH, ()))
    assert store.library.count() == 1
    third, fourth = "https://example.org/c", "https://example.org/d"
    collect(
        store, (make_candidate(third), OTHER, ()), (make_candidate(fourth, twin=third), FRENCH.replace("Bruxelles", "Mons"), ()), plan="b"
    )
    assert store.library.count() == 2
    assert set(store.library.release(third).languages) >= {"fr"}


def test_translations_are_wordings_of_one_release(store):
    keep(store, CLASSIC_FRENCH, FRENCH, language="fr", title="Déclaration")
    keep(store, CLASSIC, LONG)
    entry = store.library.release(CLASSIC)
    assert (entry.language, entry.release.title, entry.languages) == ("en", "Statement", ("fr", "en"))
    assert store.library.release(CLASSIC, "fr").release.text == FRENCH
    assert store.library.release(CLASSIC, "uk") is None
    assert [one.release.text for one in store.library.releases(Filter(language="fr"))] == [FRENCH]
    assert [one.release.text for one in store.library.releases()] == [LONG]
    assert [one.release.text for one in store.scores.unscored("m")] == [LONG]


def test_two_releases_that_turn_out_to_be_one_are_merged(store):
    first, second = "https://example.org/a", "https://example.org/b"
    keep(store, first, LONG, at="2024-02-01T00:00:00+00:00")
    keep(store, second, FRENCH, language="fr", date="2011-01-01", at="2024-01-01T00:00:00+00:00")
    keep(store, second, "Le texte corrigé. " * 30, language="fr", date="2011-01-01", at="2024-03-01T00:00:00+00:00")
    assert store.library.count() == 2
    run = store.queue.begin_run("made", "x", NOW)
    store.queue.enqueue(run, [make_candidate(first, twin=second)])
    (job,) = store.queue.claim(ONE, run, now=NOW)
    store.queue.keep_release(job, make_release(first, LONG))
    assert store.library.count() == 1
    entry = store.library.release(second)
    assert (entry.key, entry.versions, entry.languages) == (first, 3, ("en", "fr"))
    assert set(entry.addresses) == {first, second}
    assert (entry.first_seen[:7], entry.last_seen[:7]) == ("2024-01", "2024-06")
    assert store.library.release(second, "fr").release.text.startswith("Le texte corrigé")
    assert len(store.search.find("corrigé")) == 1


def test_lists_are_filtered_and_in_the_order_of_days(store):
    days = ["2022-02-24", None, "1949-04-04", "2024-05-17", "2022-02-24"]
    for number, day in enumerate(days):
        release = make_release(f"https://example.org/{number}", words_of(number), date=day)
        store.library.add(release, kind="nac" if number % 2 else "speech", source="made" if number else "other")
    found = [entry.release.date for entry in store.library.releases()]
    assert found == ["1949-04-04", "2022-02-24", "2022-02-24", "2024-05-17", None]
    table = [
        (Filter(since="2022-02-24"), 3),
        (Filter(until="2022-02-24"), 3),
        (Filter(since="2022-02-24", until="2022-02-24"), 2),
        (Filter(kind="nac"), 2),
        (Filter(source="other"), 1),
        (Filter(language="en"), 5),
        (Filter(language="fr"), 0),
    ]
    for chosen, number in table:
        assert len(list(store.library.releases(chosen))) == number, chosen


def test_a_long_list_comes_in_pages_that_miss_nothing(store):
    addresses = [f"https://example.org/{number}" for number in range(450)]
    with store.database.write() as connection:
        from scraper.store.keeping import Sighting, keep_sighting

        for number, address in enumerate(addresses):
            keep_sighting(connection, Sighting(make_release(address, f"n{number}", date=DAY if number % 3 else None)))
    found = [entry.key for entry in store.library.releases()]
    assert len(found) == 450 and set(found) == set(addresses)
    assert len({one.id for one in store.scores.unscored("m")}) == 450


def test_scores_belong_to_a_wording_and_a_model(store):
    from scraper.store.scores import Score

    keep(store, CLASSIC, LONG)
    (wanted,) = store.scores.unscored("one")
    row = Score(wanted.id, "hawkish", 0.87, 0.79, 0.93, {"verdict": "hawkish", "index": 0.5})
    assert store.scores.keep("one", [row]) == 1
    assert list(store.scores.unscored("one")) == []
    assert [one.id for one in store.scores.unscored("two")] == [wanted.id], "another model has not seen it"
    store.scores.keep("one", [row])
    keep(store, CLASSIC, EDITED)
    (changed,) = store.scores.unscored("one")
    assert changed.release.text == EDITED, "a new wording is to be scored anew"


def test_messages_are_sent_until_they_arrive(store):
    queue = store.deliveries
    assert queue.add("https://example.org/hook", "k1", "{}", NOW) and not queue.add("https://example.org/hook", "k1", "{}", NOW)
    assert queue.add("https://example.org/hook", "k2", "{}", NOW)
    first, second = queue.due(NOW)
    queue.done(first, NOW)
    assert not queue.add("https://example.org/hook", "k1", "{}", NOW), "what has arrived is not sent again"
    queue.failed(second, NOW + 60, NOW)
    assert queue.due(NOW + 59) == []
    assert [one.attempts for one in queue.due(NOW + 61)] == [1]
    assert [one.key for one in queue.due(NOW - 3600)] == ["k2"], "the clock was set back"
