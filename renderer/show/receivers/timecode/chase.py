"""Follow incoming timecode: lock, freewheel over dropouts, and believe a jump only if it stays."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

FREEWHEEL_NS: Final = 1_000_000_000
LOST_FRAMES: Final = 3.0
"""Frames without timecode after which the position runs by itself."""
JUMP_FRAMES: Final = 4.0
"""Frames by which a time may be off and is still the same run."""
CONFIRM: Final = 2
"""Consecutive times that must agree before a jump is followed: one of them may be misread."""
LOWEST_SPEED, HIGHEST_SPEED = 0.5, 2.0
_FOLLOW: Final = 0.05
"""Share of a measured speed that is taken over: half a second of frames."""


class ChaseState(StrEnum):
    """State of a chase."""

    EMPTY = "empty"
    """No timecode has come."""
    LOCKED = "locked"
    FREEWHEEL = "freewheel"
    """None comes; the position runs by itself for a while."""
    LOST = "lost"
    """None comes, and the position stands."""


@dataclass(slots=True)
class _Run:
    """A run of times that agree."""

    position_ns: float
    at_ns: int
    count: int = 1


class TimecodeChase:
    """The position of incoming timecode. Belongs to one thread.

    Args:
        frame_ns: length of a frame.
        freewheel_ns: time for which the position runs by itself without timecode.

    Attributes:
        speed: of the timecode against the clock.
        jumps: that were followed.
        misread: single times that agreed with nothing.
    """

    def __init__(self, frame_ns: float, freewheel_ns: int = FREEWHEEL_NS) -> None:
        self._frame_ns, self._freewheel_ns = frame_ns, freewheel_ns
        self._run: _Run | None = None
        self._other: _Run | None = None
        self.speed = 1.0
        self.jumps = self.misread = 0

    def observe(self, position_ns: float, at_ns: int) -> None:
        """Take in a time.

        Args:
            position_ns: of the timecode.
            at_ns: clock at which it held.
        """
        run = self._run
        if run is None:
            self._run = _Run(position_ns, at_ns)
            return
        passed = at_ns - run.at_ns
        if passed <= 0:
            return
        expected = run.position_ns + self.speed * passed
        # After a dropout, the speed that was measured before it may be a little off.
        allowed = JUMP_FRAMES * self._frame_ns + 0.02 * passed
        if abs(position_ns - expected) <= allowed:
            if passed < 1e9:
                measured = (position_ns - run.position_ns) / passed
                if LOWEST_SPEED < measured < HIGHEST_SPEED:
                    self.speed += _FOLLOW * (measured - self.speed)
            self._run = _Run(position_ns, at_ns)
            self.misread += self._other is not None
            self._other = None
            return
        self._take_other(position_ns, at_ns)

    def state(self, now_ns: int) -> ChaseState:
        """Return the state at a time."""
        if self._run is None:
            return ChaseState.EMPTY
        silent = now_ns - self._run.at_ns
        if silent <= LOST_FRAMES * self._frame_ns:
            return ChaseState.LOCKED
        return ChaseState.FREEWHEEL if silent <= self._freewheel_ns else ChaseState.LOST

    def position_at(self, now_ns: int) -> int | None:
        """Return the position at a time; None while there is none."""
        if self._run is None or self.state(now_ns) is ChaseState.LOST:
            return None
        return round(self._run.position_ns + self.speed * (now_ns - self._run.at_ns))

    def _take_other(self, position_ns: float, at_ns: int) -> None:
        """Follow a jump if several times agree on it."""
        other = self._other
        if other is not None:
            expected = other.position_ns + self.speed * (at_ns - other.at_ns)
            if abs(position_ns - expected) <= JUMP_FRAMES * self._frame_ns:
                count = other.count + 1
                if count >= CONFIRM:
                    self._run, self._other = _Run(position_ns, at_ns), None
                    self.jumps += 1
                    return
                self._other = _Run(position_ns, at_ns, count)
                return
            self.misread += 1
        self._other = _Run(position_ns, at_ns)
