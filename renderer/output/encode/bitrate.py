"""Lower the program's bit rate when a stream falls behind, before packets are dropped."""

from __future__ import annotations

from typing import Final

_BEHIND: Final = 0.1
"""Share of a stream's queue from which it is behind: half a second of five."""
_CLEAR: Final = 0.02
_DOWN, _UP = 0.7, 1.15
"""Factors of a step: down, several times before the queue is full; up, in small steps."""
_LEAST: Final = 0.25
"""Lowest share of the target rate; a picture with less is worse than one with gaps."""
_DOWN_EVERY_S: Final = 1.0
_UP_AFTER_S: Final = 10.0
"""Seconds without a backlog before a step up, as a network that was full stays nearly full."""


class BitrateControl:
    """Decides the bit rate from the fullness of the streams' queues.

    All outputs share one encoder, so a slow stream lowers the rate of all of them.

    Args:
        target: bits per second while no stream is behind.

    Attributes:
        bits: the current rate.
    """

    def __init__(self, target: int) -> None:
        self._target = self.bits = target
        self._may_fall_at = 0.0
        self._behind_at = 0.0

    @property
    def is_lowered(self) -> bool:
        """Return whether the rate is below its target."""
        return self.bits < self._target

    def update(self, fullness: float, now_s: float) -> bool:
        """Adapt the rate; return whether it has changed.

        Args:
            fullness: of the fullest stream's queue, 0 to 1.
            now_s: seconds of a monotonic clock.
        """
        before = self.bits
        if fullness > _CLEAR:
            self._behind_at = now_s
        if fullness > _BEHIND and now_s >= self._may_fall_at:
            self.bits = max(int(_LEAST * self._target), int(_DOWN * self.bits))
            self._may_fall_at = now_s + _DOWN_EVERY_S
        elif now_s - self._behind_at >= _UP_AFTER_S and self.bits < self._target:
            self.bits = min(self._target, int(_UP * self.bits))
            self._behind_at = now_s
        return self.bits != before
