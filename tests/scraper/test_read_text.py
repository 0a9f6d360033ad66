"""Plain texts, Markdown, bytes of every encoding, and files that are none of it."""

import subprocess
import sys

import pytest

from scraper import given_text, read
from scraper.decoding import decode
from scraper.errors import Malformed, ReadError, Unsupported
from scraper.paragraphs import split_markdown, split_plain
from scraper.read import read_file, read_release, read_text

SENTENCE = "The council met at noon and will meet again."
WRAPPED = (
    "The council met at noon and agreed that the harbour should be opened\n"
    "again before the ice closes the sound, and that the cost of opening it\n"
    "should be shared by all those who use it, in proportion to what their\n"
    "ships carry."
)


def spans(text):
    return [text[span.start : span.end] for span in split_plain(text)]


def marked(text):
    return [text[span.start : span.end] for span in split_markdown(text)]


class TestParagraphs:
    @pytest.mark.parametrize(
        ("text", "expected", "reason"),
        [
            ("One.\n\nTwo.", ["One.", "Two."], "a blank line"),
            ("One.\r\n\r\nTwo.\r\n", ["One.", "Two."], "with carriage returns"),
            ("One.\r\rTwo.", ["One.", "Two."], "old Macintosh"),
            ("One.\n \t\u00a0\nTwo.", ["One.", "Two."], "a line of blanks is blank"),
            ("One,\ntwo.\n\nThree.", ["One,\ntwo.", "Three."], "lines within a paragraph"),
            ("  One.  \n\n\n\n Two.", ["One.", "Two."], "blanks at both ends lie outside"),
            ("One.\nTwo.\nThree.", ["One.", "Two.", "Three."], "no blank line: each line"),
            ("One.\u2029Two.", ["One.", "Two."], "a paragraph separator"),
            (WRAPPED, [WRAPPED], "lines broken at a fixed width are one paragraph"),
            (
                "A title without end\nA line that is short\nAnother",
                ["A title without end", "A line that is short", "Another"],
                "short",
            ),
            ("word " * 40 + "\n" + "word " * 40, ["word " * 39 + "word"] * 2, "long lines are paragraphs"),
            ("One.", ["One."], "a single sentence"),
            ("", [], "nothing"),
            (" \n\n ", [], "blanks"),
        ],
    )
    def test_plain(self, text, expected, reason):
        assert spans(text) == expected, reason

    def test_full_sentences_on_lines_of_like_length_are_paragraphs(self):
        lines = [f"{word} was told to the ministers who met in the old harbour hall." for word in ("This", "That", "More")]
        assert spans("\n".join(lines)) == lines

    @pytest.mark.parametrize(
        ("text", "expected", "reason"),
        [
            ("# Title\nText\nwrapped.", ["Title", "Text\nwrapped."], "headings stand alone, marks outside"),
            ("- one\n- two\n  on", ["one", "two\n  on"], "items stand alone"),
            ("1. one\n2. two", ["1. one", "2. two"], "numbers belong to the words"),
            ("> quoted\n> on", ["quoted\n> on"], "quotation mark outside"),
            ("One.\n\n---\n\nTwo.", ["One.", "Two."], "rules are left out"),
            ("---\ntitle: T\n---\nWords.", ["Words."], "front matter is left out"),
            ("*Stress* begins.", ["*Stress* begins."], "a star without blank is no item"),
        ],
    )
    def test_markdown(self, text, expected, reason):
        assert marked(text) == expected, reason

    def test_markdown_says_its_title_and_day(self):
        text = "---\ntitle: 'On harbours'\ndate: 2023-05-04\n---\n\n# Another title\n\n" + SENTENCE
        release = read_release(text.encode(), source_name="x.md")
        assert (release.title, release.date, release.date_source) == ("On harbours", "2023-05-04", "page")
        assert release.text == text

    def test_markdown_heading_is_the_title_where_nothing_else_is(self):
        assert read_release(f"# On harbours #\n\n{SENTENCE}", source_name="x.md").title == "On harbours"


