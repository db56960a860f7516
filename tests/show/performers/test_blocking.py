"""Test the depth order of performers."""

from __future__ import annotations

import numpy as np
import pytest

from renderer.capture.records import Observation
from renderer.show.performers.blocking import Blocking, distance

SECOND = 1_000_000_000


def standing(metres: float) -> Observation:
    """Return a performer at this distance from the camera, by weak perspective."""
    random = np.random.default_rng(3)
    world = random.uniform(-0.8, 0.8, (33, 3)).astype(np.float32)
    world -= 0.5 * (world[23] + world[24])
    pixels = 1.1 * 1000 / metres
    pose = np.zeros((33, 3), np.float32)
    pose[:, :2] = 0.5 + world[:, :2] * pixels / (1000, 500)
    return Observation(0, 0, (1000, 500), pose=pose, pose_world=world)


def test_the_distance_is_read_from_the_size_in_the_picture() -> None:
    for metres in (2.0, 4.0):
        assert distance(standing(metres)) == pytest.approx(metres, rel=1e-3)
    assert distance(Observation(0, 0, (1000, 500))) is None


def test_whoever_is_smaller_stands_behind() -> None:
    places = Blocking(2, 0, 1)
    near, far = places.at([standing(3.0), standing(3.6)], 0)
    assert near[2] == pytest.approx(0.3, abs=1e-3)
    assert far[2] == pytest.approx(-0.3, abs=1e-3)
    assert near[0] == far[0] == 0.0  # Sideways, the solver is more precise.


def test_one_performer_stands_in_the_middle_and_the_unseen_wait_apart() -> None:
    assert not Blocking(1, 0, 1).at([None], 0)[0].any()
    assert not Blocking(1, 0, 1).at([standing(3.0)], 0)[0].any()
    left, right = Blocking(2, 0, 1).at([None, None], 0)
    assert right[0] - left[0] > 0.8


def test_two_cameras_have_a_middle_each() -> None:
    first, second = (Blocking(1, number, 2).at([standing(3.0)], 0)[0] for number in range(2))
    assert second[0] - first[0] > 1.2
    assert first[0] == -second[0]


def test_a_step_nearer_is_followed_softly() -> None:
    places = Blocking(2, 0, 1)
    places.at([standing(3.0), standing(3.0)], 0)
    soon = places.at([standing(2.6), standing(3.0)], SECOND // 30)[0][2]
    for frame in range(2, 200):
        late = places.at([standing(2.6), standing(3.0)], frame * SECOND // 30)[0][2]
    assert 0.0 < soon < 0.05
    assert late == pytest.approx(0.2, abs=0.01)
