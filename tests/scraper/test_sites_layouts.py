"""Layouts are told by markup, and read what odd pages of theirs hold."""

import pytest

from scraper.errors import Malformed, NotAStatement, ReadError, ScraperError
from scraper.read import read_release
from scraper.sites import generic, nato, nato_classic, nato_docu
from scraper.sites.layouts import LAYOUTS
from scraper.sites.markup import parse_markup

WORDS = "The council met at noon and agreed on many things that are worth telling at some length to everyone here."


def read(markup, **given):
    return read_release(markup, source_name="page.html", content_type="text/html", **given)


def paragraphs(release):
    return [release.paragraph_text(span) for span in release.paragraphs]


def aem(body, title="Statement", above=""):
    return f'<html><body><h1>{title}</h1>{above}<div class="ca04-rich-text">{body}</div></body></html>'


def classic(body, meta=(), after_title=""):
    items = "".join(f"<li>{item}</li>" for item in meta)
    return (
        f'<html><body><ul class="list-meta">{items}</ul><h1 class="fs-huge">Statement</h1>{after_title}'
        f'<section class="content cf">{body}</section></body></html>'
    )


def docu(front, body=f"<p>{WORDS}</p>"):
    return f"<html><body><p>Updated: 03-Jan-2001 NATO Press Releases</p>{front}{body}<p>Go to Homepage Go to Index</p></body></html>"


def test_layouts_are_tried_in_a_fixed_order():
    assert [layout.name for layout in LAYOUTS] == ["nato", "nato_classic", "nato_docu", "generic"]


@pytest.mark.parametrize(
    ("markup", "first", "reason"),
    [
        (aem(WORDS), nato, "rich-text block"),
        (classic(WORDS), nato_classic, "metadata list"),
        ('<h1 class="fs-huge">A</h1><section class="content cf">B</section>', nato_classic, "large title and section"),
        ('<section class="content">B</section>', generic, "a section of that name is no sign by itself"),
        (docu(""), nato_docu, "banner and footer"),
        ("<p>Text</p><p><a>Go to Homepage</a> <a>Go to Index</a>", nato_docu, "footer alone"),
        ("<p>Press Release (2006)150</p><p>En. / Fr. / Ru. / Ukr.</p>", nato_docu, "number with language links"),
        ("<p>Updated: 3 May 2024</p><p>NATO allies said on Friday", generic, "a newspaper's update line is no banner"),
        ("<p>Go to homepage", generic, "one half of the footer is anyone's"),
    ],
)
def test_layout_is_chosen_by_markup(markup, first, reason):
    page = parse_markup(markup, url=None, source="page")
    assert next(layout.name for layout in LAYOUTS if layout.matches(page)) == first.LAYOUT, reason


def test_address_does_not_choose_the_layout():
    release = read(f"<article><h1>T</h1><p>{WORDS}</p><p>{WORDS} And more.</p></article>", url="https://www.nato.int/en/x")
    assert release.provenance.layout == "generic"


class TestNato:
    def test_every_rich_text_block_is_read_and_none_twice(self):
        nested = f'<div class="cmp-text__background-container"><div class="ca04-rich-text"><p>{WORDS}</p></div></div>'
        second = '<div class="ca04-rich-text"><p>A second block.</p></div>'
        assert paragraphs(read(aem(nested) + second)) == [WORDS, "A second block."]

    def test_blocks_within_related_cards_are_not_read(self):
        card = '<div class="related-news"><div class="ca04-rich-text"><p>A card.</p></div></div>'
        assert paragraphs(read(aem(f"<p>{WORDS}</p>") + card)) == [WORDS]

    @pytest.mark.parametrize(
        ("above", "body", "url_day", "expected", "reason"),
        [
            ("", "", "2026/03/15", ("2026-03-15", "url"), "nothing but the address"),
            ("<p>17 March 2026</p>", "", "2026/03/15", ("2026-03-17", "page"), "the page's line before the address"),
            (
                '<h3 class="h3-style">Issued by ministers in Ardal on 20 March 2026</h3><p>17 March 2026</p>',
                "",
                "2026/03/15",
                ("2026-03-20", "issued"),
                "what the text says of its issue before all",
            ),
            ("", "<p>Issued on 20 Mar. 2026</p>", "2026/03/15", ("2026-03-20", "issued"), "stated in the body"),
            ("", "<p>As of 20 March 2026</p>", "2026/03/15", ("2026-03-20", "issued"), "as of"),
            ("<p>Last updated: 20 March 2026</p>", "", "2026/03/15", ("2026-03-15", "url"), "an update is no issue"),
            ("<p>Last updated: 20 March 2026</p>", "", "", (None, "none"), "an update, and nothing else"),
            ('<time datetime="2026-03-19T08:00:00Z">Thursday</time>', "", "", ("2026-03-19", "page"), "time element"),
            (
                '<p>Updated <time datetime="2026-03-19">x</time></p>',
                "",
                "",
                (None, "none"),
                "the time of an update is passed over",
            ),
            ("", "<p>The pact adopted on 4 April 1949, which binds us, still stands.</p>", "", (None, "none"), "prose"),
        ],
    )
    def test_date_precedence(self, above, body, url_day, expected, reason):
        url = f"https://www.nato.int/en/official-texts/{url_day}/slug" if url_day else None
        release = read(aem(f"{body}<p>{WORDS}</p>", above=above), url=url)
        assert (release.date, release.date_source) == expected, reason

    def test_title_loses_the_site_and_the_windows_title_is_not_taken(self):
        page = "<h1>Register</h1>" + aem(f"<p>{WORDS}</p>", title="On the straits - NATO")
        assert read(page).title == "On the straits"

    def test_a_heading_within_the_text_is_no_subtitle(self):
        release = read(aem(f'<h3 class="h3-style">First part</h3><p>{WORDS}</p>'))
        assert release.subtitle is None
        assert paragraphs(release)[0] == "First part"

    def test_a_body_that_repeats_the_title_does_not_repeat_it_in_the_text(self):
        assert paragraphs(read(aem(f"<p>STATEMENT</p><p>{WORDS}</p>"))) == [WORDS]


