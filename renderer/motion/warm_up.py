"""Solve a made-up performer, so that the first frame of a show compiles and loads nothing."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Final

import numpy as np

from avatars.names import ARKIT
from renderer.capture.records import Hand, Observation
from renderer.motion.body.solver import standing_points
from renderer.motion.solver import MotionSolver

_FRAMES: Final = 12
"""Enough frames for every filter to take its usual path."""

_STEP_NS: Final = 33_333_333
_SIZE: Final = (640, 480)
"""Pixels of the made-up picture."""

_PIXELS: Final = 180.0
"""Pixels of a metre in it."""

_FACE_POINTS: Final = 478
_COLOURS: Final = 84


@cache
def warm_up() -> None:
    """Compile or load the kernels of body, hands, face and contacts, once in a process."""
    solver = MotionSolver()
    seen = _make_observation()
    for number in range(1, _FRAMES):
        # The arms move, so that limits on their steps are computed, too.
        pose, world = np.array(seen.pose), np.array(seen.pose_world)
        lifted = np.float32(0.35 * (number % 3))
        world[[13, 15], 1] -= lifted
        pose[[13, 15], 1] -= lifted * np.float32(_PIXELS / _SIZE[1])
        shown = seen if number % 4 else replace(seen, left_hand=None, face=None, scores=None)
        solver.solve(
            replace(shown, t_seen_ns=number * _STEP_NS, index=number, pose=pose, pose_world=world)
        )


def _make_observation() -> Observation:
    """Return somebody who stands before the camera, with a face and both hands."""
    world = (standing_points() * (1.0, -1.0, -1.0)).astype(np.float32)
    pose = (world * (_PIXELS / np.array([*_SIZE, _SIZE[0]]))).astype(np.float32)
    pose[:, :2] += 0.5
    random = np.random.default_rng(1)
    face = (0.08 * (random.random((_FACE_POINTS, 3)) - 0.5)).astype(np.float32)
    face += pose[0]
    hand = (0.1 * random.random((21, 3))).astype(np.float32)
    hands = [Hand(0.05 * hand + pose[row], hand, 1.0) for row in (15, 16)]
    return Observation(
        0,
        0,
        _SIZE,
        face=face,
        scores=np.full(len(ARKIT), 0.1, np.float32),
        head=np.eye(4, dtype=np.float32),
        pose=pose,
        pose_world=world,
        visibility=np.ones(len(pose), np.float32),
        left_hand=hands[0],
        right_hand=hands[1],
        colours=random.random((_COLOURS, 3)).astype(np.float32),
        company=False,
    )
