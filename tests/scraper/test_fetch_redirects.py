"""Redirects and changing DNS answers: each hop is judged anew, and only what was judged is called."""

import re
import socket

import pytest

from scraper.addresses import resolve_name
from scraper.errors import FetchError, Refused
from scraper.fetch import MOST_REDIRECTS
from tests.fault_server import FaultServer, build_reply
from tests.scraper.fake_web import OTHER_PUBLIC, PUBLIC, FakeWeb

URL = "http://council.example/old"
PAGE = b"<p>Allies agreed.</p>"


@pytest.fixture
def web():
    with FaultServer() as server:
        server.play("/new", build_reply(PAGE))
        yield FakeWeb(server)


def redirect(location, status=302):
    return build_reply(b"moved", status=status, Location=location)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed(web, status):
    web.server.play("/old", redirect("/between", status))
    web.server.play("/between", redirect("//other.example/new#part", status))
    page = web.build_fetcher().get(URL)
    assert page.content == PAGE
    assert page.final_url == "http://other.example/new"
    assert page.redirects == (URL, "http://council.example/between")
    assert [request.host for request in web.server.requests if request.path == "/new"] == ["other.example"]


REFUSED = [
    # where a redirect leads, why
    ("http://127.0.0.1/", "loopback"),
    ("http://localhost/", "loopback by name"),
    ("http://[::1]/", "loopback in IPv6"),
    ("http://[::ffff:127.0.0.1]/", "loopback in an IPv6 one"),
    ("http://2130706433/", "loopback as one number"),
    ("http://0x7f.1/", "loopback in hexadecimal"),
    ("http://169.254.169.254/latest/meta-data/", "cloud metadata"),
    ("http://[::ffff:a9fe:a9fe]/", "cloud metadata in an IPv6 one"),
    ("http://10.0.0.7/", "private"),
    ("http://0.0.0.0/", "unspecified"),
    ("http://inner.example/", "a public name with a private address"),
    ("http://mixed.example/", "a name with a public and a private address"),
    ("http://council.example:8080/", "another port"),
    ("http://user:pass@council.example/new", "credentials"),
    ("ftp://council.example/new", "another scheme"),
    ("file:///etc/passwd", "a file"),
]


@pytest.mark.parametrize(("location", "why"), REFUSED)
def test_redirects_to_refused_places(web, location, why):
    numeric = ("[::1]", "2130706433", "0x7f.1", "localhost")
    web.names |= {name.strip("[]"): [["::1" if ":" in name else "127.0.0.1"]] for name in numeric}
    web.names |= {"10.0.0.7": [["10.0.0.7"]], "0.0.0.0": [["0.0.0.0"]], "127.0.0.1": [["127.0.0.1"]]}
    web.names |= {"::ffff:127.0.0.1": [["::ffff:127.0.0.1"]], "::ffff:a9fe:a9fe": [["::ffff:a9fe:a9fe"]]}
    web.names |= {"169.254.169.254": [["169.254.169.254"]], "inner.example": [["192.168.1.1"]]}
    web.names |= {"mixed.example": [[PUBLIC, "10.1.1.1"]]}
    web.server.play("/old", redirect(location))
    with pytest.raises(Refused) as caught:
        web.build_fetcher().get(URL)
    assert {address for address, _ in web.connected} == {PUBLIC}, why
    assert set(web.server.paths) == {"/robots.txt", "/old"}, why
    assert caught.value.hint


def test_system_resolver_is_judged_too():
    for url in ("http://127.0.0.1/", "http://2130706433/", "http://[::ffff:127.0.0.1]/"):
        with FaultServer() as server:
            web = FakeWeb(server)
            with pytest.raises(Refused, match="this machine itself") as caught:
                web.build_fetcher(resolve=resolve_name).get(url)
            assert web.connected == []
            assert "--allow-private" in caught.value.hint


ENDLESS = [
    ({"/old": "/old"}, "circle", "to itself"),
    ({"/old": "/b", "/b": "http://COUNCIL.example/old"}, "circle", "back to the first"),
    ({"/old": "/0"} | {f"/{n}": f"/{n + 1}" for n in range(20)}, "10 times", "on and on"),
]


