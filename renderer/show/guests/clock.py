"""Estimate the offset between a guest's monotonic clock and the show's from round trips."""

from __future__ import annotations

from collections import deque
from typing import Final

KEPT: Final = 40
"""Round trips that are kept: ten seconds at PING_S."""
PING_S: Final = 0.25
"""Interval in seconds between two questions for the guest's clock."""


class RemoteClock:
    """Keeps the latest round trips; the fastest gives the offset, as in NTP's clock filter.

    Half of a round trip that waited nowhere is the transit in either direction, so the fastest has
    the smallest error (RFC 5905, section 10).
    """

    def __init__(self) -> None:
        self._trips: deque[tuple[int, int]] = deque(maxlen=KEPT)

    @property
    def is_known(self) -> bool:
        """Return whether any round trip was completed."""
        return bool(self._trips)

    @property
    def round_trip_ns(self) -> int:
        """Return the median round trip, nanoseconds; 0 before the first."""
        trips = sorted(trip for trip, _ in self._trips)
        return trips[len(trips) // 2] if trips else 0

    def add(self, sent_ns: int, guest_ns: int, received_ns: int) -> None:
        """Add a round trip; one that would end before it began is ignored.

        Args:
            sent_ns, received_ns: when the question left and the answer came, the show's clock.
            guest_ns: when the guest answered, the guest's clock.
        """
        trip = received_ns - sent_ns
        if trip >= 0:
            self._trips.append((trip, guest_ns - (sent_ns + trip // 2)))

    def to_show(self, guest_ns: int) -> int:
        """Return a time of the guest's clock on the show's; requires a known clock."""
        return guest_ns - min(self._trips)[1]
