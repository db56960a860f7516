"""Which parts of a performer are trusted, and how softly they are let go and taken back."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.maths.vectors import Array, clamp, smoothstep

ENTER: Final = 0.5
LEAVE: Final = 0.35
"""A part is taken as seen at or above ENTER, and as lost below LEAVE."""

HOLD_S: Final = 0.3
"""A lost part stands still for so long: most losses are shorter."""

RELAX_S: Final = 0.5
"""After that it eases into idle within this time. What is left of a second is for what passes until
it is known to be lost: then it is at ease a second after the last light."""

RETURN_S: Final = 0.25
"""A part that comes back is followed fully after this time."""

_LONGEST_STEP_S: Final = 0.1


class Gates:
    """Hysteresis, hold, relaxation and soft return of n parts.

    Args:
        count: n.
    """

    def __init__(self, count: int) -> None:
        self._seen = np.zeros(count, np.bool_)
        self._unseen_s = np.full(count, np.inf)
        self._level: Array = np.zeros(count)
        self._last_s: float | None = None

    @property
    def seen(self) -> npt.NDArray[np.bool_]:
        """(n,) whether each part is trusted now."""
        return self._seen

    def update(self, visibility: Array, t_ns: int) -> Array:
        """Take in what is visible now.

        Args:
            visibility: (n,) 0 to 1.

        Returns:
            (n,) how much of what was seen is to be shown, 0 (idle) to 1.
        """
        now = t_ns * 1e-9
        # Going back in time (a looped file) is a step of no length.
        dt = 0.0 if self._last_s is None else max(now - self._last_s, 0.0)
        first = self._last_s is None
        self._last_s = now
        threshold = np.where(self._seen, LEAVE, ENTER)
        self._seen = visibility >= threshold
        self._unseen_s = np.where(self._seen, 0.0, self._unseen_s + dt)
        if first:
            self._level = self._seen.astype(np.float64)
        # After a gap a part still returns softly, but what was lost in the gap is lost.
        rise = self._level + min(dt, _LONGEST_STEP_S) / RETURN_S
        over = clamp(self._unseen_s - HOLD_S, 0.0, dt)
        self._level = clamp(np.where(self._seen, rise, self._level - over / RELAX_S), 0.0, 1.0)
        return smoothstep(self._level, 0.0, 1.0)
