"""robots.txt as RFC 9309 has it, and what a site's Crawl-delay does to the pace."""

import time

import pytest

from scraper.errors import Blocked, FetchError, Refused
from tests.fault_server import HANG, RESET, FaultServer, build_reply, drip
from tests.scraper.fake_web import PUBLIC, FakeWeb

HOST = "http://council.example"
PAGE = b"<p>Allies agreed.</p>"
NATO_RULES = b"Sitemap: https://council.example/sitemap.xml\nUser-agent: *\nDisallow: */newsletter/*\n"


@pytest.fixture
def web():
    with FaultServer() as server:
        for path in ("/statement", "/en/newsletter/1", "/private/a", "/private/open"):
            server.play(path, build_reply(PAGE))
        yield FakeWeb(server)


def rules(text, **headers):
    return build_reply(text, kind="text/plain", **headers)


RULE = b"User-agent: *\nDisallow: /"
CUT_RULES = b"#" * (500 * 1024 - len(RULE) - 1) + b"\n" + RULE + b"private\n"

RULES = [
    # robots.txt, path, fetched, why
    (NATO_RULES, "/en/newsletter/1", False, "a wildcard in front, as nato.int writes it"),
    (NATO_RULES, "/statement", True, "not in the rule"),
    (b"User-agent: *\nDisallow: /\n", "/statement", False, "everything"),
    (b"\xef\xbb\xbfUser-agent: *\nDisallow: /\n", "/statement", False, "a byte order mark in front"),
    (b"User-agent: nac-stance\nDisallow: /\n\nUser-agent: *\nAllow: /\n", "/statement", False, "us by name"),
    (b"User-agent: *\nDisallow: /\n\nUser-agent: NAC-Stance\nAllow: /\n", "/statement", True, "our own group counts"),
    (b"User-agent: *\nDisallow: /private\nAllow: /private/open\n", "/private/open", True, "the longer rule wins"),
    (b"User-agent: *\nDisallow: /private\nAllow: /private/open\n", "/private/a", False, "the shorter rule stands"),
    (b"User-agent: *\nDisallow: /*.pdf$\n", "/statement", True, "an anchored rule for other files"),
    (b"<html>Not found</html>", "/statement", True, "a page in place of rules"),
    (b"", "/statement", True, "empty"),
    (b"#" * (600 * 1024) + b"\nUser-agent: *\nDisallow: /\n", "/statement", True, "a rule beyond 500 KiB"),
    (CUT_RULES, "/statement", True, "500 KiB end inside 'Disallow: /private', whose stump would forbid all"),
    (b"User-agent: *\nDisallow: /\n" + b"#" * (600 * 1024), "/statement", False, "a rule before 500 KiB"),
]


@pytest.mark.parametrize(("text", "path", "fetched", "why"), RULES)
def test_rules_are_kept(web, text, path, fetched, why):
    web.server.play("/robots.txt", rules(text))
    fetcher = web.build_fetcher()
    if fetched:
        assert fetcher.get(HOST + path).content == PAGE, why
        return
    with pytest.raises(Refused, match=r"council\.example: robots\.txt asks") as caught:
        fetcher.get(HOST + path)
    assert web.server.paths == ["/robots.txt"], why
    assert "browser" in caught.value.hint


def redirect(location):
    return build_reply(status=301, Location=location)


OUTCOMES = [
    # script of robots.txt, error or None if the page is fetched, why
    ([build_reply(status=404)], None, "no rules"),
    ([build_reply(status=401)], None, "4xx: no rules to be had"),
    ([build_reply(status=403)], None, "4xx: no rules to be had"),
    ([build_reply(status=410)], None, "4xx: no rules to be had"),
    ([build_reply(status=204)], None, "no content, no rules"),
    ([build_reply(status=500)], Refused, "5xx: assume that nothing is allowed"),
    ([build_reply(status=503)], Refused, "5xx, also after retries"),
    ([build_reply(status=429)], Blocked, "a 4xx that says: not now"),
    ([build_reply(status=503, Retry_After="600")], Blocked, "a pause beyond the deadline"),
    ([HANG], Refused, "time-out: assume that nothing is allowed"),
    ([RESET], Refused, "unreachable: assume that nothing is allowed"),
    ([build_reply(NATO_RULES, Content_Length="999")], Refused, "rules that break off are no rules"),
    ([build_reply(b"no gzip", Content_Encoding="gzip")], Refused, "rules that cannot be unpacked"),
    ([redirect("/robots.txt")], None, "a circle: as if there were none"),
    ([redirect("http://inner.example/robots.txt")], Refused, "rules on a private host"),
]


