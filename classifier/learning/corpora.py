"""Labelled texts as learning needs them: releases and sentences, whichever file they came from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import corpus
from classifier.learning.dehydrated.tables import POOL, read_table
from classifier.learning.labelled.lines import iterate_lines
from classifier.learning.labelled.row import CorpusError
from classifier.pipeline.evidence import Reading
from classifier.pipeline.extract import read_texts
from classifier.pipeline.lexicon import DATA

CORPUS = Path(corpus.__file__).parent

_RELEASE = ("id", "date", "text", "label")
_GOVERNMENT_HANDS = frozenset("h7 h11 g1 g2 g3 g4 g5 g6".split())


@dataclass(frozen=True, slots=True)
class LabelledSentence:
    """One labelled sentence: its text, the release it is of (`group`), and its class.

    `source` is where its label comes from: `given`, `own` (ours, of further real texts), `government` or `council` (texts
    constructed in either register). Each was drawn in its own way, so the shares of the classes differ between them and
    say nothing of wording. `evidence` are the codes that each annotator named, where there are any.
    """

    id: str
    group: str
    origin: str
    date: str
    text: str
    label: str
    source: str = "given"
    evidence: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class LabelledRelease:
    """One labelled release; `origin` is `real` or the hand that constructed it, `group` what may not be split."""

    id: str
    group: str
    origin: str
    date: str
    text: str
    label: str


@dataclass(frozen=True)
class Corpus:
    """Releases and sentences to learn from or to measure on."""

    releases: tuple[LabelledRelease, ...]
    sentences: tuple[LabelledSentence, ...]

    def where(self, *, before: str | None = None, since: str | None = None) -> Corpus:
        """The part dated before, or since, an ISO day."""

        def keep(date: str) -> bool:
            return (before is None or date < before) and (since is None or date >= since)

        return Corpus(tuple(r for r in self.releases if keep(r.date)), tuple(s for s in self.sentences if keep(s.date)))

    def __add__(self, other: Corpus) -> Corpus:
        return Corpus(self.releases + other.releases, self.sentences + other.sentences)


@dataclass(frozen=True)
class ReadCorpus:
    """A corpus with what the pipeline read in each of its texts, in the same order."""

    corpus: Corpus
    releases: tuple[Reading, ...]
    sentences: tuple[Reading, ...]


def read_corpus(texts: Corpus, lexicon: Path = DATA) -> ReadCorpus:
    """Runs the pipeline over every release and every labelled sentence."""
    return ReadCorpus(
        texts,
        tuple(read_texts(((release.text, None) for release in texts.releases), lexicon=lexicon)),
        tuple(read_texts(((sentence.text, None) for sentence in texts.sentences), lexicon=lexicon)),
    )


def load_given(data: Path) -> Corpus:
    """The labelled releases and sentences of a data folder, from `releases.jsonl` and `sentences.jsonl`.

    Raises:
        CorpusError: a file is missing.
    """
    releases = tuple(
        LabelledRelease(r["id"], r["id"], "real", r["date"], r["text"], r["label"])
        for r in iterate_lines(data / "releases.jsonl", *_RELEASE)
    )
    sentences = tuple(
        LabelledSentence(s["id"], s["release"], "real", s["date"], s["text"], s["label"], evidence=_evidence(s))
        for s in iterate_lines(data / "sentences.jsonl", *_RELEASE, "release")
    )
    return Corpus(releases, sentences)


def load_pool(data: Path) -> Corpus:
    """Labels of ours for further texts of the same folder: `corpus/pool_releases.csv`, `corpus/pool_sentences.csv`.

    Raises:
        CorpusError: a file is missing, or a text is not the one that was labelled.
    """
    texts = {r["id"]: r for name in ("releases.jsonl", "pool.jsonl") for r in iterate_lines(data / name, "id", "date", "text")}
    releases, sentences = [], []
    for row in read_table(CORPUS / POOL):
        source = _checked(texts, row)
        releases.append(LabelledRelease(row["id"], row["id"], "real", source["date"], source["text"], row["label"]))
    for row in read_table(CORPUS / "pool_sentences.csv"):
        source = _checked(texts, row)
        text = source["text"][int(row["start"]) : int(row["end"])]
        name = f"{row['id']}@{row['start']}"
        sentences.append(LabelledSentence(name, row["id"], "real", source["date"], text, row["label"], "own", _evidence(row)))
    return Corpus(tuple(releases), tuple(sentences))


def load_constructed(path: Path = CORPUS / "constructed.jsonl") -> Corpus:
    """The constructed statements: ours, official of nobody; a hand's statements are one group."""
    releases, sentences = [], []
    for row in iterate_lines(path):
        date = row["made"]
        source = "government" if row["hand"] in _GOVERNMENT_HANDS else "council"
        releases.append(LabelledRelease(row["id"], row["hand"], row["hand"], date, row["text"], row["label"]))
        sentences += [
            LabelledSentence(
                f"{row['id']}@{s['start']}",
                row["hand"],
                row["hand"],
                date,
                row["text"][s["start"] : s["end"]],
                s["label"],
                source,
                _evidence(s),
            )
            for s in row["sentences"]
        ]
    return Corpus(tuple(releases), tuple(sentences))


def hash_corpus(texts: Corpus) -> str:
    """SHA-256 over ids, texts, labels and evidence in order, in hexadecimal."""
    digest = hashlib.sha256()
    rows: list[list[Any]] = [[row.id, row.text, row.label] for row in texts.releases]
    rows += [[row.id, row.text, row.label, row.evidence] for row in texts.sentences]
    for row in rows:
        digest.update(json.dumps(row, ensure_ascii=False).encode() + b"\n")
    return digest.hexdigest()


def _evidence(row: Mapping[str, Any]) -> tuple[tuple[str, ...], ...]:
    """The codes that each of two annotators named; `-` and nothing are none."""
    named = (row.get(name) or "" for name in ("evidence_a", "evidence_b"))
    return tuple(tuple(code for code in codes.replace(" ", "").split(",") if code.strip("-")) for codes in named)


def _checked(texts: dict[str, dict[str, Any]], row: dict[str, str]) -> dict[str, Any]:
    source = texts.get(row["id"])
    expected = row.get("text_sha256") or row["text_sha256_head"]
    if source is None or not hashlib.sha256(source["text"].encode()).hexdigest().startswith(expected):
        raise CorpusError(f"the text of {row['id']} is missing or is not the one that was labelled")
    return source
