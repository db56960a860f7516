"""Differentiable skeleton: trunk, arms and legs of a batch of performers.

Six joints rotate freely (pelvis, chest, upper arms, thighs), four are hinges (elbows, knees), and
the hips have a position: 25 unknowns per performer. Identity is VRM's T-pose. Forward kinematics:

    W_bone = W_parent · T_bone,    p_bone = p_parent + W_bone · offset,

computed level by level, not bone by bone. A free joint is updated by a rotation vector δ in its own
frame, T ← T·exp(δ), a hinge by its angle. So a bone v downstream of a joint with world axis a moves
by a × v per radian, and a point by the sum over the bones that lead to it (the geometric Jacobian,
Orin and Schrader 1984).

An operation on a handful of numbers costs as much as one on a hundred, so there are as few as
possible. None makes one performer's bits depend on the others in the batch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from avatars.maths.vectors import Array
from renderer.motion.core.skeleton import LIMB_HINGE

FREE: Final = 6
"""Free joints, in this order: pelvis, chest, left and right upper arm, left and right thigh."""

HINGES: Final = 4
"""Left and right elbow, left and right knee."""

BONES: Final = 13
"""From the hips' midpoint to the left hip; from there to the waist, from the waist to the
shoulders' midpoint, from there to either shoulder; then upper arms and thighs, forearms and shins,
left and right alternating."""

POINTS: Final = 12
"""Left and right shoulder, elbow, wrist, hip, knee, ankle."""

UNKNOWNS: Final = 3 + 3 * FREE + HINGES
"""Position of the hips, then a rotation vector per free joint, then the hinges' angles."""

PELVIS, CHEST, UPPER, LOWER = 0, 1, slice(2, 6), slice(6, 10)
"""Slices of the ten rotating frames: the free joints', then the hinges'."""

TURNS, BENDS = slice(3, 3 + 3 * FREE), slice(3 + 3 * FREE, UNKNOWNS)
"""Slices of the unknowns: rotation vectors, then hinge angles."""

_PARENT_FRAMES: Final = np.array([CHEST, CHEST, PELVIS, PELVIS])
"""Frames that upper arms and thighs hang on."""

_FRAMES: Final = np.array([PELVIS, PELVIS, CHEST, CHEST, CHEST, *range(2, 10)])
"""The frame in which each bone is fixed."""

_ONE: Final = np.eye(3)


def _skew(v: Array) -> Array:
    """Return matrices (n, 3, 3) that multiply as v × does."""
    out = np.zeros((len(v), 3, 3))
    out[:, 0, 1], out[:, 0, 2], out[:, 1, 2] = -v[:, 2], v[:, 1], -v[:, 0]
    return out - out.swapaxes(1, 2)


_HINGE_CROSS: Final = _skew(LIMB_HINGE)
_HINGE_TWICE: Final = _HINGE_CROSS @ _HINGE_CROSS
_HINGE_REST: Final = _ONE + _HINGE_TWICE
_HINGE_TURNS: Final = np.stack((_HINGE_CROSS, -_HINGE_TWICE), 1).reshape(HINGES, 2, 9)
"""(4, 3, 3) and (4, 2, 9): a hinge's rotation by Rodrigues' formula is the first plus (sine,
cosine) of its angle times the second."""

_SINE_AND_COSINE: Final = np.array([0.0, 0.5 * np.pi])

_UNIT_CROSS: Final = _skew(_ONE).reshape(3, 9)
_CROSS: Final = np.ascontiguousarray(_UNIT_CROSS.T)
"""(9, 3) maps axes a to the matrices that map v to a × v."""


def _chain_table() -> Array:
    """Return (12, 13) the bones that lead from the hips' midpoint to each point."""
    out = np.zeros((POINTS, BONES))
    for side, sign in enumerate((1.0, -1.0)):
        shoulder, elbow, wrist, hip, knee, ankle = range(side, POINTS, 2)
        for bone in (1, 2, 3 + side):
            out[[shoulder, elbow, wrist], bone] = 1.0
        out[[elbow, wrist], 5 + side] = 1.0
        out[wrist, 9 + side] = 1.0
        out[[hip, knee, ankle], 0] = sign
        out[[knee, ankle], 7 + side] = 1.0
        out[ankle, 11 + side] = 1.0
    return out


def _rotate_by_table() -> Array:
    """Return (13, 22) 1 where a joint's angle moves a bone: 18 of free joints, 4 of hinges."""
    out = np.zeros((BONES, FREE + HINGES))
    out[:, PELVIS] = 1.0
    # Rotating the pelvis rotates everything; the chest joint rotates from the chest's bones on.
    out[[2, 3, 4, 5, 6, 9, 10], CHEST] = 1.0
    for limb in range(HINGES):
        out[[5 + limb, 9 + limb], 2 + limb] = 1.0
        out[9 + limb, FREE + limb] = 1.0
    return np.concatenate((out[:, :FREE].repeat(3, axis=1), out[:, FREE:]), axis=1)


