"""Answers that break, drip, lie or swell: each ends in a named error, in time and in little memory."""

import gzip
import time
import tracemalloc

import pytest

from scraper.answers import PASSING_FAILURES
from scraper.errors import Blocked, FetchError, NotFound, TooLarge, Unsupported
from tests.fault_server import HANG, RESET, FaultServer, build_gzip_bomb, build_reply, drip
from tests.scraper.fake_web import FakeWeb

URL = "http://council.example/statement"
PAGE = b"<html><p>Allies agreed.</p></html>"


@pytest.fixture
def web():
    with FaultServer() as server:
        yield FakeWeb(server)


def fetch(web, *scripts, **settings):
    web.server.play("/statement", *scripts)
    with web.build_fetcher(**settings) as fetcher:
        return fetcher.get(URL)


def test_a_page_arrives_whole(web):
    page = fetch(web, build_reply(PAGE, kind='text/html; charset="UTF-8"', ETag='"a"', Set_Cookie="a=b"))
    assert (page.content, page.status, page.content_type, page.charset) == (PAGE, 200, "text/html", "utf-8")
    assert (page.url, page.final_url, page.redirects) == (URL, URL, ())
    assert page.headers == {"content-type": 'text/html; charset="UTF-8"', "etag": '"a"'}
    assert page.retrieved_at.endswith("+00:00")


