"""Reads statements, learns from labels, scores, and shows why."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from classifier.batch.many import score_many as score_many
    from classifier.learning.estimator import StanceClassifier as StanceClassifier
    from classifier.pipeline.extract import extract_cues as extract_cues
    from classifier.scoring.artefact import load_model as load_model
    from classifier.scoring.statement import score as score

_PUBLIC = {
    "StanceClassifier": "classifier.learning.estimator",
    "score": "classifier.scoring.statement",
    "load_model": "classifier.scoring.artefact",
    "score_many": "classifier.batch.many",
    "extract_cues": "classifier.pipeline.extract",
}
__all__ = ["StanceClassifier", "extract_cues", "load_model", "score", "score_many"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - the type is that of the public name
    """Loads a public name when it is first asked for, so that importing a submodule stays cheap."""
    if name in _PUBLIC:
        return getattr(importlib.import_module(_PUBLIC[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
