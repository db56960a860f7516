"""Find a calibration board in pictures, and notice one of another size than stated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from renderer.capture.board_spec import Board, BoardKind

_MARKER_SHARE: Final = 0.75
"""Side of a marker over the side of a square."""

_DICTIONARY: Final = cv2.aruco.DICT_4X4_250
"""Markers of a ChArUco board."""

_FEWEST_CORNERS: Final = 8
"""Corners that a sighting must have."""

_FEWEST_MARKERS: Final = 4
"""Markers by which a layout is judged."""

_FLAT: Final = 0.03
"""Largest mean deviation of corners from a plane's picture, in squares; a board of another layout
has whole squares. Lenses bend a board by less."""

_OTHER_SIDES: Final = range(3, 16)
"""Squares along a side of other boards that are tried."""

_PRINT_PIXELS: Final = 200
"""Pixels per square of a printed board."""

U8 = npt.NDArray[np.uint8]
F64 = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class BoardSighting:
    """A board in one picture.

    Attributes:
        points: (n, 3) metres, the corners on the board, z = 0.
        pixels: (n, 2) the corners in the picture.
    """

    points: F64
    pixels: F64


class BoardFinder:
    """Finds one board in pictures.

    Attributes:
        other: description of another board that was seen instead, such as `8x6`; empty if none.
    """

    def __init__(self, board: Board) -> None:
        self._board = board
        self.other = ""
        self._charuco = _charuco(board.across, board.down, board.square_m)
        self._detector = cv2.aruco.CharucoDetector(self._charuco)
        self._markers = cv2.aruco.ArucoDetector(
            cv2.aruco.getPredefinedDictionary(_DICTIONARY), cv2.aruco.DetectorParameters()
        )

    def find(self, pixels: U8) -> BoardSighting | None:
        """Return the board in a picture; None if it is not there, or another one is.

        Args:
            pixels: (h, w, 3) RGB.
        """
        grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
        if self._board.kind is BoardKind.CHARUCO:
            return self._find_charuco(grey)
        return self._find_chess(grey)

    def _find_charuco(self, grey: U8) -> BoardSighting | None:
        corners, ids, marker_corners, marker_ids = self._detector.detectBoard(grey)
        known = self._board.across * self._board.down // 2
        if marker_ids is not None and len(marker_ids) >= 4 and not self.other:
            numbers = np.asarray(marker_ids).ravel()
            if numbers.max() >= known or not _fits(self._charuco, marker_corners, marker_ids):
                self.other = _find_layout(marker_corners, marker_ids)
                return None
        if ids is None or len(ids) < _FEWEST_CORNERS:
            return None
        points = self._charuco.getChessboardCorners()[np.asarray(ids).ravel()]
        return BoardSighting(
            np.asarray(points, np.float64), np.asarray(corners, np.float64).reshape(-1, 2)
        )

    def _find_chess(self, grey: U8) -> BoardSighting | None:
        size = self._board.corners
        flags = cv2.CALIB_CB_LARGER | cv2.CALIB_CB_NORMALIZE_IMAGE
        found, corners, meta = cv2.findChessboardCornersSBWithMeta(grey, size, flags)
        if not found:
            if not self.other:
                self.other = self._find_smaller(grey)
            return None
        rows, columns = np.asarray(meta).shape[:2]
        if sorted((columns, rows)) != sorted(size):
            self.other = f"{columns}x{rows} inner corners"
            return None
        across, down = columns, rows
        grid = np.zeros((across * down, 3))
        grid[:, :2] = np.mgrid[0:across, 0:down].T.reshape(-1, 2) * self._board.square_m
        return BoardSighting(grid, np.asarray(corners, np.float64).reshape(-1, 2))

    def _find_smaller(self, grey: U8) -> str:
        """Return the inner corners of a smaller chessboard in the picture; empty if none."""
        size = (3, 3)
        flags = cv2.CALIB_CB_LARGER | cv2.CALIB_CB_NORMALIZE_IMAGE
        found, _, meta = cv2.findChessboardCornersSBWithMeta(grey, size, flags)
        if not found:
            return ""
        rows, columns = np.asarray(meta).shape[:2]
        across, down = self._board.corners
        # A part of the stated board, the rest of which is hidden, is no other board.
        is_part = max(rows, columns) <= max(across, down) and min(rows, columns) <= min(
            across, down
        )
        return "" if is_part and rows * columns < 12 else f"{columns}x{rows} inner corners"


def draw_board_picture(board: Board) -> U8:
    """Return the picture (h, w) of a board with a margin of half a square."""
    across, down = board.across, board.down
    margin = _PRINT_PIXELS // 2
    if board.kind is BoardKind.CHARUCO:
        size = (across * _PRINT_PIXELS + 2 * margin, down * _PRINT_PIXELS + 2 * margin)
        picture: U8 = _charuco(across, down, board.square_m).generateImage(size, None, margin, 1)
        return picture
    cells = np.add.outer(np.arange(down + 1), np.arange(across + 1)) % 2
    picture = np.kron(cells, np.full((_PRINT_PIXELS, _PRINT_PIXELS), 255)).astype(np.uint8)
    return np.pad(picture, margin, constant_values=255)


def _charuco(across: int, down: int, square_m: float) -> Any:
    dictionary = cv2.aruco.getPredefinedDictionary(_DICTIONARY)
    return cv2.aruco.CharucoBoard((across, down), square_m, _MARKER_SHARE * square_m, dictionary)


def _fits(board: Any, corners: Any, ids: Any) -> bool:
    """Return whether markers lie in the picture as they do on a board."""
    markers = board.getObjPoints()
    numbers = np.asarray(ids).ravel().tolist()
    both = [
        (markers[number], corner)
        for number, corner in zip(numbers, corners, strict=True)
        if number < len(markers)
    ]
    if len(both) < _FEWEST_MARKERS:
        return True
    plane = np.concatenate([np.asarray(points, np.float64)[:, :2] for points, _ in both])
    flat = np.concatenate([np.asarray(corner, np.float64).reshape(4, 2) for _, corner in both])
    matrix, _ = cv2.findHomography(flat, plane)
    if matrix is None:
        return False
    mapped = cv2.perspectiveTransform(flat[:, None], matrix)[:, 0]
    square = board.getSquareLength()
    return bool(np.median(np.linalg.norm(mapped - plane, axis=1)) < _FLAT * square)


def _find_layout(corners: Any, ids: Any) -> str:
    """Return the squares of the board that markers lie on; empty if none fits."""
    for across in _OTHER_SIDES:
        for down in _OTHER_SIDES:
            enough = across * down // 2 > int(np.max(ids)) and across * down // 2 <= 250
            if enough and _fits(_charuco(across, down, 1.0), corners, ids):
                # The number of rows shows in the last marker alone: the columns are certain.
                return f"{across} squares across"
    return "another layout of squares"
