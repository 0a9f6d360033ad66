"""The check and the audit of a corpus as people and machines read them."""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Iterator

from classifier.desk.guard import guard_json, guard_terminal
from classifier.desk.output import Output
from classifier.learning.auditing.audit import Audit
from classifier.learning.checking.agreement import Agreement, Figure
from classifier.learning.checking.report import CorpusReport, Finding, Spread

MOST_CLASSES = 20
WIDTH = 100


def print_report(report: CorpusReport, *, as_json: bool) -> None:
    """Writes a check to standard output.

    Raises:
        OutputError: it could not be written.
    """
    output = Output(sys.stdout, exact=as_json)
    if as_json:
        output.write(guard_json(json.dumps(report.as_record(), ensure_ascii=False, indent=2)) + "\n")
    else:
        output.write("".join(f"{line}\n" for line in _list_lines(report)))


def _list_lines(report: CorpusReport) -> Iterator[str]:
    yield guard_terminal(f"{report.file}: {report.rows:,} rows ({report.shape})")
    for name, count in list(report.classes.items())[:MOST_CLASSES]:
        yield f"  {count:>9,}  {count / sum(report.classes.values()):6.1%}  {guard_terminal(name)}"
    if len(report.classes) > MOST_CLASSES:
        yield f"  and {len(report.classes) - MOST_CLASSES} more classes"
    if report.unlabelled:
        yield f"  {report.unlabelled:>9,}          without a label"
    if report.characters and report.words:
        yield f"lengths: {_spread(report.characters)} characters; {_spread(report.words)} words (least, median, 95th percentile, most)"
    for name, counts in report.splits.items():
        yield guard_terminal(f"split {name}: {sum(counts.values()):,} rows")
    where = [f"{report.groups:,} groups"] if report.groups else []
    where += [f"dated {report.dates[0]} to {report.dates[1]}"] if report.dates else []
    if where:
        yield ", ".join(where)
    yield f"duplicates: {report.exact_duplicates:,} equal, {report.near_duplicates:,} nearly alike"
    if report.languages:
        yield "languages of texts drawn at random: " + ", ".join(f"{name} {count}" for name, count in report.languages.items())
    if report.agreement:
        yield from _list_agreement(report.agreement)
    for finding in report.findings:
        yield _finding(finding)
    if not report.findings:
        yield "nothing to object to"


def _spread(spread: Spread) -> str:
    return f"{spread.least:,}, {spread.median:,}, {spread.high:,}, {spread.most:,}"


def _list_agreement(agreement: Agreement) -> Iterator[str]:
    over = "groups" if agreement.clusters < agreement.texts else "texts"
    yield f"agreement on {agreement.texts:,} texts, 95 % bootstrap intervals over {agreement.clusters:,} {over}:"
    yield f"  Krippendorff's alpha ({agreement.level}) {_figure(agreement.alpha)}"
    for pair in agreement.pairs:
        names = guard_terminal(f"{pair.one} and {pair.other}")
        yield f"  {names}: {pair.texts:,} texts, percent {_figure(pair.percent)}, Cohen's kappa {_figure(pair.kappa)}"


def _figure(figure: Figure) -> str:
    if figure.value is None:
        return "not defined"
    return f"{figure.value:.3f}" if figure.low is None else f"{figure.value:.3f} ({figure.low:.3f} to {figure.high:.3f})"


def _finding(finding: Finding) -> str:
    where = f" (lines {', '.join(map(str, finding.lines))}{' ...' if finding.count > len(finding.lines) else ''})" if finding.lines else ""
    return guard_terminal(f"{finding.level}: {finding.message}{where}: {finding.hint}")


def print_audit(audit: Audit, limit: int, *, as_json: bool) -> None:
    """Writes the most doubted rows to standard output, and to standard error what the audit is worth.

    Raises:
        OutputError: standard output could not be written.
    """
    from classifier.desk.output import tell

    output = Output(sys.stdout, exact=as_json)
    for row in audit.doubtful[:limit]:
        if as_json:
            output.write(guard_json(json.dumps(row.as_record(), ensure_ascii=False)) + "\n")
            continue
        given, predicted = f"{row.given} {row.given_probability:.2f}", f"{row.predicted} {row.predicted_probability:.2f}"
        output.write(guard_terminal(f"{row.id} (line {row.line}): given {given}, predicted {predicted}") + "\n")
        output.write("".join(f"    {line}\n" for line in textwrap.wrap(guard_terminal(row.text), WIDTH)[:5]) + "\n")
    record = audit.as_record()
    left = f"; too small to judge: {', '.join(record['left_out'])}" if record["left_out"] else ""
    tell(
        f"{record['rows']:,} labels judged in {record['folds']} folds by a model with an accuracy of {record['accuracy']:.3f}: "
        f"{record['doubted']:,} doubted, about {record['estimated_wrong_share']:.1%} of all estimated to be wrong{left}."
    )
