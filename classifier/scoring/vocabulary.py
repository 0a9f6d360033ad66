"""From the terms and cues of a sentence to the columns of a model's weight matrix."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from spacy.lang.en.stop_words import STOP_WORDS

from classifier.pipeline.evidence import Cue, Reading
from classifier.pipeline.terms import INITIAL, NAME, stem

LONGEST_NGRAM = 3


class Vocabulary:
    """N-grams of terms (1 to 3) and cue features, each with its column.

    The n-grams are closed under prefixes: "will respond to" is there only if "will respond" and
    "will" are. So a sentence is counted with one look-up a term and few more, however many n-grams
    there are.

    Args:
        ngrams: n-grams, their terms parted by a blank, in the order of their columns.
        features: names of cue features, whose columns follow those of the n-grams.
        known: terms that occur in lower case; a capitalised first word that is not among them is a name.
    """

    def __init__(self, ngrams: Sequence[str], features: Sequence[str], known: Iterable[str] = ()) -> None:
        self.ngrams = tuple(ngrams)
        self.features = tuple(features)
        self.known = frozenset(known)
        self._first: dict[str, int] = {}
        self._next: dict[int, dict[str, int]] = defaultdict(dict)
        columns: dict[str, int] = {}
        for column, ngram in enumerate(self.ngrams):
            columns[ngram] = column
            head, _, last = ngram.rpartition(" ")
            if not head:
                self._first[ngram] = column
            elif head in columns:
                self._next[columns[head]][last] = column
            else:
                raise ValueError(f"n-gram {ngram!r} stands before its prefix {head!r}")
        self._next = dict(self._next)
        self._feature = {name: len(self.ngrams) + i for i, name in enumerate(self.features)}

    def __len__(self) -> int:
        return len(self.ngrams) + len(self.features)

    def name(self, column: int) -> str:
        """What a column stands for: an n-gram, or a cue feature such as `cue:posture_action`."""
        return self.ngrams[column] if column < len(self.ngrams) else self.features[column - len(self.ngrams)]

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

    def ngram_columns(self, words: Sequence[str]) -> list[int]:
        """Columns of the n-grams of stems that occur among resolved words, each once, in order."""
        stems = [stem(word) for word in words]
        first, following, count = self._first, self._next, len(stems)
        columns: dict[int, None] = {}
        for i, word in enumerate(stems):
            column = first.get(word)
            reach = i + 1
            while column is not None:
                columns[column] = None
                longer = following.get(column)
                if longer is None or reach >= count:
                    break
                column = longer.get(stems[reach])
                reach += 1
        return list(columns)

    def feature_columns(self, names: Iterable[str]) -> list[int]:
        """Columns of the cue features that the model knows, each once, in order."""
        table = self._feature
        return list(dict.fromkeys(table[name] for name in names if name in table))


def cue_feature(cue: Cue) -> str:
    """Name of the feature that a cue sets: its category and its qualifiers.

    Single rows are no features: their hits on the texts they were written from flatter them.
    """
    return f"cue:{cue.category}{''.join('+' + qualifier for qualifier in cue.qualifiers)}"


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
