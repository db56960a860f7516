"""Find the line and column of every key and value of a TOML text.

Parsers of TOML keep no positions of what they have read, and a crew needs them in every message.
The text must be valid TOML, as `tomllib` has checked.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

Path = tuple[str | int, ...]
"""Keys and indices from the document's root to a value."""

_BLANK: Final = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE: Final = re.compile(r"[ \t]*")
_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_STRING: Final = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'', re.DOTALL
)
_SCALAR: Final = re.compile(r"[^,\]}\n#]+")


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a text: line and column, both from 1, in characters."""

    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.line}:{self.column}"


def find_positions(text: str) -> Mapping[Path, Place]:
    """Return the place of every value by its path: of its key, or of the item of an array.

    Args:
        text: valid TOML.
    """
    scanner = _Scanner(text)
    scanner.scan()
    return {path: locate(text, offset) for path, offset in scanner.offsets.items()}


def locate(text: str, offset: int) -> Place:
    """Return the place of an offset in characters."""
    begin = text.rfind("\n", 0, offset) + 1
    return Place(text.count("\n", 0, offset) + 1, offset - begin + 1)


class _Scanner:
    """Reads a valid TOML text once, and stores where each path begins.

    Attributes:
        offsets: characters from the start of the text, by path.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._counts: dict[Path, int] = {}
        self.offsets: dict[Path, int] = {}

    def scan(self) -> None:
        """Read the text to its end."""
        table: Path = ()
        while True:
            self._skip(_BLANK)
            if self._at >= len(self._text):
                return
            if self._text[self._at] == "[":
                table = self._read_header()
            else:
                self._read_pair(table)

    def _read_header(self) -> Path:
        begin = self._at
        is_array = self._text.startswith("[[", begin)
        self._at += 2 if is_array else 1
        keys = self._read_keys()
        self._at += 2 if is_array else 1
        path = self._descend((), keys[:-1])
        path = (*path, keys[-1])
        if is_array:
            number = self._counts.get(path, -1) + 1
            self._counts[path] = number
            self.offsets.setdefault(path, begin)
            path = (*path, number)
        self.offsets.setdefault(path, begin)
        return path

    def _descend(self, path: Path, keys: tuple[str, ...]) -> Path:
        """Return the path under keys, in the newest item of every array of tables on the way."""
        for key in keys:
            path = (*path, key)
            self.offsets.setdefault(path, self._at)
            if path in self._counts:
                path = (*path, self._counts[path])
        return path

    def _read_pair(self, table: Path) -> None:
        begin = self._at
        keys = self._read_keys()
        for count in range(1, len(keys) + 1):
            self.offsets.setdefault((*table, *keys[:count]), begin)
        self._skip(_SPACE)
        self._at += 1  # The equals sign.
        self._skip(_SPACE)
        self._read_value((*table, *keys))

    def _read_keys(self) -> tuple[str, ...]:
        keys = []
        while True:
            self._skip(_SPACE)
            keys.append(self._read_key())
            self._skip(_SPACE)
            if self._text[self._at] != ".":
                return tuple(keys)
            self._at += 1

    def _read_key(self) -> str:
        if self._text[self._at] in "\"'":
            word = self._take(_STRING)
            return str(tomllib.loads(f"key = {word}")["key"])
        return self._take(_BARE)

    def _read_value(self, path: Path) -> None:
        match self._text[self._at]:
            case "[":
                self._read_array(path)
            case "{":
                self._read_inline_table(path)
            case '"' | "'":
                self._take(_STRING)
            case _:
                self._take(_SCALAR)

    def _read_array(self, path: Path) -> None:
        self._at += 1
        number = 0
        while True:
            self._skip(_BLANK)
            if self._text[self._at] == "]":
                self._at += 1
                return
            if self._text[self._at] == ",":
                self._at += 1
                continue
            self.offsets[(*path, number)] = self._at
            self._read_value((*path, number))
            number += 1

    def _read_inline_table(self, path: Path) -> None:
        self._at += 1
        while True:
            self._skip(_BLANK)
            if self._text[self._at] == "}":
                self._at += 1
                return
            if self._text[self._at] == ",":
                self._at += 1
                continue
            self._read_pair(path)

    def _skip(self, pattern: re.Pattern[str]) -> None:
        found = pattern.match(self._text, self._at)
        if found is not None:
            self._at = found.end()

    def _take(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self._text, self._at)
        if found is None:
            raise ValueError(f"no valid TOML at character {self._at}")
        self._at = found.end()
        return found.group()


def paths_of(data: Any, path: Path = ()) -> list[Path]:
    """Return the paths of all values in plain data, from the root downwards."""
    found = [path] if path else []
    if isinstance(data, Mapping):
        items: list[tuple[str | int, Any]] = list(data.items())
    elif isinstance(data, list | tuple):
        items = list(enumerate(data))
    else:
        return found
    for key, value in items:
        found += paths_of(value, (*path, key))
    return found
