"""Generate a show's ticks: offline, where every frame is drawn, and live, where late ones are not.

Times are integer nanoseconds. Tick n of a show at `rate` frames per second is due at n/rate
seconds, computed from the start each time, so that no rounding accumulates over two hours.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

SECOND_NS: Final = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Tick:
    """Number and time of one frame.

    Attributes:
        number: frame number, skipped frames included.
        t_ns: offline, from the show's start; live, on the monotonic clock.
        skipped: frames that became due since the last tick too late to be drawn.
    """

    number: int
    t_ns: int
    skipped: int = 0


def due_ns(number: int, rate: int) -> int:
    """Return when tick `number` is due, nanoseconds from the start."""
    return number * SECOND_NS // rate


def offline_ticks(rate: int) -> Iterator[Tick]:
    """Yield every frame's tick, as fast as the caller consumes them."""
    number = 0
    while True:
        yield Tick(number, due_ns(number, rate))
        number += 1


def _draw_all() -> Fraction:
    return Fraction(1)


def next_drawn(number: int, every: Fraction) -> int:
    """Return the first tick after `number` that is drawn if one in `every` is."""
    if every == 1:
        return number + 1  # The usual case, and ten times as fast.
    return math.floor(math.ceil((number + 1) / every) * every)


def live_ticks(
    rate: int,
    every: Callable[[], Fraction] = _draw_all,
    clock: Callable[[], int] | None = None,
    sleep: Callable[[float], None] | None = None,
) -> Iterator[Tick]:
    """Yield ticks at their times on the monotonic clock; late ones are skipped.

    Args:
        every: returns how many ticks one frame stands for, at least 1; 3/2 draws two in three. The
            ticks between are left out on purpose and do not count as skipped.
        clock: returns nanoseconds of another monotonic clock, as in compressed time.
        sleep: waits for seconds of that clock.
    """
    read, wait_for = clock or time.monotonic_ns, sleep or time.sleep
    start = read()
    number = 0
    while True:
        wait = start + due_ns(number, rate) - read()
        if wait > 0:
            wait_for(wait / SECOND_NS)
        now = read()
        newest_due = (now - start) * rate // SECOND_NS
        stride, skipped = every(), 0
        while (later := next_drawn(number, stride)) <= newest_due:
            number = later
            skipped += 1
        yield Tick(number, now, skipped)
        number = next_drawn(number, every())


class ProgramTime:
    """Show time: it advances while anything is being sent or recorded, and stops in between.

    The song is played at show time, so it starts with the first output and never jumps within a
    run.

    Attributes:
        run: number of times that show time has started at zero.
    """

    def __init__(self) -> None:
        self.run = 1
        self._before_ns = 0
        self._since_ns: int | None = None

    @property
    def rolling(self) -> bool:
        """Return whether show time is running."""
        return self._since_ns is not None

    @property
    def started(self) -> bool:
        """Return whether show time has ever run."""
        return self.rolling or self._before_ns > 0

    @property
    def origin_ns(self) -> int:
        """Return the clock time at show time zero of this run; 0 if show time does not run."""
        return 0 if self._since_ns is None else self._since_ns - self._before_ns

    def roll(self, t_ns: int) -> None:
        """Start show time at clock time `t_ns`, if stopped."""
        if self._since_ns is None:
            self._since_ns = t_ns

    def rest(self, t_ns: int) -> None:
        """Stop show time at clock time `t_ns`, if running."""
        self._before_ns = self.at(t_ns)
        self._since_ns = None

    def resume(self, run: int, origin_ns: int) -> None:
        """Go on with a run that another engine began, whose show time zero was at `origin_ns`."""
        self.run = run
        self._before_ns, self._since_ns = 0, origin_ns

    def begin_run(self, run: int) -> None:
        """Reset to zero and stop, for a later run to start."""
        self.run = run
        self._before_ns, self._since_ns = 0, None

    def at(self, t_ns: int) -> int:
        """Return show time [ns] at clock time `t_ns`."""
        return self._before_ns + (0 if self._since_ns is None else t_ns - self._since_ns)
