"""The differentiable skeleton: trunk, arms and legs in torch, a batch of performers at once.

Six joints turn freely (pelvis, chest, upper arms, thighs), four are hinges (elbows, knees), and the
hips have a place: 25 numbers a performer. Identity is VRM's T-pose. Every bone hangs on its parent,

    W_bone = W_parent · T_bone,    p_bone = p_parent + W_parent · offset,

and is placed level by level, not bone by bone. A free joint is moved by a rotation vector δ in its
own frame, T ← T·exp(δ), a hinge by its angle; so a point p downstream of a joint at o whose axis is
a in the room moves by a × (p − o) for each radian (the geometric Jacobian, Orin and Schrader 1984).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor

from renderer.motion.skeleton import LIMB_AXIS, LIMB_HINGE

FREE: Final = 6
"""Free joints, in this order: pelvis, chest, left and right upper arm, left and right thigh."""

HINGES: Final = 4
"""Left and right elbow, left and right knee."""

POINTS: Final = 12
"""Left and right shoulder, elbow, wrist, hip, knee, ankle."""

UNKNOWNS: Final = 3 + 3 * FREE + HINGES
"""The hips' place, then a rotation vector for each free joint, then the hinges' angles."""

PELVIS, CHEST, ARMS, LEGS = 0, 1, slice(2, 4), slice(4, 6)
SHOULDERS, ELBOWS, WRISTS = slice(0, 2), slice(2, 4), slice(4, 6)
HIPS, KNEES, ANKLES = slice(6, 8), slice(8, 10), slice(10, 12)
TURNS, BENDS = slice(3, 3 + 3 * FREE), slice(3 + 3 * FREE, UNKNOWNS)

_AXIS: Final = torch.from_numpy(LIMB_AXIS.copy())
_HINGE: Final = torch.from_numpy(LIMB_HINGE.copy())


def _skew(v: Tensor) -> Tensor:
    """Matrices (n, 3, 3) that multiply as v × does."""
    out = torch.zeros(len(v), 3, 3, dtype=v.dtype)
    out[:, 0, 1], out[:, 0, 2], out[:, 1, 2] = -v[:, 2], v[:, 1], -v[:, 0]
    return out - out.transpose(1, 2)


_HINGE_CROSS: Final = _skew(_HINGE)
_HINGE_TWICE: Final = _HINGE_CROSS @ _HINGE_CROSS
_UNIT_CROSS: Final = _skew(torch.eye(3, dtype=torch.float64)).reshape(3, 9)
_ONE: Final = torch.eye(3, dtype=torch.float64)


def _downstream() -> Tensor:
    """(12, 22) 1 where a joint's angle moves a point: 18 of free joints, 4 of hinges."""
    moves = torch.zeros(POINTS, FREE + HINGES, dtype=torch.float64)
    moves[:, PELVIS] = 1.0
    moves[:6, CHEST] = 1.0
    for side in range(2):
        moves[[2 + side, 4 + side], 2 + side] = 1.0
        moves[[8 + side, 10 + side], 4 + side] = 1.0
        moves[4 + side, FREE + side] = 1.0
        moves[10 + side, FREE + 2 + side] = 1.0
    # Turning the pelvis turns the hips too; the chest is carried and turns with it.
    return torch.cat((moves[:, :FREE].repeat_interleave(3, dim=1), moves[:, FREE:]), dim=1)


_MOVES: Final = _downstream()[None, :, :, None]
_PLACE: Final = _ONE.expand(POINTS, 3, 3)[None]