@pytest.mark.parametrize(("script", "error", "why"), OUTCOMES)
def test_answers_to_robots(web, script, error, why):
    web.names["inner.example"] = [["10.0.0.1"]]
    web.server.play("/robots.txt", script)
    fetcher = web.build_fetcher(timeout=0.2)
    if error is None:
        assert fetcher.get(HOST + "/statement").content == PAGE, why
        return
    with pytest.raises(error) as caught:
        fetcher.get(HOST + "/statement")
    assert type(caught.value) is error, why
    assert "/statement" not in web.server.paths
    assert {address for address, _ in web.connected} == {PUBLIC}
    assert caught.value.hint


@pytest.mark.parametrize(("hops", "fetched"), [(5, False), (6, True)])
def test_five_redirects_are_followed(web, hops, fetched):
    web.server.play("/robots.txt", redirect("http://robots.example/1"))
    for n in range(1, hops):
        web.server.play(f"/{n}", redirect(f"/{n + 1}"))
    web.server.play(f"/{hops}", rules(b"User-agent: *\nDisallow: /\n"))
    if fetched:
        assert web.build_fetcher().get(HOST + "/statement").content == PAGE
    else:
        with pytest.raises(Refused, match="robots.txt asks"):
            web.build_fetcher().get(HOST + "/statement")


def test_rules_are_asked_for_once_a_day_and_refusals_again_after_minutes(web):
    web.server.play("/robots.txt", build_reply(status=500), rules(NATO_RULES))
    fetcher = web.build_fetcher()
    for _ in range(2):
        with pytest.raises(Refused, match="answered 500"):
            fetcher.get(HOST + "/statement")
    assert web.server.paths == ["/robots.txt"]
    web.clock.now += 301
    fetcher.get(HOST + "/statement")
    fetcher.get(HOST + "/statement")
    assert web.server.paths == ["/robots.txt"] * 2 + ["/statement"] * 2
    web.clock.now += 24 * 3600
    fetcher.get(HOST + "/statement")
    assert web.server.paths.count("/robots.txt") == 3


def test_each_host_and_scheme_has_its_own_rules(web):
    web.server.play("/robots.txt", rules(b""), rules(b"User-agent: *\nDisallow: /\n"))
    fetcher = web.build_fetcher()
    fetcher.get(HOST + "/statement")
    with pytest.raises(Refused, match=r"other\.example: robots"):
        fetcher.get("http://other.example/statement")


def test_a_redirect_asks_the_rules_of_where_it_leads(web):
    web.server.play("/robots.txt", rules(b""), rules(b"User-agent: *\nDisallow: /\n"))
    web.server.play("/statement", redirect("http://other.example/statement"))
    with pytest.raises(Refused, match=r"other\.example: robots"):
        web.build_fetcher().get(HOST + "/statement")


def test_an_unknown_host_is_called_unknown_and_not_refused(web):
    web.names["council.example"] = [[]]
    with pytest.raises(FetchError, match="could not be resolved") as caught:
        web.build_fetcher().get(HOST + "/statement")
    assert caught.value.code == "fetch_failed"


DELAYS = [
    # line of robots.txt, our pace, gap that is kept, why
    (b"Crawl-delay: 7", 1.0, 7, "theirs is longer"),
    (b"Crawl-delay: 1", 3.0, 3, "ours is longer"),
    (b"Crawl-delay: 86400", 1.0, 20, "longer than a page may take: capped"),
    (b"Crawl-delay: soon", 1.0, 1, "no number"),
    (b"Crawl-delay: nan", 1.0, 1, "no number either"),
    (b"Crawl-delay: -5", 1.0, 1, "less than nothing"),
]


@pytest.mark.parametrize(("line", "pace", "gap", "why"), DELAYS)
def test_crawl_delay_widens_the_pace(web, line, pace, gap, why):
    web.server.play("/robots.txt", rules(b"User-agent: *\n" + line + b"\n"))
    fetcher = web.build_fetcher(pace=pace)
    fetcher.get(HOST + "/statement")
    fetcher.get(HOST + "/statement")
    assert web.clock.slept == [gap, gap], why


def test_a_dripping_robots_file_refuses_within_the_deadline(web):
    web.server.play("/robots.txt", [build_reply(b"", Content_Length="99"), *drip(b"#" * 99)])
    started = time.monotonic()
    with pytest.raises(Refused, match="could not be had"):
        web.build_fetcher(clock=time.monotonic, deadline=0.4).get(HOST + "/statement")
    assert time.monotonic() - started < 1.5
