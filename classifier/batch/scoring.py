"""Many texts, one model: the one place where the batch meets the arithmetic of scoring."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from classifier.batch.record import Fault
from classifier.scoring.artefact import AnyModel
from classifier.scoring.errors import ModelError
from classifier.scoring.statement import TOGETHER, score, score_each
from classifier.scoring.verdict import ReleaseScore
from scraper.release import Release


def score_chunk(releases: Sequence[Release], model: AnyModel) -> Iterator[ReleaseScore | Fault]:
    """Scores releases, each as `score` does, to the last bit; one that cannot be scored costs the others nothing.

    Raises:
        ModelError: the model cannot be used.
    """
    for start in range(0, len(releases), TOGETHER):
        group = releases[start : start + TOGETHER]
        try:
            found: list[ReleaseScore | Fault] = list(score_each(group, model=model))
        except ModelError:
            raise
        except Exception:  # noqa: BLE001 - one of them is poisoned: they are taken one by one
            found = [score_alone(release, model) for release in group]
        yield from found


def score_alone(release: Release, model: AnyModel) -> ReleaseScore | Fault:
    """The score of a release, or why there is none: whatever goes wrong with one text is said in its row.

    Raises:
        ModelError: the model cannot be used, which concerns every text.
    """
    try:
        return score(release, model=model)
    except ModelError:
        raise
    except Exception as error:  # noqa: BLE001 - nobody knows what a poisoned text will raise
        return Fault("not_scored", f"{type(error).__name__}: {' '.join(str(error).split())[:200]}")
