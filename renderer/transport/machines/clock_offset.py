"""Estimate the difference between a show's clock and this machine's, as NTP does.

A question is sent at s and answered by the show's time a; the answer arrives at r. If both ways
take equally long, the show's clock is ahead by a − (s + r) / 2; however unequal they are, the error
is at most half of the round trip r − s. Of the last exchanges the one with the shortest round trip
is used (NTP's clock filter: RFC 5905, section 10), since waiting in queues lengthens one way only.
"""

from __future__ import annotations

from collections import deque
from typing import Final

_WINDOW_NS: Final = 20_000_000_000
"""Nanoseconds for which an exchange is used. Crystals differ by 100 ppm at most: 2 ms in this time.
"""
_KEPT: Final = 64
"""Exchanges kept: the window's at two a second, with reserve."""
_SLACK_NS: Final = 5_000_000
"""Nanoseconds by which two exchanges may disagree beyond their error bounds, for the crystals."""
_LONGEST_NS: Final = 2_000_000_000
"""Nanoseconds after which an answer says too little about the clock."""


class ClockOffset:
    """The difference to a show's clock, from the exchanges so far."""

    def __init__(self) -> None:
        self._exchanges: deque[tuple[int, int, int]] = deque(maxlen=_KEPT)

    def add(self, sent_ns: int, at_ns: int, received_ns: int) -> None:
        """Add an exchange; ignored if it took too long, or its times cannot be.

        One that contradicts the earlier ones replaces them: the show's machine was started again,
        or another show answers.

        Args:
            sent_ns: when the question was sent, on this clock.
            at_ns: the show's time in the answer.
            received_ns: when the answer arrived, on this clock.
        """
        trip_ns = received_ns - sent_ns
        if not 0 <= trip_ns <= _LONGEST_NS:
            return
        offset_ns = at_ns - sent_ns - trip_ns // 2
        while self._exchanges and received_ns - self._exchanges[0][0] > _WINDOW_NS:
            self._exchanges.popleft()
        if self._exchanges:
            _, least_ns, best_ns = min(self._exchanges, key=lambda one: one[1])
            if abs(offset_ns - best_ns) > (trip_ns + least_ns) // 2 + _SLACK_NS:
                self._exchanges.clear()
        self._exchanges.append((received_ns, trip_ns, offset_ns))

    @property
    def is_known(self) -> bool:
        """Return whether there was an exchange."""
        return bool(self._exchanges)

    @property
    def offset_ns(self) -> int:
        """Return what must be added to this clock for the show's time; 0 if it is not known."""
        return min(self._exchanges, key=lambda one: one[1])[2] if self._exchanges else 0

    @property
    def round_trip_ms(self) -> float:
        """Return the round trip of the exchange in use, milliseconds; half of it bounds the error.

        It is 0 if there was none.
        """
        return min(one[1] for one in self._exchanges) / 1e6 if self._exchanges else 0.0
