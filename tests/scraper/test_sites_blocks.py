"""How the words of a page are cut into paragraphs."""

import pytest
from bs4 import BeautifulSoup

from scraper.sites.blocks import cut_blocks, normalise
from scraper.sites.opening import Opening, take_opening
from scraper.sites.page import Block


def cut(markup):
    return [block.text for block in cut_blocks(BeautifulSoup(f"<body>{markup}</body>", "lxml").body)]


@pytest.mark.parametrize(
    ("markup", "paragraphs", "reason"),
    [
        ("<p>One.</p><p>Two.</p>", ["One.", "Two."], "paragraphs"),
        ("One.<br><br>Two.", ["One.", "Two."], "two breaks end a paragraph"),
        ("One.<br> \n<br/>Two.", ["One.", "Two."], "blanks between them do not matter"),
        ("One,<br>two.", ["One, two."], "one break is a broken line"),
        ("<h2>Head</h2>Text", ["Head", "Text"], "headings stand alone"),
        ("<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>", ["a", "b", "c"], "list items, nested ones too"),
        ("<li><p>a</p></li>", ["a"], "a paragraph within an item is one"),
        (
            "<table><tr><td>1.<td>Text one.<tr><td>2.<td>Text two.</table>",
            ["1. Text one.", "2. Text two."],
            "numbers in cells",
        ),
        ("<p>(a)</p><p>Text.</p>", ["(a) Text."], "a lone list mark waits for its words"),
        ("<p>12.</p>", ["12."], "unless nothing follows"),
        ("<table><tr><td>Left<td>Right</table>", ["Left", "Right"], "other cells stand alone"),
        ("<p>See <a href='x'>the treaty</a>, <b>Article</b> 5.</p>", ["See the treaty, Article 5."], "inline elements"),
        ("<p><b>Speaker</b><br>Good morning.</p>", ["Speaker", "Good morning."], "a name in bold above its words"),
        ("<p><b>Speaker:</b> Good morning.<br>All.</p>", ["Speaker: Good morning. All."], "a name before its words"),
        ("<p>We <b>will</b><br>act.</p>", ["We will act."], "bold within a line names nobody"),
        ("<p>The text.<sup>3</sup> Goes on<sup>[4]</sup>.</p>", ["The text. Goes on."], "marks of notes"),
        (
            "<p>The 4<sup>th</sup> of 10<sup>6</sup> m<sup>2</sup></p>",
            ["The 4th of 106 m2"],
            "raised letters and powers",
        ),
        ("<p>a&nbsp;&nbsp;b\n c</p>", ["a b c"], "blanks of all kinds become one"),
        ("<p>dis&shy;arm&#8203;ament</p>", ["disarmament"], "invisible characters go"),
        ("<pre>One line\nand on.\n\nTwo.</pre>", ["One line and on.", "Two."], "typed text: a blank line parts"),
        ("<pre>One.\r\n\r\nTwo.</pre>", ["One.", "Two."], "typed text with carriage returns"),
        ("<div>a<p>b</p>c</div>", ["a", "b", "c"], "text around a paragraph"),
        ("<p>a</p><figure><figcaption>Caption</figcaption></figure>", ["a"], "captions are not the text"),
        ("<nav>Menu</nav><footer>End</footer><p>a</p>", ["a"], "menus and footers"),
        (
            "<p>a</p><div class='c-share-bar'>Post</div><div class='sharepoint'>b</div>",
            ["a", "b"],
            "share bars by whole word",
        ),
        ("<p> </p><p>&nbsp;</p>", [], "empty ones are left out"),
    ],
)
def test_cuts(markup, paragraphs, reason):
    assert cut(markup) == paragraphs, reason


def test_share_of_links_is_known():
    markup = "<p><a>all of it</a></p><p>half <a>half</a></p><p>none</p>"
    linked = [block.linked for block in cut_blocks(BeautifulSoup(f"<body>{markup}</body>", "lxml").body)]
    assert linked == [1.0, pytest.approx(4 / 9), 0.0]


def test_normalise_is_idempotent_on_odd_blanks():
    words = normalise("\u2003a\u00a0\u00adb\ufeff \r\n c ")
    assert words == "a b c" == normalise(words)


def test_opening_lines_are_taken_only_from_the_opening():
    prose = "word " * 30
    blocks = [Block(("Press Release (2023) 001",)), Block((prose.strip(),)), Block(("12 July 2023",))]
    opening, paragraphs = take_opening(blocks)
    assert opening == Opening(number="(2023) 001")
    assert paragraphs == [prose.strip(), "12 July 2023"]


def test_what_stood_above_the_body_goes_first():
    blocks = [Block(("Press Release (2023) 002", "Issued on 3 May 2023", "English French", "Words."))]
    opening, paragraphs = take_opening(blocks, Opening(number="(2023) 001"))
    assert opening == Opening(number="(2023) 001", issued="2023-05-03")
    assert paragraphs == ["Words."]
