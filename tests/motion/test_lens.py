"""Test that picture and lens together determine how far a performer comes nearer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from renderer.motion.solver import MotionSolver


def nearer(performer: Any, focal: float) -> float:
    """Return the metres by which a performer comes nearer who grows by a fifth in the picture."""
    solver = MotionSolver()
    for frame in range(240):
        grown = 1.0 + 0.2 * min(max((frame - 30) / 30, 0.0), 1.0)
        seen = performer.observe(performer.standing(), frame, hands=False, face=False)
        pose = seen.pose.copy()
        pose[:, :2] = 0.5 + grown * (pose[:, :2] - 0.5)
        motion = solver.solve(replace(seen, pose=pose.astype(np.float32), focal=focal))
    return float(motion.root[2])


def test_as_much_nearer_in_the_picture_is_further_with_a_longer_lens(performer: Any) -> None:
    # Not exactly: faster motion is smoothed less.
    usual = nearer(performer, 1.1)
    assert usual > 0.1
    assert nearer(performer, 0.55) == pytest.approx(0.5 * usual, rel=0.12)
    assert nearer(performer, 1.65) == pytest.approx(1.5 * usual, rel=0.12)
