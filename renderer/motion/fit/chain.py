"""The differentiable skeleton: trunk, arms and legs in torch, a batch of performers at once.

Six joints turn freely (pelvis, chest, upper arms, thighs), four are hinges (elbows, knees), and the
hips have a place: 25 numbers a performer. Identity is VRM's T-pose. Every bone hangs on its parent,

    W_bone = W_parent · T_bone,    p_bone = p_parent + W_bone · offset,

and is placed level by level, not bone by bone. A free joint is moved by a rotation vector δ in its
own frame, T ← T·exp(δ), a hinge by its angle; so a bone v downstream of a joint whose axis is a in
the room moves by a × v for each radian, and a point as the bones that lead to it (the geometric
Jacobian, Orin and Schrader 1984).

An operation on a handful of numbers costs as much as one on a hundred: there are as few as can be.
None makes a performer's bits depend on who else is in the batch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor

from renderer.motion.core.skeleton import LIMB_HINGE

FREE: Final = 6
"""Free joints, in this order: pelvis, chest, left and right upper arm, left and right thigh."""

HINGES: Final = 4
"""Left and right elbow, left and right knee."""

BONES: Final = 13
"""From the hips' middle to the left hip; from there to the waist, from the waist to between the
shoulders, from there to either; upper arms and thighs, forearms and shins, left and right in turn.
"""

POINTS: Final = 12
"""Left and right shoulder, elbow, wrist, hip, knee, ankle."""

UNKNOWNS: Final = 3 + 3 * FREE + HINGES
"""The hips' place, then a rotation vector for each free joint, then the hinges' angles."""

PELVIS, CHEST, UPPER, LOWER = 0, 1, slice(2, 6), slice(6, 10)
"""Of the ten frames that turn: the free joints', then the hinges'."""

TURNS, BENDS = slice(3, 3 + 3 * FREE), slice(3 + 3 * FREE, UNKNOWNS)

_CARRIERS: Final = torch.tensor([CHEST, CHEST, PELVIS, PELVIS])
"""What upper arms and thighs hang on."""

_FRAMES: Final = torch.tensor([PELVIS, PELVIS, CHEST, CHEST, CHEST, *range(2, 10)])
"""The frame in which each bone is fixed."""

_HINGE: Final = torch.from_numpy(LIMB_HINGE.copy())
_ONE: Final = torch.eye(3, dtype=torch.float64)


def _skew(v: Tensor) -> Tensor:
    """Matrices (n, 3, 3) that multiply as v × does."""
    out = torch.zeros(len(v), 3, 3, dtype=v.dtype)
    out[:, 0, 1], out[:, 0, 2], out[:, 1, 2] = -v[:, 2], v[:, 1], -v[:, 0]
    return out - out.transpose(1, 2)


_HINGE_CROSS: Final = _skew(_HINGE)
_HINGE_TWICE: Final = _HINGE_CROSS @ _HINGE_CROSS
_HINGE_REST: Final = _ONE + _HINGE_TWICE
_HINGE_TURNS: Final = torch.stack((_HINGE_CROSS, -_HINGE_TWICE), 1).flatten(2)
"""(4, 3, 3) and (4, 2, 9): a hinge's turn is the first and, of the sine and the cosine of its bend,
the second: Rodrigues' formula."""

_SINE_AND_COSINE: Final = torch.tensor([0.0, 0.5 * torch.pi], dtype=torch.float64)

_UNIT_CROSS: Final = _skew(_ONE).reshape(3, 9)
_CROSS: Final = _UNIT_CROSS.T.contiguous()
"""(9, 3) takes axes a to the matrices that take v to a × v."""


def _reach() -> Tensor:
    """(12, 13) the bones that lead from the hips' middle to each point."""
    out = torch.zeros(POINTS, BONES, dtype=torch.float64)
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


def _moves() -> Tensor:
    """(13, 22) 1 where a joint's angle moves a bone: 18 of free joints, 4 of hinges."""
    out = torch.zeros(BONES, FREE + HINGES, dtype=torch.float64)
    out[:, PELVIS] = 1.0
    # Turning the pelvis turns the waist too; the chest is carried and turns with it.
    out[[2, 3, 4, 5, 6, 9, 10], CHEST] = 1.0
    for limb in range(HINGES):
        out[[5 + limb, 9 + limb], 2 + limb] = 1.0
        out[9 + limb, FREE + limb] = 1.0
    return torch.cat((out[:, :FREE].repeat_interleave(3, dim=1), out[:, FREE:]), dim=1)


