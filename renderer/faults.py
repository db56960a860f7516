"""Collect all faults of a request, so that the user sees all of them at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from renderer.errors import RendererError

Given = TypeVar("Given")
Made = TypeVar("Made")


class FaultCollector:
    """Collects faults instead of stopping at the first one.

    Attributes:
        faults: the faults recorded so far, in order, without duplicates.
    """

    def __init__(self) -> None:
        self.faults: list[RendererError] = []

    def add(self, *faults: RendererError) -> None:
        """Record faults; skip those whose message is already recorded."""
        known = {str(fault) for fault in self.faults}
        for fault in faults:
            if str(fault) not in known:
                self.faults.append(fault)
                known.add(str(fault))

    def attempt(self, convert: Callable[[Given], Made], value: Given | None) -> Made | None:
        """Convert a value; record the fault and return None if that fails or the value is None."""
        if value is None:
            return None
        try:
            return convert(value)
        except RendererError as fault:
            self.add(fault)
            return None

    def collect(
        self, convert: Callable[[Given], Made], values: Iterable[Given]
    ) -> tuple[Made, ...]:
        """Convert all values, record the faults and return the values that were converted."""
        made = (self.attempt(convert, value) for value in values)
        return tuple(one for one in made if one is not None)

    def raise_first(self) -> None:
        """Raise the first recorded fault, if any.

        Raises:
            RendererError: a fault was recorded.
        """
        if self.faults:
            raise self.faults[0]
