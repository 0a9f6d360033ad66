"""The lexicon: cue rows, word classes, qualifier rules and actors, read from JSON lines and checked.

A phrase is written in a small notation, one phrase a string, words parted by blanks:

    remain in close contact         words as they stand (matching ignores case)
    {deploy} {forces}               a word class of `classes.jsonl`, by its id
    (a|the|) ceasefire              one of several; an empty one makes it optional

A cue row holds `phrases` (words that stand together) or a pair `first` and `second` (phrases at
most `gap` words apart in one clause, in `order` `forward` or `any`).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import cache, cached_property
from itertools import product
from pathlib import Path
from typing import Any, TypeVar

from classifier.pipeline.evidence import CATEGORIES, QUALIFIERS, STANCES

DATA = Path(__file__).parent / "data"
FILES = ("cues.jsonl", "classes.jsonl", "qualifiers.jsonl", "actors.jsonl")
ACTOR_SIDES = ("issuer", "ally", "partner", "adversary")
DIRECTIONS = ("forward", "backward", "both")
RULE_KINDS = ("trigger", "pseudo", "terminate")
PIECE = re.compile(r"\{([a-z0-9_]+)\}|\(([^()]*)\)|([^\s(){}]+)")


class LexiconError(ValueError):
    """A row of the lexicon is wrong; the message names the file, the row and the fault."""


@dataclass(frozen=True, slots=True)
class CueRow:
    """A row of `cues.jsonl`.

    `absorbs` names categories whose cues inside this one's span are part of it and not counted
    apart ("called on X to de-escalate" is a demand, not an offer to de-escalate).
    """

    id: str
    category: str
    stance: str
    strength: int
    examples: tuple[str, ...]
    counterexamples: tuple[str, ...]
    source: str
    added: str
    phrases: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    second: tuple[str, ...] = ()
    gap: int = 6
    order: str = "forward"
    absorbs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WordClass:
    """A row of `classes.jsonl`: forms that stand for one another in phrases."""

    id: str
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QualifierRow:
    """A row of `qualifiers.jsonl`, in the manner of ConText (Harkema et al. 2009).

    A `trigger` puts its `qualifier` on cues within `scope` words in `direction`; a `pseudo` row
    only hides triggers inside it; a `terminate` row ends every scope that meets it, or only those of
    its `qualifier` where it names one.
    """

    id: str
    kind: str
    phrases: tuple[str, ...]
    examples: tuple[str, ...] = ()
    qualifier: str = ""
    direction: str = "forward"
    scope: int = 12


@dataclass(frozen=True, slots=True)
class ActorRow:
    """A row of `actors.jsonl`: names of one actor and the side it is on, seen from the Council.

    `adjectives` are those of the names that stand before a noun ("russian").
    """

    id: str
    side: str
    names: tuple[str, ...]
    adjectives: tuple[str, ...] = ()


Row = TypeVar("Row", CueRow, WordClass, QualifierRow, ActorRow)


@dataclass(frozen=True)
class Lexicon:
    """All rows, in file order, and the words they expand to."""

    cues: tuple[CueRow, ...]
    classes: tuple[WordClass, ...]
    qualifiers: tuple[QualifierRow, ...]
    actors: tuple[ActorRow, ...]
    sha256: str = field(default="", compare=False)

    @cached_property
    def by_id(self) -> dict[str, CueRow]:
        """Cue rows by their id."""
        return {row.id: row for row in self.cues}

    @cached_property
    def forms(self) -> dict[str, tuple[str, ...]]:
        """Word classes by their id."""
        return {row.id: row.forms for row in self.classes}

    def expand(self, phrase: str) -> Iterator[str]:
        """Yields every plain wording of a phrase of the notation; words parted by one blank."""
        yield from _expand(phrase, self.forms)


def _expand(phrase: str, forms: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    if "{" not in phrase and "(" not in phrase:
        yield phrase
        return
    slots: list[tuple[str, ...]] = []
    for name, choice, word in PIECE.findall(phrase):
        if name:
            if name not in forms:
                raise LexiconError(f"phrase {phrase!r} names the word class {name!r}, which classes.jsonl lacks")
            slots.append(tuple(wording for form in forms[name] for wording in _expand(form, forms)))
        else:
            slots.append((word,) if word else tuple(w for part in choice.split("|") for w in _expand(part, forms)))
    for words in product(*slots):
        yield " ".join(" ".join(words).split())


def _rows(kind: type[Row], folder: Path, name: str) -> tuple[Row, ...]:
    known = {f.name for f in fields(kind)}
    make: Callable[..., Row] = kind
    rows: list[Row] = []
    for number, line in enumerate((folder / name).read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            record: dict[str, Any] = json.loads(line)
            if unknown := set(record) - known:
                raise LexiconError(f"unknown field {', '.join(sorted(unknown))}")
            rows.append(make(**{k: tuple(v) if isinstance(v, list) else v for k, v in record.items()}))
        except (TypeError, ValueError) as error:
            raise LexiconError(f"{name}, line {number}: {error}") from error
    return tuple(rows)


@cache
def load_lexicon(folder: Path = DATA) -> Lexicon:
    """Reads a lexicon folder.

    Raises:
        LexiconError: a row has an unknown or missing field, or no JSON; the message names it.
    """
    return Lexicon(
        cues=_rows(CueRow, folder, "cues.jsonl"),
        classes=_rows(WordClass, folder, "classes.jsonl"),
        qualifiers=_rows(QualifierRow, folder, "qualifiers.jsonl"),
        actors=_rows(ActorRow, folder, "actors.jsonl"),
        sha256=hash_lexicon(folder),
    )


def hash_lexicon(folder: Path = DATA) -> str:
    """SHA-256 over the lexicon's files in their fixed order, in hexadecimal."""
    digest = hashlib.sha256()
    for name in FILES:
        digest.update(name.encode() + b"\0" + (folder / name).read_bytes() + b"\0")
    return digest.hexdigest()


