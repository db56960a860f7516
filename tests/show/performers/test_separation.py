"""Test that avatars keep their distance, in either order."""

from __future__ import annotations

import numpy as np
import pytest

from renderer.show.performers.separation import APART, Separation

FRAME = 1_000_000_000 // 30


def body(across: float, nearer: float, reach: float = 0.0) -> np.ndarray:
    """Return the joints of one who stands there and reaches to the audience, metres."""
    trunk = [(across, y, nearer) for y in (0.1, 0.5, 0.9, 1.2, 1.5)]
    arms = [(across + side, 1.2, nearer + reach) for side in (-0.3, 0.3)]
    return np.array([*trunk, *arms], np.float32)


def nearest(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.linalg.norm(a[:, None] - b, axis=-1).min())


def moved(joints: np.ndarray, shift: float) -> np.ndarray:
    return joints + np.array((0.0, 0.0, shift))


def test_two_who_cross_never_touch_and_the_one_in_front_stays_there() -> None:
    stage = Separation([0.12] * 2)
    for frame in range(120):
        way = -1.2 + 2.4 * frame / 119
        front, back = body(way, 0.05), body(-way, -0.05, reach=0.2)
        shifts = stage.shift([front, back], frame * FRAME)
        front, back = moved(front, shifts[0]), moved(back, shifts[1])
        assert nearest(front, back) >= APART, frame
        if abs(way) < 0.5:
            assert front[0, 2] > back[0, 2]


def test_who_is_behind_but_listed_first_goes_back() -> None:
    behind, front = Separation([0.12] * 2).shift([body(0.0, -0.1), body(0.1, 0.1)], 0)
    assert behind < -0.1 and front > 0.1


def test_an_order_that_changes_while_they_overlap_moves_nobody_through_the_other() -> None:
    stage = Separation([0.12] * 2)
    for frame in range(90):
        depth = 0.3 if frame < 30 else -0.3
        a, b = body(0.0, depth), body(0.1, -depth)
        shifts = stage.shift([a, b], frame * FRAME)
    assert moved(a, shifts[0])[0, 2] > moved(b, shifts[1])[0, 2]
    for frame in range(90, 400):
        a, b = body(-2.0, -0.3), body(2.0, 0.3)
        shifts = stage.shift([a, b], frame * FRAME)
    assert shifts == pytest.approx([0.0, 0.0], abs=0.1)


def test_those_who_are_clear_of_each_other_stay_where_they_are() -> None:
    joints = [body(-1.2, 0.0), body(0.0, 0.0), body(1.2, 0.0)]
    assert Separation([0.12] * 3).shift(joints, 0) == [0.0] * 3
    assert Separation([0.12] * 1).shift(joints[:1], 0) == [0.0]


def test_one_who_was_never_posed_moves_nobody() -> None:
    assert Separation([0.12] * 2).shift([None, body(0.0, 0.0)], 0) == [0.0, 0.0]


def test_nobody_jumps_aside() -> None:
    stage = Separation([0.12] * 2)
    before = stage.shift([body(-1.0, 0.0), body(1.0, 0.0)], 0)
    for frame in range(1, 40):
        now = stage.shift([body(-0.1, 0.0), body(0.1, 0.0)], frame * FRAME)
        assert np.abs(np.subtract(now, before)).max() <= 0.051
        before = now


def test_those_whom_no_camera_sees_keep_the_order_in_which_they_stand() -> None:
    # Animations have no place of their own: both walk about the middle of the stage.
    stage = Separation([0.12] * 2)
    for frame in range(60):
        behind, front = body(0.1, -0.6), body(0.0, 0.6)
        shifts = stage.shift([behind, front], frame * FRAME)
    assert shifts == [0.0, 0.0]
    for frame in range(60, 150):
        depth = 0.6 - 0.6 * (frame - 60) / 90
        behind, front = body(0.1, -depth), body(0.0, depth)
        shifts = stage.shift([behind, front], frame * FRAME)
        assert nearest(moved(behind, shifts[0]), moved(front, shifts[1])) >= APART
    assert moved(front, shifts[1])[0, 2] > moved(behind, shifts[0])[0, 2]


def test_wide_avatars_keep_the_distance_of_their_surfaces() -> None:
    a, b = body(0.0, 0.05), body(0.0, -0.05)
    shifts = Separation([0.32, 0.12]).shift([a, b], 0)
    assert nearest(moved(a, shifts[0]), moved(b, shifts[1])) >= APART + 0.2
