"""What a score says beyond its verdict: sentences, paragraphs, signals, contributions; worked out for who looks at them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from classifier.pipeline.evidence import Cue, Reading
from classifier.pipeline.signals import read_signals
from classifier.scoring.aggregate import segment_aggregates
from classifier.scoring.artefact import Model
from classifier.scoring.document import weigh_documents
from classifier.scoring.explain import Explanation, middle_signal
from classifier.scoring.figures import Figures, text_log_odds
from classifier.scoring.verdict import Contribution, ParagraphScore, SentenceScore
from classifier.scoring.weigh import Counted
from scraper.release import Paragraph


@dataclass(frozen=True)
class Details:
    """Texts that were counted together, each with its paragraphs, and all that is needed to tell of one of them, by number."""

    texts: Sequence[tuple[Reading, Sequence[Paragraph]]]
    counted: Counted
    figures: Figures
    model: Model

    def sentences(self, text: int) -> tuple[SentenceScore, ...]:
        """The scores of its sentences."""
        reading, classes = self.texts[text][0], self.model.classes
        cues: list[tuple[int, ...]] = [()] * len(reading.sentences)
        for number, cue in enumerate(reading.cues):
            cues[cue.sentence] += (number,)
        probabilities, evidence = self.figures.probabilities[self._span(text)], self.figures.evidence[self._span(text)].tolist()
        kinds = self.model.evidence if len(self.model.evidence) > len(classes) else ()
        by_kind = [dict(zip(kinds, row, strict=True)) if kinds else {} for row in evidence]
        best = probabilities.argmax(axis=1).tolist() if len(probabilities) else []
        return tuple(
            SentenceScore(s.start, s.end, classes[b], dict(zip(classes, row, strict=True)), own, kind)
            for s, b, row, own, kind in zip(reading.sentences, best, probabilities.tolist(), cues, by_kind, strict=True)
        )

    def cues(self, text: int) -> tuple[Cue, ...]:
        """Its cues."""
        return self.texts[text][0].cues

    def paragraphs(self, text: int) -> tuple[ParagraphScore, ...]:
        """The scores of its paragraphs, null where one has no sentence; a lone one has that of the text."""
        reading, paragraphs = self.texts[text]
        probability = sigmoid(float(self.figures.log_odds[text, 0])) if self.model.poles else None
        begins: dict[int, int] = {}
        for number, sentence in enumerate(reading.sentences, int(self.counted.starts[text])):
            begins.setdefault(sentence.paragraph, number)
        scores = []
        for number, paragraph in enumerate(paragraphs):
            value = None
            if probability is not None and number in begins:
                log_odds = self._paragraph_log_odds.get(begins[number])
                value = probability if log_odds is None else sigmoid(log_odds)
            scores.append(ParagraphScore(paragraph.start, paragraph.end, value))
        return tuple(scores)

    def signals(self, text: int) -> dict[str, Any]:
        """What its cues and its middle tell."""
        reading = self.texts[text][0]
        return read_signals(reading) | middle_signal(self.figures.probabilities[self._span(text)], len(reading.sentences), self.model)

    def contributions(self, text: int) -> tuple[Contribution, ...]:
        """What each feature adds, the weightiest first."""
        span = self._span(text)
        return Explanation(self.counted, text, self.figures.logits[span], self.figures.evidence[span], self.model).contributions()

    def _span(self, text: int) -> slice:
        return slice(int(self.counted.starts[text]), int(self.counted.starts[text + 1]))

    @cached_property
    def _paragraph_log_odds(self) -> dict[int, float]:
        """Log-odds of each paragraph as if it stood alone, by its first sentence; texts of one paragraph are left out."""
        counted, model = self.counted, self.model
        owners = np.full(counted.total, -1)
        starts: list[int] = []
        ends: list[int] = []
        at = 0
        for reading, _ in self.texts:
            own = reading.tally.paragraphs.tolist()
            if model.poles and own and own[0] != own[-1]:
                for i, paragraph in enumerate(own):
                    if not i or paragraph != own[i - 1]:
                        starts.append(at + i)
                        ends.append(at + i)
                    ends[-1] += 1
                    owners[at + i] = len(starts) - 1
            at += len(own)
        if not starts:
            return {}
        summed = segment_aggregates(self.figures.evidence, np.array(starts), np.array(ends))
        documents = weigh_documents(counted, owners, model.document_scale)
        return dict(zip(starts, text_log_odds(summed, documents, model)[:, 0].tolist(), strict=True))


def sigmoid(x: float) -> float:
    """The probability of log-odds."""
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))
