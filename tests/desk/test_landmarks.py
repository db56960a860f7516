"""The drawn performer: the right bones, and no line to a point that is not there."""

from __future__ import annotations

import math

import msgspec

from renderer.desk.landmarks import Landmarks
from renderer.show.messages import PerformerPoints, Status


def numbered(count: int) -> list[float]:
    """Points whose x tells their number."""
    return [value for number in range(count) for value in (number / 100, 0.5)]


def test_left_is_left_and_right_is_right(status: Status) -> None:
    drawn = Landmarks.of(
        msgspec.structs.replace(status, pose_points=numbered(33), face_points=numbered(478)[:956])
    )
    ends = {round(100 * x) for line in drawn.left for x, _ in line}
    assert ends == {11, 13, 15, 23, 25, 27, 29, 31}
    assert {round(100 * x) for line in drawn.right for x, _ in line} == {end + 1 for end in ends}


def test_each_finger_is_drawn(status: Status) -> None:
    bare = msgspec.structs.replace(status, pose_points=[], face_points=[])
    drawn = Landmarks.of(msgspec.structs.replace(bare, left_hand_points=numbered(21)))
    assert {round(100 * x) for line in drawn.left for x, _ in line} == set(range(21))
    assert drawn.right == ()


def test_the_body_s_own_head_stands_in_for_a_face(status: Status) -> None:
    with_face = Landmarks.of(msgspec.structs.replace(status, face_points=[0.5] * 956))
    without = Landmarks.of(msgspec.structs.replace(status, face_points=[]))
    assert len(with_face.face) == 478
    assert len(without.torso) > len(with_face.torso)


def test_points_that_are_not_there_are_not_drawn(status: Status) -> None:
    pose = numbered(33)
    pose[2 * 15] = math.nan  # The left wrist is lost,
    pose[2 * 28 + 1] = 7.0  # the right ankle far outside the picture.
    whole = Landmarks.of(msgspec.structs.replace(status, pose_points=numbered(33)))
    drawn = Landmarks.of(msgspec.structs.replace(status, pose_points=pose))
    assert len(drawn.left) == len(whole.left) - 1
    assert len(drawn.right) == len(whole.right) - 3


def test_lists_of_a_wrong_length_are_not_drawn(status: Status) -> None:
    for wrong in ([], [0.5], numbered(32), numbered(34)):
        changed = msgspec.structs.replace(
            status, pose_points=wrong, face_points=wrong, left_hand_points=wrong
        )
        assert Landmarks.of(changed) == Landmarks()


def test_everybody_in_the_camera_is_drawn(status: Status) -> None:
    alone = Landmarks.of(status)
    other = PerformerPoints(pose_points=numbered(33), face_points=numbered(478))
    both = Landmarks.of(msgspec.structs.replace(status, others=[other]))
    assert both.left[: len(alone.left)] == alone.left
    assert len(both.left) > len(alone.left)
    assert len(both.torso) > len(alone.torso)
