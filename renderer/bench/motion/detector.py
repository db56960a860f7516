"""Model of a landmark detector: exact points of a known body plus the detector's errors.

The errors are those measured for MediaPipe's pose model: a few millimetres in the image plane,
several times as much in depth, and slowly varying while a body moves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from avatars.maths.quaternions import rotate
from avatars.maths.vectors import Array
from avatars.names import BONE_INDEX
from renderer.capture.records import Observation
from renderer.motion.body.head import NOSE_PITCH
from renderer.motion.body.yaw_rate import heading
from renderer.motion.core.forward import forward_kinematics
from renderer.motion.core.lengths import leg_biases
from renderer.motion.core.skeleton import HIPS, KNEES, SIDES

FRAME_NS: Final = 33_333_333
"""Nanoseconds between frames: 30 frames per second."""

SIZE: Final = (1280, 720)
"""(width, height) of the frame in pixels."""

PIXELS_A_METRE: Final = 250.0
"""Image scale at the hips."""

# Pose landmark of the left side (the right side's is one more), bone, and offset in its frame [m].
_POINTS: Final = (
    (7, "Head", (0.07, 0.0605, 0.0)),
    (11, "UpperArm", (0.0, 0.0, 0.0)),
    (13, "LowerArm", (0.0, 0.0, 0.0)),
    (15, "Hand", (0.0, 0.0, 0.0)),
    (17, "LittleProximal", (0.0, 0.0, 0.0)),
    (19, "IndexProximal", (0.0, 0.0, 0.0)),
    (21, "ThumbProximal", (0.0, 0.0, 0.0)),
    (23, "UpperLeg", (0.0, 0.0, 0.0)),
    (25, "LowerLeg", (0.0, 0.0, 0.0)),
    (27, "Foot", (0.0, 0.0, 0.0)),
    (29, "Foot", (0.0, -0.07, -0.05)),
    (31, "Foot", (0.0, -0.07, 0.13)),
)


@dataclass(frozen=True, slots=True)
class Noise:
    """A detector's errors.

    Attributes:
        across: standard deviation in the image plane, metres.
        depth: standard deviation along the optical axis, metres.
        correlation: of an error from frame to frame, 0 to 1.
    """

    across: float
    depth: float
    correlation: float

    def errors(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        """Draw errors of the given shape (n, points, 3), metres, stage axes."""
        fresh = rng.normal(size=shape) * (self.across, self.across, self.depth)
        renewed = np.sqrt(1.0 - self.correlation**2)
        for k in range(1, len(fresh)):
            fresh[k] = self.correlation * fresh[k - 1] + renewed * fresh[k]
        return fresh


MOVING: Final = Noise(0.012, 0.075, 0.9)
"""Errors for a moving body, measured against triangulation by four cameras."""

STILL: Final = Noise(0.0012, 0.0167, 0.0)
"""Errors for a still image with sensor noise."""


def body_landmarks(rotations: Array, root: Array) -> Array:
    """Compute the pose's points (33, 3), stage space, of the reference skeleton.

    Args:
        rotations: (55, 4) xyzw, local.
        root: (3,) metres, the hips' displacement.
    """
    world, places = forward_kinematics(rotations, root)
    head = BONE_INDEX["head"]
    nose = rotate(world[head], np.array([0.0, 0.0605 - 0.1 * np.tan(NOSE_PITCH), 0.1]))
    points = np.tile(places[head] + nose, (33, 1))
    for k, (side, sign) in enumerate(zip(SIDES, (1.0, -1.0), strict=True)):
        for row, bone, (x, y, z) in _POINTS:
            i = head if bone == "Head" else BONE_INDEX[side + bone]
            points[row + k] = places[i] + rotate(world[i], np.array([sign * x, y, z]))
    return points


def observe(
    points: Array, noise: Noise | None = None, rng: np.random.Generator | None = None
) -> list[Observation]:
    """Simulate the observations of points (n, 33, 3), metres, stage space, at 30 frames per second.

    Args:
        points: the true landmarks.
        noise: the detector's errors; None for exact points.
        rng: source of the errors.
    """
    seen = points.copy()
    if noise is not None and rng is not None:
        seen += noise.errors(seen.shape, rng)
    thigh, shin = (
        float(np.median(np.linalg.norm(points[:, k] - points[:, k + 2], axis=-1)))
        for k in (HIPS[0], KNEES[0])
    )
    for frame, true in zip(seen, points, strict=True):
        knees, feet = leg_biases(heading(true) or 0.0, (thigh, shin))
        frame[list(KNEES), 2] -= knees
        frame[27:, 2] -= feet
    hips = seen[:, 23:25].mean(axis=1, keepdims=True)
    middle = hips.mean(axis=0) * (1.0, 1.0, 0.0)
    image = (seen - middle) * np.array([1.0, -1.0, -1.0]) * PIXELS_A_METRE
    image = image / (SIZE[0], SIZE[1], SIZE[0]) + (0.5, 0.5, 0.0)
    world = (seen - hips) * (1.0, -1.0, -1.0)
    return [
        Observation(
            t_seen_ns=k * FRAME_NS,
            index=k,
            size=SIZE,
            pose=image[k].astype(np.float32),
            pose_world=world[k].astype(np.float32),
            visibility=np.ones(33, np.float32),
        )
        for k in range(len(points))
    ]
