"""Golden texts: what a model said when it was made, so that each machine can see whether it says the same."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from classifier.scoring.artefact import AnyModel
from classifier.scoring.errors import ModelError
from classifier.scoring.statement import score

GOLDEN_TOLERANCE = 1e-9
ENCODER_TOLERANCE = 1e-3
"""An encoder reckons in single precision, whose last digits differ from machine to machine."""


def check_golden(model: AnyModel) -> float:
    """Scores the model's golden texts and compares with what it gave when it was made.

    Returns:
        The largest difference of a probability, at most 1e-9.

    Raises:
        ModelError: it has no golden texts, they cannot be scored, or a probability differs by more; the message names
            the versions then and now.
    """
    golden = model.manifest.get("golden")
    if not golden:
        raise ModelError(f"model {model.name} has no golden texts to prove it on", hint="train it again")
    off = max(_golden_difference(row, model) for row in golden)
    if not off <= (ENCODER_TOLERANCE if getattr(model, "encoder", None) else GOLDEN_TOLERANCE):
        raise ModelError(
            f"model {model.name} does not predict here what it did when it was made (off by {off:.2g}): "
            f"made with {_versions(model.manifest.get('versions') or {})}, here {_versions(here())}",
            hint="install the versions it was made with, or train it again",
        )
    return off


def _golden_difference(golden: Mapping[str, Any], model: AnyModel) -> float:
    """Infinite where the text has other outcomes now, or where a number is none."""
    try:
        with np.errstate(all="ignore"):
            found = score(golden["text"], model=model).probabilities
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, ArithmeticError, RecursionError) as error:
        raise ModelError(f"model {model.name} cannot score its golden texts: {str(error)[:200]}", hint="do not use this model") from error
    if set(found) != set(golden["probabilities"]):
        return math.inf
    differences = [abs(found[name] - value) for name, value in golden["probabilities"].items()]
    return max(differences) if all(map(math.isfinite, differences)) else math.inf


def here() -> dict[str, str]:
    """Versions of the libraries that scoring rests on."""
    from importlib.metadata import version

    return {"numpy": np.__version__, "spacy": version("spacy")}


def _versions(versions: dict[str, str]) -> str:
    return ", ".join(f"{name} {number}" for name, number in sorted(versions.items()))
