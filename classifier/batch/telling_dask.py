"""joblib's Dask backend, made to survive workers that die.

As of joblib 1.6 it reports what a task raises, but not that Dask gave a task up (KilledWorker): whoever
takes the results then waits for ever.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from joblib import register_parallel_backend
from joblib._dask import DaskDistributedBackend

NAME = "nac_dask"


class TellingDask(DaskDistributedBackend):  # type: ignore[misc]
    """Hands on the errors of Dask itself as it does those of tasks."""

    def effective_n_jobs(self, n_jobs: int) -> int:
        """Cores of the cluster, at least 2: for one alone (the other may just have died) joblib would work in this process."""
        return max(2, int(super().effective_n_jobs(n_jobs)))

    def submit(self, func: Any, callback: Callable[[Any], None] | None = None) -> Future[Any]:  # noqa: ANN401 - joblib's batch of calls
        """Submits a task; `callback` also hears of a task that was given up."""
        future: Future[Any] = super().submit(func, callback)

        def tell(done: Future[Any]) -> None:
            if callback is not None and (error := done.exception()) is not None:
                callback(error)

        future.add_done_callback(tell)
        return future


def register() -> str:
    """Makes the backend known to joblib; answers with its name."""
    register_parallel_backend(NAME, TellingDask)
    return NAME
