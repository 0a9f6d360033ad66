"""From the terms and cues of a sentence to the columns of a model's weight matrix."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np
from spacy.lang.en.stop_words import STOP_WORDS

from classifier.pipeline.evidence import CUE_KINDS, Cue, Reading
from classifier.pipeline.terms import INITIAL, NAME, stem
from classifier.scoring.ngrams import LONGEST_NGRAM, LongerTable, Numbers, read_ngrams

_MANY_WORDS = 5_000  # in one go: more will come
_NOT_ASKED = -2


class Vocabulary:
    """N-grams of terms (1 to 3) and cue features, each with its column.

    The n-grams are closed under prefixes: "will respond to" is there only if "will respond" and
    "will" are. So a sentence is counted with one look-up a term and few more, however many n-grams
    there are.

    Args:
        ngrams: n-grams, their terms parted by a blank, in the order of their columns; or the same as lines, each closed.
        features: names of cue features, whose columns follow those of the n-grams.
        known: terms that occur in lower case; a capitalised first word that is not among them is a name.
    """

    def __init__(self, ngrams: Sequence[str] | str, features: Sequence[str], known: Iterable[str] = ()) -> None:
        table = read_ngrams(ngrams if isinstance(ngrams, str) else "".join(f"{ngram}\n" for ngram in ngrams))
        self._table = table
        self._count = len(table.heads)
        self.features = tuple(features)
        self.known = frozenset(known)
        self.codes = table.codes
        single, longer = np.flatnonzero(table.heads < 0), np.flatnonzero(table.heads >= 0)
        self.firsts = np.full(len(self.codes) + 1, -1, np.int64)
        self.firsts[table.lasts[single]] = single
        self._longer = LongerTable(table.heads[longer], table.lasts[longer], longer, len(self.codes))
        self._features = {name: self._count + i for i, name in enumerate(self.features)}
        self._of_cues = np.full(len(CUE_KINDS), _NOT_ASKED)

    def __len__(self) -> int:
        return self._count + len(self.features)

    @cached_property
    def ngrams(self) -> tuple[str, ...]:
        """The n-grams in the order of their columns."""
        return tuple(map(self._table.name, range(self._count)))

    def name(self, column: int) -> str:
        """What a column stands for: an n-gram, or a cue feature such as `cue:posture_action`."""
        return self._table.name(column) if column < self._count else self.features[column - self._count]

    def resolve(self, terms: Sequence[str]) -> list[str]:
        """Decides of each capitalised word whether it is a name; a run of names is one.

        A word that also occurs in lower case is a name all the same before one that does not ("Mark
        Rutte"), unless it is a function word ("No Polish battery", "In Warsaw").
        """
        known = self.known
        words: list[str] = []
        for term in reversed(terms):
            if term[0] == INITIAL:
                word = term[1:]
                named = word not in known or (word not in STOP_WORDS and bool(words) and words[-1] == NAME)
                term = NAME if named else word
            if term != NAME or not words or words[-1] != NAME:
                words.append(term)
        words.reverse()
        return words

    def longer(self, prefixes: Numbers, codes: Numbers) -> Numbers:
        """Columns of the n-grams that add a word, by its code, to a shorter one, by its column; -1 where there is none."""
        return self._longer.find(prefixes, codes)

    def ngram_columns(self, words: Sequence[str]) -> list[int]:
        """Columns of the n-grams of stems that occur among resolved words, each once."""
        codes = np.array([self.codes.get(stem(word), -1) for word in words], np.int64)
        columns, _ = self.find_ngrams(codes, np.zeros(len(codes), np.int64))
        return sorted(set(columns.tolist()))

    def find_ngrams(self, codes: Numbers, sentences: Numbers) -> tuple[Numbers, Numbers]:
        """Columns of all n-grams, and the sentence of each; none reaches from one sentence into the next.

        Args:
            codes: of the words of all sentences end to end, -1 for unknown ones.
            sentences: the number of each word's sentence, rising.
        """
        if len(codes) > _MANY_WORDS:
            self._longer.make_ready_for_many()
        goes_on = np.zeros(len(codes), bool)  # whether a known word of the same sentence follows
        goes_on[:-1] = (sentences[1:] == sentences[:-1]) & (codes[1:] >= 0)
        columns = self.firsts.take(codes)
        at = np.flatnonzero(columns >= 0)
        columns = columns.take(at)
        found, owners = [columns], [sentences.take(at)]
        last = at  # the last word of each n-gram
        for _ in range(1, LONGEST_NGRAM):
            some = np.flatnonzero(goes_on.take(last))
            last = last.take(some) + 1
            columns = self.longer(columns.take(some), codes.take(last))
            some = np.flatnonzero(columns >= 0)
            columns, last = columns.take(some), last.take(some)
            found.append(columns)
            owners.append(sentences.take(last))
        return np.concatenate(found), np.concatenate(owners)

    def cue_columns(self, kinds: Numbers) -> Numbers:
        """The column of what cues set, by their kinds (see `evidence.number_kind`); -1 where the model does not know it."""
        columns = self._of_cues[kinds]
        for kind in set(kinds[columns == _NOT_ASKED].tolist()):
            self._of_cues[kind] = self._features.get(feature_name(*CUE_KINDS[kind]), -1)
        found: Numbers = self._of_cues[kinds]
        return found


def cue_feature(cue: Cue) -> str:
    """Name of the feature that a cue sets: its category and its qualifiers.

    Single rows are no features: their hits on the texts they were written from flatter them.
    """
    return feature_name(cue.category, cue.qualifiers)


def feature_name(category: str, qualifiers: Sequence[str]) -> str:
    """As `cue_feature`, of the two apart."""
    return f"cue:{category}{''.join('+' + qualifier for qualifier in qualifiers)}"


def features_by_sentence(reading: Reading) -> list[list[str]]:
    """For each sentence of a text, the names of its features from cues and from its place in the text."""
    names: list[list[str]] = [[] for _ in reading.sentences]
    for cue in reading.cues:
        names[cue.sentence].append(cue_feature(cue))
    return names


def grow_ngrams(sentences: Iterable[Sequence[str]], *, least: int, longest: int = LONGEST_NGRAM) -> list[str]:
    """The n-grams that occur in at least `least` sentences, prefixes before what they begin.

    Args:
        sentences: stems of the resolved words of each sentence.
        least: in how many sentences an n-gram must occur.
        longest: terms in one n-gram at most.
    """
    counts: dict[str, int] = defaultdict(int)
    for terms in sentences:
        for ngram in {" ".join(terms[i : i + n]) for n in range(1, longest + 1) for i in range(len(terms) - n + 1)}:
            counts[ngram] += 1
    kept = [ngram for ngram, count in counts.items() if count >= least]
    return sorted(kept, key=lambda ngram: (ngram.count(" "), ngram))


def lower_case_terms(sentences: Iterable[Sequence[str]]) -> set[str]:
    """Terms that occur unmarked, hence in lower case, anywhere in the given sentences."""
    return {term for terms in sentences for term in terms if term[0] != INITIAL}
