"""Addresses: fetched from a server on this machine, refused without leave, and every failure told apart."""

import json
from pathlib import Path

import pytest

from tests.desk.conftest import FRENCH, nac, score_as_json

PAGES = Path(__file__).parent.parent / "pages"
OPTIONS = ("--allow-private", "--pace", "0")


@pytest.fixture
def site(httpserver):
    httpserver.expect_request("/robots.txt").respond_with_data("", status=404)

    def serve(path, content, status=200, content_type="text/html; charset=utf-8"):
        data = (PAGES / content).read_bytes() if isinstance(content, str) else content
        httpserver.expect_request(path).respond_with_data(data, status=status, content_type=content_type)
        return httpserver.url_for(path)

    return serve


def test_a_page_is_fetched_read_and_scored(site):
    url = site("/statement", "nato_statement.html")
    expected = json.loads((PAGES / "nato_statement.json").read_text(encoding="utf-8"))["release"]
    record = score_as_json(url, *OPTIONS)
    assert record["text"] == "\n\n".join(expected["paragraphs"])
    assert record["title"] == expected["title"]
    assert record["source"] == record["url"] == url
    assert record["provenance"]["retrieved_at"].endswith("+00:00")


FAILURES = [
    # page, status, content type, exit code, code, why
    ("block_challenge.html", 200, "text/html", 3, "blocked", "a block page that claims to be well"),
    ("block_captcha.html", 200, "text/html", 3, "blocked", "another"),
    ("nato_statement.html", 403, "text/html", 3, "blocked", "refused by the server"),
    ("nato_statement.html", 404, "text/html", 3, "not_found", "no such page"),
    (b"%PDF-1.7 ...", 200, "application/pdf", 5, "unsupported", "a PDF by its name"),
    (b"%PDF-1.7 ...", 200, "text/html", 5, "unsupported", "a PDF by its bytes"),
    ("consent.html", 200, "text/html", 5, "not_a_statement", "a consent page"),
    ("index_news.html", 200, "text/html", 5, "not_a_statement", "a list of pages"),
    ("classic_french.html", 200, "text/html", 5, "not_english", "another language"),
    (FRENCH.encode(), 200, "text/plain; charset=utf-8", 5, "not_english", "a text in another language"),
]


@pytest.mark.parametrize(("page", "status", "kind", "code", "word", "why"), FAILURES)
def test_each_failure_has_its_exit_code(site, page, status, kind, code, word, why):
    url = site("/page", page, status, kind)
    result = nac("score", url, "no-such.txt", "--format", "jsonl", *OPTIONS)
    record = json.loads(result.stdout.splitlines()[0])
    assert record["error"]["code"] == word, (why, record)
    assert record["source"] == url
    assert result.stderr.startswith(f"nac: {url}: ")
    single = nac("score", url, "--format", "json", *OPTIONS)
    assert (single.exit_code, single.stdout) == (code, ""), why


def test_this_machine_is_not_called_without_leave(site, httpserver):
    url = site("/statement", "nato_statement.html")
    result = nac("score", url)
    assert result.exit_code == 3
    assert "Pass --allow-private" in result.stderr
    assert httpserver.log == []


def test_one_failed_address_does_not_end_the_run(site):
    good, bad = site("/good", "nato_statement.html"), site("/bad", "block_denied.html")
    result = nac("score", bad, good, "--format", "jsonl", *OPTIONS)
    assert result.exit_code == 3
    assert ["error" in json.loads(line) for line in result.stdout.splitlines()] == [True, False]


def test_a_long_pace_fits_into_the_time_of_a_page():
    result = nac("score", "http://127.0.0.1/", "--pace", "3600")
    assert result.exit_code == 3
    assert "this machine itself" in result.stderr
