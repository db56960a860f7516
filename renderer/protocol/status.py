"""A show's status as a desk reads it: the newest section of every kind."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from renderer.protocol.schema import Section

S = TypeVar("S", bound=Section)


class Status:
    """The newest section of every kind that a show has published. Immutable."""

    def __init__(self, sections: Iterable[Section] = ()) -> None:
        """Hold these sections; of two of a kind the later one."""
        self._sections = {type(section): section for section in sections}

    def of(self, kind: type[S]) -> S:
        """Return the newest section of a kind; one of defaults where none has come."""
        section = self._sections.get(kind)
        return section if isinstance(section, kind) else kind()

    def has(self, kind: type[Section]) -> bool:
        """Tell whether a section of this kind has come."""
        return kind in self._sections

    def with_sections(self, sections: Iterable[Section]) -> Status:
        """Return this status with newer sections in place of those of their kinds."""
        return Status((*self._sections.values(), *sections))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Status) and self._sections == other._sections

    def __hash__(self) -> int:
        return hash(frozenset(self._sections))

    def __repr__(self) -> str:
        return f"Status({list(self._sections.values())!r})"