class TestText:
    def test_text_is_kept_exactly(self):
        text = "\ufeff One\u00a0– “two” \u00ad\r\n\r\n\u200bThree.\t\r\n"
        release = read_text(text, source_name="-")
        assert release.text == text
        assert [release.paragraph_text(span) for span in release.paragraphs] == [
            "\ufeff One\u00a0– “two” \u00ad",
            "\u200bThree.",
        ]

    def test_a_single_sentence_is_a_text(self):
        release = read_text("We act.", source_name="-")
        assert (release.text, len(release.paragraphs), release.provenance.layout) == ("We act.", 1, "text")

    @pytest.mark.parametrize("text", ["", " \n\t", "\u00a0\u2003", "... 123 !", "\u200b\ufeff"])
    def test_a_text_without_words_is_refused(self, text):
        with pytest.raises(ReadError, match="no usable text"):
            read_text(text, source_name="-")
        with pytest.raises(ReadError):
            read_release(text.encode(), source_name="x.txt")

    def test_markup_in_a_text_is_words(self):
        assert read_text("<html><p>We act.", source_name="-").text == "<html><p>We act."

    def test_what_is_known_is_kept(self):
        release = read_text(SENTENCE, source_name="-", id="a", title="T", date="3 May 2023", url="http://nato.int/x#y")
        assert (release.id, release.title, release.date, release.date_source) == ("a", "T", "2023-05-03", "row")
        assert release.url == "https://www.nato.int/x"

    def test_a_date_that_is_no_day_is_noted_and_left_out(self):
        release = read_text(SENTENCE, source_name="-", date="last spring")
        assert (release.date, release.date_source) == (None, "none")
        assert release.provenance.notes == ("the date 'last spring' is no day and was left out",)

    @pytest.mark.parametrize(
        ("source", "url", "expected"),
        [
            ("folder/a.txt", None, "a.txt"),
            ("a.txt", "https://www.nato.int/x?", "https://www.nato.int/x"),
            ("-", None, "sha256:9c2d2eff28fbd33e"),
        ],
    )
    def test_id_is_the_address_or_the_file_name_or_the_hash(self, source, url, expected):
        release = read_text("We act.", source_name=source, url=url)
        assert release.id == expected or (url is None and source == "-" and release.id == f"sha256:{release.version[:16]}")

    def test_half_a_character_pair_is_refused_with_its_place(self):
        with pytest.raises(Malformed, match="character 3 of the text"):
            read_text("We \ud800 act.", source_name="-")

    def test_too_long_a_text_is_refused_in_words(self, monkeypatch):
        monkeypatch.setattr(given_text, "LARGEST_TEXT", 20)
        with pytest.raises(ReadError, match="at most") as refusal:
            read_text(SENTENCE, source_name="-")
        assert refusal.value.hint


