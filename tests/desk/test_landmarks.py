"""Test the drawn skeleton: the right bones, and no line to a missing point."""

from __future__ import annotations

import math

from renderer.desk.panels.cameras.landmarks import Landmarks
from renderer.protocol.inputs import PerformerPoints


def numbered(count: int) -> list[float]:
    """Return points whose x is their index."""
    return [value for number in range(count) for value in (number / 100, 0.5)]


def drawn(
    pose: list[float] | None = None,
    face: list[float] | None = None,
    left_hand: list[float] | None = None,
    name: str = "",
) -> Landmarks:
    return Landmarks.of([(name, PerformerPoints(pose or [], face or [], left_hand or []))])


def test_left_is_left_and_right_is_right() -> None:
    seen = drawn(numbered(33), numbered(478))
    ends = {round(100 * x) for line in seen.left for x, _ in line}
    assert ends == {11, 13, 15, 23, 25, 27, 29, 31}
    assert {round(100 * x) for line in seen.right for x, _ in line} == {end + 1 for end in ends}


def test_each_finger_is_drawn() -> None:
    seen = drawn(left_hand=numbered(21))
    assert {round(100 * x) for line in seen.left for x, _ in line} == set(range(21))
    assert seen.right == ()


def test_the_body_s_own_head_stands_in_for_a_face() -> None:
    with_face = drawn(numbered(33), [0.5] * 956)
    without = drawn(numbered(33))
    assert len(with_face.face) == 478
    assert len(without.torso) > len(with_face.torso)


def test_points_that_are_not_there_are_not_drawn() -> None:
    pose = numbered(33)
    pose[2 * 15] = math.nan  # The left wrist is missing,
    pose[2 * 28 + 1] = 7.0  # the right ankle far outside the picture.
    whole, some = drawn(numbered(33)), drawn(pose)
    assert len(some.left) == len(whole.left) - 1
    assert len(some.right) == len(whole.right) - 3


def test_lists_of_a_wrong_length_are_not_drawn() -> None:
    for wrong in ([], [0.5], numbered(32), numbered(34)):
        assert drawn(wrong, wrong, wrong, "Ren") == Landmarks()


def test_everybody_in_the_camera_is_drawn() -> None:
    one = PerformerPoints(numbered(33), [0.5] * 956)
    other = PerformerPoints(numbered(33), numbered(478))
    alone, both = Landmarks.of([("Ren", one)]), Landmarks.of([("Ren", one), ("Mai", other)])
    assert both.left == 2 * alone.left
    assert both.torso == 2 * alone.torso
    assert [tag.text for tag in both.tags] == ["Ren", "Mai"]


def test_a_name_stands_over_the_middle_of_its_performer() -> None:
    pose = [0.5, 0.5] * 33
    pose[0:2] = 0.6, 0.1
    pose[2 * 15 : 2 * 15 + 2] = 0.2, 0.4
    pose[2 * 28 : 2 * 28 + 2] = math.nan, -9.0
    (tag,) = drawn(pose, name="Ren").tags
    assert tag.text == "Ren"
    x, y = tag.at
    assert x == (0.2 + 0.6) / 2
    assert 0.0 < y < 0.1, "over the eyes, which are the highest points, there is hair"
    assert drawn(pose).tags == (), "who has no name gets none"
    assert drawn(name="Ren").tags == (), "who is not seen has no place"
