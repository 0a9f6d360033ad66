"""Every synthetic page beside what must be read from it: all fields, all paragraphs, or the refusal."""

import json
from dataclasses import fields
from pathlib import Path

import pytest

from scraper import errors
from scraper.read import read_release
from scraper.release import Provenance, Release

PAGES = Path(__file__).parent.parent / "pages"
NAMES = sorted(path.stem for path in PAGES.glob("*.html"))
LAYOUTS = {"nato", "nato_classic", "nato_docu", "generic"}


def expected(name):
    return json.loads((PAGES / f"{name}.json").read_text("utf-8"))


def read(name):
    given = expected(name)["given"]
    return read_release((PAGES / f"{name}.html").read_bytes(), source_name=f"{name}.html", url=given["url"])


ACCEPTED = [name for name in NAMES if "release" in expected(name)]
REFUSED = [name for name in NAMES if "error" in expected(name)]


def test_every_page_says_that_it_is_synthetic_and_has_its_expectation():
    assert len(NAMES) >= 20
    for name in NAMES:
        first_line = (PAGES / f"{name}.html").read_bytes().split(b"\n")[0]
        assert first_line == b"<!-- Synthetic page, constructed for tests; not an official text. -->", name
    assert sorted(path.stem for path in PAGES.glob("*.json")) == NAMES


def test_expectations_cover_every_layout_and_every_field():
    seen = {expected(name)["release"]["layout"] for name in ACCEPTED}
    assert seen == LAYOUTS
    left_to_other_tests = {"text", "paragraphs", "provenance", "extra", "source", "raw_sha256", "retrieved_at"}
    wanted = {field.name for kind in (Release, Provenance) for field in fields(kind)} - left_to_other_tests
    for name in ACCEPTED:
        assert wanted <= set(expected(name)["release"]), name


def test_every_optional_field_is_filled_in_some_expectation():
    for field in ("title", "subtitle", "number", "date", "url", "language", "notes"):
        assert any(expected(name)["release"][field] for name in ACCEPTED), field
    sources = {expected(name)["release"]["date_source"] for name in ACCEPTED}
    assert sources == {"issued", "page", "url", "none"}


@pytest.mark.parametrize("name", ACCEPTED)
def test_page_is_read_as_expected(name):
    release = read(name)
    want = expected(name)["release"]
    got = {key: getattr(release, key) for key in want if hasattr(release, key) and key != "paragraphs"}
    got |= {key: getattr(release.provenance, key) for key in ("layout", "encoding", "archived")}
    got["notes"] = list(release.provenance.notes)
    got["paragraphs"] = [release.paragraph_text(paragraph) for paragraph in release.paragraphs]
    assert got == want


@pytest.mark.parametrize("name", ACCEPTED)
def test_text_of_a_page_is_its_paragraphs_parted_by_an_empty_line(name):
    release = read(name)
    assert release.text == "\n\n".join(map(release.paragraph_text, release.paragraphs))
    assert "\xa0" not in release.text
    assert not any("  " in release.paragraph_text(paragraph) for paragraph in release.paragraphs)


@pytest.mark.parametrize("name", REFUSED)
def test_page_without_statement_is_refused_with_its_reason(name):
    want = expected(name)["error"]
    with pytest.raises(errors.NotAStatement) as refusal:
        read(name)
    assert {
        "class": type(refusal.value).__name__,
        "code": refusal.value.code,
        "message": refusal.value.message,
    } == want
    assert refusal.value.hint and refusal.value.source == f"{name}.html"


def test_no_word_of_the_account_window_reaches_a_text():
    for name in ACCEPTED:
        text = read(name).text.lower()
        for mark in ("multimedia account", "create an account", "verification code", "password"):
            assert mark not in text, (name, mark)


def test_no_furniture_reaches_a_text():
    for name in ACCEPTED:
        text = read(name).text
        for mark in (
            "Share this",
            "Copy link",
            "Related",
            "Follow us",
            "Go to Index",
            "cookies to improve",
            "Updated:",
        ):
            assert mark not in text, (name, mark)


def test_same_page_read_eleven_times_gives_the_same_release():
    # trafilatura once gave another text on every second reading (its issue 778)
    for name in ("generic_news", "generic_ministry", "nato_several_blocks"):
        assert len({read(name).version for _ in range(11)}) == 1, name


def test_a_dateless_page_is_never_given_a_day():
    for name in ("nato_undated", "generic_undated"):
        release = read(name)
        assert (release.date, release.date_source) == (None, "none")


def test_a_decoded_page_reads_like_its_bytes():
    data = (PAGES / "docu_1999.html").read_bytes()
    from_bytes = read_release(data, source_name="p")
    from_text = read_release(data.decode("cp1252"), source_name="p")
    assert (from_text.text, from_text.title, from_text.date) == (from_bytes.text, from_bytes.title, from_bytes.date)
    assert from_text.provenance.raw_sha256 is None and from_text.provenance.encoding is None


def test_provenance_keeps_what_was_received():
    data = (PAGES / "nato_statement.html").read_bytes()
    url = "https://www.nato.int/en/x/2026/03/15/y?selectedLocale=en"
    release = read_release(data, source_name="given", url=url, retrieved_at="2026-10-05T10:00:00Z")
    assert release.provenance.url == url
    assert release.url == release.id == "https://www.nato.int/en/x/2026/03/15/y"
    assert release.provenance.retrieved_at == "2026-10-05T10:00:00Z"
    assert release.provenance.source == "given"
    assert len(release.provenance.raw_sha256) == 64
