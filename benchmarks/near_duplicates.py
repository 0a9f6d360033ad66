"""How far fingerprints of edited copies lie apart, and how near those of different statements: `python -m benchmarks.near_duplicates`.

Edited copies are made from the constructed statements in `corpus/constructed.jsonl`; long ones are several of them in a row,
with the differing pair of the same topic where there is one. Different statements: two of one topic, two of one hand,
era and kind, and for each statement its nearest neighbour among all others.
"""

from __future__ import annotations

import json
import random
import re
import statistics
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

from scraper.fingerprints import count_differing_bits, list_words, share_of_runs, simhash
from scraper.sameness import NEAR_BITS, NEAR_BITS_OF_A_DAY, NEAR_SHARE

MADE = Path(__file__).resolve().parent.parent / "corpus" / "constructed.jsonl"
BOILERPLATE = (
    "For further information please contact the press service. This text is also available in other languages.",
    "Last updated on the day of publication. Follow the link to see related documents and earlier texts.",
)
ONE_WORD, ONE_SENTENCE = "one word replaced", "one sentence dropped"


def edit(text: str, draw: random.Random) -> Iterator[tuple[str, str]]:
    """Named edited copies of a text."""
    words = text.split(" ")
    for count, name in ((1, ONE_WORD), (3, "three words replaced")):
        changed = list(words)
        for at in draw.sample(range(len(words)), min(count, len(words))):
            changed[at] = "elsewhere"
        yield name, " ".join(changed)
    sentences = re.split(r"(?<=[.!?])\s+", text)
    if len(sentences) > 2:
        dropped = draw.randrange(len(sentences))
        yield ONE_SENTENCE, " ".join(sentences[:dropped] + sentences[dropped + 1 :])
    paragraphs = text.split("\n\n")
    if len(paragraphs) > 2:
        dropped = draw.randrange(len(paragraphs))
        yield "one paragraph dropped", "\n\n".join(paragraphs[:dropped] + paragraphs[dropped + 1 :])
    yield "boilerplate added", "\n\n".join([text, *BOILERPLATE])
    yield "typography changed", text.replace(" - ", " – ").replace("'", "’").replace("\n\n", "\n")


def lengthen(texts: list[str], parts: int) -> list[str]:
    """Texts of several statements in a row."""
    return ["\n\n".join(texts[at : at + parts]) for at in range(0, len(texts) - parts + 1, parts)]


def describe(name: str, pairs: list[tuple[str, str]]) -> str:
    """One line: bits apart, share of the shorter text's runs in the other, and how many pairs the rules take for one text."""
    bits = [count_differing_bits(simhash(one), simhash(other)) for one, other in pairs]
    shares = [share_of_runs(list_words(one), list_words(other)) for one, other in pairs]
    both = list(zip(bits, shares, strict=True))
    near = sum(apart <= NEAR_BITS and share >= NEAR_SHARE for apart, share in both)
    of_a_day = sum(share >= NEAR_SHARE for share in shares)
    without_text = sum(apart <= NEAR_BITS_OF_A_DAY for apart in bits)
    bits.sort()
    shares.sort()
    edge = len(pairs) // 100
    return (
        f"| {name} | {len(pairs)} | {statistics.median(bits):g} | {bits[edge]}-{bits[-1 - edge]} | {bits[0]} |"
        f" {shares[edge]:.2f}-{shares[-1 - edge]:.2f} | {near / len(pairs):.3f} | {of_a_day / len(pairs):.3f} |"
        f" {without_text / len(pairs):.3f} |"
    )


def nearest_pairs(texts: list[str]) -> list[tuple[str, str]]:
    """Each text with the other one whose fingerprint is nearest."""
    prints = [simhash(text) for text in texts]
    pairs = []
    for at, mine in enumerate(prints):
        nearest = min((count_differing_bits(mine, other), place) for place, other in enumerate(prints) if place != at)
        pairs.append((texts[at], texts[nearest[1]]))
    return pairs


def main() -> None:
    """Prints a table of edited copies by length, then of different statements."""
    rows = [json.loads(line) for line in MADE.read_text(encoding="utf-8").splitlines()]
    texts, draw = [row["text"] for row in rows], random.Random(7)
    print("| pairs | n | median bits | 1-99 % | least | share of runs, 1-99 % | near | near, of a day | by bits alone |")
    print("|---|---|---|---|---|---|---|---|---|")
    for label, some in (("100 words", texts), ("400 words", lengthen(texts, 4)), ("2,000 words", lengthen(texts, 20))):
        made: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for text in some:
            for name, copy in edit(text, draw):
                made[name].append((text, copy))
        for name, pairs in made.items():
            print(describe(f"{label}: {name}", pairs))
    groups: dict[str, defaultdict[object, list[str]]] = {"same topic": defaultdict(list), "same hand, era, kind": defaultdict(list)}
    for row in rows:
        groups["same topic"][row["topic"]].append(row["text"])
        groups["same hand, era, kind"][row["hand"], row["era"], row["kind"]].append(row["text"])
    for name, by in groups.items():
        print(describe(f"different: {name}", [pair for some in by.values() for pair in combinations(some[:40], 2)]))
    print(describe("different: nearest of all others", nearest_pairs(texts)))


if __name__ == "__main__":
    main()