def _axes() -> Tensor:
    """(18, 22) takes the free joints' frames to the axes of all joints: hinges lie in frames."""
    out = torch.eye(3 * FREE, 3 * FREE + HINGES, dtype=torch.float64)
    for limb in range(HINGES):
        frame = slice(3 * (2 + limb), 3 * (3 + limb))
        out[frame, 3 * FREE + limb] = _HINGE[limb]
    return out


_REACH: Final = _reach()
_MOVES: Final = _moves()
_AXES: Final = _axes()
_PLACE: Final = _ONE[:, None].expand(3, POINTS, 3)[None]


@dataclass(frozen=True, slots=True)
class Build:
    """How performers are built; b of them.

    Attributes:
        offsets: (b, 13, 3) metres, the bones in their frames.
    """

    offsets: Tensor


@dataclass(frozen=True, slots=True)
class Pose:
    """How performers stand; b of them.

    Attributes:
        place: (b, 3) of the middle of the hips, metres.
        turns: (b, 6, 3, 3) local rotations of the free joints.
        bends: (b, 4) radians by which elbows and knees are bent.
    """

    place: Tensor
    turns: Tensor
    bends: Tensor


@dataclass(frozen=True, slots=True)
class Placed:
    """A posed skeleton.

    Attributes:
        frames: (b, 10, 3, 3) world rotations: of the free joints, then of forearms and shins.
        bones: (b, 13, 3) metres.
        points: (b, 12, 3) metres.
    """

    frames: Tensor
    bones: Tensor
    points: Tensor


def rotation(vectors: Tensor) -> Tensor:
    """exp of rotation vectors (..., 3): matrices (..., 3, 3), by Rodrigues' formula.

    1 + sinθ/θ·K + (1 − cosθ)/θ²·K², with the limits 1 and ½ at rest.
    """
    angle = torch.linalg.vector_norm(vectors, dim=-1)[..., None, None]
    first = torch.sinc(angle / torch.pi)
    half = torch.sinc(angle / (2.0 * torch.pi))
    cross = (vectors @ _UNIT_CROSS).unflatten(-1, (3, 3))
    turned: Tensor = torch.addcmul(_ONE, first, cross) + (0.5 * half * half) * cross @ cross
    return turned


def apply_step(pose: Pose, step: Tensor) -> Pose:
    """The pose after a step (b, 25) in its unknowns."""
    turns = pose.turns @ rotation(step[:, TURNS].unflatten(1, (FREE, 3)))
    return Pose(pose.place + step[:, :3], turns, pose.bends + step[:, BENDS])


def world_rotations(pose: Pose) -> Tensor:
    """World rotations (b, 10, 3, 3) of posed performers: of the free joints, then the hinges'."""
    pelvis = pose.turns[:, :1]
    trunk = torch.cat((pelvis, pelvis @ pose.turns[:, CHEST : CHEST + 1]), 1)
    upper = trunk[:, _CARRIERS] @ pose.turns[:, UPPER]
    bent = torch.sin(pose.bends[..., None, None] + _SINE_AND_COSINE)
    hinges = _HINGE_REST + (bent @ _HINGE_TURNS).reshape(-1, HINGES, 3, 3)
    return torch.cat((trunk, upper, upper @ hinges), 1)


def place(build: Build, pose: Pose) -> Placed:
    """Where the joints of posed performers are."""
    frames = world_rotations(pose)
    bones = (frames[:, _FRAMES] @ build.offsets[..., None])[..., 0]
    return Placed(frames, bones, pose.place[:, None] + _REACH @ bones)


def jacobian(placed: Placed) -> Tensor:
    """How the points go with the unknowns: (b, 3, 12, 25), metres a metre or a radian."""
    # Of all joints the axes (b, 3, 22), and then what takes bones to what they move by.
    axes = placed.frames[:, :FREE].transpose(1, 2).flatten(2) @ _AXES
    crosses = (_CROSS @ axes).unflatten(1, (3, 3))
    turns = _REACH @ (placed.bones[:, None] @ crosses * _MOVES)
    return torch.cat((_PLACE.expand(len(turns), -1, -1, -1), turns), 3)
