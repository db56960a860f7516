"""Decide when a GPU whose context was lost will draw no more."""

from __future__ import annotations

from collections import deque
from typing import Final

_PATIENCE_S: Final = 2.0
"""Seconds in which a driver that was reset opens a context again; then the GPU is given up."""
_MOST_LOSSES: Final = 3
"""Losses within _WITHIN_S after which the GPU is given up, though it comes back each time."""
_WITHIN_S: Final = 60.0


class ContextLoss:
    """Records losses of a context, and whether frames are drawn again."""

    def __init__(self) -> None:
        self._since_s: float | None = None
        self._losses_s: deque[float] = deque(maxlen=_MOST_LOSSES)

    def note_loss(self, now_s: float) -> None:
        """Record that the context was lost; `now_s` is of a monotonic clock."""
        self._losses_s.append(now_s)
        if self._since_s is None:
            self._since_s = now_s

    def note_frame(self) -> None:
        """Record that a frame was drawn."""
        self._since_s = None

    def is_final(self, now_s: float) -> bool:
        """Return whether the GPU should be given up."""
        if self._since_s is not None and now_s - self._since_s > _PATIENCE_S:
            return True
        is_often = len(self._losses_s) == _MOST_LOSSES
        return is_often and now_s - self._losses_s[0] < _WITHIN_S
