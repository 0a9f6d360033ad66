"""A lexicon's wordings as tries: expanded from its rows, or read from the file that a model keeps beside it."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.tokenizer import Tokenizer

from classifier.pipeline.lexicon import Lexicon
from classifier.pipeline.pairs import half_keys
from classifier.pipeline.phrases import PhraseTrie, TrieBuilder


@dataclass(frozen=True)
class Phrases:
    """A lexicon's wordings: of `whole` phrases (cues, rules, actors), and of `halves` of pairs."""

    whole: PhraseTrie
    halves: PhraseTrie

    def save(self, path: Path, lexicon_sha256: str) -> None:
        """Writes them as arrays beside the hash of their lexicon: expanding it takes longer than reading them."""
        arrays: dict[str, Any] = {"lexicon_sha256": _bytes(lexicon_sha256)}
        for name, trie in (("whole", self.whole), ("halves", self.halves)):
            arrays[f"{name}_names"] = _bytes(json.dumps([trie.words, trie.meanings], separators=(",", ":")))
            arrays[f"{name}_keys"], arrays[f"{name}_numbers"] = trie.keys, trie.numbers
        with path.open("wb") as stream:
            np.savez(stream, **arrays)


def _bytes(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode("utf-8"), np.uint8)


def read_phrases(path: Path, lexicon_sha256: str) -> Phrases | None:
    """What `Phrases.save` wrote, or null where there is no such file or it is of another lexicon.

    Only for files that are as good as this program's own: a hash is compared, wordings are not.
    """
    try:
        with np.load(path, allow_pickle=False) as arrays:
            if arrays["lexicon_sha256"].tobytes().decode() != lexicon_sha256:
                return None
            tries = {}
            for name in ("whole", "halves"):
                words, meanings = json.loads(arrays[f"{name}_names"].tobytes())
                tries[name] = PhraseTrie(words, arrays[f"{name}_keys"], arrays[f"{name}_numbers"], meanings)
            return Phrases(**tries)
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile):
        return None


def compile_phrases(tokenizer: Tokenizer, lexicon: Lexicon) -> Phrases:
    """Expands every phrase of a lexicon.

    Args:
        tokenizer: that of the texts.
        lexicon: its rows.
    """
    whole, halves = TrieBuilder(tokenizer), TrieBuilder(tokenizer)

    def add(builder: TrieBuilder, phrases: Sequence[str], key: str) -> None:
        builder.add((wording for phrase in phrases for wording in lexicon.expand(phrase)), key)

    for row in lexicon.cues:
        if row.phrases:
            add(whole, row.phrases, f"cue:{row.id}")
    for phrases, key in half_keys(lexicon).items():
        add(halves, phrases, key)
    for rule in lexicon.qualifiers:
        add(whole, rule.phrases, f"rule:{rule.id}")
    for actor in lexicon.actors:
        add(whole, actor.names, f"actor:{actor.id}")
    return Phrases(whole.build(), halves.build())
