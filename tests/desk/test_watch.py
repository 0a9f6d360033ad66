"""`nac watch`: JSON lines, feed and webhook, through failures, restarts and signals."""

import hashlib
import hmac
import json
import signal
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import feedparser
import jsonschema
import pytest

from classifier.desk.atom import FeedEntry, build_feed
from classifier.desk.record import SCHEMAS
from scraper.store.opening import open_store
from tests.desk.conftest import nac
from tests.desk.test_collect import start
from tests.site.plan import build_site
from tests.site.server import SiteServer

SECRET = "kept between two"
OPTIONS = ("--allow-private", "--pace", "0", "--patience", "0.05", "--since", "2010-01-01")
SHARED = 4  # a machine under load may take so many times the five seconds that an idle one is allowed


class Receiver(ThreadingHTTPServer):
    """Takes messages, or fails as often as it is told to."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.taken, self.refused, self.failures = [], [], 0
        self.url = f"http://127.0.0.1:{self.server_address[1]}/hook"


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        message = ({name.lower(): value for name, value in self.headers.items()}, body)
        failing = self.server.failures > 0
        self.server.failures -= failing
        (self.server.refused if failing else self.server.taken).append(message)
        self.send_response(500 if failing else 204)
        self.end_headers()

    def log_message(self, format, *args):
        return


@pytest.fixture
def receiver():
    with Receiver() as receiver:
        thread = threading.Thread(target=receiver.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield receiver
        receiver.shutdown()
        thread.join(5)


@pytest.fixture
def server(monkeypatch):
    with SiteServer(build_site(24, seed=2), faults=0) as server:
        monkeypatch.setenv("NAC_NATO_URL", server.origin)
        monkeypatch.setenv("HOOK_SECRET", SECRET)
        yield server


def watch_once(path, *arguments):
    result = nac("watch", "nato", "--once", "--db", path, *OPTIONS, *arguments)
    return [json.loads(line) for line in result.stdout.splitlines()], result


def await_that(condition, process):
    until = time.monotonic() + 100
    while not condition():
        if time.monotonic() > until or process.poll() is not None:
            process.kill()
            raise AssertionError(process.communicate())
        time.sleep(0.02)


def test_new_releases_are_scored_once_as_records_of_nac_score(server, tmp_path):
    path, feed = tmp_path / "s.db", tmp_path / "feed.xml"
    lines, result = watch_once(path, "--atom", feed)
    assert result.exit_code == 3  # the page that is blocked for good
    schema = json.loads((SCHEMAS / "score.json").read_text(encoding="utf-8"))
    for line in lines:
        jsonschema.validate(line, schema)
    with open_store(path) as store:
        held = {entry.key for entry in store.library.releases()}
    assert {line["id"] for line in lines} == held
    first = feedparser.parse(feed.read_bytes())
    assert (bool(first.bozo), first.version, {entry.link for entry in first.entries}) == (False, "atom10", held)
    before = feed.stat().st_mtime_ns
    again, _ = watch_once(path, "--atom", feed)
    assert again == []
    assert feed.stat().st_mtime_ns == before, "nothing new, so readers need not fetch it"


def test_an_edit_is_told_and_keeps_its_place_in_the_feed(tmp_path, monkeypatch):
    site = build_site(60, seed=1)
    edited = [d for d in site.documents.values() if d.addresses[0].capture is None and d.wordings["en"].edited]
    assert edited
    with SiteServer(site, faults=0) as server:
        monkeypatch.setenv("NAC_NATO_URL", server.origin)
        path, feed = tmp_path / "s.db", tmp_path / "feed.xml"
        watch_once(path, "--atom", feed)
        ids = {entry.id for entry in feedparser.parse(feed.read_bytes()).entries}
        server.phase = 2
        lines, _ = watch_once(path, "--atom", feed)
    texts = {line["text"] for line in lines}
    assert {document.wordings["en"].text(2) for document in edited} <= texts
    later = {entry.id for entry in feedparser.parse(feed.read_bytes()).entries}
    assert ids <= later
    assert len(later) == len(ids) + len(lines) - len(edited)


def test_messages_are_signed_and_sent_until_they_are_taken(server, receiver, tmp_path):
    path = tmp_path / "s.db"
    receiver.failures = 3
    hook = ("--webhook", receiver.url, "--webhook-secret-env", "HOOK_SECRET", "--quiet")
    lines, result = watch_once(path, *hook)
    assert "webhook: 127.0.0.1 did not take the message (500); next attempt in 2 s." in result.stderr
    until = time.monotonic() + 100
    while len(receiver.taken) < len(lines):
        assert time.monotonic() < until
        time.sleep(0.3)
        assert watch_once(path, *hook)[0] == []
    keys = [headers["idempotency-key"] for headers, _ in receiver.taken]
    assert len(set(keys)) == len(keys) == len(lines)
    assert {headers["idempotency-key"] for headers, _ in receiver.refused} <= set(keys), "a message keeps its key"
    for headers, body in (*receiver.taken, *receiver.refused):
        stamp = headers["nac-timestamp"]
        expected = hmac.new(SECRET.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        assert headers["nac-signature"] == f"v1={expected}"
        assert abs(time.time() - int(stamp)) < 120
    told = {json.loads(body)["id"]: json.loads(body)["verdict"] for _, body in receiver.taken}
    assert told == {line["id"]: line["verdict"] for line in lines}


def test_a_watch_that_is_killed_tells_all_after_its_restart(server, receiver, tmp_path):
    """Messages wait in the store: those not taken before are sent by the next process."""
    path = tmp_path / "s.db"
    receiver.failures = 10**6
    hook = ("--webhook", receiver.url, "--webhook-secret-env", "HOOK_SECRET")
    process = start("watch", "nato", "--every", "1h", "--db", path, *OPTIONS, *hook, stdout=subprocess.DEVNULL)
    await_that(lambda: receiver.refused, process)
    process.kill()
    process.communicate()
    receiver.failures = 0
    process = start("watch", "nato", "--every", "1h", "--db", path, *OPTIONS, *hook, stdout=subprocess.DEVNULL)
    with open_store(path) as store:
        expected = {entry.key for entry in store.library.releases()}
    await_that(lambda: {json.loads(body)["id"] for _, body in receiver.taken} == expected, process)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=5 * SHARED)
    assert process.returncode == 0
    keys = [headers["idempotency-key"] for headers, _ in receiver.taken]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(("number", "code", "told"), [(signal.SIGTERM, 0, ""), (signal.SIGINT, 130, "nac: interrupted.\n")])
@pytest.mark.parametrize("moment", ["collecting", "waiting"])
def test_a_signal_ends_a_watch_soon(server, tmp_path, number, code, told, moment):
    pace = "0.5" if moment == "collecting" else "0"
    process = start("watch", "nato", "--every", "1h", "--db", tmp_path / "s.db", *OPTIONS, "--quiet", "--pace", pace)
    await_that(lambda: len(server.hits) > 8, process)
    if moment == "waiting":
        line = process.stdout.readline()
        assert json.loads(line)["verdict"]
        reader = threading.Thread(target=process.stdout.read)  # a pipe that nobody reads would hold it up
        reader.start()
        time.sleep(1)
    process.send_signal(number)
    process.wait(timeout=5 * SHARED)
    if moment == "waiting":
        reader.join(5 * SHARED)
    said = process.stderr.read()
    process.stdout.close()
    process.stderr.close()
    assert (process.returncode, said) == (code, told)


@pytest.mark.parametrize(
    ("arguments", "told", "reason"),
    [
        (["--every", "often"], "--every: 'often' is no time", "no time"),
        (["--every", "0m"], "--every: '0m' is no time", "without a pause"),
        (["--webhook", "https://example.org/x"], "holds no secret to sign with", "messages are signed"),
        (["--webhook", "https://example.org/x", "--webhook-secret-env", "NOT_SET"], "NOT_SET holds no secret", "an empty secret"),
        (["--atom", "/nowhere/feed.xml"], "/nowhere/feed.xml: cannot be written", "seen before it begins"),
    ],
)
def test_usage(server, tmp_path, arguments, told, reason):
    result = nac("watch", "nato", "--db", tmp_path / "s.db", *arguments)
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1), reason
    assert told in result.stderr


@pytest.mark.parametrize(
    ("url", "told", "reason"),
    [
        ("http://example.org/hook", "messages are not sent unencrypted", "plain http to the world"),
        ("ftp://example.org/hook", "only http and https", "another scheme"),
        ("https://user:word@example.org/hook", "", "a password in the address"),
    ],
)
def test_addresses_of_webhooks_are_judged_like_those_of_pages(server, tmp_path, url, told, reason):
    result = nac("watch", "nato", "--db", tmp_path / "s.db", "--webhook", url, "--webhook-secret-env", "HOOK_SECRET")
    assert (result.exit_code, result.stderr.count("\n")) == (3, 1), reason
    assert told in result.stderr
    assert server.hits == []


def test_a_private_webhook_is_not_called_unless_allowed(receiver):
    from scraper.errors import Refused
    from scraper.posting import Post

    url = receiver.url.replace("http://", "https://").replace(f":{receiver.server_address[1]}", "")
    with pytest.raises(Refused, match="not called"):
        Post(url, b"secret").send(b"{}", key="k")
    assert receiver.taken == []


@pytest.mark.parametrize("words", ["a < b & c", "\x00\x0b\ud800 control", "“quoted” — Tromsø", "]]>", ""])
def test_a_feed_is_sound_whatever_stands_in_it(words):
    entries = [FeedEntry(f"key {words}", words or "t", f"https://example.org/{words}", "2026-01-02T03:04:05+00:00", words, "2026-01-02")]
    parsed = feedparser.parse(build_feed(entries, name=words).encode("utf-8", "surrogatepass"))
    assert not parsed.bozo
    assert parsed.entries[0].updated == "2026-01-02T03:04:05+00:00"