class TestClassic:
    @pytest.mark.parametrize(
        ("meta", "expected", "number", "reason"),
        [
            (["11 Jul. 2023 -"], ("2023-07-11", "page"), None, "the trailing dash of a single day"),
            (["11 Jul. 2023 -", "12 Jul. 2023"], ("2023-07-11", "page"), None, "a range over two items"),
            (["25 May. 2017"], ("2017-05-25", "page"), None, "May with a dot"),
            (
                ["11 Jul. 2023 | Press Release (2023) 001 | Issued on 12 Jul. 2023"],
                ("2023-07-12", "issued"),
                "(2023) 001",
                "bars",
            ),
            (["Last updated: 19 Jul. 2023 16:09"], (None, "none"), None, "an update alone is no date"),
            (["Last updated: 19 Jul. 2023 16:09", "11 Jul. 2023"], ("2023-07-11", "page"), None, "in another order"),
            ([], (None, "none"), None, "an empty list"),
        ],
    )
    def test_metadata_list(self, meta, expected, number, reason):
        release = read(classic(f"<p>{WORDS}</p>", meta))
        assert ((release.date, release.date_source), release.number) == (expected, number), reason

    def test_a_range_of_days_is_noted(self):
        release = read(classic(f"<p>{WORDS}</p>", ["30 Nov. 2021 - 1 Dec. 2021"]))
        assert release.date == "2021-11-30"
        assert release.provenance.notes == ("the page gives the days 2021-11-30 to 2021-12-01",)

    def test_language_links_under_the_metadata_are_no_subtitle(self):
        release = read(classic(f"<p>{WORDS}</p>", after_title="<p><a>English</a> <a>French</a></p>"))
        assert release.subtitle is None
        assert paragraphs(release) == [WORDS]

    def test_a_bare_address_carries_no_day(self):
        release = read(classic(f"<p>{WORDS}</p>"), url="https://www.nato.int/cps/en/natohq/official_texts_20230711.htm")
        assert release.date is None


class TestDocu:
    @pytest.mark.parametrize(
        ("front", "title", "number", "date", "reason"),
        [
            (
                "<p>Press Release (2006)150</p><p>28 Nov. 2006</p><h2>On x</h2>",
                "On x",
                "(2006) 150",
                "2006-11-28",
                "all",
            ),
            ("<p>(95)53<br>26 May 1995<br>STATEMENT</p>", "STATEMENT", "(1995) 053", "1995-05-26", "lines of one cell"),
            ("<p>Press Communiqué<br>M-NAC-1(99)51</p><h3>T</h3>", "T", "M-NAC-1 (1999) 051", None, "a series"),
            ("<p>Press Statement</p><h2>T</h2><p>15 Sept. 1999</p>", "T", None, "1999-09-15", "no number at all"),
            ("<h2>Statement by<br>the council</h2>", "Statement by the council", None, None, "a broken title"),
            ("<p>Brussels</p><p>3 June 1998</p><p>Declaration</p>", "Declaration", None, "1998-06-03", "place first"),
        ],
    )
    def test_front_lines(self, front, title, number, date, reason):
        release = read(docu(front))
        assert (release.title, release.number, release.date) == (title, number, date), reason
        assert paragraphs(release)[-1] == WORDS

    def test_the_banner_is_not_the_date(self):
        assert read(docu("<h2>T</h2>")).date is None

    def test_a_dated_address_helps_where_the_page_has_no_day(self):
        release = read(docu("<h2>T</h2>"), url="http://www.nato.int/docu/comm/49-95/c940609a.htm")
        assert (release.date, release.date_source) == ("1994-06-09", "url")

    def test_a_heading_after_the_landmarks_stays_in_the_text(self):
        release = read(docu("<h2>Declaration</h2><p>12 June 1997</p><p>I. Harbours</p>"))
        assert paragraphs(release) == ["I. Harbours", WORDS]

    def test_synopsis_and_chairman_are_left_out_and_noted(self):
        release = read(docu("<h2>T</h2><p>Chairman: Mr. X</p><p>Synopsis: ships - cables - costs shared by all.</p>"))
        assert paragraphs(release) == [WORDS]
        assert release.provenance.notes == ("a synopsis by the library was left out",)


