"""What leads to the pages: sitemap, listing JSON, the archive's index."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from urllib.parse import quote, unquote

from tests.site.documents import Address, Document
from tests.site.pages import NOTICE, render
from tests.site.plan import NEWS, TRANSCRIPTS, Site

PUBLIC = "https://www.nato.int"
SITEMAP_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
LISTED_SECTIONS = {NEWS: "general_search", TRANSCRIPTS: "general_search_copy"}
CDX_FIELDS = ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"]


def list_current(site: Site, run: int) -> Iterator[tuple[Document, Address]]:
    """The pages that the current site names in that run, gone ones left out."""
    for document, address in site.addresses(archived=False):
        if address.since_run <= run and (address.gone_after is None or run <= address.gone_after):
            yield document, address


def build_sitemap_index(public: str) -> bytes:
    """The index: one part of it plain, one packed."""
    parts = "".join(f"<sitemap><loc>{public}/{name}</loc></sitemap>" for name in ("sitemap-en.xml", "sitemap-fr.xml.gz"))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{NOTICE}<sitemapindex xmlns="{SITEMAP_SPACE}">{parts}</sitemapindex>'.encode()


def build_sitemap(site: Site, run: int, language: str, public: str) -> bytes:
    """All pages of a language; some say when they were changed last, and that is no day of a text."""
    rows = [f"<url><loc>{public}/{language}/about-us</loc></url>"]
    paths = [(address.path, address.since_run) for _, address in list_current(site, run)]
    paths += [(path, 1) for path in sorted(site.blocked | site.hubs)]
    for place, (path, since) in enumerate(paths):
        if path.startswith(f"/{language}/"):
            day = f"<lastmod>2026-0{since + 1}-01</lastmod>" if place % 2 else ""
            rows.append(f"<url><loc>{public}{path}</loc>{day}</url>")
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n{NOTICE}<urlset xmlns="{SITEMAP_SPACE}">' + "\n".join(rows) + "</urlset>"
    return gzip.compress(text.encode(), mtime=0) if language == "fr" else text.encode()


def build_listing(site: Site, run: int, section: str, *, page: int, size: int) -> bytes:
    """One page of a section's listing, newest first."""
    found = [(d, a) for d, a in list_current(site, run) if a.section == section and a.path.startswith("/en/") and not a.moved_to]
    found.sort(key=lambda item: (item[0].day, item[1].path), reverse=True)
    rows = [
        {
            "title": f"{address.wording.title} ",
            "description": "Synthetic, constructed for tests.",
            "pageDate": f"{document.day.day:02d} {document.day:%B %Y}",
            "pageType": "Transcript" if section == TRANSCRIPTS else "News",
            "link": f"{address.path}?selectedLocale=null",
        }
        for document, address in found[(page - 1) * size : page * size]
    ]
    return json.dumps({"pages": rows, "numberOfPages": -(-len(found) // size)}).encode()


def build_index(site: Site) -> list[list[str]]:
    """The archive's index in its order: address key, time."""
    rows = []
    seen: set[tuple[str, str]] = set()
    for document, address in site.addresses(archived=True):
        body = render(document, address)
        digest = base64.b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode()
        revisit = (address.path, digest) in seen
        seen.add((address.path, digest))
        kind = "warc/revisit" if revisit else "text/html"
        key = f"int,nato)/{address.path.lower().lstrip('/')}"
        original = f"http{'s' if address.layout == 'nato_classic' else ''}://www.nato.int{':80' if address.layout == 'docu_pr' else ''}"
        status = "-" if revisit else "200"
        rows.append([key, address.capture or "", original + address.path, kind, status, digest, str(len(body))])
    rows.sort(key=lambda row: (row[0], row[1]))
    return [row for row in rows for _ in range(2 if row[5].startswith("A") else 1)]  # identical rows occur


def answer_index(rows: list[list[str]], query: dict[str, list[str]]) -> bytes:
    """What the index answers to a query, as far as the sources use it."""
    wanted = query.get("url", [""])[0]
    prefix = query.get("matchType", [""])[0] == "prefix" or wanted.endswith("*")
    address = re.sub(r"^https?://", "", wanted.rstrip("*"), flags=re.IGNORECASE).lower()
    key = "int,nato)/" + address.partition("/")[2]
    kept = [row for row in rows if (row[0].startswith(key) if prefix else row[0] == key)]
    start, end = query.get("from", ["0"])[0].ljust(14, "0"), query.get("to", ["9"])[0].ljust(14, "9")
    kept = [row for row in kept if start <= row[1] <= end]
    for rule in query.get("filter", []):
        name, _, form = rule.lstrip("!").partition(":")
        column = CDX_FIELDS.index(name)
        kept = [row for row in kept if bool(re.fullmatch(form, row[column])) != rule.startswith("!")]
    for rule in query.get("collapse", []):
        kept = _collapse(kept, rule)
    fields = query.get("fl", [",".join(CDX_FIELDS)])[0].split(",")
    offset = int(unquote(query.get("resumeKey", ["0"])[0]).rpartition(" ")[2] or 0)
    limit = int(query.get("limit", ["150000"])[0])
    shown = kept[offset : offset + limit]
    if not shown:
        return b"[]"
    answer: list[list[str]] = [fields, *([row[CDX_FIELDS.index(name)] for name in fields] for row in shown)]
    if query.get("showResumeKey", [""])[0] == "true" and offset + limit < len(kept):
        answer += [[], [quote(f"{shown[-1][0]} {offset + limit}")]]
    return json.dumps(answer).encode()


def _collapse(rows: list[list[str]], rule: str) -> list[list[str]]:
    name, _, length = rule.partition(":")
    column, end = CDX_FIELDS.index(name), int(length) if length else None
    kept: list[list[str]] = []
    for row in rows:
        if not kept or kept[-1][column][:end] != row[column][:end]:
            kept.append(row)
    return kept
