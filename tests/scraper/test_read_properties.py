"""What must hold of every input, tried on many."""

import io

from hypothesis import example, given, settings
from hypothesis import strategies as st

from scraper.decoding import decode
from scraper.errors import ScraperError
from scraper.paragraphs import split_markdown, split_plain
from scraper.read import read_release, read_rows, read_text
from scraper.release import Release
from scraper.sites.blocks import normalise

LINES = st.text(alphabet=" \t\r\n\x0b\x0c\x1c\x85\u2028\u2029\u00a0\u200b.ab-#>1é\U0001f600", max_size=120)
TEXTS = LINES | st.text(max_size=200)
TAGS = [
    "<p>",
    "</p>",
    "<div>",
    "</div>",
    "<br>",
    "<li>",
    "<table><tr><td>",
    "</table>",
    "<b>",
    "</b>",
    "<a href=x>",
    "<pre>",
]
TAGS += [
    '<div class="ca04-rich-text">',
    '<ul class="list-meta"><li>',
    '<section class="content cf">',
    "<h1>",
    "<sup>1</sup>",
]
WORDS = [
    "The council met at noon.",
    "11 Jul. 2023",
    "Press Release (2023) 001",
    "Updated: 1 May 2001 NATO Press Releases",
]
WORDS += [
    "Go to Homepage Go to Index",
    "Synopsis",
    "Register",
    "Create an account",
    "word " * 20,
    "&nbsp;",
    "<!--",
    "-->",
    "\x00",
]


def check_spans(text, spans):
    end = 0
    for span in spans:
        assert end <= span.start < span.end <= len(text)
        words = text[span.start : span.end]
        assert words == words.strip()
        end = span.end


@given(TEXTS)
@example("a\r\n\r\nb")
@example("\u2028a\x1cb\x85")
def test_plain_paragraphs_cover_every_character_that_is_not_blank(text):
    spans = split_plain(text)
    check_spans(text, spans)
    covered = {place for span in spans for place in range(span.start, span.end)}
    assert all(place in covered or letter.isspace() for place, letter in enumerate(text))


@given(TEXTS)
def test_markdown_paragraphs_are_ordered_and_within_the_text(text):
    check_spans(text, split_markdown(text))


@given(TEXTS)
def test_a_text_is_kept_or_refused(text):
    try:
        release = read_text(text, source_name="-")
    except ScraperError as error:
        assert error.message and error.hint
    else:
        assert release.text == text
        check_spans(text, release.paragraphs)


@given(
    st.binary(max_size=300),
    st.none() | st.text(max_size=12) | st.sampled_from(["utf-8", "utf-16", "latin-1", "utf-7", "gbk"]),
)
def test_decoding_never_fails(data, declared):
    decoded = decode(data, declared=declared)
    decoded.text.encode("utf-8", "surrogatepass")


@given(st.text(max_size=200), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]))
def test_marked_and_utf8_texts_come_back(text, codec):
    text = "a" + text.encode("utf-8", "replace").decode()
    assert decode(text.encode(codec)).text == text


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data):
    try:
        release = read_release(data, source_name="x")
    except ScraperError as error:
        assert error.message and error.hint and error.source
    else:
        check_spans(release.text, release.paragraphs)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(TAGS + WORDS), max_size=40))
def test_any_markup_is_read_or_refused(pieces):
    markup = "<html><body>" + " ".join(pieces)
    try:
        release = read_release(markup, source_name="x", url="https://www.nato.int/2023/07/11/x")
    except ScraperError as error:
        assert error.message and error.hint
        return
    check_spans(release.text, release.paragraphs)
    assert all(words == normalise(words) for words in map(release.paragraph_text, release.paragraphs))
    assert release.date_source in {"issued", "page", "url", "none"}
    assert (release.date is None) == (release.date_source == "none")


ROW_PIECES = [
    b'{"text": "We act."}',
    b"text,id\n",
    b'"',
    b"\n",
    b"\r",
    b",",
    b"\t",
    b"[",
    b"{",
    b"\x00",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
]
ROW_PIECES += [b"We act.", b'{"text": "\\ud800"}', b"caf\xe9", b"{}", b"null\n", b"text\n"]


@given(st.binary(max_size=200) | st.lists(st.sampled_from(ROW_PIECES), max_size=20).map(b"".join))
def test_rows_of_any_bytes_are_releases_or_errors(data):
    for given_fields in ({}, {"text_field": "a", "id_field": "b"}):
        results = list(read_rows(io.BytesIO(data), **given_fields))
        assert results
        assert all(isinstance(result, Release | ScraperError) for result in results)


@given(st.text(max_size=200))
def test_rows_of_any_text_are_releases_or_errors(text):
    assert all(isinstance(result, Release | ScraperError) for result in read_rows(io.StringIO(text)))
