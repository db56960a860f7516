"""Read typed JSON members, so that a bad file raises an error that names the faulty member.

Every value of a glTF file is read by one of these helpers; an error gives the value's path in the
file (`meshes[3].primitives[0].material`), what is wrong with it and what would be right.
References to optional parts are read by `reference`, `optional_reference` or `references`: where
one dangles, the part is skipped with a warning.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar

from avatars.errors import AvatarError
from avatars.gltf.warning_log import WarningLog

_T = TypeVar("_T")
_REMEDY = "export the file again from its editor"
_LARGEST = 1e9
"""Default limit of a number's magnitude: larger than any length, angle or weight an avatar needs,
and far below float32's overflow."""


@dataclass(frozen=True, slots=True)
class Fields:
    """The members of one JSON object.

    Attributes:
        thing: the file's name, for messages.
        path: the object's path in the file; empty for the root.
        members: the object itself.
        warnings: the file's warning log, shared by all its objects.
    """

    thing: str
    path: str
    members: dict[str, Any]
    warnings: WarningLog

    @classmethod
    def of(cls, thing: str, path: str, value: Any, warnings: WarningLog) -> Fields:
        """Wrap a JSON value that must be an object."""
        if not isinstance(value, dict):
            raise AvatarError(f"{thing}, {path}", "is not a JSON object", _REMEDY)
        return cls(thing, path, value, warnings)

    def where(self, key: str) -> str:
        """Return the path of a member."""
        return f"{self.path}.{key}" if self.path else key

    def fail(self, key: str, fault: str, remedy: str = _REMEDY) -> NoReturn:
        """Raise an AvatarError about a member."""
        raise AvatarError(f"{self.thing}, {self.where(key)}", fault, remedy)

    def warn(self, key: str, text: str) -> None:
        """Log a warning about a member; `text` is a clause that follows the member's path."""
        self.warnings.add(text, self.where(key))

    def has(self, key: str) -> bool:
        """Return whether the member is present; null counts as absent."""
        return self.members.get(key) is not None

    def integer(
        self, key: str, default: int | None = None, low: int = 0, high: int = 2**31 - 1
    ) -> int:
        """Return an integer in [low, high]; the member is required if there is no default."""
        if not self.has(key):
            return self._default(key, default, "a whole number")
        return self._whole(key, self.members[key], low, high)

    def index(self, key: str, count: int, of: str) -> int:
        """Return a required index into a list of `count` things named `of`."""
        value = self.integer(key, low=-(2**31))
        if not 0 <= value < count:
            self.fail(key, f"asks for number {value} of {count} {of}")
        return value

    def reference(self, key: str, count: int, of: str, loss: str) -> int | None:
        """Return the index that an optional part of the file depends on.

        Args:
            key: the member.
            count: length of the list that it indexes.
            of: what the list contains, in the plural.
            loss: what is skipped if the index is out of range, a clause for the warning.

        Returns:
            The index; None, with a warning, where it is missing or dangles.
        """
        if not self.has(key):
            self.warn(key, f"is missing, so {loss}")
            return None
        return self._follow(key, self.members[key], count, of, loss)

    def optional_reference(
        self, key: str, count: int, of: str, loss: str, *, or_negative: bool = False
    ) -> int | None:
        """Return an index that may be absent.

        Args:
            key, count, of, loss: see `reference`.
            or_negative: treat a negative number as absent, as VRM 0.x writes it.

        Returns:
            The index; None where it is absent; None, with a warning, where it dangles.
        """
        if not self.has(key):
            return None
        value = self.members[key]
        number = _whole_or_none(value)
        if or_negative and number is not None and number < 0:
            return None
        return self._follow(key, value, count, of, loss)

    def references(self, key: str, count: int, of: str, loss: str) -> list[int]:
        """Return a list's indices, dropping dangling ones with a warning each."""
        found = (
            self._follow(f"{key}[{i}]", value, count, of, loss)
            for i, value in enumerate(self._list(key))
        )
        return [index for index in found if index is not None]

    def number(
        self, key: str, default: float | None = None, low: float = -_LARGEST, high: float = _LARGEST
    ) -> float:
        """Return a finite number in [low, high]; it is required if there is no default."""
        if not self.has(key):
            return self._default(key, default, "a number")
        return self._finite(key, self.members[key], low, high)

    def numbers(
        self, key: str, default: Sequence[float], low: float = -_LARGEST, high: float = _LARGEST
    ) -> tuple[float, ...]:
        """Return as many finite numbers as the default has; further ones are ignored."""
        if not self.has(key):
            return tuple(default)
        values = self._list(key)
        if len(values) < len(default):
            self.fail(key, f"has {len(values)} numbers, not {len(default)}")
        return tuple(self._finite(key, value, low, high) for value in values[: len(default)])

    def number_list(self, key: str) -> tuple[float, ...]:
        """Return a list of finite numbers of any length; empty where absent."""
        values = self._list(key)
        return tuple(self._finite(key, value, -_LARGEST, _LARGEST) for value in values)

    def indices(self, key: str, count: int, of: str) -> list[int]:
        """Return a list of indices into `count` things; empty where absent."""
        indices = [self._whole(key, value, 0, 2**31 - 1) for value in self._list(key)]
        for value in indices:
            if value >= count:
                self.fail(key, f"asks for number {value} of {count} {of}")
        return indices

    def text(self, key: str, default: str = "") -> str:
        """Return a string."""
        value = self.members.get(key)
        if value is None:
            return default
        if not isinstance(value, str):
            self.fail(key, "is not a text")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of strings; empty where absent."""
        values = self._list(key)
        if not all(isinstance(value, str) for value in values):
            self.fail(key, "is not a list of texts")
        return tuple(values)

    def choice(self, key: str, options: Sequence[str], default: str) -> str:
        """Return a string, which must be one of `options`."""
        value = self.text(key, default)
        if value not in options:
            self.fail(key, f"says {value[:40]!r}, which is none of {', '.join(options)}")
        return value

    def flag(self, key: str, default: bool = False) -> bool:
        """Return a boolean."""
        value = self.members.get(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.fail(key, "is neither true nor false")
        return value

    def child(self, key: str) -> Fields:
        """Return a member object; an empty one where absent."""
        value = self.members.get(key)
        return Fields.of(self.thing, self.where(key), {} if value is None else value, self.warnings)

    def children(self, key: str) -> list[Fields]:
        """Return a list of objects; empty where absent."""
        return [
            Fields.of(self.thing, f"{self.where(key)}[{i}]", value, self.warnings)
            for i, value in enumerate(self._list(key))
        ]

    def children_by_name(self, key: str) -> Iterator[tuple[str, Fields]]:
        """Yield the members of a member object; each must be an object."""
        child = self.child(key)
        for name in child.members:
            if child.has(name):
                yield name, child.child(name)

    def extension(self, name: str) -> Fields | None:
        """Return an extension's object, or None where the object does not have it."""
        extensions = self.child("extensions")
        return extensions.child(name) if extensions.has(name) else None

    def _list(self, key: str) -> list[Any]:
        value = self.members.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.fail(key, "is not a list")
        return value

    def _follow(self, key: str, value: Any, count: int, of: str, loss: str) -> int | None:
        number = _whole_or_none(value)
        if number is not None and 0 <= number < count:
            return number
        # A JSON integer may have too many digits to print.
        wanted = f"number {number}" if number is not None and abs(number) < 2**31 else "none"
        self.warn(key, f"asks for {wanted} of {count} {of}, so {loss}")
        return None

    def _whole(self, key: str, value: Any, low: int, high: int) -> int:
        number = _whole_or_none(value)
        if number is None:
            self.fail(key, "is not a whole number")
        if not low <= number <= high:
            self.fail(key, f"is not between {low} and {high}")
        return number

    def _finite(self, key: str, value: Any, low: float, high: float) -> float:
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            self.fail(key, "is not a number")
        # Compare before converting: a JSON integer may overflow a float.
        if not low <= value <= high or not math.isfinite(value):
            self.fail(key, f"is not a number between {low:g} and {high:g}")
        return float(value)

    def _default(self, key: str, default: _T | None, wanted: str) -> _T:
        if default is None:
            self.fail(key, f"is missing, where {wanted} has to be")
        return default


def _whole_or_none(value: Any) -> int | None:
    """Return a JSON value as an integer, or None; some exporters write 3.0 for 3."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
