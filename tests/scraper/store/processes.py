"""Processes of their own that need not import everything anew: forked from a server that has."""

import multiprocessing

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.scraper.store.collector"])
