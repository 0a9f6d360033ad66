"""Addresses that are never called: the tables, every way to write them, and what the dialler does with them."""

import socket
import threading
import time
from ipaddress import ip_network

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.addresses import Dialler, Unreachable, check_url, find_objection, show
from scraper.errors import FetchError, Refused
from scraper.pace import Deadline
from tests.scraper.fake_web import OTHER_PUBLIC, PUBLIC

# Written out here once more, from the registries and not from the module under test.
SPECIAL_IPV4 = ["0.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15"]
SPECIAL_IPV4 += ["198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "255.255.255.255/32"]
SPECIAL_IPV6 = ["::/128", "::/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/32"]
SPECIAL_IPV6 += ["2001:20::/28", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fe80::/10", "fec0::/10"]
SPECIAL_IPV6 += ["ff00::/8", "4000::/2"]
ALWAYS_REFUSED = SPECIAL_IPV4 + SPECIAL_IPV6
OPENED_BY_FLAG = ["10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"]

ADDRESSES = [
    # address, called by default, called with allow_private, why
    (PUBLIC, True, True, "public IPv4"),
    (OTHER_PUBLIC, True, True, "public IPv6"),
    ("::ffff:93.184.216.34", True, True, "public IPv4 written as IPv6"),
    ("127.0.0.1", False, True, "loopback"),
    ("::1", False, True, "loopback"),
    ("::ffff:127.0.0.1", False, True, "loopback written as IPv6"),
    ("::ffff:7f00:1", False, True, "the same in hexadecimal"),
    ("169.254.169.254", False, False, "cloud metadata"),
    ("::ffff:169.254.169.254", False, False, "cloud metadata written as IPv6"),
    ("fd00:ec2::254", False, True, "a private range, metadata of one cloud"),
    ("100.64.0.1", False, True, "carrier-grade NAT"),
    ("64:ff9b::7f00:1", False, False, "loopback behind NAT64"),
    ("2002:7f00:1::", False, False, "loopback behind 6to4"),
    ("2001:0:53aa:64c:0:0:80ff:fffe", False, False, "loopback behind Teredo"),
    ("0.0.0.0", False, False, "unspecified, which many systems take for loopback"),
    ("::", False, False, "unspecified"),
    ("::7f00:1", False, False, "IPv4-compatible IPv6"),
    ("255.255.255.255", False, False, "broadcast"),
    ("fe80::1%eth0", False, False, "link-local with a zone"),
    ("2001:67c:2e8::1", True, True, "public IPv6 just above the protocol block"),
    ("172.32.0.1", True, True, "just above a private range"),
    ("100.128.0.1", True, True, "just above carrier-grade NAT"),
]


@pytest.mark.parametrize(("address", "called", "called_with_flag", "why"), ADDRESSES)
def test_addresses_are_judged(address, called, called_with_flag, why):
    assert (find_objection(address) is None) is called, why
    assert (find_objection(address, allow_private=True) is None) is called_with_flag, why


def addresses_in(networks):
    """Addresses of these networks but `::1`, which lies in one of them and is opened by the flag."""

    def pick(text):
        network = ip_network(text)
        last = network.num_addresses - 1
        return st.integers(0, last).map(lambda offset: network[offset]).filter(lambda address: str(address) != "::1")

    return st.sampled_from(networks).flatmap(pick)


@given(addresses_in(ALWAYS_REFUSED), st.booleans())
def test_no_special_address_passes(address, allow_private):
    assert find_objection(address, allow_private=allow_private) is not None
    if address.version == 4:
        assert find_objection(f"::ffff:{address}", allow_private=allow_private) is not None


@given(addresses_in(OPENED_BY_FLAG))
def test_private_addresses_pass_with_the_flag_only(address):
    assert find_objection(address) is not None
    assert find_objection(address, allow_private=True) is None


@given(st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)))
def test_nothing_passes_that_python_knows_not_to_be_global(address):
    plain = getattr(address, "ipv4_mapped", None) or address
    if not plain.is_global or plain.is_multicast or plain.is_reserved or plain.is_link_local:
        assert find_objection(address) is not None


@settings(deadline=None, max_examples=40)
@given(addresses_in(ALWAYS_REFUSED + OPENED_BY_FLAG), st.integers(0, 2))
def test_one_bad_answer_among_good_ones_refuses_the_host(bad, position):
    answers = [PUBLIC, OTHER_PUBLIC]
    answers.insert(position, str(bad))
    called = []
    dialler = Dialler(resolve=lambda host, port: answers, connect=lambda *call: called.append(call))
    with pytest.raises(Refused, match="council.example leads to"):
        dialler.dial("council.example", 80, timeout=1, until=Deadline(time.monotonic() + 5, time.monotonic))
    assert called == []


