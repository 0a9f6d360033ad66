"""The spaCy component `nac_stance`: the score of a Doc's text in any English pipeline.

It reads the text as `nac score` does, with sentences of its own, so it needs nothing of the
pipeline that it stands in and changes nothing there. The result is plain values in
`doc.user_data["nac_stance"]`, also to be had as `doc._.nac_stance`; it survives pickle, DocBin
(with `store_user_data=True`) and worker processes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from classifier.scoring.artefact import load_model
from classifier.scoring.errors import ModelError
from classifier.scoring.identity import model_hash
from classifier.scoring.statement import score
from classifier.scoring.verdict import ReleaseScore, describe_cue

KEY = "nac_stance"
LANGUAGES = ("en", "xx")
_FILE = "model.json"


def read_stance(doc: Doc) -> Any:  # noqa: ANN401 - plain values, or null for a Doc that was not scored
    """What the component left in a Doc: a mapping of plain values, or null."""
    return _with_lists(doc.user_data.get(KEY))


def _with_lists(value: Any) -> Any:  # noqa: ANN401 - plain values of any kind
    """The same values with lists for tuples, which DocBin makes of them."""
    if isinstance(value, dict):
        return {name: _with_lists(item) for name, item in value.items()}
    return [_with_lists(item) for item in value] if isinstance(value, list | tuple) else value


class StanceScorer:
    """Scores each Doc with one model.

    Args:
        model: name or folder of a model; null for the one in use.
        expected: the hash that the model must have; null for any.

    Raises:
        ModelError: the model cannot be used, or is another one than expected.
    """

    def __init__(self, model: str | None = None, expected: str | None = None) -> None:
        self._asked = model
        self._model = load_model(model)
        self._hash = model_hash(self._model)
        if expected not in (None, self._hash):
            hashes = f"{str(expected)[:16]}, here {self._hash[:16]}"
            message = f"the pipeline was made with another model of the name {self._model.name!r} ({hashes})"
            raise ModelError(message, hint="install the model that it was made with, or make the pipeline anew")
        if not Doc.has_extension(KEY):
            Doc.set_extension(KEY, getter=read_stance)

    def __call__(self, doc: Doc) -> Doc:
        """Puts the score of the Doc's text into its user data; offsets are characters of `doc.text`."""
        result = score(doc.text, model=self._model)
        doc.user_data[KEY] = {**describe_score(result, doc.text), "model": {**result.model, "hash": self._hash}}
        return doc

    def __reduce__(self) -> tuple[type[StanceScorer], tuple[str | None, str]]:
        return StanceScorer, (self._asked, self._hash)

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """Name and hash of the model; the model itself stays where it is installed."""
        return json.dumps({"model": self._asked, "name": self._model.name, "hash": self._hash}).encode("utf-8")

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> StanceScorer:
        """Takes the model that was noted.

        Raises:
            ModelError: there is none of that name, or another one.
        """
        try:
            noted = json.loads(data)
            asked, expected = noted["model"], str(noted["hash"])
            known = asked if asked is not None else str(noted["name"])
        except (ValueError, KeyError, TypeError) as error:
            raise ModelError("what the pipeline noted of its model cannot be read", hint="make the pipeline anew") from error
        self.__init__(known, expected)  # type: ignore[misc]
        return self

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Writes name and hash of the model into a folder."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _FILE).write_bytes(self.to_bytes())

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> StanceScorer:
        """Takes the model that was noted in a folder.

        Raises:
            ModelError: there is none of that name, or another one, or no note.
        """
        try:
            data = (Path(path) / _FILE).read_bytes()
        except OSError as error:
            raise ModelError(f"{path}: holds no {_FILE} ({error.strerror})", hint="write the pipeline anew with to_disk") from error
        return self.from_bytes(data)


def describe_score(result: ReleaseScore, text: str) -> dict[str, Any]:
    """A score in mappings, lists, strings and numbers alone, as Docs can carry them."""
    return {
        "verdict": result.verdict,
        "probability": result.probability,
        "probabilities": dict(result.probabilities),
        "interval": list(result.interval) if result.interval else None,
        "index": result.index,
        "stance_probability": result.stance_probability,
        "sentences": [
            {
                "start": s.start,
                "end": s.end,
                "stance": s.stance,
                "probabilities": dict(s.probabilities),
                "evidence": dict(s.evidence),
                "cues": list(s.cues),
            }
            for s in result.sentences
        ],
        "cues": [describe_cue(cue, text) for cue in result.cues],
        "signals": dict(result.signals),
    }


@Language.factory("nac_stance", assigns=["doc._.nac_stance"], default_config={"model": None})
def create_nac_stance(nlp: Language, name: str, model: str | None) -> Any:  # noqa: ANN401 - spaCy's factories return any callable
    """Makes the component.

    Args:
        nlp: the pipeline, of English or of no language.
        name: the component's name in it.
        model: name or folder of a model; null for the one in use.
    """
    if nlp.lang not in LANGUAGES:
        raise ValueError(f"nac_stance scores English, and this pipeline is of language {nlp.lang!r}: use an English one")
    return StanceScorer(model)
