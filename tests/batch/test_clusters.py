"""Clusters that are there already: Dask in two processes of this machine, Ray where it is installed."""

import importlib.util
import warnings

import pytest

from classifier import score_many
from classifier.batch.chunks import cut_chunks
from classifier.batch.engine import run_chunks
from classifier.batch.lost import KILLER
from classifier.batch.many import record_of
from classifier.batch.places import Workers
from tests.batch.conftest import batch, make_rows, text_of
from tests.batch.killers import killing
from tests.batch.test_workers import task


@pytest.fixture(scope="module")
def cluster():
    """A Dask cluster of two worker processes; what it warns of while it starts and ends is its own affair."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import dask
        from distributed import LocalCluster

        # Dask's own three further tries of a task whose worker died are left out: each takes seconds.
        dask.config.set({"distributed.scheduler.allowed-failures": 0})
        with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1") as cluster:
            yield cluster


@pytest.mark.filterwarnings("ignore")
def test_dask_writes_the_same_bytes(cluster, tmp_path, table):
    plain, other = tmp_path / "plain.jsonl", tmp_path / "dask.jsonl"
    batch(table, "--out", plain)
    batch(table, "--out", other, "--backend", "dask", "--address", cluster.scheduler_address, "--chunk-mb", "0.001")
    assert other.read_bytes() == plain.read_bytes()


@pytest.mark.filterwarnings("ignore")
def test_a_client_that_is_there_already_is_used(cluster):
    from distributed import Client

    rows = make_rows(6)
    with Client(cluster.scheduler_address):
        assert list(score_many(rows, backend="dask", chunk_bytes=500)) == list(score_many(rows))


@pytest.mark.filterwarnings("ignore")
def test_a_record_that_kills_dask_workers_is_found(cluster):
    records = (record_of(text_of(i), i) for i in range(6))
    workers = Workers(backend="dask", address=cluster.scheduler_address)
    done = run_chunks(cut_chunks(records, 900), killing(task(), ended="number 4,"), workers)
    assert [row["error"] for part in done for row in part.output] == [str(KILLER) if i == 4 else None for i in range(6)]


@pytest.mark.skipif(importlib.util.find_spec("ray") is None, reason="the extra `ray` is not installed")
@pytest.mark.filterwarnings("ignore")
def test_ray_gives_the_same_rows():
    import ray

    rows = make_rows(12)
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    try:
        assert list(score_many(rows, backend="ray", chunk_bytes=800)) == list(score_many(rows))
    finally:
        ray.shutdown()
