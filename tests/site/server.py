"""The site and the archive on one port of this machine, in all the moods of real servers.

What goes wrong is fixed by the seed: on the first request for some pages the server asks for a pause, fails,
breaks the connection or shows a block page; listings refuse now and then; the archive throttles. Every
request is kept with its time, so that a test can count them and see the pace.
"""

from __future__ import annotations

import contextlib
import hashlib
import random
import socket
import struct
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import parse_qs, urlsplit

from tests.site.documents import Address, Document
from tests.site.listings import PUBLIC, answer_index, build_index, build_listing, build_sitemap, build_sitemap_index
from tests.site.pages import BLOCK_PAGE, MISSING_PAGE, NOTICE, THROTTLE_PAGE, render
from tests.site.plan import Site

ROBOTS = b"# synthetic, constructed for tests\nUser-agent: *\nDisallow: /private/\nDisallow: *.modal.html\n"
_FAULTS = (("pause", 2), ("fail", 12), ("reset", 1), ("block", 4), ("slow", 10))
"""Kinds of fault with how many of 1,000 pages have it on their first request."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One request: when it came (monotonic seconds), for what, and what it was given."""

    time: float
    path: str
    status: int
    conditional: bool
    fault: str
    phase: int
    body: int


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer before it is sent; `fault` names what went wrong in it."""

    status: int
    body: bytes = b""
    kind: str = "text/html"
    headers: tuple[tuple[str, str], ...] = ()
    fault: str = ""


class SiteServer:
    """Serves a site until the `with` block ends. `phase` is the run, 1 or 2; `origin` its address.

    Args:
        site: what is served.
        seed: which pages fail.
        faults: how many times as many faults as usual; 0 is a server that never fails.
        latency: seconds that a slow page takes.
        throttle: the archive sends some to its page for those who ask too much.
    """

    def __init__(self, site: Site, *, seed: int = 4, faults: float = 1.0, latency: float = 0.02, throttle: bool = False) -> None:
        self.phase = 1
        self.hits: list[Hit] = []
        self.latency = latency
        self._throttle = throttle
        self._closing: tuple[int, float] | None = None
        self._site = site
        self._seed = seed
        self._faults = faults
        self._asked: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._index = build_index(site)
        self._pages: dict[str, tuple[Document, Address]] = {a.path: (d, a) for d, a in site.addresses(archived=False)}
        self._captures: dict[str, dict[str, tuple[Document, Address]]] = defaultdict(dict)
        for document, address in site.addresses(archived=True):
            self._captures[address.path][address.capture or ""] = (document, address)
        self._http = _Http(("127.0.0.1", 0), _Handler)
        self._http.owner = self
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05})
        self.origin = f"http://127.0.0.1:{self._http.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._http.shutdown()
        self._thread.join(10)
        self._http.server_close()

    def begin_again(self) -> None:
        """Forgets what was asked, so that the same pages fail again."""
        with self._lock:
            self._asked.clear()
            self.hits.clear()

    def close_for(self, seconds: float, *, after: int) -> None:
        """Once, after so many requests, the server asks for a pause of so many seconds."""
        self._closing = (after, seconds)

    def await_refusal(self) -> None:
        """Waits until the server has asked for a pause."""
        until = time.monotonic() + 20
        while not any(hit.status == 429 for hit in self.hits):
            assert time.monotonic() < until, "nobody asked"
            time.sleep(0.005)

    def bodies(self, phase: int) -> Counter[str]:
        """How often each page's body was sent in a run, faults apart."""
        return Counter(hit.path for hit in self.hits if hit.phase == phase and hit.status == 200 and not hit.fault)

    def answer(self, target: str, headers: dict[str, str]) -> Reply:
        """The reply to a request for a path with query."""
        path, _, query = target.partition("?")
        with self._lock:
            key = f"{self.phase}:{target}"
            self._asked[key] += 1
            first = self._asked[key] == 1
            if self._closing and len(self.hits) >= self._closing[0]:
                seconds, self._closing = self._closing[1], None
                return Reply(429, headers=(("Retry-After", f"{seconds:.0f}"),), fault="pause")
        fault = self._find_fault(target) if first and path != "/robots.txt" else ""
        reply = _reply_of_fault(fault) or self._find_reply(path, parse_qs(query), headers)
        if fault == "slow":
            time.sleep(self.latency)
        return reply

    def record(self, target: str, reply: Reply, arrived: float, *, conditional: bool) -> None:
        """Keeps what was asked and answered."""
        hit = Hit(arrived, target, reply.status, conditional, reply.fault, self.phase, len(reply.body))
        with self._lock:
            self.hits.append(hit)

    def _find_fault(self, target: str) -> str:
        roll = random.Random(f"{self._seed}:{self.phase}:{target}").random() * 1000
        for name, share in _FAULTS:
            roll -= share * self._faults
            if roll < 0 and name == "block" and target.startswith(("/web/", "/cdx/")):
                return "throttle" if self._throttle else "fail"
            if roll < 0:
                return name
        return ""

    def _find_reply(self, path: str, query: dict[str, list[str]], headers: dict[str, str]) -> Reply:
        xml, json = "application/xml", "application/json"
        if path == "/robots.txt":
            return Reply(200, ROBOTS, "text/plain")
        if path == "/sitemap.xml":
            return Reply(200, build_sitemap_index(PUBLIC), xml)
        if path == "/sitemap-en.xml":
            return Reply(200, build_sitemap(self._site, self.phase, "en", PUBLIC), xml)
        if path == "/sitemap-fr.xml.gz":
            return Reply(200, build_sitemap(self._site, self.phase, "fr", PUBLIC), "application/gzip")
        if path.endswith(".search.json"):
            return self._find_listing(path, query)
        if path == "/cdx/search/cdx":
            return Reply(200, answer_index(self._index, query), json)
        if path == "/429.html":
            return Reply(200, THROTTLE_PAGE, fault="throttle")
        if path.startswith("/web/"):
            return self._replay(path)
        return self._find_page(path, headers)

    def _find_listing(self, path: str, query: dict[str, list[str]]) -> Reply:
        """Two sections have a listing; it refuses each third page of itself."""
        section = path.removeprefix("/content/nato/en/").partition("/jcr:content")[0]
        page, size = int(query.get("page", ["1"])[0]), min(50, int(query.get("pageSize", ["15"])[0]))
        if page % 3 == 0 and self._faults:
            return Reply(400, b'{"error": "synthetic"}', "application/json", fault="listing")
        return Reply(200, build_listing(self._site, self.phase, section, page=page, size=size), "application/json")

    def _replay(self, path: str) -> Reply:
        """A capture's own bytes; another time leads to the nearest one."""
        stamp, _, original = path.removeprefix("/web/").partition("/")
        address = urlsplit(original if "://" in original else f"http://{original}").path
        captures = self._captures.get(address)
        if not captures:
            return Reply(404, MISSING_PAGE)
        time_wanted = stamp.removesuffix("id_")
        if time_wanted not in captures:
            nearest = min(captures, key=lambda stamp: abs(int(stamp) - int(time_wanted.ljust(14, "0"))))
            return Reply(302, headers=(("Location", f"/web/{nearest}id_/{original}"),))
        document, capture = captures[time_wanted]
        moment = time.mktime(time.strptime(time_wanted, "%Y%m%d%H%M%S"))
        links = f'<https://www.nato.int{address}>; rel="original"'
        return Reply(200, render(document, capture), headers=(("Memento-Datetime", formatdate(moment, usegmt=True)), ("Link", links)))

    def _find_page(self, path: str, headers: dict[str, str]) -> Reply:
        if path in self._site.blocked:
            return Reply(200, BLOCK_PAGE)
        if path in self._site.hubs:
            links = "".join(f'<li><a href="/en/x/{n}">Headline of page number {n}</a></li>' for n in range(9))
            return Reply(200, f"{NOTICE}<html><head><title>Hub</title></head><body><h1>Hub</h1><ul>{links}</ul></body></html>".encode())
        found = self._pages.get(path)
        if found is None or found[1].since_run > self.phase or (found[1].gone_after or 9) < self.phase:
            return Reply(404, MISSING_PAGE)
        document, address = found
        if address.moved_to:
            return Reply(301, headers=(("Location", address.moved_to),))
        changes = address.wording.edited is not None or address.relaid
        return _conditional(render(document, address, self.phase if changes else 1), document, headers)


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    owner: SiteServer


