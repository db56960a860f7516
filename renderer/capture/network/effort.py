"""A thread's share of a core: whoever floods a port must not take the show's time."""

from __future__ import annotations

import time
from typing import Final

_SHARE: Final = 0.4
"""Of a core: a suit that sends a datagram a bone, sixty times a second, needs most of this."""

_AT_ONCE_S: Final = 0.02
"""Seconds of work that may be done at once after a calm time."""

_REST_S: Final = 0.02


class Effort:
    """Keeps the thread that calls it to its share of a core.

    Python lets one thread run at a time: a thread that wakes for each of 20,000 packets a second
    leaves a tenth of its time to a tick beside it.
    """

    def __init__(self) -> None:
        self._left_s = _AT_ONCE_S
        self._at_s = time.monotonic()
        self._worked_s = time.thread_time()

    def rest(self) -> bool:
        """Sleep a moment if this thread has done more than its share; whether it slept."""
        now_s, worked_s = time.monotonic(), time.thread_time()
        gained_s = _SHARE * (now_s - self._at_s) - (worked_s - self._worked_s)
        self._left_s = min(self._left_s + gained_s, _AT_ONCE_S)
        self._at_s, self._worked_s = now_s, worked_s
        if self._left_s > 0.0:
            return False
        time.sleep(_REST_S)
        return True
