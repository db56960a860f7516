"""Test the crop regions, and the mapping of their results to the frame."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderer.capture.records import Observation
from renderer.capture.trackers.crops import Crop, body_scale, places, whole
from renderer.capture.trackers.performer_tracker import head_in_frame

sizes = st.tuples(st.integers(32, 2000), st.integers(32, 2000))
coordinates = st.floats(-0.5, 1.5, width=32)
poses = st.lists(st.tuples(coordinates, coordinates), min_size=33, max_size=33)


def inside(crop: Crop, size: tuple[int, int]) -> bool:
    right, bottom = crop.x + crop.width, crop.y + crop.height
    return 0 <= crop.x < right <= size[0] and 0 <= crop.y < bottom <= size[1]


@settings(max_examples=60, deadline=None)
@given(poses, sizes)
def test_every_crop_is_a_square_within_the_frame(
    points: list[tuple[float, float]], size: tuple[int, int]
) -> None:
    pose = np.array([(x, y, 0) for x, y in points], np.float32)
    found = places(pose, np.ones(33, np.float32), size)
    for crop in (found.face, found.left_hand, found.right_hand):
        if crop is not None:
            assert inside(crop, size)
            assert crop.width == crop.height >= min(24, *size)


def test_a_wrist_that_is_not_seen_has_no_crop(dance: list[Observation]) -> None:
    pose, visibility = dance[0].pose, dance[0].visibility
    assert pose is not None
    assert visibility is not None
    hidden = visibility.copy()
    hidden[15] = 0.1
    found = places(pose, hidden, dance[0].size)
    assert found.left_hand is None
    assert found.right_hand is not None


def test_crops_are_on_the_dancers_head_and_hands(dance: list[Observation]) -> None:
    pose, visibility, size = dance[0].pose, dance[0].visibility, dance[0].size
    assert pose is not None
    assert visibility is not None
    found = places(pose, visibility, size)
    # Read off the picture: the face is at (264, 132), gloves at (219, 308) and (301, 314).
    for crop, (x, y) in [
        (found.face, (264, 132)),
        (found.right_hand, (219, 308)),
        (found.left_hand, (301, 314)),
    ]:
        assert crop is not None
        assert abs(crop.x + crop.width / 2 - x) < crop.width / 4
        assert abs(crop.y + crop.height / 2 - y) < crop.height / 4
    assert found.face is not None
    assert found.face.width < size[0] / 5


def test_points_of_a_crop_keep_their_pixel() -> None:
    size = (640, 360)
    crop = Crop(100, 50, 200, 120)
    points = np.array([[0, 0, 0], [1, 1, 0.5], [0.25, 0.5, -1]], np.float32)
    in_frame = crop.to_frame(points, size)
    pixels = in_frame * (*size, size[0])
    expected = points * (200, 120, 200) + (100, 50, 0)
    assert pixels == pytest.approx(expected, abs=1e-3)
    assert whole(size).to_frame(points, size) == pytest.approx(points)


def test_the_bodys_scale_survives_turning_sideways(dance: list[Observation]) -> None:
    pose, size = dance[0].pose, dance[0].size
    assert pose is not None
    points = pose[:, :2] * np.array(size, np.float32)
    sideways = points.copy()
    sideways[:, 0] = points[:, 0].mean() + 0.1 * (points[:, 0] - points[:, 0].mean())
    assert body_scale(sideways) == pytest.approx(body_scale(points), rel=0.1)


def project(head: np.ndarray, height: float) -> tuple[float, float, float]:
    """Return column and row from the picture's centre, and the size of a centimetre, in pixels."""
    focal = height / 2 / math.tan(math.radians(63) / 2)
    x, y, z = head[:3, 3]
    return focal * x / -z, -focal * y / -z, focal / -z


def test_a_head_found_in_a_crop_projects_to_where_it_was_seen() -> None:
    size, crop = (1280, 720), Crop(900, 80, 160, 160)
    head = np.eye(4, dtype=np.float32)
    head[:3, 3] = (2, -3, -40)
    column, row, scale = project(head, crop.height)
    moved = head_in_frame(head, crop, size)
    moved_column, moved_row, moved_scale = project(moved, size[1])
    assert moved_scale == pytest.approx(scale, rel=1e-4)
    assert moved_column + 640 == pytest.approx(crop.x + 80 + column, rel=1e-4)
    assert moved_row + 360 == pytest.approx(crop.y + 80 + row, rel=1e-4)
    assert np.array_equal(moved[:3, :3], head[:3, :3])
    assert head_in_frame(head, whole(size), size) == pytest.approx(head, rel=1e-4)
