"""A small language for saying what a JSON file may hold, and the walk that compares.

Each class is a kind of value. `check` compares one value with it and reports what differs; it
never raises, whatever the value is.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from avatars.check.findings import Report, under

MAX_DEPTH: Final = 64
_REMEDY: Final = "export the file again from an up-to-date editor"


@dataclass(frozen=True, slots=True)
class Walk:
    """What a walk knows of its file.

    Attributes:
        counts: the length of each list that indices may point into, by its name.
        extensions: the names of the extensions met on the way.
    """

    report: Report
    counts: Mapping[str, int]
    extensions: dict[str, str] = field(default_factory=dict)


class Kind(ABC):
    """A kind of JSON value."""

    @abstractmethod
    def check(self, value: Any, pointer: str, walk: Walk) -> None:
        """Report where the value differs."""


@dataclass(frozen=True, slots=True)
class Anything(Kind):
    """No rule."""

    def check(self, value: Any, pointer: str, walk: Walk) -> None:
        """Take the value as it is."""


@dataclass(frozen=True, slots=True)
class Text(Kind):
    """A string, one of `options` where there are some."""

    options: tuple[str, ...] = ()

    def check(self, value: Any, pointer: str, walk: Walk) -> None:
        """Report another type, or a word that is not among the options."""
        if not isinstance(value, str):
            walk.report.error(pointer, "is not a text", "write a text")
        elif self.options and value not in self.options:
            walk.report.error(
                pointer, f"says {value[:40]!r}", f"use one of {', '.join(self.options)}"
            )


@dataclass(frozen=True, slots=True)
class Flag(Kind):
    """True or false."""

    def check(self, value: Any, pointer: str, walk: Walk) -> None:
        """Report another type."""
        if not isinstance(value, bool):
            walk.report.error(pointer, "is neither true nor false", "write true or false")


@dataclass(frozen=True, slots=True)
class Number(Kind):
    """A finite number in [low, high]; whole, or one of `options`, where that is asked."""

    low: float = -math.inf
    high: float = math.inf
    whole: bool = False
    options: tuple[int, ...] = ()

    def check(self, value: Any, pointer: str, walk: Walk) -> None:
        """Report another type or a number that is out of range."""
        if not is_number(value):
            walk.report.error(pointer, "is not a number", "write a number")
        elif self.whole and value != math.floor(value):
            walk.report.error(pointer, f"is {value:g}", "write a whole number")
        elif self.options and value not in self.options:
            known = ", ".join(map(str, self.options))
            walk.report.error(pointer, f"is {_shown(value)}", f"use one of {known}")
        elif not self.low <= value <= self.high:
            walk.report.error(pointer, f"is {_shown(value)}", self._range())

    def _range(self) -> str:
        if math.isinf(self.high):
            return f"use {self.low:g} or more"
        return f"use {self.low:g} to {self.high:g}"


@dataclass(frozen=True, slots=True)
class Index(Kind):
    """A place in one of the file's lists.

    Attributes:
        of: the list's name.
        or_none: -1 stands for none, as VRM 0.x writes it.
        required: a place that is not there is an error. Otherwise what refers to it is left out, as
            the reader does, and it is a warning.
    """

    of: str
    or_none: bool = False
    required: bool = False

    def check(self, value: Any, pointer: str, walk: Walk) -> None:
        """Report another type, or a place that is not in the list."""
        count = walk.counts.get(self.of, 0)
        if not is_number(value) or value != math.floor(value):
            walk.report.error(pointer, "is not a whole number", f"write an index of {self.of}")
        elif not (0 <= value < count or (self.or_none and value == -1)):
            fault = f"asks for number {_shown(value)} of {count} {self.of}"
            report = walk.report.error if self.required else walk.report.warning
            report(pointer, fault, f"use one of the {self.of} that are there")


@dataclass(frozen=True, slots=True)
class Several(Kind):
    """A list of values of one kind, `least` to `most` of them, without repeats where asked."""

    of: Kind
    least: int = 1
    most: int = 2**31
    unique: bool = False

    def check(self, value: Any, pointer: str, walk: Walk) -> None:
        """Report another type, a wrong length, repeats, and every entry's own faults."""
        if not isinstance(value, list):
            walk.report.error(pointer, "is not a list", "write a list")
            return
        if len(value) < self.least and not value:
            walk.report.error(pointer, "is an empty list", "leave it out where there is nothing")
        elif not self.least <= len(value) <= self.most:
            wanted = f"{self.least}" if self.least == self.most else f"{self.least} to {self.most}"
            walk.report.error(pointer, f"has {len(value)} entries", f"give it {wanted}")
        numeric = all(is_number(entry) for entry in value)
        if self.unique and numeric and len(set(value)) < len(value):
            walk.report.error(pointer, "names one thing twice", "name each thing once")
        for place, entry in enumerate(value):
            if walk.report.is_full:
                return
            if not _plainly_fits(self.of, entry, walk):
                self.of.check(entry, under(pointer, place), walk)


