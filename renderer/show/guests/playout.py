"""Delay a guest's motion just as far as the network needs, so that it arrives evenly.

A message is shown at the time at which it was made plus a delay. The delay follows the 99th
percentile of what the messages of the last seconds took; it changes slowly enough that the motion
is neither stopped nor rushed.
"""

from __future__ import annotations

from typing import Final

import numpy as np

LEAST_NS: Final = 10_000_000
"""Shortest delay, nanoseconds."""
MOST_NS: Final = 500_000_000
"""Longest delay, nanoseconds; what takes longer is late."""
_KEPT: Final = 512
"""Messages whose transit is kept: eight seconds at 60 a second."""
_EVERY: Final = 16
"""The percentile is computed once in this number of messages."""
_PERCENTILE: Final = 99.0
_LONGER, _SHORTER = 0.1, 0.02
"""Largest change of the delay over the time that passes; slower motion is less visible than a gap,
faster motion is seen sooner."""


class PlayoutDelay:
    """Follows the transit times of one guest's messages."""

    def __init__(self) -> None:
        self._transits = np.zeros(_KEPT)
        self._count = 0
        self._target_ns = 0.0
        self._delay_ns = 0.0
        self._last_ns = 0

    @property
    def delay_ns(self) -> int:
        """Return the present delay, nanoseconds; 0 before the first message."""
        return round(self._delay_ns)

    def place(self, t_ns: int, received_ns: int) -> int:
        """Return the show's time at which a message is due.

        Args:
            t_ns: when the message was made, on the show's clock.
            received_ns: when it arrived.
        """
        self._transits[self._count % _KEPT] = received_ns - t_ns
        self._count += 1
        if self._count <= _EVERY or self._count % _EVERY == 0:
            known = self._transits[: min(self._count, _KEPT)]
            wanted = float(np.percentile(known, _PERCENTILE))
            self._target_ns = min(max(wanted, LEAST_NS), MOST_NS)
        if self._count <= _EVERY:
            # The first quarter of a second: nothing of the guest is visible yet.
            self._delay_ns = max(self._delay_ns, self._target_ns)
        else:
            passed = max(received_ns - self._last_ns, 0)
            change = self._target_ns - self._delay_ns
            self._delay_ns += min(max(change, -_SHORTER * passed), _LONGER * passed)
        self._last_ns = max(self._last_ns, received_ns)
        return t_ns + round(self._delay_ns)
