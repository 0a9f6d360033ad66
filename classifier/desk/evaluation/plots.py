"""Geometry of the plots of an evaluation: plain numbers that the template draws as SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

SIDE = 240
"""Width and height of a plot's field, in units of the drawing."""

LARGEST, SMALLEST = 9.0, 3.0
TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)

Record = Mapping[str, Any]


def plot_reliability(bins: Sequence[Record]) -> dict[str, Any]:
    """A dot for each bin: across the mean probability, up how often it came so; its area is its n."""
    most = max((b["n"] for b in bins), default=1)
    dots = [
        {
            "x": _across(b["probability"]),
            "y": _up(b["frequency"]),
            "r": round(max(SMALLEST, LARGEST * (b["n"] / most) ** 0.5), 1),
            "told": f"n {b['n']}: said {b['probability']:.2f}, came {b['frequency']:.2f}",
        }
        for b in bins
    ]
    return {"side": SIDE, "dots": dots, "ticks": [{"at": _across(t), "up": _up(t), "told": f"{t:g}"} for t in TICKS]}


def plot_risk(points: Sequence[Record], decided: Record, coverage: float | None) -> dict[str, Any]:
    """A line: across the share of texts that is answered, up the share of wrong answers among them."""
    top = _round_up(max([p["risk"] for p in points], default=0.0))
    line = " ".join(f"{_across(p['coverage'])},{_up(p['risk'] / top)}" for p in points)
    mark = None
    if coverage is not None and coverage < 1 and decided["accuracy"] is not None:
        risk = 1 - decided["accuracy"]
        mark = {"x": _across(coverage), "y": _up(min(risk / top, 1.0)), "told": f"as it stands: {coverage:.1%} answered, {risk:.1%} wrong"}
    ups = [{"up": _up(t), "told": f"{t * top:.0%}" if top >= 0.04 else f"{t * top:.1%}"} for t in TICKS]
    return {"side": SIDE, "line": line, "mark": mark, "ticks": [{"at": _across(t), "told": f"{t:.0%}"} for t in TICKS], "ups": ups}


def bar(value: float | None, interval: Sequence[float] | None) -> dict[str, float] | None:
    """Where a figure from 0 to 1 and its interval stand on a line of 120 units."""
    if value is None:
        return None
    low, high = interval or (value, value)
    return {"at": round(120 * value, 1), "low": round(120 * low, 1), "width": round(120 * (high - low), 1)}


def shade(count: int, total: int) -> int:
    """Step 0 to 5 of the shade of a cell of the confusion matrix: its share of its row."""
    return 0 if not total else min(5, int(6 * count / total))


def _across(value: float) -> float:
    return round(SIDE * value, 1)


def _up(value: float) -> float:
    return round(SIDE * (1 - value), 1)


def _round_up(value: float) -> float:
    """The least of 1 %, 2 %, 4 %, 8 %, 20 %, 40 %, 60 %, 80 % and 100 % that holds a value."""
    return next((step for step in (0.01, 0.02, 0.04, 0.08, 0.2, 0.4, 0.6, 0.8) if value <= step), 1.0)
