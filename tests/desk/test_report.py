"""The report: one file that loads nothing, lets nothing run, and holds the text exactly."""

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest

from classifier.desk.outcome import Failure
from classifier.desk.report import build_report
from classifier.pipeline.evidence import Cue
from tests.desk.conftest import FRENCH, STATEMENT, nac
from tests.desk.made import TEXT, make_scored

VOID = frozenset({"meta", "link", "img", "br", "hr", "input"})


class Page(HTMLParser):
    """A page's tags with their attributes, and the text of each highlighted block."""

    def __init__(self, markup):
        super().__init__(convert_charrefs=True)
        self.tags, self.open, self.blocks, self.words = [], [], [], ""
        self.feed(markup.replace("\r\n", "\n").replace("\r", "\n"))
        self.close()

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.tags.append((tag, attributes))
        if tag in VOID:
            return
        self.open.append((tag, attributes))
        if attributes.get("class") == "text":
            self.blocks.append("")

    def handle_startendtag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag, f"</{tag}> closes something else"

    def handle_data(self, data):
        self.words += data
        if any(attributes.get("class") == "text" for _, attributes in self.open):
            self.blocks[-1] += data

    def values(self, name):
        return [attributes[name] for _, attributes in self.tags if name in attributes]


def build(*outcomes):
    markup = "".join(build_report(list(outcomes)))
    page = Page(markup)
    assert not page.open, "every tag is closed"
    return markup, page


def check_that_nothing_acts(markup, page):
    assert not {tag for tag, _ in page.tags} & {"script", "iframe", "object", "embed", "link", "img", "form", "base"}
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on") or name == "style"]
    assert page.values("src") == []
    assert markup.count("<style>") == markup.count("</style>") == 1
    for target in page.values("href"):
        assert re.match(r"https?://|#t\d+", target), target
    identities = page.values("id")
    assert len(identities) == len(set(identities))
    assert {target[1:] for target in page.values("href") if target.startswith("#")} <= set(identities)


def test_the_report_holds_the_text_exactly_and_nothing_acts(statement):
    result = nac("score", statement, "--format", "html")
    assert result.exit_code == 0, result.stderr
    page = Page(result.stdout)
    check_that_nothing_acts(result.stdout, page)
    assert page.blocks == [STATEMENT]
    assert "The language is " in page.words
    for part in ("What made it so", "Paragraphs", "Signals", "Cues", "Provenance", "intercept", "stance-1"):
        assert part in page.words, part


def test_the_policy_lets_in_the_one_style_sheet_by_its_hash():
    markup, page = build(make_scored("hawkish"))
    style = re.search(r"<style>(.*?)</style>", markup, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policies = [a["content"] for _, a in page.tags if a.get("http-equiv") == "Content-Security-Policy"]
    assert policies == [f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"]
    assert markup.index("Content-Security-Policy") < markup.index("<style>")


def test_the_style_sheet_loads_nothing_and_tells_sides_apart_without_colour():
    markup, _ = build(make_scored("hawkish"))
    assert "url(" not in markup and "@import" not in markup
    styles = [re.search(rf"^\.{side} {{ text-decoration-style: (\w+)", markup, re.M)[1] for side in ("hawkish", "cautious", "neutral")]
    assert len(set(styles)) == 3
    assert "prefers-color-scheme: dark" in markup and "@media print" in markup


HOSTILE = [
    "<script>alert(1)</script>",
    "</style></title></div><img src=x onerror=alert(1)>",
    '"><a href="javascript:alert(1)">x</a>',
    "\u202eevil\u2066",
    "\x1b[31m\x08\x9b",
    "{{ 7*7 }}{% raw %}",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_anywhere_stay_words(words):
    text = f"{words} Allies will respond. {words}"
    cue = Cue(words, words, "hawkish", 0, len(text) - 3, 0, ("negated",))
    overlapping = Cue("x", "article_4", "neutral", 2, len(text), 1)
    scored = make_scored("hawkish", text=text, title=words, source=words, url=words, cues=(cue, overlapping))
    failure = Failure(words, words, words, words, 5)
    markup, page = build(scored, failure)
    check_that_nothing_acts(markup, page)
    assert page.blocks == [text]
    assert "49" not in re.findall(r"<h2>.*?</h2>", markup)[0]


LINKS = [
    ("https://www.nato.int/a?b=1&c=2", True),
    ("http://example.org/", True),
    ("javascript:alert(1)", False),
    ("data:text/html,x", False),
    ("ftp://example.org/", False),
    ("https://a b", False),
    (None, False),
]


@pytest.mark.parametrize(("url", "linked"), LINKS)
def test_only_web_addresses_become_links(url, linked):
    _, page = build(make_scored("hawkish", url=url))
    assert (url in page.values("href")) is linked


def test_overlapping_cues_are_one_piece_with_both_styles():
    cues = (
        Cue("a", "posture_action", "hawkish", 0, 11, 0),
        Cue("b", "contact_and_consultation", "cautious", 7, 19, 0, ("reported",)),
    )
    markup, page = build(make_scored("hawkish", cues=cues))
    assert page.blocks == [TEXT]
    assert '<span class="in-up cue hawkish cautious" title="posture action; contact and consultation, reported">' in markup


def test_several_texts_are_sections_of_one_file_with_failures_in_their_place(tmp_path, statement):
    french = tmp_path / "french.txt"
    french.write_text(FRENCH, encoding="utf-8")
    result = nac("score", statement, french, "--text", STATEMENT, "--format", "html")
    assert result.exit_code == 5
    page = Page(result.stdout)
    check_that_nothing_acts(result.stdout, page)
    assert page.blocks == [STATEMENT, STATEMENT]
    assert [attributes["id"] for tag, attributes in page.tags if tag == "article"] == ["t1", "t2", "t3"]
    assert "the text is in French" in page.words
    assert "3 texts" in page.words


def test_an_archived_copy_and_a_model_of_other_classes_are_told():
    archived = make_scored("hawkish", url="https://www.nato.int/a", archived=True)
    _, page = build(archived, make_scored("b", classes=("a", "b", "c")))
    assert "archived copy (Internet Archive) of https://www.nato.int/a" in page.words
    assert "The language is b (0.33)" in page.words


def test_no_link_points_to_a_sentence_that_is_not_there(statement):
    page = Page(nac("score", statement, "--format", "html").stdout)
    targets = {target[1:] for target in page.values("href") if target.startswith("#")}
    assert targets and targets <= set(page.values("id"))


def test_sentences_are_told_by_kind_of_evidence():
    markup = nac("score", "--text", STATEMENT, "--format", "html").stdout
    assert re.search(r"Sentences by kind of evidence: [a-z, -]+ \d", markup)