@pytest.mark.parametrize(("routes", "message", "why"), ENDLESS)
def test_redirects_end(web, routes, message, why):
    for path, location in routes.items():
        web.server.play(path, redirect(location))
    with pytest.raises(FetchError, match=message):
        web.build_fetcher().get(URL)
    assert len(web.server.requests) <= MOST_REDIRECTS + 2, why


def test_as_many_redirects_as_allowed(web):
    web.server.play("/old", redirect("/1"))
    for n in range(1, MOST_REDIRECTS):
        web.server.play(f"/{n}", redirect(f"/{n + 1}" if n < MOST_REDIRECTS - 1 else "/new"))
    assert len(web.build_fetcher().get(URL).redirects) == MOST_REDIRECTS


@pytest.mark.parametrize(("location", "why"), [("", "empty"), ("http://[/", "no address")])
def test_redirects_to_nowhere(web, location, why):
    web.server.play("/old", redirect(location))
    with pytest.raises(FetchError) as caught:
        web.build_fetcher().get(URL)
    assert "council.example" in caught.value.message + caught.value.source, why


def test_location_beyond_ascii(web):
    web.server.play("/old", redirect("/d\xc3\xa9claration"))
    web.server.play("/d%C3%A9claration", build_reply(PAGE))
    assert web.build_fetcher().get(URL).final_url.endswith("/d%C3%A9claration")


def test_a_dns_answer_that_changes_between_check_and_call_changes_nothing(web):
    web.server.play("/old", build_reply(PAGE))
    web.names["council.example"] = [[PUBLIC], [OTHER_PUBLIC], ["127.0.0.1"]]
    fetcher = web.build_fetcher()
    assert fetcher.get(URL).content == PAGE
    assert web.looked_up == ["council.example"] * 2  # once for robots.txt, once for the page, never twice for one
    assert web.connected == [(PUBLIC, 80), (OTHER_PUBLIC, 80)]
    with pytest.raises(Refused, match=r"leads to 127\.0\.0\.1"):
        fetcher.get(URL)
    assert len(web.connected) == 2


def test_the_flag_calls_this_machine():
    with FaultServer() as server:
        server.play("/new", build_reply(PAGE))
        url = f"http://127.0.0.1:{server.port}/new"
        assert FakeWeb(server).build_fetcher(allow_private=True, connect=connect_plainly).get(url).content == PAGE


def connect_plainly(address, port, seconds):
    assert address == "93.184.216.34"  # the fake resolver's answer
    return socket.create_connection(("127.0.0.1", port), timeout=seconds)


def test_no_cookie_and_nothing_of_the_environment_is_sent(web, monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine council.example login user password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    web.server.play("/old", build_reply(status=302, Location="/new", Set_Cookie="session=1; Path=/"))
    web.server.play("/new", build_reply(PAGE, Set_Cookie="session=2; Path=/"))
    fetcher = web.build_fetcher()
    fetcher.get(URL)
    fetcher.get(URL)
    sent = {name for request in web.server.requests for name in request.headers}
    assert sent == {"host", "user-agent", "accept", "accept-encoding", "accept-language", "connection"}
    assert {request.headers["accept-encoding"] for request in web.server.requests} == {"gzip"}


NAMES = [
    # settings, NAC_CONTACT, what is sent, why
    ({}, None, r"nac-stance/[\w.]+", "name and version"),
    ({}, "mailto:press@council.example", r"nac-stance/[\w.]+ \(\+mailto:press@council\.example\)", "contact"),
    ({}, "a\r\nX-Evil: 1", r"nac-stance/[\w.]+ \(\+aX-Evil: 1\)", "no header of its own"),
    ({"user_agent": "mine/1"}, "ignored", "mine/1", "given by the caller"),
]


@pytest.mark.parametrize(("settings", "contact", "pattern", "why"), NAMES)
def test_user_agent(web, monkeypatch, settings, contact, pattern, why):
    monkeypatch.delenv("NAC_CONTACT", raising=False)
    if contact is not None:
        monkeypatch.setenv("NAC_CONTACT", contact)
    web.build_fetcher(**settings).get("http://council.example/new")
    for request in web.server.requests:
        assert re.fullmatch(pattern, request.headers["user-agent"]), why
        assert "x-evil" not in request.headers
