"""Parse the description of a calibration board."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final

from renderer.errors import CaptureError

_WORD: Final = re.compile(
    r"(charuco|chess):(\d{1,2})x(\d{1,2}):(\d{1,3}(?:\.\d+)?)(?:mm)?", re.ASCII
)
_FEWEST, _MOST = 3, 30
"""Squares, or inner corners, along a side."""
_SMALLEST_MM, _LARGEST_MM = 5.0, 300.0
"""Side of a square, millimetres."""


class BoardKind(Enum):
    """Pattern of a board."""

    CHARUCO = "charuco"
    """Chessboard with markers, of OpenCV's dictionary 4x4_250; recognised in part, too."""
    CHESS = "chess"
    """Plain chessboard; recognised as a whole."""


@dataclass(frozen=True, slots=True)
class Board:
    """A board.

    Attributes:
        kind: its pattern.
        across, down: squares of a ChArUco board; inner corners of a chessboard.
        square_m: side of a square, metres.
    """

    kind: BoardKind
    across: int
    down: int
    square_m: float

    @property
    def corners(self) -> tuple[int, int]:
        """Return the inner corners across and down."""
        if self.kind is BoardKind.CHESS:
            return self.across, self.down
        return self.across - 1, self.down - 1

    def describe(self) -> str:
        """Return the board's description as it is typed."""
        return f"{self.kind.value}:{self.across}x{self.down}:{1000.0 * self.square_m:g}mm"


def parse_board(word: str) -> Board:
    """Return the board that a word describes, such as `charuco:7x5:40mm` or `chess:9x6:25mm`.

    Raises:
        CaptureError: it describes none.
    """
    match = _WORD.fullmatch(word.strip().lower())
    if match is not None:
        kind, across, down, side = (
            BoardKind(match[1]),
            int(match[2]),
            int(match[3]),
            float(match[4]),
        )
        fits = _FEWEST <= across <= _MOST and _FEWEST <= down <= _MOST
        if fits and _SMALLEST_MM <= side <= _LARGEST_MM:
            return Board(kind, across, down, side / 1000.0)
    raise CaptureError(
        f"Board {word[:40]!r}",
        "is no board",
        "write charuco:7x5:40mm (squares across and down, their side) or chess:9x6:25mm (inner "
        "corners)",
    )
