"""How well each part of a performer is seen."""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.maths.vectors import Array
from renderer.capture.records import Observation
from renderer.motion.core.records import LIMBS
from renderer.motion.core.skeleton import ANKLES, EARS, ELBOWS, HIPS, KNEES, NOSE, SHOULDERS, WRISTS

PARTS: Final = len(LIMBS) + 1
HIPS_PART: Final = len(LIMBS)
"""The parts that are gated: LIMBS, and the hips apart from the torso."""

_FIRST: Final = np.array([SHOULDERS[0], HIPS[0], *ELBOWS, *KNEES])
_SECOND: Final = np.array([SHOULDERS[1], HIPS[1], *WRISTS, *ANKLES])
"""The points that shoulders, hips, arms and legs are seen by."""

_MARGIN: Final = 0.03
"""A point this far outside the frame is guessed, whatever the detector thinks of it."""


_GUESSED_WELL: Final = 2.0
"""An arm behind its own body is less visible than one that is lost, but the detector guesses it
within 10° to 30°, where the idle pose is 50° to 90° away: its visibility counts so often."""


def trust_points(observation: Observation) -> Array:
    """Visibility (33,) of the pose's points: 0 where absent, not a number, or out of the frame.

    All points are placed by the hips: where a hip is not a number, no point is visible.
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


def parts_seen(observation: Observation, points: Array) -> Array:
    """Visibility (10,) of the parts, in the order of LIMBS and then the hips.

    Args:
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
    arms = [min(_GUESSED_WELL * arm, 1.0) for arm in limbs[:2]]
    return np.array([torso, head, *arms, *hands, *limbs[2:], float(face), hips])


def _finite(values: np.ndarray[tuple[int, ...], np.dtype[np.float32]] | None) -> bool:
    return values is not None and bool(np.isfinite(values).all())
