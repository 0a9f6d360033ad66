"""Pages that stand in a statement's way, known by what they call themselves and how they speak to the visitor."""

from __future__ import annotations

import re
from dataclasses import dataclass

from scraper.errors import BlockPage, NotAStatement


@dataclass(frozen=True, slots=True)
class Hindrance:
    """A kind of such page: what to call it, titles that say nothing else, sentences that speak to the visitor."""

    name: str
    error: type[NotAStatement]
    title: re.Pattern[str]
    words: re.Pattern[str]


def _any_of(*forms: str) -> re.Pattern[str]:
    return re.compile("|".join(forms), re.IGNORECASE)


BLOCK = Hindrance(
    "a block page: the server asks for proof of a human reader",
    BlockPage,
    title=_any_of(
        r"just a moment|one moment,? please|please wait|attention required|pardon our interruption",
        r"access (?:to this page has been )?denied|(?:error )?403(?: forbidden)?|forbidden|you have been blocked",
        r"security (?:check|verification)|checking your browser(?: before accessing.*)?|ddos.guard",
        r"are you (?:a )?(?:robot|human)|verify(?:ing)? (?:that )?you are (?:a )?human|(?:human|bot) verification",
        r"robot check|captcha|request (?:blocked|rejected|unsuccessful)|(?:429 )?too many requests",
    ),
    words=_any_of(
        r"(?:enable|turn on|activate|requires?|needs?) (?:java ?script|cookies)",
        r"verify(?:ing)? (?:that )?you are (?:a )?(?:human|not a robot)|(?:i am|i.m) not a robot",
        r"complete the (?:captcha|security check)|needs to review the security of your connection",
        r"checking your browser",
        r"you (?:do not|don.t) have permission to (?:access|view)|why have i been blocked",
        r"your (?:ip|request) (?:has been|was) (?:blocked|rejected)|unusual (?:traffic|activity) from your",
        r"\bray id\b|incident id:|\breference ?#\s?[0-9a-f.]{6,}|performance (?:&|and) security by",
        r"(?:this|our) (?:site|website) (?:is using|uses) a security service",
    ),
)
CONSENT = Hindrance(
    "a consent page about cookies",
    NotAStatement,
    title=_any_of(
        r"before you continue.{0,60}|(?:your )?cookie (?:consent|settings|preferences|policy|notice)",
        r"consent(?: required)?|we value your privacy|(?:your )?privacy (?:settings|choices|preferences)",
        r"your data,? your choice.{0,40}",
    ),
    words=_any_of(
        r"(?:we|partners|this (?:web)?site) (?:may |would like to )?(?:uses?|stores?|sets?) (?:.{0,60} )?cookies\b",
        r"\b(?:accept|reject|allow|manage) (?:all )?cookies\b|\bcookie (?:settings|preferences|policy)\b",
        r"store and/or access information on a device|your (?:consent|privacy) (?:choices|preferences)",
        r"withdraw your consent",
    ),
)
LOGIN = Hindrance(
    "a login page",
    NotAStatement,
    title=_any_of(
        r"(?:log|sign) ?[io]n(?: to .{0,60}| required)?|login page|members? login",
        r"(?:user )?authentication(?: required)?",
    ),
    words=_any_of(
        r"(?:forgot|forgotten|reset) (?:your )?password|keep me (?:logged|signed) in|please (?:log|sign) in",
        r"(?:log|sign) in to (?:continue|your account|view|read|access)",
        r"(?:enter|type) your (?:user ?name|password|e-?mail)",
    ),
)
MISSING = Hindrance(
    "a page saying that there is no such page",
    NotAStatement,
    title=_any_of(
        r"(?:error:? ?)?404(?:[ :–-]+.{0,60})?|(?:the )?page (?:was )?not found.{0,40}|not found|page introuvable",
        r"(?:the )?page (?:you (?:are looking for|requested) )?(?:cannot|could not|can.t) be found",
        r"page (?:does not|doesn.t) exist|page (?:unavailable|missing)|oops!?.{0,60}",
    ),
    words=_any_of(
        r"(?:page|document|content|file) (?:that )?you (?:(?:a|we)re looking for|(?:have )?requested|.ve requested)",
        r"(?:page|document) (?:could not|cannot|can.t|was not) (?:be )?found|page (?:no longer exists|has been moved)",
        r"have been (?:moved|removed|renamed) or (?:deleted|moved|removed|renamed)|404 error|check the (?:address|url)",
    ),
)
HINDRANCES = (BLOCK, CONSENT, LOGIN, MISSING)