class TestAnyPage:
    def test_a_date_in_metadata_of_modification_is_no_date(self):
        head = '<head><meta property="article:modified_time" content="2023-01-01"></head>'
        assert read(f"<html>{head}<article><p>{WORDS}</p><p>{WORDS}</p></article>").date is None

    @pytest.mark.parametrize(
        ("heading", "title", "reason"),
        [
            ("<h1>On harbours</h1>", "On harbours", "the heading"),
            ("<h1>The Courier</h1>", "Harbours open", "a heading that only names the site"),
            ("", "Harbours open", "no heading"),
        ],
    )
    def test_title(self, heading, title, reason):
        head = '<title>Harbours open | The Courier</title><meta property="og:site_name" content="The Courier">'
        body = f"{heading}<article><p>{WORDS}</p><p>{WORDS} More.</p></article>"
        assert read(f"<html><head>{head}</head><body>{body}</body></html>").title == title, reason

    def test_json_ld_gives_the_day_of_publication(self):
        data = '{"dateModified": "2024-05-05", "datePublished": "2024-05-04T01:02:03Z"}'
        script = f'<script type="application/ld+json">{data}</script>'
        assert read(f"<html>{script}<article><p>{WORDS}</p><p>{WORDS}</p></article>").date == "2024-05-04"

    def test_an_account_window_is_kept_out_of_unknown_layouts_too(self):
        window = "<p>NATO MULTIMEDIA ACCOUNT</p><p>Register</p><p>Create an account</p><p>Your password has been updated</p>"
        release = read(f"<html><body><div>{window}<h1>T</h1><p>{WORDS}</p><p>{WORDS} More.</p></div></body></html>")
        assert paragraphs(release) == [WORDS, f"{WORDS} More."]

    @pytest.mark.parametrize(
        "markup",
        [
            "<html><body>" + "<div>" * 10_000 + WORDS + "</div>" * 10_000,
            "<html><body>" + "<i>" * 10_000 + WORDS,
            "<html><body>" + "<ul><li>" * 5_000 + WORDS,
            "<html><body>" + '<div class="ca04-rich-text">' * 5_000 + WORDS,
            "<html>" + "<table><tr><td>" * 4_000 + WORDS,
        ],
        ids=["div", "unclosed i", "lists", "rich text", "tables"],
    )
    def test_deep_nesting_is_refused_in_words(self, markup):
        with pytest.raises(Malformed, match="nests"):
            read(markup)

    @pytest.mark.parametrize("wrap", ["<div>{}</div>", '<div class="ca04-rich-text">{}</div>', "<blockquote>{}</blockquote>"])
    def test_hundreds_of_levels_are_read(self, wrap):
        opening, closing = wrap.split("{}")
        release = read(f"<html><body>{opening * 700}{WORDS}{closing * 700}</body></html>")
        assert release.text == WORDS

    @pytest.mark.parametrize("markup", ["", " ", "\n<html></html>", "<html><body></body></html>", "<!-- nothing -->"])
    def test_empty_pages_are_refused(self, markup):
        with pytest.raises(ReadError):
            read(markup)

    @pytest.mark.parametrize(
        "markup",
        [
            "<html><p title='" + "a" * 3_000_000 + f"'>{WORDS}</p>",
            f"<html><p class={{}} id='<<<>>>' <b>{WORDS}",
            f"<html><![CDATA[ x ]]><p>{WORDS}",
            f"<!DOCTYPE html [<!ENTITY a 'b'>]><html><p>&a; {WORDS}",
            f"<html>\x00\x0b<p>{WORDS}\ud800",
            f"</p></div></html><p>{WORDS}<body><body>",
            f"<html><p>&#xD800; &#99999999; {WORDS}",
            f'<?xml version="1.0" encoding="iso-8859-1"?><html xmlns="http://www.w3.org/1999/xhtml"><p>{WORDS}</p></html>',
        ],
        ids=["huge attribute", "broken tags", "cdata", "entity", "control", "wrong order", "bad references", "xhtml"],
    )
    def test_broken_markup_is_read_or_refused_in_words(self, markup):
        try:
            release = read(markup)
        except ScraperError as error:
            assert error.hint
        else:
            assert WORDS[:40] in release.text
            release.text.encode("utf-8")

    def test_scripts_and_hidden_parts_are_not_read(self):
        hidden = "<script>var a = 'Script words';</script><style>p {}</style><p hidden>Hidden words</p>"
        hidden += '<p style="display: none">Unshown words</p><!-- comment words -->'
        assert read(aem(f"{hidden}<p>{WORDS}</p>")).text == WORDS

    def test_an_empty_page_of_a_known_layout_is_no_statement(self):
        with pytest.raises(NotAStatement, match="no words to read"):
            read(aem(""))
