"""One address for all the spellings under which a document was published."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import Malformed
from scraper.identity import canonical_address, find_archived_original

CLASSIC = "https://www.nato.int/cps/en/natohq/official_texts_217320.htm"


@pytest.mark.parametrize(
    ("url", "canonical", "reason"),
    [
        (CLASSIC, CLASSIC, "already so"),
        ("http://www.nato.int/cps/en/natohq/official_texts_217320.htm", CLASSIC, "http"),
        ("https://nato.int/cps/en/natohq/official_texts_217320.htm", CLASSIC, "no www"),
        ("HTTPS://WWW.NATO.INT/cps/en/natohq/official_texts_217320.htm", CLASSIC, "capitals in the host"),
        ("http://www.nato.int:80/cps/en/natohq/official_texts_217320.htm", CLASSIC, "default port"),
        ("https://www.nato.int/cps/en/natolive/official_texts_217320.htm", CLASSIC, "older channel name"),
        ("https://www.nato.int/cps/en/SID-0A1B2C3D-4E5F6071/natolive/official_texts_217320.htm", CLASSIC, "session"),
        (f"{CLASSIC}?selectedLocale=en", CLASSIC, "locale"),
        (f"{CLASSIC}?selecteddLocale=en", CLASSIC, "locale, misspelt"),
        (f"{CLASSIC}?", CLASSIC, "empty query"),
        (f"{CLASSIC}#:~:text=words", CLASSIC, "fragment"),
        (f"{CLASSIC}?utm_source=x&selectedLocale=uk", CLASSIC, "campaign"),
        (f" {CLASSIC}\n", CLASSIC, "blanks around it"),
        (f"https://web.archive.org/web/20230712000000id_/{CLASSIC}", CLASSIC, "a capture"),
        (f"http://web.archive.org/web/2023/{CLASSIC.replace('https', 'http')}", CLASSIC, "a capture, short time"),
        (
            "https://web.archive.org/web/2012id_/www.nato.int/docu/x.htm",
            "https://www.nato.int/docu/x.htm",
            "no scheme within",
        ),
        ("https://www.nato.int/en/a--b?selectedLocale=null", "https://www.nato.int/en/a--b", "new site, double hyphen"),
        ("https://www.nato.int", "https://www.nato.int/", "no path"),
        ("http://shape.nato.int/x", "https://shape.nato.int/x", "another host of nato.int"),
        ("https://www.nato.int/x?chunk=2&selectedLocale=en", "https://www.nato.int/x?chunk=2", "other parameters stay"),
        ("http://x.example/natolive/a?b=%20c#d", "http://x.example/natolive/a?b=%20c", "elsewhere little changes"),
        ("http://x.example:8080/a", "http://x.example:8080/a", "a port of its own"),
        ("http://[2001:db8::1]/a", "http://[2001:db8::1]/a", "a numeric host"),
        ("https://notnato.int/cps/natolive/", "https://notnato.int/cps/natolive/", "a host that only ends so"),
    ],
)
def test_canonical_address(url, canonical, reason):
    assert canonical_address(url) == canonical, reason
    assert canonical_address(canonical) == canonical, reason


@pytest.mark.parametrize(
    "url",
    [
        "",
        "nato.int/x",
        "ftp://nato.int/x",
        "file:///etc/passwd",
        "https://",
        "http://[::1",
        "http://a:b/",
        "https://a b/",
        "http://a\\b/",
    ],
)
def test_what_is_no_address_is_refused(url):
    with pytest.raises(Malformed) as refusal:
        canonical_address(url)
    assert refusal.value.hint


def test_archived_original_of_other_addresses_is_null():
    assert find_archived_original(CLASSIC) is None
    assert find_archived_original(None) is None
    assert find_archived_original("https://web.archive.org/cdx/search/cdx?url=nato.int") is None


@given(st.text(alphabet="htps:/.natoiwSID-0?&=#selectdLocale@[]% \n\u00e9", max_size=60) | st.text(max_size=40))
def test_any_text_is_refused_or_made_canonical_for_good(text):
    for url in (text, f"https://www.nato.int/{text}", f"http://nato.int/cps/{text}?{text}"):
        try:
            canonical = canonical_address(url)
        except Malformed:
            continue
        assert canonical_address(canonical) == canonical
        assert canonical.startswith(("http://", "https://"))


def test_captures_of_captures_are_unwrapped_and_endless_ones_refused():
    nested = "https://web.archive.org/web/2023id_/" * 50 + CLASSIC
    assert canonical_address(nested) == CLASSIC
    with pytest.raises(Malformed):
        canonical_address("https://web.archive.org/web/2023id_/" * 5000 + CLASSIC)
