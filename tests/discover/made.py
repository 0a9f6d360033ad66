"""A small made-up nato.int: sitemap, listings and pages, all written here, none of them anybody's words."""

from __future__ import annotations

import json
from xml.sax.saxutils import escape

from tests.fault_server import build_reply

PUBLIC = "https://www.nato.int"
OFFICIAL = "/about-us/official-texts-and-resources/official-texts"
NEWS = "/news-and-events/articles/news"
TRANSCRIPTS = "/news-and-events/events/transcripts"
BUOYS = f"/en{OFFICIAL}/2026/03/16/statement-by-the-north-atlantic-council-on-buoys"
COMMUNIQUE = f"/en{OFFICIAL}/2007/12/07/final-communique"
NUCLEAR = f"/en{OFFICIAL}/2006/06/08/nuclear-planning-group-final-communique"
FRENCH_ONLY = f"/fr{OFFICIAL}/2005/05/05/declaration-sur-les-phares"
MEETING = f"/en{NEWS}/2026/03/17/north-atlantic-council-meets-on-lighthouses"
CAKE = f"/en{NEWS}/2026/03/18/cake-for-the-lighthouse-keepers"
SPEECH = f"/en{TRANSCRIPTS}/2026/03/19/remarks-on-cake"
ELSEWHERE = ("/en/what-we-do", "/en/news-and-events/events/media-advisories/2026/03/01/a", "/sitemap.html", "/en")
ARTICLES = (BUOYS, BUOYS.replace("/en/", "/fr/"), COMMUNIQUE, NUCLEAR, FRENCH_ONLY, MEETING, CAKE, SPEECH)


def sitemap(paths, origin=PUBLIC):
    """A sitemap of these paths."""
    entries = "".join(f"<url><loc>{escape(origin + path)}</loc><lastmod>2026-05-01</lastmod></url>" for path in paths)
    namespace = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    return build_reply(f"<urlset {namespace}>{entries}</urlset>".encode(), kind="application/xml")


def listing(items, pages=1):
    """An answer of the listing JSON: items are path, title, date."""
    rows = [{"link": path, "title": title, "pageDate": day, "pageType": "Official text"} for path, title, day in items]
    return build_reply(json.dumps({"pages": rows, "numberOfPages": pages}).encode(), kind="application/json")


def page(title, paragraphs, subtitle=""):
    """A page in the layout of the current site."""
    body = "".join(f"<p>{words}</p>" for words in paragraphs)
    under = f'<h3 class="h3-style">{subtitle}</h3>' if subtitle else ""
    return (
        "<!DOCTYPE html><html lang='en'><head><title>x - NATO</title></head><body>"
        f"<div><h1>{title}</h1>{under}<div class='ca04-rich-text'><div class='cmp-text__background-container'>{body}</div></div></div>"
        "</body></html>"
    ).encode()
