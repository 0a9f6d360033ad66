"""Results on a terminal: the verdict with its bar, the words that made it so, the paragraphs, the signals."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator

from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from classifier.desk.guard import guard_terminal
from classifier.desk.outcome import Failure, Outcome, Scored
from classifier.desk.output import Output
from classifier.desk.wording import (
    describe_contact,
    describe_kind,
    describe_kinds,
    describe_middle,
    describe_origin,
    find_findings,
    find_poles,
    paragraph_of,
    reason_words,
    show_probability,
    summarise,
)
from classifier.scoring.verdict import ReleaseScore

BAR_WIDTH = 41
WIDEST = 110
LONGEST_SENTENCE = 320
HAWKISH, CAUTIOUS, QUIET = "bold red", "bold cyan", "dim"
_STEPS = "▁▂▃▄▅▆▇█"


class TableWriter:
    """Writes each text's table as soon as it is scored; failures are on standard error alone.

    Args:
        output: standard output.
        colour: whether colours are wanted, if it is a terminal.
    """

    def __init__(self, output: Output, *, colour: bool) -> None:
        self._output = output
        width = min(shutil.get_terminal_size((100, 24)).columns, WIDEST)
        plain = not (colour and output.is_terminal())
        self._console = Console(
            file=_Sheet(output.encoding),
            width=width,
            color_system=None if plain else "standard",
            force_terminal=not plain,
            highlight=False,
            markup=False,
            emoji=False,
            legacy_windows=False,
        )
        self._first = True

    def write(self, outcome: Outcome) -> None:
        """Writes one text."""
        if isinstance(outcome, Failure):
            return
        with self._console.capture() as capture:
            if not self._first:
                self._console.rule(style=QUIET)
            self._console.print(build_table(outcome))
        self._first = False
        lines = (line.rstrip() for line in capture.get().split("\n"))
        self._output.write("\n".join(lines))

    def close(self) -> None:
        """Nothing is left to write."""


class _Sheet(io.StringIO):
    """Where rich draws: of the encoding of standard output, which it must not write to itself."""

    encoding = "utf-8"

    def __init__(self, encoding: str) -> None:
        super().__init__()
        self.encoding = encoding


def build_table(scored: Scored) -> Group:
    """All that is said of one text."""
    release, result = scored.release, scored.result
    parts: list[Text | Padding] = [
        _words(release.title or release.id, "bold"),
        _words(describe_origin(scored), QUIET),
        Text(),
        _words(summarise(result), "bold"),
        Text(),
    ]
    if find_poles(result):
        parts += [_bar(result), *_figures(result), Text()]
    if scored.reasons:
        parts += [_words(_reasons_heading(result), "bold"), _indented(_reasons(scored)), Text()]
    if find_poles(result):
        parts += [_words("Paragraphs", "bold"), *_strip(result), Text()]
    parts += [_words("Signals", "bold"), _indented(_signals(scored))]
    told = (describe_middle(result), describe_contact(result))
    parts += [_indented(_words(f"{line}.")) for line in told if line]
    model = result.model
    parts += [Text(), _words(f"Model {model['name']} {model['version']}, lexicon {model['lexicon'][:12]}", QUIET)]
    return Group(*parts)


def _words(text: str, style: str = "") -> Text:
    return Text(guard_terminal(text), style=style)


def _indented(part: Table | Text) -> Padding:
    return Padding(part, (0, 0, 0, 2))


def _bar(result: ReleaseScore) -> Text:
    """From the second pole to the first: the interval as a line, the probability as a dot on it."""
    first, second = find_poles(result) or ("", "")
    low, high = result.interval or (0.0, 1.0)
    places = [round((BAR_WIDTH - 1) * value) for value in (low, result.probability or 0.0, high)]
    bar = Text("  ").append_text(_words(second, CAUTIOUS)).append(" ")
    for place in range(BAR_WIDTH):
        within = places[0] <= place <= places[2]
        bar.append("●" if place == places[1] else "━" if within else "·", "bold" if within else QUIET)
    return bar.append(" ").append_text(_words(first, HAWKISH))


def _figures(result: ReleaseScore) -> Iterator[Padding]:
    index = f"index {result.index:+.2f} over {len(result.sentences)} sentences" if result.index is not None else ""
    stance = result.stance_probability
    any_stance = f"; any stance at all {show_probability(stance)}" if stance is not None else ""
    yield _indented(_words(f"{index}{any_stance}", QUIET))
    if kinds := describe_kinds(result):
        yield _indented(_words(f"sentences by kind of evidence: {kinds}", QUIET))


def _reasons_heading(result: ReleaseScore) -> str:
    poles = find_poles(result)
    towards = f"+ towards {poles[0]}, - towards {poles[1]}" if poles else f"+ towards {result.verdict}"
    return f"What made it so (log-odds, {towards})"


def _reasons(scored: Scored) -> Table:
    """The sentences that weigh most, each followed by the words in it and what they add."""
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right", no_wrap=True)
    table.add_column()
    for sentence in dict.fromkeys(reason.sentence for reason in scored.reasons):
        table.add_row(_words(f"¶{paragraph_of(scored, sentence)}", QUIET), _sentence(scored, sentence))
        for number, reason in enumerate(scored.reasons):
            if reason.sentence == sentence:
                value = Text(f"{reason.value:+.2f}", HAWKISH if reason.value > 0 else CAUTIOUS)
                table.add_row(value, _reason(scored, number))
    return table


def _reason(scored: Scored, number: int) -> Text:
    reason = scored.reasons[number]
    line = Text("“").append_text(_words(reason_words(scored, number), "bold")).append("”")
    if reason.cue is not None:
        cue = scored.result.cues[reason.cue]
        line.append("  ").append_text(_words(describe_kind(cue.category, cue.qualifiers), QUIET))
    return line


def _sentence(scored: Scored, number: int) -> Text:
    sentence = scored.result.sentences[number]
    words = " ".join(scored.release.text[sentence.start : sentence.end].split())
    return _words(words if len(words) <= LONGEST_SENTENCE else f"{words[:LONGEST_SENTENCE]}…")


def _strip(result: ReleaseScore) -> list[Text | Padding]:
    """A block for each paragraph, the higher the more of the first pole; then the two that stand out."""
    poles = find_poles(result)
    strip = Text()
    known: list[tuple[float, int]] = []
    for number, paragraph in enumerate(result.paragraphs, 1):
        value = paragraph.probability
        if value is None:
            strip.append("·", QUIET)
            continue
        known.append((value, number))
        strip.append(_STEPS[min(int(value * len(_STEPS)), len(_STEPS) - 1)], HAWKISH if value > 0.5 else CAUTIOUS)
    if not known or not poles:
        return [_indented(strip)]
    (low, lowest), (high, highest) = min(known), max(known)
    told = f"high is {poles[0]}, low is {poles[1]}"
    if len(known) > 1:
        told += f"; paragraph {highest} stands at {high:.2f}, paragraph {lowest} at {low:.2f}"
    return [_indented(strip), _indented(_words(told, QUIET))]


def _signals(scored: Scored) -> Table:
    table = Table.grid(padding=(0, 2))
    for _ in range(3):
        table.add_column()
    for finding in find_findings(scored):
        phrases = "; ".join(f"“{phrase}”" for phrase in finding.phrases)
        style = "" if finding.count else QUIET
        table.add_row(_words(finding.name, style), _words(finding.numbers, style), _words(phrases))
    return table
