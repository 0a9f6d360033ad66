"""Pages that hold no statement, and statements that merely speak like one of them."""

import pytest

from scraper.errors import BlockPage, NotAStatement
from scraper.read import read_release
from scraper.sites.page import Block
from scraper.sites.refusal import is_index

STATEMENT = (
    "The council met at noon and agreed that the harbour should be opened again before the ice closes the sound, and "
    "that the cost should be shared by all who use it."
)
OTHER = "Ministers thanked the crews for their work during the storm and asked them to stay until the end of the month."


def page(title, *paragraphs, extra="", head=""):
    body = "".join(f"<p>{words}</p>" for words in paragraphs)
    return f"<html><head><title>{title}</title>{head}</head><body><h1>{title}</h1>{body}{extra}</body></html>"


def aem(title, *paragraphs):
    body = "".join(f"<p>{words}</p>" for words in paragraphs)
    return f'<html><body><h1>{title}</h1><div class="ca04-rich-text">{body}</div></body></html>'


@pytest.mark.parametrize(
    ("markup", "error", "words", "reason"),
    [
        (page("Just a moment...", "Please wait while we check."), BlockPage, "block page", "challenge by title"),
        (page("Access Denied", OTHER), BlockPage, "block page", "nothing but the phrase as title"),
        (page("Attention Required! | Shield", "Ray ID: 1"), BlockPage, "block page", "title part and a telling line"),
        (
            page("x", "Please enable JavaScript and cookies to continue."),
            BlockPage,
            "block page",
            "speaks to the browser",
        ),
        (
            page("Bulletin", "Verify you are human by completing the action below, then go on."),
            BlockPage,
            "block",
            "proof",
        ),
        (page("403 Forbidden", "nginx"), BlockPage, "block page", "a server's own page"),
        (page("Too Many Requests", OTHER), BlockPage, "block page", "pace"),
        (page("Before you continue to Search", OTHER, OTHER), NotAStatement, "consent", "consent by title"),
        (
            page("News", "We and our partners store and/or access information on a device to show you advertisements."),
            NotAStatement,
            "consent",
            "consent by its words",
        ),
        (
            page("Log in", "Use your work address. Ask the desk if you have none of your own yet."),
            NotAStatement,
            "login",
            "title",
        ),
        (
            page(
                "Portal",
                "Use your work address to continue to the papers of this week and the next.",
                extra="<input type=password>",
            ),
            NotAStatement,
            "login",
            "a password field and little else",
        ),
        (page("404", OTHER), NotAStatement, "no such page", "soft 404 by title"),
        (
            page("Page not found | Ministry", "The page you requested has moved."),
            NotAStatement,
            "no such page",
            "soft 404",
        ),
        (aem("Page not found", OTHER), NotAStatement, "no such page", "soft 404 in a known layout"),
        (page("Statement", "To follow."), NotAStatement, "only 2 words", "too short"),
        (page("Statement"), NotAStatement, "no statement", "title only"),
        (aem("Statement", "To follow soon."), NotAStatement, "only 3 words", "too short in a known layout"),
        (
            page(
                "All texts",
                extra="".join(f"<li><a href='{i}'>Statement number {i} on the straits</a></li>" for i in range(9)),
            ),
            NotAStatement,
            "index",
            "links and nothing else",
        ),
    ],
)
def test_refused(markup, error, words, reason):
    with pytest.raises(error, match=words) as refusal:
        read_release(markup, source_name="https://x.example/y", content_type="text/html")
    assert type(refusal.value) is error, reason
    assert refusal.value.message.startswith("https://x.example/y: ")
    assert "\n" not in refusal.value.message + refusal.value.hint


def test_a_block_page_answers_with_the_blocked_code():
    assert (BlockPage.code, BlockPage.exit_code) == ("blocked", 3)
    assert (NotAStatement.code, NotAStatement.exit_code) == ("not_a_statement", 5)


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        (page("Access denied to inspectors", STATEMENT), "the phrase is part of a title"),
        (page("Statement | Access denied", STATEMENT), "and part of another, with no telling line"),
        (page("Statement", "Access was denied. " + STATEMENT), "the phrase in the text"),
        (page("Statement", "Thieves used session cookies and a captcha to log in. " + STATEMENT), "talk of an attack"),
        (page("Statement", "The state must respect the legitimate interests of others. " + STATEMENT), "diplomacy"),
        (
            page("Statement", STATEMENT, "This page has been turned; those who were not found will be mourned."),
            "turns of phrase",
        ),
        (page("Statement", STATEMENT, "We will not accept cookies of misfortune, nor log in to despair."), "nonsense"),
        (
            page("Statement", STATEMENT, OTHER, extra="<div>We use cookies on this site. <button>OK</button></div>"),
            "a banner",
        ),
        (
            page("Statement", STATEMENT, OTHER, extra="<form>Log in <input type=password></form>"),
            "a login box beside it",
        ),
        (page("Forbidden weapons", STATEMENT), "a title that begins so"),
        (aem("Statement", "To register, ships log in at the port. " + STATEMENT), "a known layout"),
        (page("Security check at the border", STATEMENT), "a title that begins so"),
        (page("Access denied", *[STATEMENT] * 14), "a long text under a short title"),
        (
            page(
                "Statement",
                STATEMENT,
                OTHER,
                STATEMENT,
                extra="".join(f"<li><a href='{i}'>More about the straits</a>" for i in range(6)),
            ),
            "links to more below the text",
        ),
        (
            aem("Statement", "We stand by our Ally and will answer any attack on it together, at once and in full."),
            "short",
        ),
    ],
)
def test_statements_that_mention_such_words_pass(markup, reason):
    assert read_release(markup, source_name="p", content_type="text/html").text, reason


def block(length, linked=0.0):
    return Block((" ".join(["word"] * length),), linked)


@pytest.mark.parametrize(
    ("blocks", "expected", "reason"),
    [
        ([block(6, 1.0)] * 9, True, "headlines only"),
        ([block(6, 1.0), block(20)] * 9, True, "each with a teaser"),
        ([block(6, 1.0), block(3), block(20)] * 9, True, "each with date and teaser"),
        ([*[block(60)] * 4, *[block(6, 1.0)] * 9], False, "an article with further links"),
        ([*[block(6, 1.0)] * 9, block(60)], False, "a short statement under a menu"),
        ([block(6, 1.0), block(90), block(80)] * 6, False, "an article with links to more between its paragraphs"),
        ([block(6, 1.0)] * 4, False, "too few links to tell"),
        ([block(2, 1.0)] * 40 + [block(30)], False, "menu words are no headlines"),
        ([], False, "nothing"),
    ],
)
def test_is_index(blocks, expected, reason):
    assert is_index(blocks) is expected, reason
