"""Which texts are the Council's own. Titles and texts are made up in the ways NATO words its own."""

from dataclasses import replace

import pytest

from scraper.discover.candidate import Candidate, Window
from scraper.discover.council import find_kind, find_objection
from scraper.read import read_text
from tests.discover import made

OFFICIAL = made.PUBLIC + made.COMMUNIQUE
MET = "The North Atlantic Council met today.\n\n"
PLAIN = "Buoys were lost in the strait last week. They will be replaced before the winter, and the lighthouse burns on."


def release(title, subtitle=None, text=PLAIN, url=OFFICIAL, number=None):
    return replace(read_text(text, source_name="made up", title=title, url=url), subtitle=subtitle, number=number)


COUNCIL = [
    ({"title": "Statement by the North Atlantic Council on buoys"}, "title names issuer"),
    ({"title": "NAC statement on buoys"}, "short"),
    ({"title": "North Atlantic Council Statement on buoys"}, "the other way round"),
    ({"title": "Déclaration du Conseil de l’Atlantique Nord sur les bouées"}, "French"),
    ({"title": "Buoys", "subtitle": "Statement issued by the North Atlantic Council"}, "subtitle names issuer"),
    ({"title": "Ardal Summit Declaration", "subtitle": "Issued by NATO Heads of State and Government"}, "the Council at its highest level"),
    (
        {
            "title": "Ardal Summit Communiqué",
            "subtitle": "Issued by the Heads of State and Government participating in the meeting of the North Atlantic Council in Ardal",
        },
        "the full form",
    ),
    ({"title": "Final Communiqué", "subtitle": "Issued at the Ministerial Meeting of the North Atlantic Council"}, "ministerial"),
    ({"title": "Final communiqué", "text": f"The North Atlantic Council met in Ministerial session in Ardal.\n\n{PLAIN}"}, "first line"),
    ({"title": "Final communiqué", "text": f"1. At its meeting in Ardal the North Atlantic Council looked at buoys.\n\n{PLAIN}"}, "within"),
    (
        {"title": "Declaration", "text": f"1. We, the Heads of State and Government of the North Atlantic Alliance, met.\n\n{PLAIN}"},
        "a summit's first line",
    ),
    ({"title": "Final Communiqué", "number": "M-NAC-1 (1999) 051"}, "its series"),
    ({"title": "Final Communiqué", "text": f"Press Communiqué\n\nNorth Atlantic Council\n\nArdal\n\n{PLAIN}"}, "header of old communiqués"),
    (
        {"title": "Statement by the North Atlantic Council on the NATO-Russia Council", "text": PLAIN},
        "another body is spoken of",
    ),
    ({"title": "Statement by the North Atlantic Council", "url": made.PUBLIC + made.CAKE}, "filed under news"),
    ({"title": "Statement by NATO Heads of State and Government"}, "named by those who met"),
    ({"title": "Joint Statement by the NATO Foreign Ministers on buoys"}, "the same, ministers"),
    ({"title": "Final communiqué", "text": f"The Council met in ministerial session in Ardal.\n\n{PLAIN}"}, "named in short"),
    ({"title": "Buoys", "subtitle": "Press statement on behalf of the North Atlantic Council"}, "on its behalf"),
]
OTHERS = [
    ({"title": "Final Communiqué", "subtitle": "Ministerial Meeting of the Defence Planning Committee"}, "ministerial", "other body"),
    ({"title": "Statement of the NATO-Ukraine Commission"}, "ministerial", "other body"),
    (
        {"title": "Statement", "subtitle": "Meeting of the North Atlantic Cooperation Council"},
        "ministerial",
        "nearly its name",
    ),
    ({"title": "Joint press conference after the meeting of the North Atlantic Council"}, "speech", "press conference"),
    ({"title": "Remarks at the opening of the North Atlantic Council"}, "speech", "remarks"),
    ({"title": "Statement by NATO Secretary General on the North Atlantic Council meeting"}, "speech", "one man's words"),
    (
        {"title": "On cake", "url": made.PUBLIC + made.SPEECH, "text": MET + PLAIN},
        "speech",
        "filed so",
    ),
    (
        {"title": "Buoys replaced", "url": made.PUBLIC + made.CAKE, "text": MET + PLAIN},
        "news",
        "readout",
    ),
    ({"title": "The Council of keepers", "text": f"The Council meets on Mondays.\n\n{PLAIN}"}, "other", "some other council"),
    ({"title": "Meeting of NATO Heads of State and Government", "url": made.PUBLIC + made.CAKE}, "news", "news of a meeting"),
    ({"title": "The keepers' handbook"}, "other", "an official text of nobody"),
    ({"title": "Snacks", "text": "SNACKS and naca are no Council."}, "other", "letters within words"),
    ({"title": None, "text": PLAIN, "url": "https://ministry.example/a"}, "other", "another site's text"),
    ({"title": "Report", "text": f"{PLAIN}\n\n{PLAIN}\n\n{PLAIN}\n\nThe North Atlantic Council met."}, "other", "named too late"),
]


@pytest.mark.parametrize(("made_up", "why"), COUNCIL)
def test_texts_of_the_council(made_up, why):
    assert find_kind(release(**made_up)) == "nac", why


@pytest.mark.parametrize(("made_up", "kind", "why"), OTHERS)
def test_other_texts(made_up, kind, why):
    assert find_kind(release(**made_up)) == kind, why


def test_a_classic_speech_is_known_by_its_address():
    url = f"{made.PUBLIC}/cps/en/natohq/opinions_1234.htm"
    assert find_kind(release("On buoys", url=url, text=f"The North Atlantic Council met.\n\n{PLAIN}")) == "speech"


OBJECTIONS = [
    ({"kind": "nac"}, "Statement by the North Atlantic Council", "2026-03-16", None, "wanted"),
    ({"kind": "nac"}, "On cake", "2026-03-16", "not_council", "not the Council's"),
    ({"kind": "all"}, "On cake", "2026-03-16", None, "everything is wanted"),
    ({"kind": "all", "since": "2026-03-17"}, "On cake", "2026-03-16", "outside_window", "too early"),
    ({"kind": "all", "until": "2026-03-15"}, "On cake", "2026-03-16", "outside_window", "too late"),
    ({"kind": "all", "since": "2026-03-17"}, "On cake", None, None, "nothing says when"),
]


@pytest.mark.parametrize(("window", "title", "day", "code", "why"), OBJECTIONS)
def test_objections(window, title, day, code, why):
    text = replace(release(title, url="https://ministry.example/a"), date=day)
    found = find_objection(text, Candidate("u", "c", "s"), Window(**window))
    assert (found.code if found else None) == code, why