class TestDecoding:
    @pytest.mark.parametrize(
        ("data", "declared", "text", "encoding", "reason"),
        [
            ("é ’".encode(), None, "é ’", "utf-8", "UTF-8"),
            (b"\xef\xbb\xbfa", None, "a", "utf-8", "its mark goes"),
            ("é".encode("utf-16"), None, "é", "utf-16", "UTF-16 with mark"),
            ("é".encode("utf-16-be"), "utf-16-be", "é", "utf-16-be", "UTF-16 declared"),
            (b"\xfe\xff\x00a", None, "a", "utf-16", "UTF-16, other order"),
            ("é".encode("utf-32"), None, "é", "utf-32", "UTF-32 with mark"),
            (b"\xff\xfea\x00b", None, "a\ufffd", "utf-16", "cut in the middle"),
            (b"the Council\x92s caf\xe9", None, "the Council’s café", "windows-1252", "no UTF-8"),
            (b"the Council\x92s", "iso-8859-1", "the Council’s", "windows-1252", "ISO-8859-1 as browsers read it"),
            (b"the Council\x92s", "us-ascii", "the Council’s", "windows-1252", "ASCII as browsers read it"),
            (b"\x81\x8d\x8f\x90\x9d", "windows-1252", "\x81\x8d\x8f\x90\x9d", "windows-1252", "bytes without meaning"),
            ("Привет".encode("koi8-r"), "KOI8-R", "Привет", "koi8-r", "declared"),
            ("Привет".encode("cp1251"), "windows-1251", "Привет", "cp1251", "declared"),
            ("é".encode(), "no-such-charset", "é", "utf-8", "an unknown name is passed over"),
            (b"caf\xe9", "utf-8", "café", "windows-1252", "a wrong name is passed over"),
            (b"a", "zip", "a", "utf-8", "a codec that is no charset"),
            (b"a", "rot13", "a", "utf-8", "a codec that is no charset"),
            (b"a", "utf-16", "a", "utf-8", "UTF-16 named, none there"),
            (b"a", "\x00\ud800", "a", "utf-8", "a name that is none"),
            ("ééééé".encode() + b"\xc3", None, "ééééé\ufffd", "utf-8", "cut in the middle of a letter"),
        ],
    )
    def test_decode(self, data, declared, text, encoding, reason):
        decoded = decode(data, declared=declared)
        assert (decoded.text, decoded.encoding) == (text, encoding), reason
        assert ("\ufffd" in text) == bool(decoded.notes)

    def test_a_page_declares_its_charset(self):
        page = '<html><meta charset="windows-1251"><article><p>' + "Министры встретились в полдень и решили многое. " * 3
        release = read_release(page.encode("cp1251"), source_name="p")
        assert release.provenance.encoding == "cp1251"
        assert "Министры" in release.text
        assert release.language == "ru"

    def test_a_header_goes_before_the_page(self):
        page = f"<html><meta charset=koi8-r><article><p>{SENTENCE} Café. {SENTENCE}"
        release = read_release(page.encode(), source_name="p", content_type='text/html; charset="UTF-8"')
        assert "Café" in release.text

    def test_given_charset_goes_before_the_header(self):
        release = read_release("Café".encode("cp1252"), source_name="p", content_type="text/plain; charset=koi8-r", charset="latin-1")
        assert release.text == "Café"

    def test_utf16_named_in_a_readable_page_is_a_slip(self):
        page = f"<html><meta charset='utf-16'><article><p>{SENTENCE} Café. {SENTENCE}"
        assert "Café" in read_release(page.encode(), source_name="p").text


class TestKinds:
    @pytest.mark.parametrize(
        ("data", "hint", "reason"),
        [
            (b"%PDF-1.7\n...", "pdftotext", "PDF"),
            (b"PK\x03\x04rest", "plain text", "DOCX"),
            (b"\xd0\xcf\x11\xe0rest", "plain text", "old Office"),
            (b"{\\rtf1 words}", "plain text", "RTF"),
            (b"\x1f\x8b\x08rest", "gunzip", "gzip"),
            (b"\x89PNG\r\n\x1a\n", "recognition", "picture"),
            (bytes(range(256)) * 4, "plain text", "bytes that are no text"),
            (b"a\x00b\x00c\x00", "UTF-8", "UTF-16 without its mark"),
            (b"<?xml version='1.0'?><rss version='2.0'><channel/></rss>", "pages", "feed"),
            (b"<urlset xmlns='x'><url/></urlset>", "pages", "sitemap"),
        ],
    )
    def test_unsupported(self, data, hint, reason):
        with pytest.raises(Unsupported) as refusal:
            read_release(data, source_name="x")
        assert hint in refusal.value.hint, reason

    def test_json_is_read_row_by_row(self):
        with pytest.raises(Unsupported, match="row by row"):
            read_release(b'{"text": "We act."}', source_name="x", content_type="application/json")

    @pytest.mark.parametrize(
        ("text", "name", "content_type", "layout", "reason"),
        [
            (SENTENCE, "x", None, "text", "words"),
            (SENTENCE, "x.txt", "text/plain; charset=utf-8", "text", "words"),
            (f"We wrote <p> there. {SENTENCE}", "x.txt", None, "text", "a tag within prose"),
            (f"<p>{SENTENCE} {SENTENCE}</p>", "x", None, "generic", "a fragment of a page"),
            (
                f"<!-- a --><!doctype html><p>{SENTENCE} {SENTENCE}",
                "x.txt",
                "text/plain",
                "generic",
                "content outranks type",
            ),
            (f"{SENTENCE} {SENTENCE}", "x.html", "text/html", "generic", "announced as a page"),
            ("a < b and b > c, said the council.", "x.txt", None, "text", "signs are no tags"),
        ],
    )
    def test_kind_by_content_then_by_type(self, text, name, content_type, layout, reason):
        assert read_release(text, source_name=name, content_type=content_type).provenance.layout == layout, reason

    def test_a_stray_control_byte_is_no_binary(self):
        assert read_release(b"The council met." * 20 + b"\x00", source_name="x").text.endswith("\x00")


