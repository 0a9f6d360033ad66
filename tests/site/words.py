"""Sentences put together from phrases of ours; the same seed gives the same words."""

from __future__ import annotations

import random

_SYLLABLES = "ar dal kal di mor ven ost lin ra tho bel na sur vik el ga har pel to mi zu ner ka lom".split()

_ENGLISH_ACTORS = (
    "The harbour masters",
    "The keepers of the lights",
    "Our pilots",
    "The crews of the northern ferries",
    "The members of the buoy commission",
    "The engineers of the strait",
    "The coastal wardens",
    "The surveyors of the sound",
    "The ministers who share the river",
    "The ambassadors of the lagoon states",
)
_ENGLISH_DEEDS = (
    "have agreed to strengthen",
    "will keep under review",
    "remain deeply concerned about",
    "have decided to move forces towards",
    "strongly condemn the closing of",
    "will consult again on the future of",
    "have taken note of the report on",
    "call on all parties to respect",
    "stand ready to defend",
    "will not accept any threat to",
    "have examined the cost of",
    "welcome the talks that were held on",
)
_ENGLISH_THINGS = (
    "the cable that runs past {place}",
    "the watch at {place}",
    "the batteries above the port of {place}",
    "the treaty that was signed in {place}",
    "the patrols between {place} and {other}",
    "the lighthouse of {place}",
    "the passage from {place} to {other}",
    "the stores that were laid down at {place}",
    "the air above {place}",
    "the fishing grounds which lie off {place}",
)
_ENGLISH_TAILS = (
    "and they will report before the {count}th day of the month",
    "after {count} vessels were seen there without lights",
    "with the support of {count} of their neighbours",
    "in line with what was said in {other}",
    "for as long as the {count} stations need it",
    "by the means that are available to them in {other}",
    "because {count} seamen from {other} were put at risk",
    "without any change to the share that {other} bears",
)
_FRENCH_ACTORS = (
    "Les capitaines du port",
    "Les gardiens des phares",
    "Nos pilotes",
    "Les équipages des bacs du nord",
    "Les membres de la commission des bouées",
    "Les ministres qui partagent le fleuve",
)
_FRENCH_DEEDS = (
    "ont décidé de renforcer",
    "continueront de suivre avec attention",
    "restent très préoccupés par",
    "condamnent fermement la fermeture de",
    "ont pris note du rapport sur",
    "demandent à toutes les parties de respecter",
)
_FRENCH_THINGS = (
    "la ligne qui passe devant {place}",
    "la garde de {place}",
    "le traité qui a été signé à {place}",
    "la patrouille entre {place} et {other}",
    "la route de {place} vers {other}",
)
_FRENCH_TAILS = (
    "et ils feront rapport dans les {count} jours",
    "après que {count} navires y ont été vus sans feux",
    "avec le soutien de {count} de leurs voisins",
    "selon ce qui a été dit à {other}",
)
_PHRASES = {
    "en": (_ENGLISH_ACTORS, _ENGLISH_DEEDS, _ENGLISH_THINGS, _ENGLISH_TAILS),
    "fr": (_FRENCH_ACTORS, _FRENCH_DEEDS, _FRENCH_THINGS, _FRENCH_TAILS),
}


def make_place(dice: random.Random) -> str:
    """A name that no place has."""
    return "".join(dice.choice(_SYLLABLES) for _ in range(dice.randint(2, 4))).capitalize()


def make_sentence(dice: random.Random, language: str = "en") -> str:
    """One sentence in English or French."""
    words = " ".join(dice.choice(phrases) for phrases in _PHRASES[language])
    return words.format(place=make_place(dice), other=make_place(dice), count=dice.randint(4, 97)) + "."


def make_paragraphs(dice: random.Random, *, language: str = "en", fewest: int = 3, most: int = 9) -> tuple[str, ...]:
    """Paragraphs of one to four sentences, none like another."""
    return tuple(" ".join(make_sentence(dice, language) for _ in range(dice.randint(2, 4))) for _ in range(dice.randint(fewest, most)))