def dial(**settings):
    return Dialler(**settings).dial("council.example", 80, timeout=1, until=Deadline(2, lambda: 0.0))


def test_next_address_is_tried_when_one_does_not_answer():
    called = []
    ours, theirs = socket.socketpair()

    def connect(address, port, seconds):
        called.append(address)
        if address == OTHER_PUBLIC:
            raise ConnectionRefusedError
        return ours

    with ours, theirs:
        assert dial(resolve=lambda host, port: [OTHER_PUBLIC, PUBLIC], connect=connect) is ours
    assert called == [OTHER_PUBLIC, PUBLIC]


def unknown(host, port):
    raise socket.gaierror(-2, "Name or service not known")


def too_long(host, port):
    raise UnicodeError("label too long")


def no_answer(address, port, seconds):
    raise TimeoutError


NAMES = [
    (unknown, "could not be resolved", "unknown name"),
    (too_long, "could not be resolved", "a name that DNS cannot carry"),
    (lambda host, port: [], "could not be resolved", "a name without addresses"),
    (lambda host, port: [PUBLIC], "does not answer on port 80", "an address that is silent"),
]


@pytest.mark.parametrize(("resolve", "message", "why"), NAMES)
def test_unreachable_hosts_are_named(resolve, message, why):
    with pytest.raises(Unreachable, match=message) as caught:
        dial(resolve=resolve, connect=no_answer)
    assert "council.example" in caught.value.message, why
    assert caught.value.hint


def test_a_resolver_that_hangs_does_not_hold_us():
    release = threading.Event()

    def hang(host, port):
        release.wait(10)
        return [PUBLIC]

    started = time.monotonic()
    until = Deadline(started + 0.1, time.monotonic)
    with pytest.raises(Unreachable, match="not resolved within"):
        Dialler(resolve=hang).dial("council.example", 80, timeout=5, until=until)
    release.set()
    assert time.monotonic() - started < 2


URLS = [
    # address, part of the message, why
    ("ftp://council.example/a", "only http and https", "another scheme"),
    ("file:///etc/passwd", "only http and https", "a file is given by path"),
    ("javascript:alert(1)", "only http and https", "no address at all"),
    ("www.council.example/a", "only http and https", "scheme forgotten"),
    ("", "only http and https", "empty"),
    ("http://user@council.example/", "user name or password", "a user name"),
    ("https://user:secret@council.example/", "user name or password", "credentials"),
    ("http://council.example:8080/", "port 8080", "a port for inner services"),
    ("http://council.example:22/", "port 22", "another protocol"),
    ("http://council.example:0/", "port 0", "not a port"),
    ("http://council.example:99999/", "can be read", "not a port"),
    ("http:///path", "no host", "no host"),
    ("http://coun\x1b[31mcil.example/", "can be read|no host", "control characters"),
    ("http://[fe80::1%25eth0]/", "no host", "a zone makes sense on one machine only"),
]


@pytest.mark.parametrize(("url", "message", "why"), URLS)
def test_odd_addresses_are_refused_unasked(url, message, why):
    with pytest.raises(Refused, match=message) as caught:
        check_url(url)
    assert caught.value.hint, why
    assert "secret" not in caught.value.message + caught.value.source
    assert caught.value.message.isprintable()


READABLE = [
    ("HTTPS://Council.Example", "https://council.example/", 443, "case, and no path"),
    (" https://council.example/a#part ", "https://council.example/a", 443, "blanks and a fragment"),
    ("http://council.example:443/", "http://council.example:443/", 443, "an odd pair, yet both allowed"),
    ("https://cöuncil.example/", "https://xn--cuncil-wxa.example/", 443, "a name beyond ASCII"),
    ("https://council.example/a?b=c&d", "https://council.example/a?b=c&d", 443, "a query"),
]


@pytest.mark.parametrize(("url", "normal", "port", "why"), READABLE)
def test_addresses_are_normalised(url, normal, port, why):
    target = check_url(url)
    assert (target.url, target.port) == (normal, port), why


def test_flag_opens_ports_but_neither_schemes_nor_credentials():
    assert check_url("http://localhost:8080/", allow_private=True).port == 8080
    for url in ("ftp://localhost/", "http://user:pass@localhost/"):
        with pytest.raises(Refused):
            check_url(url, allow_private=True)


def test_shown_addresses_fit_a_line():
    shown = show("https://user:secret@council.example/\n\x1b[2J" + "a" * 500)
    assert shown.isprintable()
    assert "secret" not in shown
    assert len(shown) == 200


def test_refusals_are_fetch_errors_with_their_own_code():
    assert issubclass(Refused, FetchError)
    assert (Refused.code, Unreachable.code) == ("refused", "fetch_failed")
