"""Constructed rows of a field of its own (a parcel service), so that tests need no corpus; nobody's words."""

from __future__ import annotations

import json
import random
from pathlib import Path

OPENINGS = ["Hello,", "Dear team,", "Good morning,", "To whom it may concern,", ""]
SUBJECTS = {
    "delay": ["my parcel is late", "the delivery has been delayed again", "I am still waiting for the box", "it was due days ago"],
    "damage": ["the box was crushed", "the glass inside is broken", "everything arrived torn and wet", "the lid came cracked"],
    "refund": ["I want my money back", "please refund the payment", "you charged me twice", "return the amount to my card"],
    "praise": ["the courier was kind", "thank you for the quick work", "a very pleasant service", "it came early and well packed"],
    "address": ["I have moved house", "please change the street", "the postcode is wrong", "send it to my office instead"],
    "hours": ["when does the shop open", "is the counter closed on holidays", "what are your hours", "may I come in the evening"],
    "price": ["what does a parcel cost", "how much is it to Spain", "is there a discount", "the tariff is not clear to me"],
    "account": ["I cannot log in", "my password does not work", "delete my profile", "the app forgets my name"],
    "customs": ["customs ask for a form", "which duty must I pay", "the declaration was refused", "is an invoice needed at the border"],
    "pickup": ["please collect it at my door", "nobody came for the collection", "the locker does not open", "may a neighbour take it"],
}
ENDINGS = ["Please answer soon.", "Regards, A. Reader", "This is the second time.", "Number 4711.", "Thanks in advance!"]


def make_rows(classes: int, count: int, *, seed: int = 0, noise: float = 0.05) -> list[dict[str, str]]:
    """Rows with text, label, author and date; a few carry the wrong label."""
    rng = random.Random(seed)
    names = list(SUBJECTS)[:classes]
    rows = []
    for number in range(count):
        label = names[number % classes]
        words = " ".join([rng.choice(OPENINGS), rng.choice(SUBJECTS[label]), f"({rng.randint(1, 999)}).", rng.choice(ENDINGS)]).strip()
        given = rng.choice(names) if rng.random() < noise else label
        day = f"20{20 + number * 4 // count}-0{1 + number % 9}-11"
        rows.append({"id": f"r{number}", "text": words, "label": given, "author": f"a{number % 17}", "day": day})
    return rows


def write_rows(path: Path, rows: list[dict[str, str]]) -> Path:
    """The rows as JSON Lines."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path
