"""Languages of statements; too little to tell gives nothing rather than a wrong answer."""

import sys

import pytest

from scraper.language import FEW_WORDS, _is_english_throughout, detect_language

ENGLISH = (
    "The Council met at noon and agreed that the harbour should be opened again before the ice closes the sound, and "
    "that the cost of it should be shared by all of those who use it."
)


@pytest.mark.parametrize(
    ("text", "language", "reason"),
    [
        (ENGLISH, "en", "plain English"),
        (ENGLISH.upper(), "en", "in capitals"),
        (ENGLISH * 500, "en", "at length"),
        ("We will defend every inch of our territory with all the means that we have.", "en", "a clear sentence"),
        (
            "Les ministres ont appris avec inquiétude que deux câbles ont été endommagés pendant la nuit, et "
            "ils remercient "
            "les équipages qui ont porté secours aux marins.",
            "fr",
            "French",
        ),
        (
            "Die Minister haben mit Sorge erfahren, dass zwei Kabel in der Nacht beschädigt worden sind, und "
            "danken den "
            "Besatzungen, die den Seeleuten geholfen haben.",
            "de",
            "German",
        ),
        (
            "Министры с тревогой узнали, что ночью были повреждены два кабеля, и благодарят экипажи, "
            "пришедшие на помощь "
            "морякам, за их мужество и терпение.",
            "ru",
            "Russian",
        ),
        (
            "Ministrowie z niepokojem dowiedzieli się, że w nocy uszkodzone zostały dwa kable, i dziękują "
            "załogom, które "
            "pomogły marynarzom wrócić do portu.",
            "pl",
            "Polish",
        ),
        (
            "Міністри з тривогою дізналися, що вночі було пошкоджено два кабелі, і дякують екіпажам, які прийшли на "
            "допомогу морякам у протоці.",
            "uk",
            "Ukrainian",
        ),
        (
            "Los ministros supieron con preocupación que dos cables habían sido dañados durante la noche y "
            "dan las gracias "
            "a las tripulaciones que ayudaron a los marinos.",
            "es",
            "Spanish",
        ),
        (
            "Ministrene har med bekymring hørt at to kabler ble skadet i løpet av natten, og de takker "
            "mannskapene som kom "
            "sjøfolkene til hjelp i sundet.",
            "no",
            "Norwegian",
        ),
        (
            "Bakanlar gece iki kablonun hasar gördüğünü endişeyle öğrendiler ve denizcilere yardıma gelen mürettebata "
            "sabırları ve cesaretleri için teşekkür ettiler.",
            "tr",
            "Turkish",
        ),
        ("Мы осуждаем это нарушение воздушного пространства.", "ru", "few words, but another script"),
        ("Le Conseil condamne fermement cette violation de l'espace aérien.", "fr", "few words, clearly French"),
        (
            "President Muster spoke today with President Tayyıp Örnekoğlu of Türkiye.",
            None,
            "English with foreign names",
        ),
        ("Hello", None, "a word"),
        ("NATO", None, "a name"),
        ("Statement by the North Atlantic Council", None, "a title tells too little"),
        ("Jens Muster Ardal Dolna Kaldi", None, "names"),
        ("12 345 67 %", None, "figures"),
        ("", None, "nothing"),
        ("\ud800 \udfff", None, "halves of characters"),
    ],
)
def test_detect_language(text, language, reason):
    assert detect_language(text) == language, reason


def test_short_english_is_never_taken_for_another_language():
    words = ENGLISH.split()
    for length in range(1, FEW_WORDS):
        for start in range(0, len(words) - length, 5):
            assert detect_language(" ".join(words[start : start + length])) in ("en", None)


def test_clear_english_loads_no_detector(monkeypatch):
    monkeypatch.setitem(sys.modules, "py3langid", None)
    assert detect_language(ENGLISH) == "en"


FRENCH = (
    "Les ministres ont appris avec inquiétude que deux câbles ont été endommagés pendant la nuit, et ils remercient les "
    "équipages qui ont porté secours aux marins. Le Conseil se réunira de nouveau demain afin d'examiner les faits. "
)


@pytest.mark.parametrize(
    ("text", "quick", "reason"),
    [
        (f"{ENGLISH} " * 8, True, "English at length"),
        (f"{ENGLISH} ", False, "too short to tell so"),
        (FRENCH * 8, False, "French"),
        (f"{ENGLISH} " * 6 + FRENCH * 3, False, "a third is French, at the end"),
        (FRENCH * 3 + f"{ENGLISH} " * 6, False, "a third is French, at the head"),
        (f"{ENGLISH} {FRENCH * 2}" * 4, False, "French between the English"),
        (f"{ENGLISH} ".upper() * 8, False, "capitals are left to the slower tests"),
    ],
)
def test_only_what_is_english_throughout_is_told_without_parting_words(text, quick, reason):
    assert _is_english_throughout(text) is quick, reason
