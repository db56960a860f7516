"""Test the assignment of hands to wrists."""

from __future__ import annotations

import numpy as np
import pytest

from renderer.capture.records import Hand
from renderer.capture.trackers.hands import Candidate, by_body, by_opinion
from renderer.capture.trackers.mediapipe import HandSeen

SIZE = (1000, 1000)
SCALE = 200.0
# The performer faces the camera: the left wrist is on the picture's right.
WRISTS = np.array([[700, 500], [300, 500]], np.float32)


def found(
    x: float, y: float, *, is_left: bool, from_left: bool | None, score: float = 0.9
) -> Candidate:
    image = np.zeros((21, 3), np.float32)
    image[0, :2] = x / SIZE[0], y / SIZE[1]
    hand = Hand(image, np.zeros((21, 3), np.float32), score)
    return Candidate(HandSeen(hand, is_left), from_left)


def test_each_hand_goes_to_its_wrist_regardless_of_the_tracker() -> None:
    left = found(705, 505, is_left=False, from_left=True)
    right = found(305, 495, is_left=False, from_left=False)
    got = by_body([right, left], WRISTS, SIZE, SCALE)
    assert got[0] is not None
    assert got[1] is not None
    assert got[0].image is left.seen.hand.image
    assert got[1].image is right.seen.hand.image
    # The tracker classified the left hand as a right one, so it is unreliable.
    assert got[0].score == pytest.approx(0.1)
    assert got[1].score == pytest.approx(0.9)


def test_crossed_hands_found_in_each_others_crops_are_distinguished() -> None:
    wrists = np.array([[520, 500], [480, 500]], np.float32)
    left = found(522, 500, is_left=True, from_left=False)
    right = found(478, 500, is_left=False, from_left=True)
    got = by_body([left, right], wrists, SIZE, SCALE)
    assert got[0] is not None
    assert got[1] is not None
    assert got[0].image is left.seen.hand.image
    assert got[1].image is right.seen.hand.image


def test_one_hand_found_twice_is_given_once() -> None:
    wrists = np.array([[530, 500], [480, 500]], np.float32)
    one = found(528, 500, is_left=True, from_left=True)
    again = found(526, 500, is_left=True, from_left=False)
    assert by_body([one, again], wrists, SIZE, SCALE) == (one.seen.hand, None)


def test_a_hand_that_hangs_on_no_wrist_belongs_to_another_person() -> None:
    stranger = found(900, 900, is_left=True, from_left=None)
    assert by_body([stranger], WRISTS, SIZE, SCALE) == (None, None)
    assert by_body([], WRISTS, SIZE, SCALE) == (None, None)


def test_without_a_body_the_trackers_opinion_counts_surest_first() -> None:
    sure = found(1, 1, is_left=True, from_left=None, score=0.9)
    unsure = found(2, 2, is_left=True, from_left=None, score=0.6)
    left, right = by_opinion([unsure, sure])
    assert left is not None
    assert right is not None
    assert left.image is sure.seen.hand.image
    assert right.image is unsure.seen.hand.image
    assert right.score == pytest.approx(0.4)
    assert by_opinion([]) == (None, None)
