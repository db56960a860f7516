"""Test that identity swaps are counted, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from avatars.authoring.clips.studio_camera import Camera
from avatars.authoring.clips.truth_file import Acted, Truth
from avatars.names import BONE_INDEX
from renderer.bench.motion.identities import count
from renderer.capture.records import Observation

FRAMES = 10
SIZE = (640, 480)


@pytest.fixture
def truth() -> Truth:
    """Return two performers who stand two metres apart."""
    acted = []
    for x in (-1.0, 1.0):
        joints = np.zeros((FRAMES, 55, 3))
        joints[..., 0], joints[..., 1] = x, 0.9
        joints[:, BONE_INDEX["neck"], 1] = 1.4
        none = np.zeros((FRAMES, 1))
        acted.append(Acted(joints[0], none, none, joints, none, none))
    return Truth(tuple(acted), Camera((0.0, 1.0, 5.0), (0.0, 1.0, 0.0), 0.8, SIZE), 30.0)


def seen(
    truth: Truth, who: int | None, performer: int, frame: int, aside: float = 0.0
) -> Observation:
    if who is None:
        return Observation(frame, frame, SIZE, performer=performer)
    at = truth.camera.project(truth.acted[who].joints[frame, BONE_INDEX["hips"]]) / SIZE
    pose = np.zeros((33, 3), np.float32)
    pose[:, :2] = at + np.array([aside, 0.0])
    return Observation(frame, frame, SIZE, pose=pose, performer=performer)


def test_two_who_stay_who_they_are_are_no_swap(truth: Truth) -> None:
    frames = [(seen(truth, 0, 0, k), seen(truth, 1, 1, k)) for k in range(FRAMES)]
    told = count(frames, truth)
    assert (told.swaps, told.strangers, told.seen) == (0, 0, (1.0, 1.0))


def test_two_who_change_places_and_back_are_four_swaps(truth: Truth) -> None:
    frames = [
        (seen(truth, int(3 <= k < 6), 0, k), seen(truth, 1 - int(3 <= k < 6), 1, k))
        for k in range(FRAMES)
    ]
    assert count(frames, truth).swaps == 4


def test_one_who_comes_back_as_another_is_a_swap(truth: Truth) -> None:
    whose = [0, 0, None, None, 1, 1, 1, 1, 1, 1]
    frames = [(seen(truth, who, 0, k), seen(truth, None, 1, k)) for k, who in enumerate(whose)]
    told = count(frames, truth)
    assert told.swaps == 1
    assert told.seen == (0.8, 0.0)


def test_a_body_where_nobody_is_is_a_stranger(truth: Truth) -> None:
    frames = [(seen(truth, 0, 0, k, aside=0.2), seen(truth, 1, 1, k)) for k in range(FRAMES)]
    told = count(frames, truth)
    assert (told.swaps, told.strangers) == (0, FRAMES)