@dataclass(frozen=True, slots=True)
class Build:
    """How performers are built; b of them, metres.

    Attributes:
        hips: (b,) from the middle of the hips to either.
        spine: (b,) from there to between the shoulders; pelvis and chest carry half of it each.
        shoulders: (b, 2, 3) from between the shoulders to either, in the chest's frame.
        upper: (b, 4) upper arms and thighs, left and right in turn.
        lower: (b, 4) forearms and shins.
    """

    hips: Tensor
    spine: Tensor
    shoulders: Tensor
    upper: Tensor
    lower: Tensor


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
        points: (b, 12, 3) metres.
        turns: (b, 6, 3, 3) world rotations of the free joints.
        lower: (b, 4, 3, 3) world rotations of forearms and shins.
    """

    points: Tensor
    turns: Tensor
    lower: Tensor


def rotation(vectors: Tensor) -> Tensor:
    """exp of rotation vectors (..., 3): matrices (..., 3, 3), by Rodrigues' formula.

    1 + sinθ/θ·K + (1 − cosθ)/θ²·K², with the limits 1 and ½ at rest.
    """
    square = (vectors * vectors).sum(-1)
    angle = torch.sqrt(square + 1e-24)
    first = torch.sinc(angle / torch.pi)
    half = torch.sinc(angle / (2.0 * torch.pi))
    cross = (vectors @ _UNIT_CROSS).unflatten(-1, (3, 3))
    return (
        _ONE + first[..., None, None] * cross + (0.5 * half * half)[..., None, None] * cross @ cross
    )


def moved(pose: Pose, step: Tensor) -> Pose:
    """The pose after a step (b, 25) in its unknowns."""
    turns = pose.turns @ rotation(step[:, TURNS].unflatten(1, (FREE, 3)))
    return Pose(pose.place + step[:, :3], turns, pose.bends + step[:, BENDS])


def place(build: Build, pose: Pose) -> Placed:
    """Where the joints of posed performers are."""
    pelvis, chest = pose.turns[:, 0], pose.turns[:, 0] @ pose.turns[:, 1]
    upper = torch.cat(
        (chest[:, None] @ pose.turns[:, ARMS], pelvis[:, None] @ pose.turns[:, LEGS]), 1
    )
    sine, cosine = torch.sin(pose.bends), torch.cos(pose.bends)
    hinge = (
        _ONE + sine[..., None, None] * _HINGE_CROSS + (1.0 - cosine)[..., None, None] * _HINGE_TWICE
    )
    lower = upper @ hinge

    middle = pose.place + 0.5 * build.spine[:, None] * (pelvis[..., 1] + chest[..., 1])
    shoulders = middle[:, None] + build.shoulders @ chest.transpose(1, 2)
    across = build.hips[:, None] * pelvis[..., 0]
    hips = torch.stack((pose.place + across, pose.place - across), 1)
    first = torch.cat((shoulders, hips), 1)
    second = first + build.upper[..., None] * (upper @ _AXIS[..., None])[..., 0]
    third = second + build.lower[..., None] * (lower @ _AXIS[..., None])[..., 0]
    points = torch.cat(
        (shoulders, second[:, :2], third[:, :2], hips, second[:, 2:], third[:, 2:]), 1
    )
    return Placed(points, torch.cat((pose.turns[:, :1], chest[:, None], upper), 1), lower)


def jacobian(placed: Placed, build: Build) -> Tensor:
    """How the points go with the unknowns: (b, 12, 25, 3), metres a metre or a radian."""
    points = placed.points
    hips = 0.5 * (points[:, 6] + points[:, 7])
    waist = hips + 0.5 * build.spine[:, None] * placed.turns[:, 0, :, 1]
    joints = torch.cat(
        (hips[:, None], waist[:, None], points[:, SHOULDERS], points[:, HIPS]), 1
    ).repeat_interleave(3, dim=1)
    origins = torch.cat((joints, points[:, ELBOWS], points[:, KNEES]), 1)
    hinges = (placed.turns[:, 2:] @ _HINGE[..., None])[..., 0]
    axes = torch.cat((placed.turns.transpose(2, 3).flatten(1, 2), hinges), 1)
    arms = points[:, :, None] - origins[:, None]
    turned = torch.linalg.cross(axes[:, None].expand_as(arms), arms) * _MOVES
    return torch.cat((_PLACE.expand(len(points), -1, -1, -1), turned), 2)
