"""The sources there are: each module of `scraper.sources` is one, and a package may bring more as entry points.

A module `my_ministry` is the source `my-ministry`; its `open_source(settings)` makes it. Another package offers
the same function in the entry-point group `nac_stance.sources`. Modules are loaded only when they are asked for.
"""

from __future__ import annotations

import importlib
import pkgutil
from importlib.metadata import EntryPoint, entry_points

import scraper.sources
from scraper.discover.source import Settings, Source
from scraper.errors import UnknownSource

GROUP = "nac_stance.sources"


def list_sources() -> tuple[str, ...]:
    """Names of all sources, in alphabetical order; nothing is loaded."""
    return tuple(sorted({*_modules(), *_offered()}))


def open_source(name: str, settings: Settings | None = None) -> Source:
    """The source of that name.

    Raises:
        UnknownSource: there is none.
        ScraperError: the source refuses its settings, such as a file that is not there.
    """
    modules = _modules()
    if name in modules:
        make = importlib.import_module(modules[name]).open_source
    elif name in (offered := _offered()):
        make = offered[name].load()
    else:
        raise UnknownSource(f"there is no source {name!r}", hint=f"one of: {', '.join(list_sources())}", source=name)
    source: Source = make(settings or Settings())
    return source


def _modules() -> dict[str, str]:
    found = pkgutil.iter_modules(scraper.sources.__path__)
    return {module.name.replace("_", "-"): f"scraper.sources.{module.name}" for module in found}


def _offered() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=GROUP)}
