"""Tell whether a show's outputs send again after a fault."""

from __future__ import annotations

from collections.abc import Mapping


class PacketProgress:
    """Compares the outputs' packet counts with the lowest since a fault.

    A media process that replaces a dead one counts from zero, so the counts from before the fault
    are no measure.
    """

    def __init__(self, counts: Mapping[str, int]) -> None:
        """Begin with the counts before the fault, by the output's name."""
        self._lowest = dict(counts)

    def has_advanced(self, counts: Mapping[str, int]) -> bool:
        """Note the present counts; return whether each has grown since its lowest one."""
        for name, count in counts.items():
            self._lowest[name] = min(self._lowest.get(name, 0), count)
        return all(count > self._lowest[name] for name, count in counts.items())