@dataclass(frozen=True, slots=True)
class Named(Kind):
    """An object whose members are all of one kind.

    Attributes:
        names: what they may be called, where that is restricted.
        special: the kinds of those members that are of another.
    """

    of: Kind
    names: tuple[str, ...] = ()
    special: Mapping[str, Kind] = field(default_factory=dict)

    def check(self, value: Any, pointer: str, walk: Walk) -> None:
        """Report another type, a name that is not among those known, and the members' faults."""
        if not isinstance(value, dict):
            walk.report.error(pointer, "is not an object", "write an object")
            return
        for name, entry in value.items():
            if walk.report.is_full:
                return
            place = under(pointer, name)
            if self.names and name not in self.names and name not in _ALWAYS:
                walk.report.error(
                    place, "is a name the specification does not know", "use its own names"
                )
            else:
                self.special.get(name, self.of).check(entry, place, walk)


@dataclass(frozen=True, slots=True)
class Members(Kind):
    """An object with members of its own.

    Attributes:
        known: each member's kind.
        required: the members that have to be there.
        extensions: the kinds of the extensions that may stand here.
        open: whether members that are not known pass unremarked.
    """

    known: Mapping[str, Kind]
    required: tuple[str, ...] = ()
    extensions: Mapping[str, Kind] = field(default_factory=dict)
    open: bool = False

    def check(self, value: Any, pointer: str, walk: Walk) -> None:
        """Report another type, members missing or unknown, and the members' faults."""
        if not isinstance(value, dict):
            walk.report.error(pointer, "is not an object", "write an object")
            return
        if pointer.count("/") > MAX_DEPTH:
            walk.report.error(pointer, "is nested deeper than any file needs", _REMEDY)
            return
        for name in self.required:
            if name not in value:
                walk.report.error(under(pointer, name), "is missing", "write it: it is required")
        for name, entry in value.items():
            if walk.report.is_full:
                return
            place = under(pointer, name)
            if name == "extensions":
                self._check_extensions(entry, place, walk)
            elif name in self.known:
                self.known[name].check(entry, place, walk)
            elif name != "extras" and not self.open:
                walk.report.warning(
                    place, "is a member the specification does not know", "leave it out"
                )

    def _check_extensions(self, value: Any, pointer: str, walk: Walk) -> None:
        if not isinstance(value, dict):
            walk.report.error(pointer, "is not an object", "write an object")
            return
        for name, entry in value.items():
            place = under(pointer, name)
            walk.extensions.setdefault(name, place)
            kind = self.extensions.get(name)
            if kind is not None:
                kind.check(entry, place, walk)
            elif not isinstance(entry, dict):
                walk.report.error(place, "is not an object", "write an object")


_ALWAYS: Final = ("extensions", "extras")


def is_number(value: Any) -> bool:
    """Whether a JSON value is a finite number."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return isinstance(value, int) or math.isfinite(value)


def _plainly_fits(kind: Kind, value: Any, walk: Walk) -> bool:
    """Whether a value is right where that is quickly seen: long lists hold little but numbers."""
    if isinstance(kind, Index):
        return type(value) is int and 0 <= value < walk.counts.get(kind.of, 0)
    if isinstance(kind, Number) and type(value) in (int, float):
        plain = not kind.whole and not kind.options
        return plain and -math.inf < value < math.inf and kind.low <= value <= kind.high
    return False


def _shown(value: float) -> str:
    # A whole number of JSON may be too long for a float, and for a line.
    return f"{value:g}" if abs(value) < 1e300 else "beyond all bounds"


def numbers(count: int, low: float = -math.inf, high: float = math.inf) -> Several:
    """A list of exactly `count` numbers."""
    return Several(Number(low, high), count, count)
