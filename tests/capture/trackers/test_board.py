"""Test that calibration boards are found, and that one of another size is reported."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from renderer.capture.board_spec import BoardKind, parse_board
from renderer.capture.trackers.board import BoardFinder, draw_board_picture
from renderer.errors import CaptureError


def film(word: str, tilt: float = 0.15) -> np.ndarray:
    """Return a picture (720, 1280, 3) in which a board is held tilted."""
    board = draw_board_picture(parse_board(word))
    height, width = board.shape
    scale = 520.0 / height
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    w, h = width * scale, height * scale
    held = np.array([[0, tilt * h / 2], [w, 0], [w, h], [0, h - tilt * h / 2]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, held + np.array([200, 90], np.float32))
    grey = cv2.warpPerspective(board, matrix, (1280, 720), borderValue=90, flags=cv2.INTER_AREA)
    return np.repeat(grey[..., None], 3, axis=2)


@pytest.mark.parametrize(
    ("word", "corners"), [("charuco:7x5:40mm", 24), ("chess:9x6:25mm", 54), ("chess:6x9:25", 54)]
)
def test_a_board_is_found_where_it_lies(word: str, corners: int) -> None:
    finder = BoardFinder(parse_board(word))
    found = finder.find(film(word))
    assert found is not None and not finder.other
    assert len(found.points) == len(found.pixels) == corners
    matrix, _ = cv2.findHomography(found.points[:, :2], found.pixels)
    mapped = cv2.perspectiveTransform(found.points[:, None, :2], matrix)[:, 0]
    assert np.abs(mapped - found.pixels).max() < 1.0


@pytest.mark.parametrize(
    ("stated", "shown", "told"),
    [
        ("chess:9x6:25mm", "chess:8x5:25mm", "8x5"),
        ("chess:7x5:25mm", "chess:9x6:25mm", "9x6"),
        ("charuco:7x5:40mm", "charuco:5x7:40mm", "5 squares across"),
        ("charuco:5x4:40mm", "charuco:7x5:40mm", "7 squares across"),
    ],
)
def test_a_board_of_another_size_is_told(stated: str, shown: str, told: str) -> None:
    finder = BoardFinder(parse_board(stated))
    assert finder.find(film(shown)) is None
    assert told in finder.other or "x".join(reversed(told.split("x"))) in finder.other


def test_an_empty_picture_shows_no_board() -> None:
    for word in ("charuco:7x5:40mm", "chess:9x6:25mm"):
        finder = BoardFinder(parse_board(word))
        assert finder.find(np.full((480, 640, 3), 90, np.uint8)) is None
        assert not finder.other


def test_a_board_is_described_as_it_is_typed() -> None:
    board = parse_board("charuco:7x5:40mm")
    assert board.kind is BoardKind.CHARUCO and board.square_m == pytest.approx(0.04)
    assert parse_board(board.describe()) == board


@pytest.mark.parametrize(
    "word", ["", "chess", "chess:9x6", "chess:2x6:25mm", "charuco:7x5:2mm", "aruco:7x5:40mm", "∞"]
)
def test_other_words_are_no_board(word: str) -> None:
    with pytest.raises(CaptureError, match="is no board"):
        parse_board(word)