def _axes_table() -> Array:
    """Return (18, 22) the map from the free joints' frames to all joints' axes.

    Hinges lie in frames.
    """
    out = np.eye(3 * FREE, 3 * FREE + HINGES)
    for limb in range(HINGES):
        frame = slice(3 * (2 + limb), 3 * (3 + limb))
        out[frame, 3 * FREE + limb] = LIMB_HINGE[limb]
    return out


_CHAIN: Final = _chain_table()
_MOVED_BY: Final = _rotate_by_table()
_AXES: Final = _axes_table()
_PLACE: Final = _ONE[:, None]
"""(3, 1, 3) metres that each point moves per metre of the hips."""
_LEAST_ANGLE: Final = 1e-300
"""Radians; at this angle sinθ/θ is 1."""


@dataclass(frozen=True, slots=True)
class Proportions:
    """Proportions of b performers.

    Attributes:
        offsets: (b, 13, 3) metres, the bones in their frames.
    """

    offsets: Array


@dataclass(frozen=True, slots=True)
class Pose:
    """Poses of b performers.

    Attributes:
        place: (b, 3) metres, position of the hips' midpoint in camera space.
        turns: (b, 6, 3, 3) local rotations of the free joints.
        bends: (b, 4) radians, flexion of elbows and knees.
    """

    place: Array
    turns: Array
    bends: Array


@dataclass(frozen=True, slots=True)
class PosedSkeleton:
    """Skeletons of b performers as posed.

    Attributes:
        frames: (b, 10, 3, 3) world rotations: of the free joints, then of forearms and shins.
        bones: (b, 13, 3) metres, world.
        points: (b, 12, 3) metres, world.
    """

    frames: Array
    bones: Array
    points: Array


def rotation(vectors: Array) -> Array:
    """Compute the exponential map of rotation vectors (..., 3): matrices (..., 3, 3).

    Rodrigues' formula: 1 + sinθ/θ·K + (1 − cosθ)/θ²·K², with the limits 1 and ½ at θ = 0.
    """
    angle = np.sqrt(np.add.reduce(vectors * vectors, axis=-1))[..., None, None]
    angle = np.maximum(angle, _LEAST_ANGLE)
    first, half = np.sin(angle) / angle, np.sin(0.5 * angle) / (0.5 * angle)
    cross = (vectors @ _UNIT_CROSS).reshape(*vectors.shape[:-1], 3, 3)
    turned: Array = _ONE + first * cross + (0.5 * half * half) * cross @ cross
    return turned


def apply_step(pose: Pose, step: Array) -> Pose:
    """Return the poses after a step (b, 25) in their unknowns."""
    turns = pose.turns @ rotation(step[:, TURNS].reshape(-1, FREE, 3))
    return Pose(pose.place + step[:, :3], turns, pose.bends + step[:, BENDS])


def world_rotations(pose: Pose) -> Array:
    """Compute world rotations (b, 10, 3, 3): of the free joints, then of the hinges."""
    pelvis = pose.turns[:, :1]
    trunk = np.concatenate((pelvis, pelvis @ pose.turns[:, CHEST : CHEST + 1]), 1)
    upper = trunk[:, _PARENT_FRAMES] @ pose.turns[:, UPPER]
    bent = np.sin(pose.bends[..., None, None] + _SINE_AND_COSINE)
    hinges = _HINGE_REST + (bent @ _HINGE_TURNS).reshape(-1, HINGES, 3, 3)
    return np.concatenate((trunk, upper, upper @ hinges), 1)


def pose_skeleton(build: Proportions, pose: Pose) -> PosedSkeleton:
    """Compute the posed skeletons by forward kinematics."""
    frames = world_rotations(pose)
    bones = (frames[:, _FRAMES] @ build.offsets[..., None])[..., 0]
    return PosedSkeleton(frames, bones, pose.place[:, None] + _CHAIN @ bones)


def jacobian(placed: PosedSkeleton) -> Array:
    """Compute the points' Jacobian (b, 3, 12, 25): metres per metre or per radian."""
    # The axes (b, 3, 22) of all joints, then the matrices that map bones to their derivative.
    count = len(placed.frames)
    axes = placed.frames[:, :FREE].swapaxes(1, 2).reshape(count, 3, 3 * FREE) @ _AXES
    crosses = (_CROSS @ axes).reshape(count, 3, 3, FREE * 3 + HINGES)
    out = np.empty((count, 3, POINTS, UNKNOWNS))
    out[..., :3] = _PLACE
    np.matmul(_CHAIN, placed.bones[:, None] @ crosses * _MOVED_BY, out=out[..., 3:])
    return out
