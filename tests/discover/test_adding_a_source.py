"""The source in docs/adding-a-source.md: taken from the page, put in place, and run against a made-up site."""

import importlib
import re
import sys
from pathlib import Path

import pytest

import scraper.sources
from scraper.discover.candidate import Candidate, Skipped, Window
from scraper.discover.finding import find_candidates
from scraper.discover.reading import read_candidate
from scraper.discover.source import Settings
from scraper.errors import DiscoveryError
from scraper.registry import list_sources, open_source
from tests.fault_server import FaultServer, build_reply
from tests.scraper.fake_web import FakeWeb

GUIDE = Path(__file__).resolve().parent.parent.parent / "docs" / "adding-a-source.md"
ORIGIN = "http://stand-in.example"
WORDS = "The harbour masters met in the lighthouse and looked at the buoys that were lost in the strait during last week's storm. " * 3
LIST = """<ul><li><time datetime="2026-03-16">16 March</time> <a href="buoys"> On buoys</a></li>
<li><time>in spring</time> <a href="https://harbour.example/statements/2026/ferries">On ferries</a></li>
<li><time datetime="2026-01-01"></time><a href="mailto:office@harbour.example">Write to us</a></li><li><a href="/">Home</a></li></ul>"""
PAGE = f"""<html><body><ul><li>Menu</li></ul><h1>On buoys</h1><p class="day">15 March 2026</p>
<div id="statement"><p>{WORDS}</p><p>{WORDS}</p></div><p>Follow us everywhere.</p></body></html>"""


@pytest.fixture
def place(tmp_path, monkeypatch):
    """The guide's file, put among the sources."""
    code = re.search(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)[1]
    (tmp_path / "ardal_harbour.py").write_text(code, encoding="utf-8")
    monkeypatch.setattr(scraper.sources, "__path__", [*scraper.sources.__path__, str(tmp_path)])
    importlib.invalidate_caches()
    yield
    sys.modules.pop("scraper.sources.ardal_harbour", None)
    if hasattr(scraper.sources, "ardal_harbour"):
        del scraper.sources.ardal_harbour


@pytest.fixture
def web():
    with FaultServer() as server:
        server.play("/statements/2026/", build_reply(LIST.encode()))
        server.play("/statements/2026/buoys", build_reply(PAGE.encode()))
        yield FakeWeb(server)


def test_one_file_is_a_source(place, web):
    assert "ardal-harbour" in list_sources()
    source = open_source("ardal-harbour", Settings(origin=ORIGIN))
    get = web.build_fetcher().get
    found = list(find_candidates(source, get, Window(kind="all")))
    candidates = [item for item in found if isinstance(item, Candidate)]
    assert [(item.canonical, item.date, item.title) for item in candidates] == [
        ("https://harbour.example/statements/2026/buoys", "2026-03-16", "On buoys"),
        ("https://harbour.example/statements/2026/ferries", None, "On ferries"),
    ]
    assert [item.code for item in found if isinstance(item, Skipped)] == ["malformed"]
    release = read_candidate(source, candidates[0], source.fetch(get, candidates[0]))
    assert release.paragraph_text(release.paragraphs[0]) == WORDS.strip()
    assert (release.id, release.title, len(release.paragraphs)) == (candidates[0].canonical, "On buoys", 2)
    assert (release.date, release.date_source, release.provenance.layout) == ("2026-03-15", "page", "ardal-harbour")


def test_it_keeps_to_the_window_and_is_loud(place, web):
    source = open_source("ardal-harbour", Settings(origin=ORIGIN))
    get = web.build_fetcher().get
    assert len(list(find_candidates(source, get, Window(since="2026-03-16", kind="all")))) == 3  # two texts, one skipped
    assert web.server.paths == ["/robots.txt", "/statements/2026/"]
    web.server.play("/statements/2026/", build_reply(b"<p>We have moved.</p>"))
    with pytest.raises(DiscoveryError, match="no year"):
        list(find_candidates(source, get, Window(kind="all")))


def test_what_is_put_in_place_is_gone_afterwards():
    assert "ardal-harbour" not in list_sources()
