"""When two documents are one release, versions of it, translations or different ones. All texts are made up."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.fingerprints import BANDS, count_differing_bits, hash_body, list_bands, simhash
from scraper.places import read_place
from scraper.read import read_text
from scraper.release import Release
from scraper.sameness import NEAR_BITS, Identity, compare, identify

NATO = "https://www.nato.int"
CLASSIC = f"{NATO}/cps/en/natohq/official_texts_217320.htm"
NEW = f"{NATO}/en/about-us/official-texts-and-resources/official-texts/2023/07/11/buoys-in-the-kaldi-strait"
TEXT = """The harbour masters of the Kaldi Strait met this morning to hear what had become of the three buoys that were cut
loose on Sunday. They have asked the owners of the vessel for an account, in writing, within ten days.

Two patrol boats will stay near the strait until new buoys have been laid, and the lighthouse will burn through the day.
Nobody was harmed, and the harbour masters wish to keep it that way."""
EDITED = TEXT.replace("three buoys", "four buoys")
TYPESET = TEXT.replace("Kaldi Strait", "KALDI  STRAIT").replace("\n\n", "\n").replace(",", " ,")
SHORTENED = TEXT.partition("\n\n")[0]
OTHER = """Ministers opened the new weather station at Ardal and thanked the engineers who had carried its parts over the pass
in winter. They will meet again in spring, when the road is clear, to look at the first year of figures together."""
FRENCH = """Les capitaines du détroit de Kaldi se sont réunis ce matin afin d'entendre ce qu'il était advenu des trois bouées qui
avaient été coupées dimanche. Ils ont demandé aux armateurs du navire un rapport écrit sous dix jours."""


def identity(text=TEXT, url=CLASSIC, language="en", date="2023-07-11", date_source="issued", number=None, title=None) -> Identity:
    release = read_text(text, source_name="made up", url=url, title=title)
    known = {"language": language, "date": date, "date_source": date_source, "number": number}
    return identify(replace(release, **known))


PAIRS = [
    # one, other, relation, words of the reason, why
    ({}, {}, "same", "one address", "the very same"),
    ({}, {"text": EDITED}, "version", "one address", "a silent edit"),
    ({}, {"text": OTHER}, "version", "one address", "an address keeps its document, however much it is edited"),
    ({}, {"url": CLASSIC.replace("https://www.", "http://").replace("natohq", "natolive")}, "same", "one address", "older spelling"),
    ({}, {"url": f"https://web.archive.org/web/20230712id_/{CLASSIC}"}, "same", "one address", "a capture"),
    ({}, {"url": CLASSIC.replace("/en/", "/ru/")}, "same", "one article", "/ru/ carries the English text"),
    ({}, {"url": CLASSIC.replace("/en/", "/uk/"), "text": EDITED}, "version", "one article", "/uk/ carries an older English text"),
    ({}, {"url": CLASSIC.replace("/en/", "/fr/"), "text": FRENCH, "language": "fr"}, "translation", "one article", "French twin"),
    ({"url": NEW}, {"url": NEW.replace("/en/", "/fr/"), "text": FRENCH, "language": "fr"}, "translation", "language", "new site's twin"),
    ({"url": NEW}, {"url": NEW.replace("/en/", "/fr/")}, "same", "by language alone", "French path, page not translated"),
    ({}, {"url": NEW}, "same", "the same words", "migrated to the new site"),
    ({}, {"url": NEW, "text": TYPESET}, "same", "the same words", "migrated, other typography"),
    ({}, {"url": NEW, "text": EDITED}, "version", "nearly the same", "migrated and edited"),
    ({}, {"url": NEW, "text": SHORTENED}, "version", "nearly the same", "migrated, a paragraph lost"),
    ({}, {"url": NEW, "date": None}, "same", "the same words", "a copy without its day"),
    ({}, {"url": NEW, "date": "2023-07-29", "date_source": "url"}, "same", "the same words", "the address carries the day of migration"),
    ({}, {"url": NEW, "date": "2023-07-12"}, "same", "the same words", "a meeting of two days"),
    ({}, {"url": NEW, "date": "2024-07-11"}, "different", "days", "the same words said again a year later"),
    ({}, {"url": NEW, "date": "2023-09-11", "date_source": "url"}, "different", "days", "two months apart"),
    ({}, {"url": NEW, "text": OTHER}, "different", "words differ", "two statements of one day"),
    (
        {"number": "(2023) 001"},
        {"url": NEW, "text": EDITED, "number": "(2023) 001"},
        "version",
        "number",
        "number and day, text edited",
    ),
    (
        {"number": "(2023) 001"},
        {"url": NEW, "text": OTHER, "number": "(2023) 001"},
        "different",
        "words differ",
        "one number and day in two series",
    ),
    (
        {"number": "(2023) 001"},
        {"url": NEW, "number": "(2023) 001", "date": "2023-01-04"},
        "different",
        "days",
        "numbers begin anew in every series",
    ),
    (
        {"number": "(2023) 001"},
        {"url": "https://elsewhere.example/a", "text": FRENCH, "language": "fr", "number": "(2023) 001"},
        "translation",
        "number",
        "paired by number and day alone",
    ),
    ({}, {"url": NEW, "text": FRENCH, "language": "fr"}, "different", "nothing pairs", "a French text of that day"),
    (
        {"url": f"{NATO}/cps/en/natohq/news_46247.htm"},
        {"url": f"{NATO}/cps/en/natohq/official_texts_46247.htm", "text": OTHER},
        "different",
        "words differ",
        "one number, two types",
    ),
    (
        {"url": f"{NATO}/docu/pr/1999/p99-097e.htm"},
        {"url": f"{NATO}/docu/pr/1999/p99-097f.htm", "text": FRENCH, "language": "fr"},
        "translation",
        "one article",
        "press release in two languages",
    ),
    (
        {"url": f"{NATO}/en/news-and-events/articles/news/2023/07/11/final-communique", "text": OTHER},
        {"url": f"{NATO}/en/about-us/official-texts-and-resources/official-texts/2023/07/11/final-communique"},
        "different",
        "words differ",
        "one slug in two sections",
    ),
    ({"text": "Allies met."}, {"text": "Allies met.", "url": NEW}, "different", "too short", "four words are everybody's"),
]


@pytest.mark.parametrize(("one", "other", "relation", "reason", "why"), PAIRS)
def test_pairs(one, other, relation, reason, why):
    first, second = identity(**one), identity(**other)
    judged = compare(first, second)
    assert judged.relation == relation, why
    assert reason in judged.reason, why
    assert compare(second, first) == judged, "the order makes no difference"


@pytest.mark.parametrize(("one", "other", "relation", "reason", "why"), [pair for pair in PAIRS if pair[2] != "different"])
def test_what_belongs_together_shares_a_key(one, other, relation, reason, why):
    assert set(identity(**one).keys()) & set(identity(**other).keys()), why


def test_without_the_text_fingerprints_decide():
    known = replace(identity(url=NEW, text=EDITED), text=None)
    assert compare(identity(), known).relation == "version"
    assert compare(identity(), replace(identity(url=NEW, text=OTHER), text=None)).relation == "different"


def test_a_text_without_an_address_is_known_by_its_words():
    release = read_text(TEXT, source_name="stdin")
    assert identify(release).place is None
    assert compare(identify(release), identity(date=None)).relation == "same"


PLACES = [
    (CLASSIC, "en", "official_texts/217320", "classic"),
    (CLASSIC.replace("/en/natohq", "/en/SID-0A1B-2C3D/natolive"), "en", "official_texts/217320", "session and older channel"),
    (f"{NATO}/cps/fr/natohq/news_0042.htm?selectedLocale=en", "fr", "news/42", "news, zeros in front"),
    (f"{NATO}/docu/pr/2006/p06-150e.htm", "en", "docu/p06-150", "press release, English"),
    (f"{NATO}/docu/pr/2006/p06-150u.html", "uk", "docu/p06-150", "press release, Ukrainian"),
    (f"{NATO}/docu/pr/1995/p95-053.htm", None, "docu/p95-053", "1995, no suffix"),
    (f"{NATO}/docu/comm/49-95/c911108a.htm", None, None, "letters of communiqués are no languages"),
    (NEW, "en", None, "new site"),
    (f"{NATO}/", None, None, "home"),
    ("https://other.example/cps/en/natohq/news_1.htm", None, None, "another host's path means nothing"),
]


@pytest.mark.parametrize(("url", "language", "article", "why"), PLACES)
def test_places(url, language, article, why):
    place = read_place(url)
    assert (place.language, place.article) == (language, article), why


def test_language_twins_share_a_stem():
    assert read_place(NEW).stem == read_place(NEW.replace("/en/", "/fr/")).stem
    assert read_place(NEW).stem != read_place(NEW.replace("/07/", "/08/")).stem


WORDS = st.lists(st.sampled_from("buoy strait lantern harbour ferry winter rope signal".split()), min_size=1, max_size=60)


@given(WORDS)
def test_typography_moves_no_fingerprint(words):
    plain, typeset = " ".join(words), " – ".join(word.upper() for word in words) + "\u00ad!"
    assert (hash_body(plain), simhash(plain)) == (hash_body(typeset), simhash(typeset))


@given(st.integers(0, 2**64 - 1), st.sets(st.integers(0, 63), max_size=NEAR_BITS))
def test_near_fingerprints_share_a_band(fingerprint, flipped):
    other = fingerprint ^ sum(1 << bit for bit in flipped)
    assert count_differing_bits(fingerprint, other) == len(flipped)
    assert set(list_bands(fingerprint)) & set(list_bands(other))
    assert len(set(list_bands(fingerprint))) == BANDS


@given(st.text(max_size=200))
def test_any_text_has_a_fingerprint(text):
    assert 0 <= simhash(text) < 2**64
    assert len(hash_body(text)) == 64


def test_fingerprints_are_the_same_in_every_version():
    """Stores keep them: if this fails, every stored fingerprint is worthless."""
    assert f"{simhash('The ferry left the harbour before the winter storm.'):016x}" == "62abbb7282b4ccd7"
    assert isinstance(identify(Release(id="a", text="", paragraphs=(), provenance=read_text(TEXT, source_name="x").provenance)), Identity)
