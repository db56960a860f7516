"""Limit a thread's processor time, so that a flooded port does not slow the show."""

from __future__ import annotations

import time
from typing import Final

_SHARE: Final = 0.4
"""Share of a core; a suit that sends one datagram per bone at 60 Hz needs nearly as much."""

_AT_ONCE_S: Final = 0.02
"""Burst allowance, seconds of processor time."""

_REST_S: Final = 0.02
"""Length of a pause, seconds."""


class Effort:
    """Limits the calling thread to its share of a core, as a token bucket.

    Because of the GIL, a thread that wakes for each of 20,000 packets a second leaves a concurrent
    tick a tenth of its time.
    """

    def __init__(self) -> None:
        self._left_s = _AT_ONCE_S
        self._at_s = time.monotonic()
        self._worked_s = time.thread_time()

    def rest(self) -> bool:
        """Sleep for _REST_S if this thread has exceeded its share; return whether it slept."""
        now_s, worked_s = time.monotonic(), time.thread_time()
        gained_s = _SHARE * (now_s - self._at_s) - (worked_s - self._worked_s)
        self._left_s = min(self._left_s + gained_s, _AT_ONCE_S)
        self._at_s, self._worked_s = now_s, worked_s
        if self._left_s > 0.0:
            return False
        time.sleep(_REST_S)
        return True
