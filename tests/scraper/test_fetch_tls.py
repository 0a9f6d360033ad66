"""TLS: the connection is pinned to an address, the certificate is still that of the name."""

import shutil
import ssl
import subprocess
import time

import pytest

from scraper.errors import FetchError, Refused
from tests.fault_server import HANG, FaultServer, build_reply, drip
from tests.scraper.fake_web import PUBLIC, FakeWeb

PAGE = b"<p>Allies agreed.</p>"
openssl = shutil.which("openssl")
pytestmark = pytest.mark.skipif(openssl is None, reason="the openssl command makes the certificate")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for council.example that signs itself, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    command = [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-days", "2", "-subj", "/CN=council.example", "-addext", "subjectAltName=DNS:council.example"]
    command += ["-addext", "keyUsage=critical,digitalSignature,keyCertSign"]
    command += ["-keyout", str(folder / "key.pem"), "-out", str(folder / "certificate.pem")]
    subprocess.run(command, check=True, capture_output=True)
    return folder


@pytest.fixture
def web(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "certificate.pem", certificate / "key.pem")
    asked = []
    context.sni_callback = lambda _socket, name, _context: asked.append(name)
    with FaultServer(context) as server:
        server.play("/statement", build_reply(PAGE))
        web = FakeWeb(server)
        web.asked_by_sni = asked
        web.bundle = str(certificate / "certificate.pem")
        yield web


def test_host_sni_and_certificate_name_are_those_asked_for(web):
    page = web.build_fetcher(ca_bundle=web.bundle).get("https://council.example/statement")
    assert page.content == PAGE
    assert web.connected == [(PUBLIC, 443)] * 2
    assert set(web.asked_by_sni) == {"council.example"}
    assert {request.host for request in web.server.requests} == {"council.example"}


UNTRUSTED = [
    ("https://council.example/statement", False, "nobody we trust signed it"),
    ("https://other.example/statement", True, "it is another host's"),
]


@pytest.mark.parametrize(("url", "trusted", "why"), UNTRUSTED)
def test_certificates_are_always_checked(web, url, trusted, why):
    settings = {"ca_bundle": web.bundle} if trusted else {}
    with pytest.raises(FetchError, match="certificate not accepted") as caught:
        web.build_fetcher(**settings).get(url)
    assert web.server.requests == [], why
    assert caught.value.hint
    assert caught.value.message.isprintable()


def test_environment_cannot_name_other_certificates(web, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", web.bundle)
    monkeypatch.setenv("CURL_CA_BUNDLE", web.bundle)
    with pytest.raises(FetchError, match="certificate not accepted"):
        web.build_fetcher().get("https://council.example/statement")


def test_a_missing_bundle_is_an_error_and_not_a_way_around(web, tmp_path):
    with pytest.raises(FetchError):
        web.build_fetcher(ca_bundle=str(tmp_path / "none.pem")).get("https://council.example/statement")
    assert web.server.requests == []


def test_downgrade_to_plain_http_is_refused(web):
    web.server.play("/statement", build_reply(status=301, Location="http://council.example/plain"))
    with pytest.raises(Refused, match="unencrypted"):
        web.build_fetcher(ca_bundle=web.bundle).get("https://council.example/statement")
    assert "/plain" not in web.server.paths


def test_a_server_without_tls_is_named():
    with FaultServer() as server:
        with pytest.raises(FetchError, match="encrypted connection|broke off|sent nothing"):
            FakeWeb(server).build_fetcher(timeout=0.3, retries=0).get("https://council.example/statement")
        assert server.paths == []


def test_deadline_and_timeout_hold_inside_tls(web):
    settings = {"ca_bundle": web.bundle, "clock": time.monotonic, "deadline": 0.6}
    started = time.monotonic()
    for script in ([build_reply(b"", Content_Length="99"), *drip(b"a" * 99)], [HANG]):
        web.server.play("/statement", script)
        with pytest.raises(FetchError, match="time allowed"):
            web.build_fetcher(**settings).get("https://council.example/statement")
    assert time.monotonic() - started < 4
