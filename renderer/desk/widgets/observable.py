"""A value that tells those who watch it, when it changes and only then."""

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
        """What it is now."""
        return self._value

    def set(self, value: T) -> None:
        """Change it; an equal value is no change."""
        if value == self._value:
            return
        self._value = value
        for watcher in self._watchers:
            watcher(value)

    def watch(self, watcher: Callable[[T], None]) -> None:
        """Call `watcher` with the value now and at every change."""
        self._watchers.append(watcher)
        watcher(self._value)
