"""How the labelled texts were made from the files of their source repository; any change here breaks every hash."""

from __future__ import annotations

import hashlib
import html
import re
from dataclasses import dataclass

REPOSITORY = "brian14708/wh-briefings"
COMMIT = "737ca03a271adc205c67766074ec8d0070f7ad95"
BASE_URL = f"https://raw.githubusercontent.com/{REPOSITORY}/{COMMIT}"
"""A file of the repository is at this address, a slash, and its path; it never changes."""

_FRONT_MATTER = re.compile(r"---\n(.*?)\n---\n(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class SourceText:
    """What a source file holds: its title and address from the front matter, and the text that was labelled."""

    title: str
    url: str
    text: str


class NoSourceText(ValueError):
    """The bytes are no file of the source repository."""


def read_source(raw: bytes) -> SourceText:
    """The text of a source file: Markdown with front matter.

    Tags, link targets and emphasis marks go; paragraphs are joined to one line each and parted by one empty line.

    Args:
        raw: the file's bytes, UTF-8.

    Raises:
        NoSourceText: no UTF-8, or no front matter.
    """
    try:
        matched = _FRONT_MATTER.match(raw.decode("utf-8"))
    except UnicodeDecodeError:
        raise NoSourceText("is not UTF-8") from None
    if matched is None:
        raise NoSourceText("does not begin with front matter")
    front = _read_front_matter(matched[1])
    return SourceText(" ".join(front.get("title", "").split()), front.get("source_url", ""), _plain_text(matched[2]))


def hash_text(text: str) -> str:
    """SHA-256 of a text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def _plain_text(body: str) -> str:
    body = html.unescape(re.sub(r"</?[a-zA-Z][^>]*>", "", body))
    body = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", body)
    body = re.sub(r"[*_#>]+", "", body).replace("\\", "").replace("\xa0", " ")
    paragraphs: list[str] = []
    lines: list[str] = []
    for line in [*body.split("\n"), ""]:
        if line.strip():
            lines.append(line.strip())
        elif lines:
            paragraphs.append(re.sub(r"\s+", " ", " ".join(lines)))
            lines = []
    return "\n\n".join(paragraphs)


def _read_front_matter(text: str) -> dict[str, str]:
    """Fields of words; empty where the YAML is broken, for only title and address depend on it."""
    import srsly  # spaCy requires it, so it is there

    try:
        found = srsly.yaml_loads(text)
    except ValueError:
        return {}
    return {str(name): value for name, value in found.items() if isinstance(value, str)} if isinstance(found, dict) else {}
