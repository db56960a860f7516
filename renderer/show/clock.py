"""The show's two clocks: offline, where every frame is drawn, and live, where time does not wait.

Times are integer nanoseconds. Tick n of a show at `rate` frames a second is due at n/rate seconds,
reckoned from the start each time, so that no rounding adds up over two hours.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

SECOND_NS: Final = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Tick:
    """One frame's place in time.

    Attributes:
        number: counts frames, skipped ones included.
        t_ns: offline, from the show's start; live, on the monotonic clock.
        skipped: frames that were due since the last tick and came too late to draw.
    """

    number: int
    t_ns: int
    skipped: int = 0


def due_ns(number: int, rate: int) -> int:
    """When tick `number` is due, nanoseconds from the start."""
    return number * SECOND_NS // rate


def offline_ticks(rate: int) -> Iterator[Tick]:
    """Every frame, one after another, as fast as they are asked for."""
    number = 0
    while True:
        yield Tick(number, due_ns(number, rate))
        number += 1


def live_ticks(rate: int) -> Iterator[Tick]:
    """Frames at their times on the monotonic clock; those that came too late are skipped."""
    start = time.monotonic_ns()
    number = 0
    while True:
        wait = start + due_ns(number, rate) - time.monotonic_ns()
        if wait > 0:
            time.sleep(wait / SECOND_NS)
        now = time.monotonic_ns()
        newest_due = (now - start) * rate // SECOND_NS
        skipped = max(0, newest_due - number)
        number += skipped
        yield Tick(number, now, skipped)
        number += 1


class ProgramTime:
    """Show time: it runs while anything is being sent or recorded, and rests in between.

    The song stands at show time, so it begins with the first output and never jumps within a run.

    Attributes:
        run: counts the times that show time has begun at zero.
    """

    def __init__(self) -> None:
        self.run = 1
        self._before_ns = 0
        self._since_ns: int | None = None

    @property
    def rolling(self) -> bool:
        """Return whether show time runs."""
        return self._since_ns is not None

    @property
    def started(self) -> bool:
        """Return whether show time has ever run."""
        return self.rolling or self._before_ns > 0

    def roll(self, t_ns: int) -> None:
        """Run from clock time `t_ns`, if at rest."""
        if self._since_ns is None:
            self._since_ns = t_ns

    def rest(self, t_ns: int) -> None:
        """Stop at clock time `t_ns`, if running."""
        self._before_ns = self.at(t_ns)
        self._since_ns = None

    def begin_run(self, run: int) -> None:
        """Rest at zero, where a later run begins."""
        self.run = run
        self._before_ns, self._since_ns = 0, None

    def at(self, t_ns: int) -> int:
        """Return show time [ns] at clock time `t_ns`."""
        return self._before_ns + (0 if self._since_ns is None else t_ns - self._since_ns)