def lint_lexicon(lexicon: Lexicon) -> list[str]:
    """Names every fault of form: vocabulary, missing examples or source, phrases that expand to nothing."""
    faults: list[str] = []
    for rows in (lexicon.cues, lexicon.classes, lexicon.qualifiers, lexicon.actors):
        ids = [row.id for row in rows]
        faults += [f"{i}: id stands twice" for i in sorted({i for i in ids if ids.count(i) > 1})]
    for row in lexicon.cues:
        faults += [f"{row.id}: {fault}" for fault in _cue_faults(row)]
        faults += [f"{row.id}: {fault}" for p in (*row.phrases, *row.first, *row.second) for fault in _spelling(lexicon, p)]
    for rule in lexicon.qualifiers:
        faults += [f"{rule.id}: {fault}" for fault in _rule_faults(rule)]
        faults += [f"{rule.id}: {fault}" for p in rule.phrases for fault in _spelling(lexicon, p)]
    faults += [f"{actor.id}: side {actor.side!r}" for actor in lexicon.actors if actor.side not in ACTOR_SIDES]
    faults += [f"{actor.id}: adjective {a!r} is no name" for actor in lexicon.actors for a in actor.adjectives if a not in actor.names]
    faults += [f"{row.id}: no forms" for row in lexicon.classes if not row.forms]
    return faults


def _cue_faults(row: CueRow) -> Iterator[str]:
    if row.category not in CATEGORIES:
        yield f"category {row.category!r} is not in the vocabulary"
    elif row.stance != CATEGORIES[row.category]:
        yield f"stance {row.stance!r} clashes with its category, which is {CATEGORIES[row.category]}"
    if row.stance not in STANCES:
        yield f"stance {row.stance!r}"
    if row.strength not in (1, 2, 3):
        yield "strength is 1, 2 or 3"
    if bool(row.phrases) == bool(row.first and row.second):
        yield "needs either phrases, or first and second"
    if row.order not in ("forward", "any"):
        yield f"order {row.order!r}"
    if not row.examples or not row.counterexamples:
        yield "needs an example and a counter-example"
    if not row.source or not re.fullmatch(r"\d{4}-\d\d-\d\d", row.added):
        yield "needs a source and the day it was added"
    yield from (f"absorbs {c!r}, no category" for c in row.absorbs if c not in CATEGORIES)


def _rule_faults(row: QualifierRow) -> Iterator[str]:
    if row.kind not in RULE_KINDS:
        yield f"kind {row.kind!r}"
    if row.kind == "trigger" and row.qualifier not in QUALIFIERS:
        yield f"qualifier {row.qualifier!r}"
    if row.direction not in DIRECTIONS:
        yield f"direction {row.direction!r}"
    if not row.phrases or row.scope < 1:
        yield "needs phrases and a scope of one word or more"


def _spelling(lexicon: Lexicon, phrase: str) -> Iterator[str]:
    if re.search(r"[^\s(|][({]|[)}][^\s)|]", phrase) or re.search(r"\([^)]*\(", phrase):
        yield f"phrase {phrase!r}: brackets stand apart from letters and are not nested"
        return
    try:
        wordings = list(lexicon.expand(phrase))
    except LexiconError as error:
        yield str(error)
        return
    if not all(wordings):
        yield f"phrase {phrase!r} may be empty"
    yield from (f"{w!r} is not lower case" for w in wordings if w != w.lower())