class TestFiles:
    def test_text_file(self, tmp_path):
        path = tmp_path / "a.txt"
        path.write_bytes(b"One\x92s.\r\n\r\nTwo.\r\n")
        release = read_file(path)
        assert release.text == "One’s.\r\n\r\nTwo.\r\n"
        assert (release.id, release.provenance.source) == ("a.txt", str(path))
        assert len(release.paragraphs) == 2

    def test_page_file_of_any_name(self, tmp_path):
        path = tmp_path / "saved"
        path.write_text(f"<html><body><article><h1>T</h1><p>{SENTENCE} {SENTENCE}</p></article></body></html>", "utf-8")
        assert read_file(str(path)).provenance.layout == "generic"

    @pytest.mark.parametrize("name", ["missing.txt", ".", "a\0b"])
    def test_what_is_no_file_is_refused(self, tmp_path, name):
        with pytest.raises(ReadError) as refusal:
            read_file(tmp_path / name)
        assert refusal.value.hint

    def test_table_is_refused_with_the_way(self, tmp_path):
        path = tmp_path / "a.CSV"
        path.write_text("text\nWe act.\n", "utf-8")
        with pytest.raises(Unsupported, match="table"):
            read_file(path)

    def test_huge_file_is_refused_before_it_is_read(self, tmp_path):
        path = tmp_path / "huge.txt"
        with path.open("wb") as stream:
            stream.truncate(read.LARGEST_TEXT + 1)
        with pytest.raises(ReadError, match="100 MB"):
            read_file(path)

    def test_huge_page_is_refused_before_it_is_parsed(self):
        with pytest.raises(ReadError, match="10 MB"):
            read_release("<html>" + "a" * read.LARGEST_PAGE, source_name="p")


LIGHT = """
import sys
from scraper.read import read_file, read_rows
release = read_file(sys.argv[1])
assert release.language == "en", release
assert len(list(read_rows(sys.argv[2]))) == 1
heavy = {"bs4", "lxml", "trafilatura", "py3langid", "numpy", "requests", "spacy", "sklearn", "scraper.fetch"}
sys.exit(", ".join(sorted(heavy & set(sys.modules))) or None)
"""
PAGE = """
import sys
from scraper.read import read_file
read_file(sys.argv[1])
sys.exit(", ".join(sorted({"trafilatura", "py3langid", "requests", "scraper.fetch"} & set(sys.modules))) or None)
"""


def run(script, *arguments):
    return subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=False, timeout=60)


def test_a_plain_text_loads_no_parser(tmp_path):
    (tmp_path / "a.txt").write_text("We condemn the attack and we will respond to it with all of our Allies.", "utf-8")
    (tmp_path / "a.jsonl").write_text('{"text": "We condemn the attack and we will respond to it with our Allies."}\n', "utf-8")
    done = run(LIGHT, str(tmp_path / "a.txt"), str(tmp_path / "a.jsonl"))
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "")


def test_a_page_of_a_known_layout_loads_no_trafilatura(tmp_path):
    words = "We condemn the attack on the harbour and we will respond to it with all of our Allies."
    (tmp_path / "a.html").write_text(f'<html><h1>T</h1><div class="ca04-rich-text"><p>{words}</p></div></html>', "utf-8")
    done = run(PAGE, str(tmp_path / "a.html"))
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "")