class _Handler(BaseHTTPRequestHandler):
    server: _Http
    protocol_version = "HTTP/1.1"
    timeout = 20

    def do_GET(self) -> None:
        arrived = time.monotonic()
        headers = {name.lower(): value for name, value in self.headers.items()}
        owner = self.server.owner
        reply = owner.answer(self.path, headers)
        conditional = "if-none-match" in headers or "if-modified-since" in headers
        owner.record(self.path, reply, arrived, conditional=conditional)
        self.close_connection = True
        if reply.fault == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            return
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # a client that was killed
            self._send(reply)

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers:
            self.send_header(name, value)
        if reply.status != 304:
            self.send_header("Content-Type", reply.kind)
        self.send_header("Content-Length", str(len(reply.body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(reply.body)

    def log_message(self, format: str, *args: object) -> None:
        return


def _reply_of_fault(fault: str) -> Reply | None:
    now = (("Retry-After", "0"),)
    replies = {
        "pause": Reply(429, headers=(("Retry-After", "1"),), fault=fault),
        "fail": Reply(503, headers=now, fault=fault),
        "reset": Reply(0, fault=fault),
        "block": Reply(200, BLOCK_PAGE, fault=fault),
        "throttle": Reply(302, headers=(("Location", "/429.html"),), fault=fault),
    }
    return replies.get(fault)


def _conditional(body: bytes, document: Document, headers: dict[str, str]) -> Reply:
    """Most pages have an ETag, some only a day of change, and a few have neither."""
    number = int(document.name[1:])
    tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    moment = formatdate(1_700_000_000 + int(hashlib.sha256(body).hexdigest()[:6], 16), usegmt=True)
    if number % 200 == 50:
        return Reply(200, body)
    if number % 5 == 0:
        unchanged = headers.get("if-modified-since") == moment
        return Reply(304 if unchanged else 200, b"" if unchanged else body, headers=(("Last-Modified", moment),))
    unchanged = headers.get("if-none-match") == tag
    return Reply(304 if unchanged else 200, b"" if unchanged else body, headers=(("ETag", tag), ("Last-Modified", moment)))
