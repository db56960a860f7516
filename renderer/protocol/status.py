"""Hold a show's status for a desk: the newest section of each type."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from renderer.protocol.schema import Section

S = TypeVar("S", bound=Section)


class Status:
    """The newest published section of each type. Immutable."""

    def __init__(self, sections: Iterable[Section] = ()) -> None:
        """Store the sections; the later one of two of the same type is kept."""
        self._sections = {type(section): section for section in sections}

    def of(self, kind: type[S]) -> S:
        """Return the newest section of a type; one with default values if none has arrived."""
        section = self._sections.get(kind)
        return section if isinstance(section, kind) else kind()

    def newest(self, kind: type[Section]) -> Section | None:
        """Return the newest section of a type; None if none has arrived."""
        return self._sections.get(kind)

    def has(self, kind: type[Section]) -> bool:
        """Return whether a section of this type has arrived."""
        return kind in self._sections

    def without(self, kind: type[Section]) -> Status:
        """Return a copy of this status without a type of section."""
        return Status(one for one in self._sections.values() if type(one) is not kind)

    def with_sections(self, sections: Iterable[Section]) -> Status:
        """Return a copy of this status with newer sections."""
        return Status((*self._sections.values(), *sections))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Status) and self._sections == other._sections

    def __hash__(self) -> int:
        return hash(frozenset(self._sections))

    def __repr__(self) -> str:
        return f"Status({list(self._sections.values())!r})"
