"""Implement a value that notifies its watchers only when it changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Observable(Generic[T]):
    """One display-ready field of a view-model."""

    def __init__(self, value: T) -> None:
        self._value = value
        self._watchers: list[Callable[[T], None]] = []

    @property
    def value(self) -> T:
        """Return the current value."""
        return self._value

    def set(self, value: T) -> None:
        """Set the value; an equal one does not notify the watchers."""
        if value == self._value:
            return
        self._value = value
        for watcher in self._watchers:
            watcher(value)

    def watch(self, watcher: Callable[[T], None]) -> None:
        """Call `watcher` with the current value now and with the new one at every change."""
        self._watchers.append(watcher)
        watcher(self._value)
