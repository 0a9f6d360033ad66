"""How each layout of page looks around a text."""

from __future__ import annotations

from html import escape

from tests.site.documents import Address, Document, Wording

NOTICE = "<!-- Synthetic page, constructed for tests; not an official text. -->\n"
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_FRENCH_MONTHS = "janv. févr. mars avril mai juin juil. août sept. oct. nov. déc.".split()
_WINDOW = """<div class="cmp-experiencefragment"><div class="cmp-container user-panel" data-panel="account">
<h2>NATO MULTIMEDIA ACCOUNT</h2><p>Register</p><h3 class="h3-style">Create an account</h3>
<p>A verification code was sent to your e-mail. It expires in ten minutes.</p>
<form><label>Email address</label><input type="email"><input type="password"><button>Submit</button></form>
<h3>Reset password</h3><p>Your password has been updated</p></div></div>"""
BLOCK_PAGE = (
    NOTICE + "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body><h1>Just a moment...</h1>"
    "<p>Please enable JavaScript and cookies to continue.</p></body></html>"
).encode()
MISSING_PAGE = (NOTICE + "<!DOCTYPE html><html><head><title>Not found</title></head><body><h1>Not found</h1></body></html>").encode()
THROTTLE_PAGE = (
    NOTICE + "<!DOCTYPE html><html><head><title>429 Too Many Requests</title></head><body><h1>Too Many Requests</h1>"
    "<p>You have sent too many requests in a given amount of time.</p></body></html>"
).encode()


def render(document: Document, address: Address, run: int = 1) -> bytes:
    """The bytes of a page as it stands in that run."""
    version = address.version or run
    paragraphs = address.wording.edited if version > 1 and address.wording.edited else address.wording.paragraphs
    return _LAYOUTS[address.layout](document, address.wording, paragraphs, run)


def _day(document: Document, language: str = "en") -> str:
    day = document.day
    month = _FRENCH_MONTHS[day.month - 1] if language == "fr" else f"{_MONTHS[day.month - 1]}."
    return f"{day.day:02d} {month} {day.year}"


def _nato(document: Document, wording: Wording, paragraphs: tuple[str, ...], run: int) -> bytes:
    subtitle = f'<h3 class="h3-style">{escape(wording.subtitle)}</h3>' if wording.subtitle else ""
    half = len(paragraphs) // 2 if len(paragraphs) > 6 else len(paragraphs)
    bodies = "".join(
        '<div class="ca04-rich-text aem-GridColumn"><div class="cmp-text"><div class="cmp-text__background-container">\n'
        + "\n".join(f"<p>{escape(words)}</p>" for words in part)
        + "</div></div></div>\n"
        for part in (paragraphs[:half], paragraphs[half:])
        if part
    )
    return f"""{NOTICE}<!DOCTYPE html><html lang="{wording.language}"><head><meta charset="utf-8">
<title>{escape(wording.title)} - NATO</title><meta property="og:image" content="/content/dam/nato/example.jpg"></head>
<body class="page basicpage"><div class="root container responsivegrid">
{_WINDOW}
<div class="cmp-header"><nav><ul><li><a href="/en/what-we-do">What we do</a></li>
<li><a href="/en/about-us">About us</a></li></ul></nav></div>
<div class="aem-Grid"><div class="ca02-article-hero"><h1 class="cmp-title__text">{escape(wording.title)}</h1>
{subtitle}<div class="date">{document.day.day:02d} {document.day:%B %Y}</div></div>
{bodies}<div class="cmp-share share-bar"><span>Share this</span><a href="#">Copy link</a></div>
<div class="related-content"><h2>Related</h2><p>A card about something else, number {run}, that must not enter the text.</p></div></div>
<footer><p>Follow us on every platform and read the terms of use of this site.</p></footer></div>
<script>var build = "{run}";</script></body></html>""".encode()


def _classic(document: Document, wording: Wording, paragraphs: tuple[str, ...], run: int) -> bytes:
    french = wording.language == "fr"
    kind = "Communiqué de presse" if french else "Press Release"
    issued = "" if french else f"<li>Issued on {_day(document)}</li>\n"
    number = f"<li>{kind} {document.number}</li>\n" if document.number else ""
    subtitle = f'<p class="subtitle">{escape(wording.subtitle)}</p>' if wording.subtitle else ""
    items = "\n".join(f"<p>{escape(words)}</p>" for words in paragraphs)
    return f"""{NOTICE}<!DOCTYPE html><html lang="{wording.language}"><head>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8"><title>NATO - Official text: {escape(wording.title)}</title></head>
<body><div class="page"><div class="header"><nav><a href="index.htm">Home</a></nav></div><div><article><div><div><div>
<ul class="list-meta"><li>{_day(document, wording.language)}</li>
{number}{issued}<li>Last updated: 01 Dec. 2025 16:09</li></ul>
<p class="languages"><a href="/cps/en/natohq/x.htm">English</a> <a href="/cps/fr/natohq/x.htm">French</a></p>
<h1 class="fs-huge">{escape(wording.title)}</h1>{subtitle}
<section class="content cf"><div style="text-align: justify">
{items}
</div></section></div></div></div></article></div></div><div class="footer"><p>Back to top</p></div></body></html>""".encode()


def _docu_release(document: Document, wording: Wording, paragraphs: tuple[str, ...], run: int) -> bytes:
    rows = "\n".join(f"<TR><TD COLSPAN=2>{escape(words)}" for words in paragraphs)
    subtitle = f"<TR><TD COLSPAN=2><I>{escape(wording.subtitle)}</I>" if wording.subtitle else ""
    return f"""{NOTICE}<HTML><HEAD><TITLE>NATO Press Release {document.number}</TITLE></HEAD><BODY>
<CENTER><TABLE BORDER=0><TR><TD>Updated: 25 November 2001<TD>NATO Press Releases</TABLE></CENTER>
<TABLE BORDER=0 WIDTH=90%>
<TR><TD VALIGN=top>NATO Press Releases {document.number}<TD ALIGN=right>{_day(document)}
<TR><TD COLSPAN=2><H2 ALIGN=center>{escape(wording.title)}</H2>
{subtitle}
{rows}
</TABLE><P><FONT SIZE=-1><A HREF="/">Go to Homepage</A> | <A HREF="index.htm">Go to Index</A></FONT></BODY></HTML>""".encode("latin-1")


def _docu_communique(document: Document, wording: Wording, paragraphs: tuple[str, ...], run: int) -> bytes:
    place = wording.title.rpartition(" ")[2]
    number = (document.number or "").replace(" (19", "(").replace(" (20", "(").replace(") 0", ")")  # as it was written: M-NAC-1(99)51
    body = "\n".join(f"<P>{escape(words)}</P>" for words in paragraphs)
    return f"""{NOTICE}<HTML><HEAD><TITLE>{escape(wording.title)}</TITLE></HEAD><BODY>
<TABLE><TR><TD>Updated: 22 August 2000<TD>Ministerial Communiqués</TABLE>
<P ALIGN=center>Press Communiqué<BR>{number}</P>
<P ALIGN=center>North Atlantic Council<BR>{place}<BR>{document.day.day} {document.day:%B %Y}</P>
<H2 ALIGN=center>{escape(wording.title)}</H2><P><B>Chairman:</B> Mr. A. Example.</P><HR>
{body}
<P><A HREF="/">Go to Homepage</A> <A HREF="x.htm">Go to Index</A></BODY></HTML>""".encode("latin-1")


_LAYOUTS = {"nato": _nato, "nato_classic": _classic, "docu_pr": _docu_release, "docu_comm": _docu_communique}
