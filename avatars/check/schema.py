"""Define a small schema language for JSON files and validate values against it.

Each class is a kind of value. `check` validates one value and reports what is wrong; it never
raises, whatever the value is.
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
    """The state of a walk over a file.

    Attributes:
        counts: length of each list that indices may refer to, by name.
        extensions: JSON pointer of the first use of each extension found, by name.
    """

    report: Report
    counts: Mapping[str, int]
    extensions: dict[str, str] = field(default_factory=dict)


class Kind(ABC):
    """A kind of JSON value."""

    @abstractmethod
    def check(self, value: Any, pointer: str, walk: Walk) -> None:
        """Report where the value does not match."""


@dataclass(frozen=True, slots=True)
class Anything(Kind):
    """Any value."""

    def check(self, value: Any, pointer: str, walk: Walk) -> None:
        """Accept every value."""


@dataclass(frozen=True, slots=True)
class Text(Kind):
    """A string, which must be one of `options` if there are any."""

    options: tuple[str, ...] = ()

    def check(self, value: Any, pointer: str, walk: Walk) -> None:
        """Report another type, or a string that is not one of the options."""
        if not isinstance(value, str):
            walk.report.error(pointer, "is not a text", "write a text")
        elif self.options and value not in self.options:
            walk.report.error(
                pointer, f"says {value[:40]!r}", f"use one of {', '.join(self.options)}"
            )


@dataclass(frozen=True, slots=True)
class Flag(Kind):
    """A boolean."""

    def check(self, value: Any, pointer: str, walk: Walk) -> None:
        """Report another type."""
        if not isinstance(value, bool):
            walk.report.error(pointer, "is neither true nor false", "write true or false")


@dataclass(frozen=True, slots=True)
class Number(Kind):
    """A finite number in [low, high]; optionally an integer or one of `options`."""

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
            walk.report.error(pointer, f"is {_format_number(value)}", f"use one of {known}")
        elif not self.low <= value <= self.high:
            walk.report.error(pointer, f"is {_format_number(value)}", self._range())

    def _range(self) -> str:
        if math.isinf(self.high):
            return f"use {self.low:g} or more"
        return f"use {self.low:g} to {self.high:g}"


@dataclass(frozen=True, slots=True)
class Index(Kind):
    """An index into one of the file's lists.

    Attributes:
        of: the list's name.
        or_none: whether -1 means none, as VRM 0.x writes it.
        required: whether an index out of range is an error. If not, it is a warning, and the reader
            skips the part that refers to it.
    """

    of: str
    or_none: bool = False
    required: bool = False

    def check(self, value: Any, pointer: str, walk: Walk) -> None:
        """Report another type, or an index out of range."""
        count = walk.counts.get(self.of, 0)
        if not is_number(value) or value != math.floor(value):
            walk.report.error(pointer, "is not a whole number", f"write an index of {self.of}")
        elif not (0 <= value < count or (self.or_none and value == -1)):
            fault = f"asks for number {_format_number(value)} of {count} {self.of}"
            report = walk.report.error if self.required else walk.report.warning
            report(pointer, fault, f"use one of the {self.of} that are there")


@dataclass(frozen=True, slots=True)
class Several(Kind):
    """A list of `least` to `most` values of one kind, optionally without duplicates."""

    of: Kind
    least: int = 1
    most: int = 2**31
    unique: bool = False

    def check(self, value: Any, pointer: str, walk: Walk) -> None:
        """Report another type, a wrong length, duplicates, and the faults of every entry."""
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
    """An object whose members are of one kind.

    Attributes:
        names: the allowed names, where they are restricted.
        special: the kinds of members that are exceptions, by name.
    """

    of: Kind
    names: tuple[str, ...] = ()
    special: Mapping[str, Kind] = field(default_factory=dict)

    def check(self, value: Any, pointer: str, walk: Walk) -> None:
        """Report another type, unknown names, and the faults of the members."""
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
    """An object with named members.

    Attributes:
        known: each member's kind, by name.
        required: the names of required members.
        extensions: the kinds of extensions allowed here, by name.
        open: whether unknown members are accepted without a finding.
    """

    known: Mapping[str, Kind]
    required: tuple[str, ...] = ()
    extensions: Mapping[str, Kind] = field(default_factory=dict)
    open: bool = False

    def check(self, value: Any, pointer: str, walk: Walk) -> None:
        """Report another type, missing or unknown members, and the faults of the members."""
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
    """Return whether a JSON value is a finite number."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return isinstance(value, int) or math.isfinite(value)


def _plainly_fits(kind: Kind, value: Any, walk: Walk) -> bool:
    """Return whether a value is valid, for plain numbers only: a fast path for long lists."""
    if isinstance(kind, Index):
        return type(value) is int and 0 <= value < walk.counts.get(kind.of, 0)
    if isinstance(kind, Number) and type(value) in (int, float):
        plain = not kind.whole and not kind.options
        return plain and -math.inf < value < math.inf and kind.low <= value <= kind.high
    return False


def _format_number(value: float) -> str:
    # A JSON integer may overflow a float or have too many digits to print.
    return f"{value:g}" if abs(value) < 1e300 else "beyond all bounds"


def numbers(count: int, low: float = -math.inf, high: float = math.inf) -> Several:
    """Return the kind of a list of exactly `count` numbers."""
    return Several(Number(low, high), count, count)
