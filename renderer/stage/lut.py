"""Define ASC CDL values and read `.cube` lookup tables for the grade.

Both apply to display-referred values, 0 to 1, after the tone curve, as grading programs create them
for Rec. 709 pictures.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from renderer.errors import StageError

Color = tuple[float, float, float]
F32 = npt.NDArray[np.float32]

LARGEST_SIDE: Final = 129
"""Maximum points per axis; grading programs write up to 65, film looks up to 129."""
_SMALLEST_SIDE: Final = 2
_BYTES_A_LINE: Final = 120
_HEADER_BYTES: Final = 1 << 16
_LARGEST_VALUE: Final = 100.0
"""Maximum absolute value of a table's entry; display values are about 0 to 1."""

_NUMBER_LINE: Final = re.compile(r"^[-+.\d]")


@dataclass(frozen=True, slots=True)
class Cdl:
    """A colour decision list: (value x slope + offset) ^ power, then saturation.

    Source: ASC CDL, "ASC Color Decision List Transfer Functions and Interchange Syntax" 1.2. The
    results of slope and offset and of saturation are clamped to 0 to 1.

    Attributes:
        slope: not below 0.
        offset: any.
        power: above 0.
        saturation: not below 0; with the luma weights of Rec. 709.

    Raises:
        StageError: a value is outside these ranges.
    """

    slope: Color = (1.0, 1.0, 1.0)
    offset: Color = (0.0, 0.0, 0.0)
    power: Color = (1.0, 1.0, 1.0)
    saturation: float = 1.0

    def __post_init__(self) -> None:
        values = (*self.slope, *self.offset, *self.power, self.saturation)
        if (
            not all(map(math.isfinite, values))
            or min(*self.slope, self.saturation) < 0.0
            or min(self.power) <= 0.0
        ):
            raise StageError(
                "a colour decision list",
                f"its values are slope {self.slope}, offset {self.offset}, power {self.power}, "
                f"saturation {self.saturation}",
                "give a slope and a saturation of 0 or more and a power above 0",
            )


@dataclass(frozen=True, slots=True, eq=False)
class Lut:
    """A 3D lookup table of display values; compared by identity.

    Attributes:
        table: (n, n, n, 3) float32, indexed by blue, green and red; interpolation is tetrahedral.
        low, high: domain: red, green and blue at the first and at the last point.
    """

    name: str
    table: F32
    low: Color = (0.0, 0.0, 0.0)
    high: Color = (1.0, 1.0, 1.0)


def load_cube(path: Path) -> Lut:
    """Read a 3D lookup table from a `.cube` file.

    Source: Adobe, "Cube LUT Specification" 1.0; `LUT_3D_INPUT_RANGE` is DaVinci Resolve's.

    Raises:
        StageError: the file is absent, too large or invalid; the message states the line and the
            remedy.
    """
    largest = _HEADER_BYTES + LARGEST_SIDE**3 * _BYTES_A_LINE
    try:
        size = path.stat().st_size
        if size > largest:
            raise _fault(path, f"it has {size} bytes", f"give a table of {LARGEST_SIDE}³ or less")
        text = path.read_text(encoding="utf-8-sig", errors="replace")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise _fault(
            path, f"it cannot be read ({reason})", "give a path to a .cube file"
        ) from error
    return _parse(path, text)


def _parse(path: Path, text: str) -> Lut:
    lines = text.splitlines()
    header = _Header(path)
    first = len(lines)
    for number, line in enumerate(lines, 1):
        words = line.split("#", 1)[0].split()
        if not words:
            continue
        if _NUMBER_LINE.match(words[0]):
            first = number - 1
            break
        header.read(number, words)
    side = header.require_side()
    rows = []
    for number, line in enumerate(lines[first:], first + 1):
        words = line.split("#", 1)[0].split()
        if words:
            rows.append(_row(path, number, words))
        if len(rows) > side**3:
            raise _fault(
                path,
                f"line {number} is beyond the {side**3} that LUT_3D_SIZE {side} asks for",
                "give as many lines as the table has points",
            )
    if len(rows) != side**3:
        raise _fault(
            path,
            f"it has {len(rows)} lines of values, and LUT_3D_SIZE {side} asks for {side**3}",
            "give as many lines as the table has points",
        )
    table = np.array(rows, np.float32).reshape(side, side, side, 3)
    table.flags.writeable = False
    return Lut(header.title or path.stem, table, header.low, header.high)


class _Header:
    """The parsed keywords that precede the values."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._side: int | None = None
        self.title = ""
        self.low: Color = (0.0, 0.0, 0.0)
        self.high: Color = (1.0, 1.0, 1.0)

    def read(self, number: int, words: list[str]) -> None:
        """Read one line."""
        key, values = words[0].upper(), words[1:]
        if key == "TITLE":
            self.title = " ".join(values).strip('"')[:80]
        elif key == "LUT_3D_SIZE":
            self._side = self._read_side(number, values)
        elif key in ("DOMAIN_MIN", "DOMAIN_MAX"):
            point = _row(self._path, number, values)
            self.low, self.high = (point, self.high) if key == "DOMAIN_MIN" else (self.low, point)
        elif key == "LUT_3D_INPUT_RANGE":
            low, high, _ = _row(self._path, number, [*values, "0"])
            self.low, self.high = (low,) * 3, (high,) * 3
        elif key.startswith("LUT_1D"):
            raise _fault(
                self._path,
                f"line {number} announces a one-dimensional table",
                "export the look as a three-dimensional table",
            )
        else:
            raise _fault(
                self._path,
                f"line {number} begins with {words[0][:40]!r}, which no .cube file has",
                "export the look again",
            )

    def _read_side(self, number: int, values: list[str]) -> int:
        text = values[0] if len(values) == 1 else ""
        # ASCII digits only: int() accepts the digits of every script, and very long numbers.
        if re.fullmatch(r"[0-9]{1,4}", text) and _SMALLEST_SIDE <= int(text) <= LARGEST_SIDE:
            return int(text)
        raise _fault(
            self._path,
            f"line {number} gives LUT_3D_SIZE as {' '.join(values)[:40]!r}",
            f"give a number from {_SMALLEST_SIDE} to {LARGEST_SIDE}",
        )

    def require_side(self) -> int:
        """Check size and domain, and return the points per axis."""
        if self._side is None:
            raise _fault(
                self._path, "it does not give LUT_3D_SIZE before its values", "export it again"
            )
        if any(high <= low for low, high in zip(self.low, self.high, strict=True)):
            raise _fault(
                self._path,
                f"its domain runs from {self.low} to {self.high}",
                "give a DOMAIN_MAX above DOMAIN_MIN",
            )
        return self._side


def _row(path: Path, number: int, words: list[str]) -> Color:
    """Return the three numbers of a line."""
    try:
        red, green, blue = (float(word) for word in words)
    except ValueError:
        found = " ".join(words)[:40]
        raise _fault(
            path, f"line {number} holds {found!r}, not three numbers", "give red, green and blue"
        ) from None
    if not all(abs(value) <= _LARGEST_VALUE for value in (red, green, blue)):
        raise _fault(
            path,
            f"line {number} holds a value that is not finite or far outside 0 to 1",
            "give display values",
        )
    return red, green, blue


def _fault(path: Path, what: str, right: str) -> StageError:
    return StageError(f"look {path}", what, right)
