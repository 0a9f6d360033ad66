"""The whole site from one seed: which documents there are, where they stand, and what changes between two runs."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.site.documents import COUNCIL, Address, Document, Wording
from tests.site.words import make_paragraphs, make_place

OFFICIAL = "about-us/official-texts-and-resources/official-texts"
NEWS = "news-and-events/articles/news"
TRANSCRIPTS = "news-and-events/events/transcripts"

# Out of a hundred documents of the current site; what is not named is a plain text of the Council.
_CURRENT_KINDS = (
    ("twin", 12),
    ("untranslated", 2),
    ("speech", 14),
    ("news", 8),
    ("edited", 4),
    ("relaid", 1),
    ("moved", 3),
    ("copied", 2),
    ("removed", 1),
    ("late", 2),
)
# Out of a hundred documents of the archive; what is not named is one capture of a classic page.
_ARCHIVE_KINDS = (
    ("pr", 22),
    ("comm", 16),
    ("natolive", 8),
    ("session", 4),
    ("french", 8),
    ("recaptured", 6),
    ("changed", 4),
    ("revisited", 4),
    ("speech", 6),
)
SHARE_OF_CURRENT = 0.55
SHARE_MIGRATED = 0.1
"""Share of the classic documents that stand on the current site too."""


@dataclass
class Site:
    """All documents by name, and what is no document."""

    documents: dict[str, Document] = field(default_factory=dict)
    blocked: set[str] = field(default_factory=set)
    hubs: set[str] = field(default_factory=set)

    def addresses(self, *, archived: bool | None = None) -> Iterator[tuple[Document, Address]]:
        """Every page, or those of the archive, or those of the current site."""
        for document in self.documents.values():
            for address in document.addresses:
                if archived is None or archived == (address.capture is not None):
                    yield document, address


def build_site(pages: int = 2000, *, seed: int = 4) -> Site:
    """A site of exactly that many pages (captures count each), the same for the same seed."""
    dice = random.Random(f"{seed}:{pages}")
    site = Site()
    refused = max(2, pages // 100)
    number = count = 0
    while count < pages - refused:
        number += 1
        left = pages - refused - count
        archived = number % 20 >= 20 * SHARE_OF_CURRENT
        kinds = _ARCHIVE_KINDS if archived else _CURRENT_KINDS
        kind = _pick(dice, kinds) if left > 2 else "plain"
        maker = _make_archived if archived else _make_current
        document = maker(dice, number, kind)
        if archived and left > 3 and kind not in ("speech", "changed") and dice.random() < SHARE_MIGRATED:
            document.addresses.append(_current_address(document, document.wordings["en"], OFFICIAL))
        site.documents[document.name] = document
        count += len(document.addresses)
    for place in range(refused):
        day = f"2026/01/{place % 28 + 1:02d}"
        target = site.blocked if place % 2 else site.hubs
        target.add(f"/en/{OFFICIAL}/{day}/statement-by-the-north-atlantic-council-{'blocked' if place % 2 else 'hub'}-{place}")
    return site


def _pick(dice: random.Random, kinds: tuple[tuple[str, int], ...]) -> str:
    roll = dice.randrange(100)
    for kind, share in kinds:
        roll -= share
        if roll < 0:
            return kind
    return "plain"


def _make_current(dice: random.Random, number: int, kind: str) -> Document:
    """A document of the current site under one, two or three addresses."""
    day = datetime.date(2010, 1, 4) + datetime.timedelta(days=number * 3 % 5900)
    place = make_place(dice)
    council = kind not in ("speech", "news")
    title = f"Statement by the {COUNCIL} on the passage of {place}"
    subtitle: str | None = None
    if kind == "speech":
        title, subtitle = f"Remarks to the pilots of {place}", "by the Deputy Secretary General at the school of pilots"
    elif kind == "news":
        title = f"A new lighthouse is lit at {place}"
    elif number % 3 == 0:
        title = f"Final communiqué of {place}"
        subtitle = f"Issued at the meeting of the {COUNCIL} at the level of ministers in {place}"
    body = make_paragraphs(dice)
    edited = (*body[:-1], make_paragraphs(dice, fewest=1, most=1)[0]) if kind == "edited" else None
    english = Wording("en", title, subtitle, body, edited)
    document = Document(f"d{number}", day, council, "nac" if council else kind, None, {"en": english})
    section = {"speech": TRANSCRIPTS, "news": NEWS}.get(kind, OFFICIAL)
    address = _current_address(document, english, section, kind)
    document.addresses.append(address)
    if kind == "twin":
        french_title = f"Déclaration du Conseil de l'Atlantique Nord sur le passage de {place}"
        french = Wording("fr", french_title, None, make_paragraphs(dice, language="fr"))
        document.wordings["fr"] = french
        document.addresses.append(_in_french(address, french))
    elif kind == "untranslated":
        document.addresses.append(_in_french(address, english))
    elif kind == "copied":
        document.addresses.append(_current_address(document, english, NEWS))
    elif kind == "moved":
        old = f"{address.path}-as-it-was"
        document.addresses.append(Address(old, "nato", english, section, moved_to=address.path))
    return document


def _current_address(document: Document, wording: Wording, section: str, kind: str = "plain") -> Address:
    slug = wording.title.lower().replace("é", "e").replace(" ", "-")
    path = f"/en/{section}/{document.day:%Y/%m/%d}/{slug}"
    since_run, gone_after = 2 if kind == "late" else 1, 1 if kind == "removed" else None
    return Address(path, "nato", wording, section, since_run=since_run, gone_after=gone_after, relaid=kind == "relaid")


def _in_french(address: Address, wording: Wording) -> Address:
    return Address(address.path.replace("/en/", "/fr/", 1), "nato", wording, address.section)


def _make_archived(dice: random.Random, number: int, kind: str) -> Document:
    """A document of the classic or the first site, as the archive captured it."""
    first_year, years = {"pr": (1996, 13), "comm": (1950, 45)}.get(kind, (2004, 18))
    day = datetime.date(first_year + number % years, 1, 1) + datetime.timedelta(days=number // years % 365)
    place = make_place(dice)
    council = kind != "speech"
    title = f"Statement by the {COUNCIL} on the harbour of {place}" if council else f"Remarks to the divers of {place}"
    subtitle = None if council else "by the Secretary General at the school of divers"
    press = f"({day.year}) {_press_number(number):03d}"
    if kind == "comm":
        title, press = f"Final Communiqué of {place}", f"M-NAC-1 ({day.year}) {number % 90 + 1:03d}"
    body = make_paragraphs(dice)
    edited = (*body[:-1], make_paragraphs(dice, fewest=1, most=1)[0]) if kind == "changed" else None
    english = Wording("en", title, subtitle, body, edited)
    document = Document(f"d{number}", day, council, "nac" if council else "speech", press if council else None, {"en": english})
    path, layout = _archived_path(document, number, kind)
    first = f"{max(day.year + 1, 1997)}{day:%m}{min(day.day, 28):02d}101500"
    document.addresses.append(Address(path, layout, english, "archive", capture=first))
    if kind == "french":
        french_title = f"Déclaration du Conseil de l'Atlantique Nord sur le port de {place}"
        french = Wording("fr", french_title, None, make_paragraphs(dice, language="fr"))
        document.wordings["fr"] = french
        document.addresses.append(Address(path.replace("/en/", "/fr/"), layout, french, "archive", capture=first))
    elif kind in ("recaptured", "changed", "revisited"):
        again = f"{int(first[:4]) + 2}{first[4:]}"
        version = 2 if kind == "changed" else 1
        document.addresses.append(Address(path, layout, english, "archive", capture=again, version=version))
    return document


def _archived_path(document: Document, number: int, kind: str) -> tuple[str, str]:
    day = document.day
    if kind == "pr":
        return f"/docu/pr/{day.year}/p{day:%y}-{_press_number(number):03d}e.htm", "docu_pr"
    if kind == "comm":
        return f"/docu/comm/49-95/c{day:%y%m%d}a.htm", "docu_comm"
    page = f"{'opinions' if kind == 'speech' else 'official_texts'}_{900000 + number}.htm"
    if kind == "session":
        return f"/cps/en/SID-0A1B2C3D-{number:08X}/natolive/{page}", "nato_classic"
    return f"/cps/en/{'natolive' if kind == 'natolive' else 'natohq'}/{page}", "nato_classic"


def _press_number(number: int) -> int:
    """Unique within its year up to 12,987 documents."""
    return number // 13 % 999 + 1
