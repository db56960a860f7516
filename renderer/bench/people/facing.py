"""Judge which way a performer faces from what the camera sees, independently of the solver.

The judge is offline: it uses the frames before and after each one. A detector swaps sides for some
frames, a performer does not, so the median over half a second on either side decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from avatars.maths.vectors import Array
from avatars.names import BONE_INDEX
from renderer.capture.records import Observation
from renderer.capture.trackers.crops import body_scale
from renderer.motion.core.skeleton import EARS, SHOULDERS

_WINDOW_NS: Final = 500_000_000
"""Half the width of the window whose median decides, nanoseconds."""

_DECIDED: Final = 0.25
"""Order of shoulders and ears beyond which a performer certainly faces to or away from the camera;
people who stand square to it have about 0.85, or 0.7 from behind."""

_TURNED: Final = 0.35
"""Cosine of the idol's shoulders beyond which it certainly faces the audience or turns its back:
20° past its profile."""

_FACE_EXTENT: Final = 0.2
"""Smallest extent of a performer's own face, body scales; a face has about 0.34, and a mesh on an
ear about 0.14."""

_LEFT_SHOULDER, _RIGHT_SHOULDER = BONE_INDEX["leftUpperArm"], BONE_INDEX["rightUpperArm"]


def judge_facing(seen: Sequence[Observation]) -> Array:
    """Return (n,) 1 for frames in which a performer faces the camera, -1 away, 0 undecided.

    Args:
        seen: one performer's observations by rising time.
    """
    order = np.array([_order(one) for one in seen])
    times = np.array([one.t_seen_ns for one in seen], np.int64)
    known = np.isfinite(order)
    out = np.zeros(len(seen))
    for k in np.flatnonzero(known):
        near = known & (np.abs(times - times[k]) <= _WINDOW_NS)
        middle = float(np.median(order[near]))
        out[k] = np.sign(middle) if abs(middle) > _DECIDED else 0.0
    return out


def idol_facing(positions: Array) -> Array:
    """Return (n,) 1 for frames in which an idol faces the audience, -1 away, 0 in profile.

    Args:
        positions: (n, 55, 3) metres, stage space.
    """
    across = positions[:, _LEFT_SHOULDER] - positions[:, _RIGHT_SHOULDER]
    cosine = across[:, 0] / np.maximum(np.hypot(across[:, 0], across[:, 2]), 1e-6)
    return np.where(np.abs(cosine) > _TURNED, np.sign(cosine), 0.0)


def _order(seen: Observation) -> float:
    """Return the signed width of shoulders and ears, body scales; positive faces the camera."""
    if seen.pose is None:
        return np.nan if seen.face is None else 1.0
    points = np.asarray(seen.pose[:, :2] * np.array(seen.size, np.float32), np.float32)
    scale = max(body_scale(points), 1.0)
    left, right = points[[SHOULDERS[0], EARS[0]], 0], points[[SHOULDERS[1], EARS[1]], 0]
    order = float((left - right).sum()) / scale
    if seen.face is not None:
        mesh = seen.face[:, :2] * np.array(seen.size, np.float32)
        if float(np.ptp(mesh, axis=0).max()) > _FACE_EXTENT * scale:
            order += 0.5
    return order
