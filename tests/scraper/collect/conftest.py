"""What the tests of collecting share: a folder that is quick to sync, and a process that collects in forks of itself."""

import shutil
import tempfile
from pathlib import Path

import pytest

from tests.scraper.collect.nursery import Nursery

SHARED_MEMORY = Path("/dev/shm")


@pytest.fixture(scope="session")
def quick_folder(tmp_path_factory):
    """Thousands of commits are synced to disk: in memory where this machine offers that."""
    parent = SHARED_MEMORY if SHARED_MEMORY.is_dir() else tmp_path_factory.mktemp("stores")
    folder = Path(tempfile.mkdtemp(dir=parent, prefix="nac-tests-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def folder(quick_folder):
    return Path(tempfile.mkdtemp(dir=quick_folder))


@pytest.fixture(scope="session")
def nursery():
    with Nursery() as nursery:
        yield nursery