DELIVERED = [
    # what is sent, what arrives, why
    (build_reply(gzip.compress(PAGE), Content_Encoding="gzip"), PAGE, "gzip, the one coding asked for"),
    (build_reply(gzip.compress(PAGE) * 2, Content_Encoding="x-gzip"), PAGE * 2, "two members, the old name"),
    (build_reply(gzip.compress(PAGE) + bytes(9), Content_Encoding="gzip"), PAGE, "padding after the last member"),
    (build_reply(b"", Content_Encoding="gzip"), b"", "nothing to unpack"),
    (build_reply(b"Just a moment..."), b"Just a moment...", "a challenge page with 200 is the reader's to tell"),
    (build_reply("é".encode("cp1252"), kind="text/html; charset=utf-8"), b"\xe9", "wrong charset: bytes stay"),
    (build_reply(b"a\0b", kind="text/plain"), b"a\0b", "NUL bytes: bytes stay"),
    (build_reply(PAGE, Content_Length="6"), PAGE[:6], "what follows the announced length is another message"),
    (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE, PAGE, "no length: the end is the end"),
    (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n<p>\r\n1\r\na\r\n0\r\n\r\n", b"<p>a", "chunks"),
]


@pytest.mark.parametrize(("reply", "content", "why"), DELIVERED)
def test_bodies_that_are_delivered(web, reply, content, why):
    assert fetch(web, reply).content == content, why


CUT_GZIP = gzip.compress(PAGE * 9)[:-12]
FAULTS = [
    # script, error, part of the message, why
    ([RESET], FetchError, "broke off", "reset before an answer"),
    ([b"HTTP/1.1 200 OK\r\nContent-Le", RESET], FetchError, "broke off", "reset inside the head"),
    ([build_reply(PAGE, Content_Length="99"), 0.05, RESET], FetchError, "broke off", "reset inside the body"),
    ([b""], FetchError, "broke off", "closed without a word"),
    ([b"SSH-2.0-OpenSSH\r\n"], FetchError, "broke off", "another protocol"),
    ([build_reply(PAGE, Content_Length="99")], FetchError, "less than it announced", "truncated body"),
    (
        [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n<p>"],
        FetchError,
        "less than it announced",
        "truncated chunk",
    ),
    (
        [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n<p>"],
        FetchError,
        "broke off|less than|cannot be read",
        "a chunk of no length",
    ),
    (
        [b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"],
        FetchError,
        "cannot be read",
        "two lengths",
    ),
    ([build_reply(CUT_GZIP, Content_Encoding="gzip")], FetchError, "less than it announced", "gzip without its end"),
    ([build_reply(b"no gzip at all", Content_Encoding="gzip")], FetchError, "damaged gzip", "gzip only by name"),
    (
        [build_reply(gzip.compress(PAGE)[:-8] + bytes(8), Content_Encoding="gzip")],
        FetchError,
        "damaged gzip",
        "wrong checksum",
    ),
    ([build_reply(b"\x0b\x02", Content_Encoding="br")], FetchError, "not asked for", "another compression"),
    ([build_reply(PAGE, Content_Encoding="gzip, gzip")], FetchError, "not asked for", "compression in layers"),
    ([build_reply(bytes(3000))], TooLarge, "0.00195 MiB", "a long page"),
    ([build_reply(gzip.compress(bytes(3000)), Content_Encoding="gzip")], TooLarge, "more than", "long once unpacked"),
    (
        [build_reply(gzip.compress(b"") * 200, Content_Encoding="gzip")],
        TooLarge,
        "more than",
        "long as sent, nothing once unpacked",
    ),
]


@pytest.mark.parametrize(("script", "error", "message", "why"), FAULTS)
def test_faults_are_named(web, script, error, message, why):
    with pytest.raises(error, match=message) as caught:
        fetch(web, script, max_bytes=2048, retries=0)
    assert "council.example" in caught.value.message, why
    assert caught.value.message.isprintable()
    assert caught.value.hint


STATUSES = [
    # status, error, code, why
    (401, Blocked, "blocked", "login"),
    (403, Blocked, "blocked", "a wall against programs"),
    (429, Blocked, "blocked", "too many requests"),
    (451, Blocked, "blocked", "withheld by law"),
    (404, NotFound, "not_found", "no such page"),
    (410, NotFound, "not_found", "gone"),
    (400, FetchError, "fetch_failed", "any other refusal"),
    (204, FetchError, "fetch_failed", "no content"),
    (206, FetchError, "fetch_failed", "a part nobody asked for"),
    (304, FetchError, "fetch_failed", "nothing conditional was asked"),
    (500, FetchError, "fetch_failed", "server error, asked once"),
    (503, FetchError, "fetch_failed", "server error, asked until retries end"),
]


@pytest.mark.parametrize(("status", "error", "code", "why"), STATUSES)
def test_statuses_are_told_apart(web, status, error, code, why):
    with pytest.raises(FetchError, match=str(status)) as caught:
        fetch(web, build_reply(PAGE, status=status))
    assert (type(caught.value), caught.value.code) == (error, code), why
    assert web.server.paths.count("/statement") == (4 if status in PASSING_FAILURES else 1), why
    assert caught.value.hint


SLOW = [
    ([b"HTTP/1.1 200 OK\r\n", *drip(b"X-Slow: " + b"a" * 99)], "a head that never ends"),
    ([build_reply(b"", Content_Length="99"), *drip(b"a" * 99)], "a body that drips"),
    ([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", *drip(b"0" * 99)], "a chunk length that drips"),
]


@pytest.mark.parametrize(("script", "why"), SLOW)
def test_the_deadline_ends_a_drip(web, script, why):
    started = time.monotonic()
    with pytest.raises(FetchError, match="time allowed"):
        fetch(web, script, clock=time.monotonic, deadline=0.4)
    assert time.monotonic() - started < 1.5, why


def test_silence_ends_with_the_timeout(web):
    with pytest.raises(FetchError, match=r"sent nothing for 0\.2 s"):
        fetch(web, [HANG], timeout=0.2)
    assert web.server.paths.count("/statement") == 1


def test_a_bomb_stops_at_the_cap_with_flat_memory(web):
    bomb = build_gzip_bomb(1024)
    assert len(bomb) < 1.2 * 2**20
    web.server.play("/statement", build_reply(bomb, Content_Encoding="gzip"))
    fetcher = web.build_fetcher(max_bytes=4 * 2**20)
    tracemalloc.start()
    try:
        with pytest.raises(TooLarge, match="4 MiB"):
            fetcher.get(URL)
        assert tracemalloc.get_traced_memory()[1] < 12 * 2**20
    finally:
        tracemalloc.stop()


def test_broken_connections_and_passing_failures_are_asked_again(web):
    page = fetch(web, [RESET], build_reply(status=503), build_reply(PAGE, Content_Length="99"), build_reply(PAGE))
    assert page.content == PAGE
    assert web.clock.slept == [1, 2, 4]


def test_retries_end(web):
    with pytest.raises(FetchError, match="broke off"):
        fetch(web, [RESET], retries=2)
    assert web.server.paths.count("/statement") == 3


TYPES = [
    # Content-Type, body, type of the page or None if it is refused, why
    ("text/html", b"<p>", "text/html", "a page"),
    ("application/xhtml+xml", b"<p/>", "application/xhtml+xml", "a page"),
    ("Text/HTML ;charset=x", b"<p>", "text/html", "case and parameters"),
    ("application/rss+xml", b"<rss/>", "application/rss+xml", "a feed"),
    ("application/json", b"{}", "application/json", "a listing"),
    ("text/plain", b"a", "text/plain", "text"),
    ("text/html", b"", "text/html", "empty"),
    (None, b"<!doctype html><p>", "text/html", "undeclared page"),
    (None, b"\xef\xbb\xbf <?xml version='1.0'?><urlset/>", "application/xml", "undeclared sitemap"),
    (None, b"<?xml version='1.0'?><html/>", "text/html", "undeclared XHTML"),
    (None, b'[["urlkey"]]', "application/json", "undeclared listing"),
    (None, b"Allies agreed.", "text/plain", "undeclared text"),
    (None, "Allies".encode("utf-16"), "text/plain", "undeclared text in UTF-16"),
    (None, b"\x7fELF\0\0", None, "undeclared program"),
    (None, b"%PDF-1.7", None, "undeclared PDF"),
    ("application/pdf", b"%PDF-1.7", None, "PDF"),
    ("text/html", b"%PDF-1.7", None, "PDF that calls itself a page"),
    ("text/plain", b"PK\x03\x04word/", None, "Word that calls itself text"),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK", None, "Word"),
    ("image/png", b"\x89PNG", None, "picture"),
    ("application/octet-stream", b"<p>", None, "bytes of no kind"),
    ("\x1b[2J/x", b"<p>", None, "a type that would clear the screen"),
]


@pytest.mark.parametrize(("kind", "body", "expected", "why"), TYPES)
def test_kinds_of_content(web, kind, body, expected, why):
    reply = build_reply(body, kind=kind)
    if expected is not None:
        assert fetch(web, reply).content_type == expected, why
        return
    with pytest.raises(Unsupported, match=r"council\.example sent") as caught:
        fetch(web, reply)
    assert "text" in caught.value.hint, why
    assert caught.value.message.isprintable()


def test_refused_kinds_are_not_read(web):
    with pytest.raises(Unsupported, match="application/pdf"):
        fetch(web, [build_reply(b"%PDF", kind="application/pdf", Content_Length="999999"), HANG])


CHARSETS = [
    ("text/html", None, "undeclared, not Latin-1 by default"),
    ("text/html; charset=UTF-8", "utf-8", "declared"),
    ("text/html;Charset='windows-1252'", "windows-1252", "quoted"),
    ("text/html; charset=", None, "empty"),
]


@pytest.mark.parametrize(("kind", "charset", "why"), CHARSETS)
def test_charset_is_the_declared_one(web, kind, charset, why):
    assert fetch(web, build_reply(PAGE, kind=kind)).charset == charset, why


def test_a_closed_fetcher_asks_for_nothing(web):
    fetcher = web.build_fetcher()
    fetcher.close()
    with pytest.raises(RuntimeError, match="closed"):
        fetcher.get(URL)
    assert web.server.requests == []
