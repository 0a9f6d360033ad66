"""What a person reads on the terminal: wording, the parts that must be there, and nothing that acts."""

from dataclasses import replace

import pytest

from classifier.desk import render_table
from classifier.desk.wording import describe_kinds, describe_middle, show_probability, summarise
from classifier.pipeline.evidence import Cue
from classifier.scoring.verdict import SentenceScore
from tests.desk.conftest import STATEMENT, nac
from tests.desk.made import make_scored

SUMMARIES = [
    # verdict, probability of hawkish, interval, sentence, why
    ("hawkish", 0.87, (0.79, 0.93), "The language is hawkish (0.87; 0.79 to 0.93)", "as the method page words it"),
    ("cautious", 0.13, (0.07, 0.21), "The language is cautious (0.87; 0.79 to 0.93)", "told of the verdict's own pole"),
    ("hawkish", 0.9999, (0.9, 1.0), "The language is hawkish (above 0.99; 0.90 to above 0.99)", "never certain"),
    ("cautious", 0.0001, (0, 0.3), "The language is cautious (above 0.99; 0.70 to above 0.99)", "on the other side"),
    (
        "no stance",
        0.55,
        (0.2, 0.8),
        "The language takes no clear stance (were it to take one: hawkish 0.55; 0.20 to 0.80)",
        "the probability is kept beside it",
    ),
]


@pytest.mark.parametrize(("verdict", "probability", "interval", "sentence", "why"), SUMMARIES)
def test_results_are_worded_as_findings_on_language(verdict, probability, interval, sentence, why):
    scored = make_scored(verdict, probability=probability, interval=interval)
    assert summarise(scored.result) == sentence, why


def test_other_classes_have_a_verdict_without_interval():
    assert summarise(make_scored("b", classes=("a", "b", "c")).result) == "The language is b (0.33)"


@pytest.mark.parametrize(("value", "shown"), [(0, "below 0.01"), (0.005, "0.01"), (0.5, "0.50"), (0.996, "above 0.99")])
def test_probabilities_are_never_shown_as_certain(value, shown):
    assert show_probability(value) == shown


def test_the_middle_is_told_only_where_there_are_ends():
    thirds = {"opening": 0.5, "middle": -0.25, "closing": 0.4, "differs": True}
    told = describe_middle(make_scored("hawkish", signals={"middle": thirds}).result)
    assert told.startswith("The middle third leans -0.25, the opening +0.50, the closing +0.40")
    assert told.endswith("; it reads otherwise than both")
    assert describe_middle(make_scored("hawkish", signals={"middle": thirds | {"opening": None}}).result) == ""


KINDS = [
    # probabilities by kind of each sentence, what is told, why
    ([{"H1": 0.7, "N": 0.3}, {"H1": 0.6, "C1": 0.4}, {"C1": 1.0}], "posture 2, contact and monitoring 1", "hawkish kinds first"),
    ([{"N": 0.5, "C5": 0.4, "H2": 0.1}], "no stance 1", "the likeliest kind"),
    ([{"X9": 0.9, "H2": 0.1}, {"H2": 1.0}], "commitment, cost or threat 1, X9 1", "a kind of another model keeps its name"),
    ([{}, {}], "", "a model without kinds"),
]


@pytest.mark.parametrize(("evidence", "told", "why"), KINDS, ids=[row[2] for row in KINDS])
def test_sentences_are_counted_by_kind_of_evidence(evidence, told, why):
    sentences = tuple(SentenceScore(i, i + 1, "x", {}, (), kinds) for i, kinds in enumerate(evidence))
    result = replace(make_scored("hawkish").result, sentences=sentences)
    assert describe_kinds(result) == told, why


def show(scored):
    written = []

    class Sink:
        encoding = "utf-8"

        def is_terminal(self):
            return False

        def write(self, text):
            written.append(text)

    writer = render_table.TableWriter(Sink(), colour=True)
    writer.write(scored)
    writer.close()
    return "".join(written)


def test_the_table_holds_all_its_parts(statement):
    shown = nac("score", statement).stdout
    for part in (
        "statement.txt",
        "The language is ",
        "cautious ",
        " hawkish",
        "What made it so (log-odds, + towards hawkish, - towards cautious)",
        "Paragraphs",
        "high is hawkish, low is cautious",
        "Response-force language",
        "Unilateral action",
        "Deterrence cost",
        "Resources, standards, review",
        "Article 4",
        "Article 5",
        "Attribution and demands",
        "Hybrid and grey zone",
        "Consensus",
        "The middle third leans",
        "Model stance-1",
    ):
        assert part in shown, part
    assert "will act" not in shown


def test_the_words_of_the_text_are_named_with_their_sentence(statement):
    shown = " ".join(nac("score", statement).stdout.split())
    assert "¶2 Allies agreed that any further incursion will be met with a swift and united response." in shown
    assert "threat of consequence" in shown


def test_no_color_off_a_terminal(statement):
    assert "\x1b" not in nac("score", statement).stdout


@pytest.mark.parametrize(("arguments", "variable", "coloured"), [((), "", True), (("--no-color",), "", False), ((), "1", False)])
def test_colours_on_a_terminal_alone_and_only_if_wanted(statement, monkeypatch, arguments, variable, coloured):
    monkeypatch.setattr("classifier.desk.output.Output.is_terminal", lambda _: True)
    monkeypatch.setenv("NO_COLOR", variable)
    assert ("\x1b[" in nac("score", statement, *arguments).stdout) is coloured


def test_escapes_in_text_and_title_are_shown_and_not_obeyed():
    hostile = "\x1b]0;owned\x07 will respond\x9b2J \u202egnp.exe"
    cue = Cue("t.respond", "threat_of_consequence", "hawkish", 0, len(hostile), 0)
    shown = show(make_scored("hawkish", text=hostile, title="\x1b[31mRed\ntitle", cues=(cue,), source="a\rb"))
    assert not set("\x1b\x07\x9b\u202e\r") & set(shown)
    assert r"\x1b[31mRed title" in shown
    assert r"\x1b]0;owned\x07 will respond\x9b2J \u202egnp.exe" in shown


def test_square_brackets_are_text_and_no_markup():
    text = "[bold]Allies[/bold] will respond to [link=http://x]any[/] attack :warning:."
    assert text in " ".join(nac("score", "--text", text).stdout.split())


def test_an_archived_copy_is_named_as_such():
    archive = "https://web.archive.org/web/20200101000000/https://www.nato.int/a"
    shown = " ".join(show(make_scored("hawkish", source=archive, url="https://www.nato.int/a", archived=True)).split())
    assert "archived copy (Internet Archive) of https://www.nato.int/a" in shown


def test_a_text_of_another_kind_of_model_has_no_bar():
    shown = show(make_scored("b", classes=("a", "b", "c")))
    assert "The language is b (0.33)" in shown
    assert "●" not in shown
    assert "+ towards b" in shown


def test_only_contact_is_told():
    scored = make_scored("cautious", signals={"only_contact": True})
    assert "Contact is named, and no response-force language is asserted." in show(scored)


def test_several_texts_are_parted_by_a_line(statement):
    shown = nac("score", statement, "--text", STATEMENT).stdout
    assert shown.count("Signals") == 2
    assert "────" in shown
