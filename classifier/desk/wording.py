"""How results are worded: of the language, never of what anybody will do."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from classifier.desk.outcome import Scored
from classifier.scoring.verdict import NO_STANCE, ReleaseScore

SIGNAL_NAMES = {
    "response_force": "Response-force language",
    "unilateral_action": "Unilateral action",
    "deterrence_cost": "Deterrence cost",
    "dull_middle": "Resources, standards, review",
    "article_4": "Article 4",
    "article_5": "Article 5",
    "attribution": "Attribution and demands",
    "assessment": "Monitoring and evidence",
    "hybrid": "Hybrid and grey zone",
    "consensus": "Consensus",
    "contact": "Contact and consultation",
}
KIND_NAMES = {
    "H1": "posture",
    "H2": "commitment, cost or threat",
    "H3": "blame with a demand",
    "C1": "contact and monitoring",
    "C3": "de-escalation and self-limits",
    "C5": "concern without a measure",
    "N": "no stance",
}
"""Kinds of evidence, by the codebook's codes; the order is that of telling."""
MOST_PHRASES = 6

_LANGUAGES = {
    **{"ar": "Arabic", "az": "Azerbaijani", "be": "Belarusian", "bg": "Bulgarian", "bs": "Bosnian", "ca": "Catalan"},
    **{"cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "es": "Spanish", "et": "Estonian"},
    **{"fa": "Persian", "fi": "Finnish", "fr": "French", "he": "Hebrew", "hr": "Croatian", "hu": "Hungarian"},
    **{"hy": "Armenian", "is": "Icelandic", "it": "Italian", "ja": "Japanese", "ka": "Georgian", "ko": "Korean"},
    **{"lt": "Lithuanian", "lv": "Latvian", "mk": "Macedonian", "nl": "Dutch", "no": "Norwegian", "pl": "Polish"},
    **{"pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sl": "Slovenian", "sq": "Albanian"},
    **{"sr": "Serbian", "sv": "Swedish", "tr": "Turkish", "uk": "Ukrainian", "zh": "Chinese"},
}


@dataclass(frozen=True, slots=True)
class Finding:
    """A signal in words: how many phrases raise it, how many of them stand without a qualifier, and the phrases."""

    name: str
    count: int
    asserted: int
    phrases: tuple[str, ...]

    @property
    def numbers(self) -> str:
        """The count, and how many of it are asserted where that is not all."""
        if not self.count:
            return "none"
        return str(self.count) if self.asserted == self.count else f"{self.count}, {self.asserted} asserted"


def find_poles(result: ReleaseScore) -> tuple[str, str] | None:
    """The two poles of the model, the first being that of `probability`; null for a model of other classes."""
    if result.probability is None:
        return None
    first, second = result.probabilities
    return first, second


def show_probability(value: float) -> str:
    """Two decimals, without claiming certainty where rounding would."""
    if value < 0.005:
        return "below 0.01"
    return "above 0.99" if value > 0.995 else f"{value:.2f}"


def summarise(result: ReleaseScore) -> str:
    """The verdict as one sentence on the language, with its probability and interval."""
    poles = find_poles(result)
    if result.verdict == NO_STANCE:
        lean = f" (were it to take one: {poles[0]} {_chance(result, poles[0])})" if poles else ""
        return f"The language takes no clear stance{lean}"
    return f"The language is {result.verdict} ({_chance(result, result.verdict)})"


def _chance(result: ReleaseScore, outcome: str) -> str:
    """The probability of an outcome and, of a pole, its interval."""
    chance = show_probability(result.probabilities[outcome])
    poles = find_poles(result)
    if poles is None or result.interval is None:
        return chance
    low, high = result.interval
    if outcome == poles[1]:
        low, high = 1 - high, 1 - low
    return f"{chance}; {show_probability(low)} to {show_probability(high)}"


def find_findings(scored: Scored) -> list[Finding]:
    """The signals of a text in the order of `SIGNAL_NAMES`, with the words that raise them."""
    found = []
    for key, name in SIGNAL_NAMES.items():
        signal: Mapping[str, Any] = scored.result.signals.get(key, {})
        numbers = signal.get("cues", ())
        phrases = dict.fromkeys(cue_words(scored, number) for number in numbers)
        found.append(Finding(name, signal.get("count", 0), signal.get("asserted", 0), tuple(phrases)[:MOST_PHRASES]))
    return found


def describe_middle(result: ReleaseScore) -> str:
    """How the middle third of the sentences leans beside the others; empty where the model has no poles."""
    poles, middle = find_poles(result), result.signals.get("middle")
    if poles is None or not middle or middle["opening"] is None or middle["closing"] is None:
        return ""
    told = f"leans {middle['middle']:+.2f}, the opening {middle['opening']:+.2f}, the closing {middle['closing']:+.2f}"
    apart = "; it reads otherwise than both" if middle["differs"] else ""
    return f"The middle third {told} (-1 {poles[1]}, +1 {poles[0]}){apart}"


def describe_kinds(result: ReleaseScore) -> str:
    """How many sentences are of each kind of evidence; empty where the model knows no kinds."""
    kinds = Counter(max(s.evidence, key=s.evidence.__getitem__) for s in result.sentences if s.evidence)
    order = [*KIND_NAMES, *sorted(set(kinds) - set(KIND_NAMES))]
    return ", ".join(f"{KIND_NAMES.get(kind, kind)} {kinds[kind]}" for kind in order if kinds[kind])


def describe_contact(result: ReleaseScore) -> str:
    """A sentence where contact is named and no response force; else empty."""
    return "Contact is named, and no response-force language is asserted" if result.signals.get("only_contact") else ""


def cue_words(scored: Scored, number: int) -> str:
    """The words of a cue as they stand in the text, blanks made single."""
    cue = scored.result.cues[number]
    return " ".join(scored.release.text[cue.start : cue.end].split())


def reason_words(scored: Scored, number: int) -> str:
    """The words of a reason as they stand in the text, blanks made single."""
    reason = scored.reasons[number]
    return " ".join(scored.release.text[reason.start : reason.end].split())


def paragraph_of(scored: Scored, sentence: int) -> int:
    """The number of a sentence's paragraph, counted from 1."""
    starts = [paragraph.start for paragraph in scored.result.paragraphs]
    return max(bisect_right(starts, scored.result.sentences[sentence].start), 1)


def describe_kind(category: str, qualifiers: tuple[str, ...]) -> str:
    """A cue's category and qualifiers in words."""
    return ", ".join([name_category(category), *qualifiers])


def name_category(category: str) -> str:
    """A cue's category in words."""
    return category.replace("de_escalation", "de-escalation").replace("self_", "self-").replace("_", " ")


def describe_origin(scored: Scored) -> str:
    """Where the text was read, on one line; a capture of an archive is named as such."""
    release = scored.release
    provenance = release.provenance
    parts = [provenance.source]
    if release.date:
        parts.append(f"{release.date} ({release.date_source})")
    if provenance.archived:
        parts.append(f"archived copy (Internet Archive) of {release.url}")
    elif release.url and release.url != provenance.source:
        parts.append(release.url)
    return " · ".join(parts)


def name_language(code: str) -> str:
    """A language's English name, or its code where it has none here."""
    return _LANGUAGES.get(code, code)
