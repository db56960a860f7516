"""How long to wait before something that failed is tried again."""

from __future__ import annotations

from typing import Final

_FACTOR: Final = 2.0


class Backoff:
    """Pauses that double with each failure, and begin again after a calm time."""

    def __init__(self, first_s: float, longest_s: float, calm_s: float) -> None:
        """Start with the shortest pause.

        Args:
            first_s: the first pause, seconds.
            longest_s: no pause is longer, seconds.
            calm_s: what ran this long did not fail at its start: the pauses begin again, seconds.
        """
        self._first_s, self._longest_s, self._calm_s = first_s, longest_s, calm_s
        self._pause_s = first_s

    def pause_after(self, ran_s: float) -> float:
        """Return the pause before the next try, in seconds.

        Args:
            ran_s: how long the last try went well, in seconds.
        """
        if ran_s >= self._calm_s:
            self._pause_s = self._first_s
        pause, self._pause_s = self._pause_s, min(_FACTOR * self._pause_s, self._longest_s)
        return pause
