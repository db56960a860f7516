"""Compute the pause before a failed operation is retried."""

from __future__ import annotations

from typing import Final

_FACTOR: Final = 2.0


class Backoff:
    """Exponential back-off that resets after a stable run."""

    def __init__(self, first_s: float, longest_s: float, calm_s: float) -> None:
        """Start with the shortest pause.

        Args:
            first_s: the first pause, seconds.
            longest_s: upper limit of the pauses, seconds.
            calm_s: a try that ran at least this long counts as stable and resets the pauses,
                seconds.
        """
        self._first_s, self._longest_s, self._calm_s = first_s, longest_s, calm_s
        self._pause_s = first_s

    def pause_after(self, ran_s: float) -> float:
        """Return the pause before the next try, in seconds.

        Args:
            ran_s: how long the last try ran before it failed, seconds.
        """
        if ran_s >= self._calm_s:
            self._pause_s = self._first_s
        pause, self._pause_s = self._pause_s, min(_FACTOR * self._pause_s, self._longest_s)
        return pause
