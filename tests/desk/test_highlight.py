"""The text in the report is the text that was given, whatever it holds and however marks overlap."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.desk.highlight import Mark, mark_spans, sweep

# NUL and lone surrogates cannot stand in any page.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=80)
STYLES = st.sampled_from(["cue hawkish", "cue cautious", "in-up"])
MARKS = st.lists(
    st.builds(Mark, st.integers(-5, 90), st.integers(-5, 90), STYLES, st.text(max_size=8), st.sampled_from(["", "s1"])),
    max_size=12,
)


class Reader(HTMLParser):
    """Reads markup as a browser does, line ends made one first; knows which tags are open."""

    def __init__(self, markup):
        super().__init__(convert_charrefs=True)
        self.text, self.tags, self.depth = "", [], 0
        self.feed(markup.replace("\r\n", "\n").replace("\r", "\n"))
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        self.depth += 1

    def handle_endtag(self, tag):
        assert tag == "span"
        self.depth -= 1
        assert self.depth >= 0

    def handle_data(self, data):
        self.text += data


@given(TEXTS, MARKS)
def test_any_text_with_any_marks_keeps_its_words(text, marks):
    reader = Reader(str(mark_spans(text, marks)))
    assert reader.text == text
    assert reader.depth == 0
    assert {tag for tag, _ in reader.tags} <= {"span"}
    assert {name for _, attributes in reader.tags for name in attributes} <= {"class", "id", "title"}


@given(TEXTS, MARKS)
def test_pieces_part_the_text_and_carry_the_marks_over_them(text, marks):
    pieces = list(sweep(len(text), marks))
    assert "".join(text[start:end] for start, end, _ in pieces) == text
    for start, end, over in pieces:
        assert over == [mark for mark in marks if max(mark.start, 0) <= start and end <= mark.end], (start, end)


HOSTILE = [
    # text, why
    ("<script>alert(1)</script>", "a script"),
    ("</div></style><style>*{display:none}</style>", "an end of what surrounds it"),
    ("<!-- --> <![CDATA[ ]]> <?php ?>", "what is no text to a parser"),
    ("&lt;b&gt; &amp; &#13; &copy", "references that were there before"),
    ("a\r\nb\rc\n\n", "line ends of all kinds"),
    ("\n\nleading lines", "a parser may drop the first"),
    ("\u202eevil\u202c \u2066\u2069\u200f", "marks that turn the direction"),
    ("\x01\x08\x1b[31m\x7f\x9b", "controls"),
    ("'\" ` onmouseover=alert(1)", "quotation marks"),
]


@pytest.mark.parametrize(("text", "why"), HOSTILE)
def test_hostile_text_stays_text(text, why):
    marks = [Mark(0, len(text) - 1, "in-up", text, "s1"), Mark(1, len(text), "cue hawkish", text)]
    reader = Reader(str(mark_spans(text, marks)))
    assert reader.text == text, why
    assert {tag for tag, _ in reader.tags} <= {"span"}, why


def test_crossing_marks_share_their_middle():
    markup = str(mark_spans("abcdef", [Mark(0, 4, "cue hawkish", "x"), Mark(2, 6, "cue cautious", "y", "s1")]))
    assert markup == (
        '<span class="cue hawkish" title="x">ab</span>'
        '<span class="cue hawkish cautious" id="s1" title="x; y">cd</span>'
        '<span class="cue cautious" title="y">ef</span>'
    )


def test_nul_is_shown_as_the_replacement_character():
    assert str(mark_spans("a\x00b", [])) == "a\ufffdb"
