"""Map a sender's clock onto this machine's monotonic clock.

A packet captured at s on the sender's clock arrives at r = s + offset + transit on ours. The
transit varies and is never negative, so the minimum of r − s over the last seconds is the offset
plus the shortest transit (a minimum filter, as in NTP's clock filter: RFC 5905, section 10). The
resulting capture times have no network jitter and are late only by the shortest transit.
"""

from __future__ import annotations

from typing import Final

_WINDOW_NS: Final = 5_000_000_000
"""Window length, nanoseconds: the minimum is taken over the current and the previous window, so
that it follows clock drift."""

_AHEAD_NS: Final = 2_000_000_000
"""Most that a sender's clock may gain on ours between two packets, nanoseconds."""

_PATIENCE_NS: Final = 500_000_000
"""If all packets are out of order for this long, nanoseconds, the sender has restarted."""


class SenderClock:
    """Converts one sender's timestamps and detects packets that are replayed or out of order.

    Args:
        period_ns: period after which the sender's clock wraps around, such as a day; 0: never.
    """

    def __init__(self, period_ns: int = 0) -> None:
        self._period_ns = period_ns
        self._sent_ns: int | None = None
        self._stands = False

    def place(self, sent_ns: int, received_ns: int) -> int | None:
        """Return a packet's capture time on our clock; None if it is replayed or out of order.

        Args:
            sent_ns: the sender's timestamp in the packet, nanoseconds.
            received_ns: our time of its arrival, nanoseconds; must not decrease.
        """
        if self._sent_ns is None:
            return self._start(sent_ns, received_ns)
        if self._stands and sent_ns == self._sent_ns:
            self._received_ns = received_ns
            return received_ns
        step = self._step(sent_ns)
        if 0 < step <= received_ns - self._received_ns + _AHEAD_NS:
            self._stands = False
            self._sent_ns, self._received_ns = sent_ns, received_ns
            self._running_ns += step
            return self._running_ns + self._offset(received_ns)
        if received_ns - self._received_ns < _PATIENCE_NS:
            return None
        # A constant timestamp is not a replay but a sender without a clock.
        self._stands = step == 0
        return self._start(sent_ns, received_ns)

    def _start(self, sent_ns: int, received_ns: int) -> int:
        self._sent_ns, self._received_ns = sent_ns, received_ns
        self._running_ns = sent_ns
        self._least_ns = self._least_before_ns = received_ns - sent_ns
        self._window_ends_ns = received_ns + _WINDOW_NS
        return received_ns

    def _step(self, sent_ns: int) -> int:
        assert self._sent_ns is not None
        step = sent_ns - self._sent_ns
        if self._period_ns:
            half = self._period_ns // 2
            step = (step + half) % self._period_ns - half
        return step

    def _offset(self, received_ns: int) -> int:
        now = received_ns - self._running_ns
        if received_ns >= self._window_ends_ns:
            self._least_before_ns, self._least_ns = self._least_ns, now
            self._window_ends_ns = received_ns + _WINDOW_NS
        self._least_ns = min(self._least_ns, now)
        return min(self._least_ns, self._least_before_ns)
