"""Scores made by hand, so that renderers are tested without a model deciding the outcome."""

from classifier.desk.outcome import Scored
from classifier.desk.reasons import Reason
from classifier.pipeline.evidence import Cue
from classifier.scoring.verdict import Contribution, ParagraphScore, ReleaseScore, SentenceScore
from scraper.release import Paragraph, Provenance, Release

TEXT = "Allies will respond. They remain in close contact."
RESPOND, CONTACT = TEXT.index("will respond"), TEXT.index("remain in close contact")


def make_scored(
    verdict,
    *,
    text=TEXT,
    title="A title",
    source="made.txt",
    url=None,
    archived=False,
    probability=0.87,
    interval=(0.79, 0.93),
    classes=("hawkish", "cautious"),
    cues=None,
    signals=None,
):
    """A score of two sentences in two paragraphs; `probability` is of the first class, with two of them."""
    poles = len(classes) == 2
    by_class = {classes[0]: probability, classes[1]: 1 - probability}
    if not poles:
        by_class = {name: 1 / len(classes) for name in classes}
    if cues is None:
        cues = (
            Cue("t.respond", "threat_of_consequence", "hawkish", RESPOND, RESPOND + 12, 0),
            Cue("c.contact", "contact_and_consultation", "cautious", CONTACT, CONTACT + 23, 1, ("reported",)),
        )
    middle = min(20, len(text))
    sentences = (
        SentenceScore(0, middle, classes[0], by_class, tuple(i for i, cue in enumerate(cues) if cue.sentence == 0)),
        SentenceScore(middle, len(text), classes[1], by_class, tuple(i for i, c in enumerate(cues) if c.sentence == 1)),
    )
    outcome = None if poles else verdict
    result = ReleaseScore(
        verdict=verdict,
        probabilities=by_class,
        probability=probability if poles else None,
        interval=interval if poles else None,
        index=0.0 if poles else None,
        stance_probability=0.6 if poles else None,
        paragraphs=(
            ParagraphScore(0, middle, 0.9 if poles else None),
            ParagraphScore(middle, len(text), 0.2 if poles else None),
        ),
        sentences=sentences,
        cues=cues,
        contributions=(
            Contribution("cue:threat_of_consequence", 1.5, 0, outcome),
            Contribution("close contact", -0.5, 1, outcome),
        ),
        intercept=0.25,
        signals=signals or {},
        model={"name": "made", "version": "1", "lexicon": "0" * 64},
    )
    release = Release(
        id="made",
        text=text,
        paragraphs=(Paragraph(0, middle), Paragraph(middle, len(text))),
        provenance=Provenance(source=source, layout="text", url=url, archived=archived),
        title=title,
        date="2025-09-10",
        date_source="issued",
        language="en",
        url=url,
    )
    reasons = tuple(Reason(cue.start, cue.end, cue.sentence, 1.5 - 2 * number, number) for number, cue in enumerate(cues))
    return Scored(release, result, reasons)
