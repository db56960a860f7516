"""Visibility of a performer's points and parts."""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.maths.vectors import Array
from renderer.capture.records import Observation
from renderer.motion.core.records import LIMBS
from renderer.motion.core.skeleton import ANKLES, EARS, ELBOWS, HIPS, KNEES, NOSE, SHOULDERS, WRISTS

PARTS: Final = len(LIMBS) + 1
"""Number of gated parts: LIMBS, and the hips apart from the torso."""

HIPS_PART: Final = len(LIMBS)
"""Index of the hips among the parts."""

_FIRST: Final = np.array([SHOULDERS[0], HIPS[0], *ELBOWS, *KNEES])
_SECOND: Final = np.array([SHOULDERS[1], HIPS[1], *WRISTS, *ANKLES])
"""Pairs of landmarks that decide the visibility of shoulders, hips, arms and legs."""

_MARGIN: Final = 0.03
"""A point this far outside the frame, in its width or height, is a guess, whatever the detector's
visibility says."""


_ARM_FACTOR: Final = 2.0
"""Factor on an arm's visibility. An arm behind its own body has a lower visibility than a lost one,
but the detector guesses it within 10° to 30°, whereas the idle pose is 50° to 90° off."""


def point_visibility(observation: Observation) -> Array:
    """Compute the visibility (33,) of the pose's points.

    0 where absent, not finite or out of frame.

    All points are relative to the hips: where a hip is not finite, no point is visible.
    """
    pose, world = observation.pose, observation.pose_world
    if pose is None or world is None:
        return np.zeros(33)
    sane = np.isfinite(np.add.reduce(pose[:, :2], axis=1) + np.add.reduce(world, axis=1))
    if not sane[HIPS[0]] or not sane[HIPS[1]]:
        return np.zeros(33)
    flat = np.where(sane[:, None], pose[:, :2], np.inf)
    inside = np.maximum.reduce(np.abs(flat - 0.5), axis=1) <= 0.5 + _MARGIN
    seen = np.ones(33) if observation.visibility is None else observation.visibility
    return np.where(inside & (seen >= 0.0), np.minimum(seen, 1.0), 0.0)


def part_visibility(observation: Observation, points: Array) -> Array:
    """Compute the visibility (10,) of the parts, in the order of LIMBS followed by the hips.

    Args:
        observation: gives head, hands and face.
        points: (33,) visibility of the pose's points.
    """
    face = _finite(observation.head) and _finite(observation.scores)
    head = 1.0 if face else min(points[NOSE], max(points[EARS[0]], points[EARS[1]]))
    hands = [
        0.0 if hand is None or not np.isfinite(hand.world).all() else max(hand.score, 0.5)
        for hand in (observation.left_hand, observation.right_hand)
    ]
    pairs = np.minimum(points[_FIRST], points[_SECOND]).tolist()
    torso, hips, *limbs = pairs
    arms = [min(_ARM_FACTOR * arm, 1.0) for arm in limbs[:2]]
    return np.array([torso, head, *arms, *hands, *limbs[2:], float(face), hips])


def _finite(values: np.ndarray[tuple[int, ...], np.dtype[np.float32]] | None) -> bool:
    """Return whether values are present and all finite."""
    return values is not None and bool(np.isfinite(values).all())
