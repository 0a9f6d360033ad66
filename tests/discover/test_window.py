"""Windows, and what running a source adds to it."""

import pytest

from scraper.discover.candidate import Candidate, Capture, Skipped, Window
from scraper.discover.finding import find_candidates
from scraper.discover.source import Settings, WebSource, swap_origin
from scraper.errors import BadSetting, DiscoveryError, UnknownSource
from scraper.registry import list_sources, open_source


class Listed(WebSource):
    """A source that finds what it is told."""

    name = "listed"

    def __init__(self, *found):
        super().__init__(Settings())
        self._found = found

    def discover(self, get, window):
        yield from self._found


def made(name, day=None, capture=None):
    return Candidate(f"https://a.example/{name}", f"https://a.example/{name}", "listed", date=day, capture=capture)


def left_out(code):
    return Skipped("https://a.example/x", code, "made up", "listed")


def find(source, **window):
    return [item for item in find_candidates(source, None, Window(**window)) if isinstance(item, Candidate)]


@pytest.mark.parametrize(
    ("window", "day", "held", "why"),
    [
        ({}, "1949-04-04", True, "no bounds"),
        ({"since": "2024-01-01"}, "2024-01-01", True, "the first day counts"),
        ({"since": "2024-01-01"}, "2023-12-31", False, "the day before"),
        ({"until": "2024-01-31"}, "2024-01-31", True, "the last day counts"),
        ({"until": "2024-01-31"}, "2024-02-01", False, "the day after"),
        ({"since": "2024-01-01", "until": "2024-01-31"}, None, True, "an unknown day may lie within"),
    ],
)
def test_days(window, day, held, why):
    assert Window(**window).holds(day) is held, why


@pytest.mark.parametrize(
    ("day", "may", "why"),
    [
        ("2024-01-01", True, "the first day"),
        ("2023-12-31", False, "nothing is filed before it is issued"),
        ("2024-03-02", True, "filed 31 days after the window's end"),
        ("2024-03-03", False, "filed later still"),
        (None, True, "unknown"),
    ],
)
def test_texts_may_be_filed_late(day, may, why):
    window = Window(since="2024-01-01", until="2024-01-31")
    assert window.may_hold(day) is may, why
    assert [item.date for item in find(Listed(made("a", day), made("b", "1999-01-01")), since="2024-01-01", until="2024-01-31")] == (
        [day] if may else []
    )


@pytest.mark.parametrize(
    ("window", "why"),
    [
        ({"since": "yesterday"}, "no day"),
        ({"since": "20240101"}, "another form"),
        ({"until": "2024-02-30"}, "no such day"),
        ({"since": "2024-02-01", "until": "2024-01-01"}, "ends before it begins"),
        ({"limit": 0}, "leaves nothing"),
    ],
)
def test_windows_that_are_none(window, why):
    with pytest.raises(ValueError, match=r"."):
        Window(**window)


def test_repeats_window_and_limit():
    source = Listed(made("a", "2024-01-02"), made("a", "2024-01-02"), made("b", "2023-01-01"), made("c"), made("d", "2024-05-01"))
    assert find(source) == [made("a", "2024-01-02"), made("b", "2023-01-01"), made("c"), made("d", "2024-05-01")]
    assert find(source, since="2024-01-01") == [made("a", "2024-01-02"), made("c"), made("d", "2024-05-01")]
    assert find(source, since="2024-01-01", limit=2) == [made("a", "2024-01-02"), made("c")]


def test_captures_of_one_page_are_several():
    first, second = (made("a", capture=Capture(stamp, "http://a.example/a")) for stamp in ("20100101000000", "20110101000000"))
    assert find(Listed(first, second, first)) == [first, second]


@pytest.mark.parametrize(
    ("found", "fails", "why"),
    [
        ([], True, "nothing at all"),
        ([left_out("listing_failed")], True, "a list that failed"),
        ([left_out("malformed")], True, "nothing but broken addresses"),
        ([left_out("not_council")], False, "the list works, nothing on it is wanted"),
        ([made("a", "1999-01-01")], False, "all of it outside the window"),
    ],
)
def test_nothing_found_is_loud_nothing_new_is_not(found, fails, why):
    if fails:
        with pytest.raises(DiscoveryError, match="nothing was found") as caught:
            find(Listed(*found), since="2024-01-01")
        assert caught.value.exit_code == 6, why
    else:
        assert find(Listed(*found), since="2024-01-01") == [], why


def test_the_sources_there_are():
    assert {"feed", "mirror", "nato", "nato-archive", "urls"} <= set(list_sources())
    for name in ("nato", "nato-archive"):
        assert open_source(name).name == name
    with pytest.raises(UnknownSource, match="'nato2'") as caught:
        open_source("nato2")
    assert "nato-archive" in caught.value.hint
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("options", [{"language": "en"}, {"languages": "english"}, {"languages": ""}])
def test_options_that_a_source_does_not_know(options):
    with pytest.raises(BadSetting, match="language") as caught:
        open_source("nato", Settings(options=options))
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("url", "swapped", "why"),
    [
        ("http://stand.in:81/a?b#c", "https://www.nato.int/a?b#c", "path and query stay"),
        ("http://stand.in:81", "https://www.nato.int", "the origin alone"),
        ("http://stand.in:8100/a", "http://stand.in:8100/a", "another port that begins alike"),
        ("https://other.example/http://stand.in:81/", "https://other.example/http://stand.in:81/", "within another address"),
    ],
)
def test_origins_are_swapped(url, swapped, why):
    assert swap_origin(url, "http://stand.in:81", "https://www.nato.int") == swapped, why
