"""Limit how fast messages are accepted."""

from __future__ import annotations


class TokenBucket:
    """Accepts `rate` messages a second on average, and `burst` at once.

    Args:
        rate: messages a second.
        burst: messages.
    """

    __slots__ = ("_burst", "_filled_ns", "_rate", "_tokens")

    def __init__(self, rate: float, burst: float) -> None:
        self._rate, self._burst = rate / 1e9, burst
        self._tokens = burst
        self._filled_ns = 0

    def take(self, now_ns: int) -> bool:
        """Return whether a message that arrives now is accepted.

        Args:
            now_ns: of a clock that never runs backwards.
        """
        tokens = self._tokens + (now_ns - self._filled_ns) * self._rate
        self._filled_ns = now_ns
        self._tokens = tokens = min(tokens, self._burst)
        if tokens < 1.0:
            return False
        self._tokens = tokens - 1.0
        return True
