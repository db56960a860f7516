"""Test that a tongue is what reddens the performer's own chin, and that pursed lips are none."""

from __future__ import annotations

import numpy as np
import pytest

from avatars.names import ARKIT, ARKIT_INDEX
from renderer.motion.face.solver import FaceSolver
from renderer.motion.face.tongue import TONGUE, TongueShape

STEP = 1 / 30


def shown(usual: float, redness: float, fine: float = 1.0, **shapes: float) -> float:
    """Return the tongue after three seconds of the usual redness and a frame of another."""
    tongue, face = TongueShape(), np.zeros(len(ARKIT))
    for _ in range(90):
        tongue.blend(face, usual, fine, STEP)
    for name, value in shapes.items():
        face[ARKIT_INDEX[name]] = value
    tongue.blend(face, redness, fine, STEP)
    return float(face[TONGUE])


@pytest.mark.parametrize("usual", [0.0, 0.25, 0.5])
def test_a_redder_chin_is_a_tongue_and_a_performer_s_own_is_none(usual: float) -> None:
    assert shown(usual, usual + 0.4) == 1.0
    assert shown(usual, usual + 0.1) == 0.0


def test_pursed_and_twisted_lips_and_small_faces_show_no_tongue() -> None:
    assert shown(0.25, 0.7, mouthPucker=0.8) == 0.0
    assert shown(0.25, 0.7, mouthLeft=0.6) == 0.0
    assert shown(0.25, 0.7, fine=0.0) == 0.0


def test_redness_alone_is_no_shape() -> None:
    scores = np.zeros(len(ARKIT))
    scores[TONGUE] = 0.9
    assert FaceSolver().expressions(scores, STEP)[TONGUE] == 0.0
