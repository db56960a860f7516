"""A sender's clock, mapped onto this machine's monotonic one.

A packet that was seen at s on the sender's clock arrives at r = s + offset + transit on ours. The
transit varies and is never negative, so the least r − s of the last seconds is the offset and the
quickest transit together (a minimum filter, as NTP's clock filter: RFC 5905, section 10). The seen
times that come of it lack the network's jitter, and are late by the quickest transit alone.
"""

from __future__ import annotations

from typing import Final

_WINDOW_NS: Final = 5_000_000_000
"""The least offset of this and the window before counts, so that drifting clocks are followed."""

_AHEAD_NS: Final = 2_000_000_000
"""A sender's clock may gain so much on ours between two packets."""

_PATIENCE_NS: Final = 500_000_000
"""Packets out of step for so long, with none in step between, are a sender that started anew."""


class SenderClock:
    """Places one sender's packets in time, and finds those that are replayed or out of order.

    Args:
        period_ns: after how long the sender's clock begins again, as a time of day does; 0: never.
    """

    def __init__(self, period_ns: int = 0) -> None:
        self._period_ns = period_ns
        self._sent_ns: int | None = None
        self._stands = False

    def place(self, sent_ns: int, received_ns: int) -> int | None:
        """When the packet was seen, on our clock; None if it is older than one that came before.

        Args:
            sent_ns: the sender's time in the packet.
            received_ns: our time of its arrival; does not go back.
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
        # The same time again and again is no replay but a sender that keeps no time.
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
