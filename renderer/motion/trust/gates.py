"""Visibility gates: hysteresis, hold, fade-out and fade-in of a performer's parts."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.maths.vectors import Array, clamp, smoothstep

ENTER_VISIBILITY: Final = 0.5
"""Visibility from which a lost part counts as seen."""

LEAVE_VISIBILITY: Final = 0.35
"""Visibility below which a seen part counts as lost."""

HOLD_S: Final = 0.3
"""Seconds that a lost part is held still: most losses are shorter."""

RELAX_S: Final = 0.5
"""Seconds in which it then fades to the idle pose. Together with HOLD_S this leaves 0.2 s to detect
the loss, so that a part is idle one second after it was last seen."""

RETURN_S: Final = 0.25
"""Seconds in which a part that is seen again fades in."""

_LONGEST_STEP_S: Final = 0.1
"""Longest step [s] of a fade-in; a longer gap counts as this."""


class Gates:
    """Gates of n parts.

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
        """Update the gates and return each part's weight.

        Args:
            visibility: (n,) 0 to 1.
            t_ns: time of the observation.

        Returns:
            (n,) weight of the tracked pose, 0 (idle) to 1.
        """
        now = t_ns * 1e-9
        # A step back in time (a looped file) counts as a step of zero length.
        dt = 0.0 if self._last_s is None else max(now - self._last_s, 0.0)
        first = self._last_s is None
        self._last_s = now
        threshold = np.where(self._seen, LEAVE_VISIBILITY, ENTER_VISIBILITY)
        self._seen = visibility >= threshold
        self._unseen_s = np.where(self._seen, 0.0, self._unseen_s + dt)
        if first:
            self._level = self._seen.astype(np.float64)
        # After a gap a part still fades in, but what was lost during the gap is lost.
        rise = self._level + min(dt, _LONGEST_STEP_S) / RETURN_S
        over = clamp(self._unseen_s - HOLD_S, 0.0, dt)
        self._level = clamp(np.where(self._seen, rise, self._level - over / RELAX_S), 0.0, 1.0)
        return smoothstep(self._level, 0.0, 1.0)
