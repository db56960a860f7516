"""Collects every fault of a request, so that a person hears of all of them at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from renderer.errors import RendererError

Given = TypeVar("Given")
Made = TypeVar("Made")


class FaultCollector:
    """Gathers faults instead of stopping at the first one.

    Attributes:
        faults: what was found so far, in the order in which it was found, each once.
    """

    def __init__(self) -> None:
        self.faults: list[RendererError] = []

    def add(self, *faults: RendererError) -> None:
        """Record faults, and drop those whose sentence is there already."""
        known = {str(fault) for fault in self.faults}
        for fault in faults:
            if str(fault) not in known:
                self.faults.append(fault)
                known.add(str(fault))

    def attempt(self, convert: Callable[[Given], Made], value: Given | None) -> Made | None:
        """Convert a value, or record why it cannot be; None where there is none."""
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
        """Convert the values that can be converted, and record why the others cannot."""
        made = (self.attempt(convert, value) for value in values)
        return tuple(one for one in made if one is not None)

    def raise_first(self) -> None:
        """Raise the first fault, for callers who stop at one.

        Raises:
            RendererError: something was recorded.
        """
        if self.faults:
            raise self.faults[0]
