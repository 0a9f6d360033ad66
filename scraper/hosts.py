"""What is remembered of hosts: their last call, the pauses they asked for, their robots.txt.

One memory is shared by all who call hosts: the threads of a process, and, where a store keeps it, all processes
on that store and the next run. Times are seconds of one clock: since the epoch for a memory that outlives
its process. A clock that was set back makes nobody wait longer than was asked for.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import Protocol

NEGLIGIBLE = 1e-6
"""Seconds; a shorter pause is none."""
CLOCKS_APART = 2.0
"""Seconds; a last call no further ahead than that was another process', while we waited for the memory, and no clock was set back."""


@dataclass(frozen=True, slots=True)
class HostState:
    """Of one host (or of one lane at it): last call, and until when it is left alone since when."""

    last_call: float | None = None
    not_before: float | None = None
    paused_at: float | None = None


@dataclass(frozen=True, slots=True)
class KeptRobots:
    """A robots.txt: its text, or why it could not be had, and until when that counts."""

    text: str
    failure: str
    expires: float


class HostMemory(Protocol):
    """Each method is one atomic step; all may be called from several threads."""

    def take_turn(self, host: str, lane: str, *, gap: float, now: float) -> float:
        """Counts a call and returns 0, or counts nothing and returns the seconds to wait before asking again.

        See `try_turn`, which says when; a lane has a last call of its own, pauses are the host's.
        """

    def note_call(self, host: str, lane: str, *, now: float) -> None:
        """The call that was counted has only now reached the host: the gap begins here."""

    def postpone(self, host: str, seconds: float, *, now: float) -> None:
        """The host is left alone for so many seconds; never shortens a pause."""

    def recall_robots(self, origin: str, *, now: float) -> KeptRobots | None:
        """The robots.txt of an origin unless it has expired."""

    def keep_robots(self, origin: str, robots: KeptRobots) -> None:
        """Remembers a robots.txt in place of an older one."""


def try_turn(lane: HostState, host: HostState, *, gap: float, now: float) -> tuple[float, HostState, HostState]:
    """Whether a call may begin now.

    Args:
        lane: of the lane that is called in.
        host: of the host, whose pause counts.
        gap: least seconds after the lane's last call.
        now: seconds of the memory's clock.

    Returns:
        Seconds to wait, 0 if the call was counted; both states as they are to be kept.
    """
    lane, host = set_back(lane, now), set_back(host, now)
    opens = max(now, (lane.last_call + gap) if lane.last_call is not None else now, host.not_before or now)
    if opens - now > NEGLIGIBLE:
        return opens - now, lane, host
    return 0.0, replace(lane, last_call=now), host


def set_back(state: HostState, now: float) -> HostState:
    """The state as of `now` where the clock was set back since: a last call or pause lies in no future."""
    last_call = now if state.last_call is not None and state.last_call > now + CLOCKS_APART else state.last_call
    if state.paused_at is not None and state.not_before is not None and now < state.paused_at:
        return HostState(last_call, now + (state.not_before - state.paused_at), now)
    return replace(state, last_call=last_call)


def pause_state(state: HostState, seconds: float, now: float) -> HostState:
    """The state with a pause from now on; a longer one that is under way stays."""
    state = set_back(state, now)
    if state.not_before is not None and state.not_before >= now + seconds:
        return state
    return replace(state, not_before=now + seconds, paused_at=now)


def call_state(state: HostState, now: float) -> HostState:
    """The state once a call has reached the host; word of an earlier one may come after a later one has begun."""
    state = set_back(state, now)
    return replace(state, last_call=now if state.last_call is None else max(state.last_call, now))


class ProcessMemory:
    """A `HostMemory` that ends with its process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._states: dict[tuple[str, str], HostState] = {}
        self._robots: dict[str, KeptRobots] = {}

    def take_turn(self, host: str, lane: str, *, gap: float, now: float) -> float:
        """See `HostMemory.take_turn`."""
        with self._lock:
            wait, at_lane, at_host = try_turn(self._recall(host, lane), self._recall(host, ""), gap=gap, now=now)
            if lane:
                self._states[host, ""] = at_host
                self._states[host, lane] = at_lane
            else:
                self._states[host, ""] = replace(at_host, last_call=at_lane.last_call)
            return wait

    def note_call(self, host: str, lane: str, *, now: float) -> None:
        """See `HostMemory.note_call`."""
        with self._lock:
            self._states[host, lane] = call_state(self._recall(host, lane), now)

    def postpone(self, host: str, seconds: float, *, now: float) -> None:
        """See `HostMemory.postpone`."""
        with self._lock:
            self._states[host, ""] = pause_state(self._recall(host, ""), seconds, now)

    def recall_robots(self, origin: str, *, now: float) -> KeptRobots | None:
        """See `HostMemory.recall_robots`."""
        with self._lock:
            kept = self._robots.get(origin)
            return kept if kept and kept.expires > now else None

    def keep_robots(self, origin: str, robots: KeptRobots) -> None:
        """See `HostMemory.keep_robots`."""
        with self._lock:
            self._robots[origin] = robots

    def _recall(self, host: str, lane: str) -> HostState:
        return self._states.get((host, lane), HostState())
