"""Where chunks run: processes of this machine, or a Dask or Ray cluster that is there already."""

from __future__ import annotations

import os
import threading
import time
import warnings
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from classifier.batch.lost import WorkersLost
from classifier.batch.record import Chunk, Done

Backend = Literal["loky", "dask", "ray"]
PATIENCE = 15
"""Seconds that a Dask cluster has to answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workers:
    """How many processes (`jobs`, -1 for one a core), and where: `address` is that of a cluster."""

    jobs: int = 1
    backend: Backend = "loky"
    address: str | None = None

    @property
    def alone(self) -> bool:
        """Whether this process does it all itself."""
        return self.backend == "loky" and self.count == 1

    @property
    def count(self) -> int:
        """Processes of this machine."""
        return (
            self.jobs
            if self.jobs > 0
            else max(1, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
        )


@dataclass(frozen=True, slots=True)
class Place:
    """Workers that are ready: how many chunks they can do at once."""

    size: int
    local: bool = False

    def run(self, work: Callable[[Chunk], Done], chunks: Iterator[Chunk]) -> Generator[Done, None, None]:
        """Does chunks in the backend that is set, in order, as they come."""
        from joblib import Parallel, delayed

        # A chunk is a task: joblib must neither put several together nor write them to disk.
        parallel = Parallel(n_jobs=max(2, self.size), return_as="generator", batch_size=1, pre_dispatch=self.size + 1, max_nbytes=None)
        told = _Watched(work, os.getpid()) if self.local else work
        results = parallel(delayed(told)(chunk) for chunk in chunks)
        try:
            for done in results:  # noqa: UP028 - `yield from` would close `results` before the warning is caught
                yield done
        finally:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # joblib warns who leaves early; we mean to
                results.close()


@dataclass(frozen=True, slots=True)
class _Watched:
    """Work in a process that ends with its parent: loky's own would wait for minutes after a kill -9 of it."""

    work: Callable[[Chunk], Done]
    parent: int

    def __call__(self, chunk: Chunk) -> Done:
        _watch(self.parent)
        return self.work(chunk)


@cache
def _watch(parent: int) -> None:
    """Ends this process when its parent is gone; looked at every second, from the first chunk on."""
    if hasattr(os, "getppid") and os.getppid() == parent:
        threading.Thread(target=_end_after, args=(parent,), daemon=True).start()


def _end_after(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


@contextmanager
def open_place(workers: Workers) -> Iterator[Place]:
    """Sets the backend for as long as it is needed.

    Raises:
        WorkersLost: the cluster is out of reach, or what it needs is not installed.
    """
    from joblib import parallel_config

    with ExitStack() as stack:
        backend, size = {"loky": _loky, "dask": _dask, "ray": _ray}[workers.backend](workers, stack)
        stack.enter_context(parallel_config(backend=backend))
        yield Place(size, local=workers.backend == "loky")


def _loky(workers: Workers, stack: ExitStack) -> tuple[str, int]:
    return "loky", workers.count


def _dask(workers: Workers, stack: ExitStack) -> tuple[str, int]:
    try:
        from distributed import Client, get_client
    except ImportError as error:
        raise _not_installed("dask", "Dask", error) from error
    try:
        client: Any = stack.enter_context(Client(workers.address, timeout=PATIENCE)) if workers.address else get_client()  # type: ignore[no-untyped-call]
        client.wait_for_workers(1, timeout=PATIENCE)
        cores = int(sum(client.ncores().values()))
    except (OSError, ValueError, TimeoutError) as error:
        where = workers.address or "this process"
        raise WorkersLost(f"no Dask cluster answers at {where}", hint="give the address of its scheduler with --address") from error
    from classifier.batch.telling_dask import register

    return register(), max(1, cores)


def _ray(workers: Workers, stack: ExitStack) -> tuple[str, int]:
    try:
        import ray
        from ray.util.joblib import register_ray
    except ImportError as error:
        raise _not_installed("ray", "Ray", error) from error
    try:
        if not ray.is_initialized():
            ray.init(address=workers.address or "auto", log_to_driver=False, logging_level="ERROR")
            stack.callback(ray.shutdown)
        register_ray()
        cores = int(ray.cluster_resources().get("CPU", 1))
    except (OSError, ValueError, RuntimeError) as error:
        where = workers.address or "this machine"
        raise WorkersLost(f"no Ray cluster answers at {where}", hint="start one with `ray start --head`, or give its --address") from error
    return "ray", max(1, cores)


def _not_installed(extra: str, name: str, error: ImportError) -> WorkersLost:
    return WorkersLost(f"{name} is not installed ({error})", hint=f"pip install 'nac-stance[{extra}]'")
