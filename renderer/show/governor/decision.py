"""Decide how many steps to give up, from the load of each tick; without clock or OpenGL."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Final

TOO_BUSY: Final = 0.95
"""Load above which a step is given up; the rest of a tick's time is a reserve for jitter."""

ROOM: Final = 0.85
"""Maximum expected load after a step is taken back."""

LOOK_S: Final = 0.5
"""Time over which the load is averaged, seconds: a single late frame, such as at a cut, has no
effect."""

_LEAST_TICKS: Final = 5
"""Minimum number of ticks in an average."""

PATIENCE_S: Final = 4.0
"""Time of sufficiently low load before a step is taken back, seconds."""

MOST_PATIENCE_S: Final = 120.0
"""Maximum patience, seconds. A step's patience doubles whenever the step is given up again soon
after it was taken back, so that a step that does not fit does not toggle with every shot."""

RETRY_S: Final = 15.0
"""Time after taking a step back within which giving it up again counts as a failure, seconds."""

_LEAPS: Final = ((2.0, 4), (1.5, 3), (1.2, 2))
"""(minimum load, steps to give up at once): one at a time, a show that is far too slow would take
seconds to recover."""


class Governor:
    """Counts the steps that are given up.

    Attributes:
        count: number of steps given up, from the first.

    Args:
        growth: factor on the load when a step is taken back, for each step.
        settle_s: time at the start whose load is ignored, because caches are cold.
    """

    def __init__(self, growth: Sequence[float], settle_s: float = 1.0) -> None:
        self.count = 0
        self._growth = tuple(growth)
        self._patience = [PATIENCE_S] * len(self._growth)
        self._taken_back_at: dict[int, float] = {}
        self._settle_s = settle_s
        self._settled_at: float | None = None
        self._changed_at = 0.0
        self._looks: deque[tuple[float, float]] = deque()
        self._look_from = 0.0
        self._loads: list[float] = []

    def begin(self, load: float) -> bool:
        """Give up steps before the first tick; return whether `count` changed.

        Args:
            load: measured in the present setting, as in `observe`.
        """
        before = self.count
        while load > ROOM and self.count < len(self._growth):
            load /= self._growth[self.count]
            self.count += 1
        return self.count != before

    def observe(self, load: float, now: float) -> bool:
        """Record a tick's load; return whether `count` changed.

        Args:
            load: duration of the tick's work, as a fraction of the time until the next one.
            now: time of a monotonic clock, seconds.
        """
        if self._settled_at is None:
            self._settled_at = self._look_from = self._changed_at = now + self._settle_s
        if now < self._settled_at:
            return False
        self._loads.append(load)
        if now - self._look_from < LOOK_S or len(self._loads) < _LEAST_TICKS:
            return False
        mean = sum(self._loads) / len(self._loads)
        self._loads.clear()
        self._look_from = now
        before = self.count
        self._looks.append((now, mean))
        if mean > TOO_BUSY:
            self._give_up(mean, now)
        elif self.count:
            self._take_back(now)
        while now - self._looks[0][0] > MOST_PATIENCE_S:
            self._looks.popleft()
        if self.count == before:
            return False
        # Earlier measurements belong to the previous setting.
        self._looks.clear()
        self._changed_at = now
        return True

    def _give_up(self, load: float, now: float) -> None:
        steps = next((count for least, count in _LEAPS if load >= least), 1)
        steps = min(steps, len(self._growth) - self.count)
        for number in range(self.count, self.count + steps):
            taken_back = self._taken_back_at.pop(number, None)
            failed = taken_back is not None and now - taken_back < RETRY_S
            doubled = min(2.0 * self._patience[number], MOST_PATIENCE_S)
            self._patience[number] = doubled if failed else PATIENCE_S
        self.count += steps

    def _take_back(self, now: float) -> None:
        last = self.count - 1
        since = now - self._patience[last]
        if self._changed_at > since:
            return
        # The highest load decides: a wide shot must fit as well as the close-up after it.
        worst = max(mean for at, mean in self._looks if at >= since)
        if worst * self._growth[last] < ROOM:
            self.count = last
            self._taken_back_at[last] = now
