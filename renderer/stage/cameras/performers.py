"""Measure avatars, and locate their heads and eyes in a pose, for cameras and follow spots."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from avatars.names import BONE_INDEX
from renderer.stage.records import Point

if TYPE_CHECKING:  # At run time this would load the compiler that springs need.
    from avatars.model import Avatar

F32 = npt.NDArray[np.float32]
F64 = npt.NDArray[np.float64]

_HEAD: Final = BONE_INDEX["head"]
_EYES: Final = [BONE_INDEX["leftEye"], BONE_INDEX["rightEye"]]
_HANDS: Final = [BONE_INDEX["leftHand"], BONE_INDEX["rightHand"]]
_ELBOWS: Final = [BONE_INDEX["leftLowerArm"], BONE_INDEX["rightLowerArm"]]
_FINGER: Final = 0.18
"""Distance from a hand's joint to its fingertips, metres."""
_EYE_SHARE: Final = 0.35
"""Height of the eyes of an avatar without eye bones, as a fraction from head joint to crown."""
_FACE_DEPTH: Final = 0.08
"""Distance of such eyes in front of the head joint, metres."""
_LEAST_CROWN: Final = 0.18
"""Minimum distance from the head joint to the crown, metres."""
_BELOW_JOINT: Final = 0.04
"""Lower end of the head below its joint, metres; hair that hangs lower is excluded."""


@dataclass(frozen=True, slots=True)
class Performer:
    """The position of a performer in a frame.

    Attributes:
        crown: the top of the head, hair included, metres.
        top: height of the highest point of head and hands.
        face: point between the eyes, metres.
        stand: height of the floor under the feet, metres.
        height: from feet to crown in upright stance, metres.
        head: centre of a sphere around the head with its hair down to the chin.
        head_radius: of that sphere, metres.
        facing: direction of the face, radians from +Z towards +X.
        fingers: tips of the hands, metres; fewer than two for an avatar without hands.
    """

    crown: Point
    top: float
    face: Point
    stand: float
    height: float
    head: Point
    head_radius: float
    facing: float = 0.0
    fingers: tuple[Point, ...] = ()


class PerformerMeasure:
    """An avatar's size, and the sphere around its head.

    Args:
        avatar: that performs.
        rest: (55, 3) positions of its bones at rest, metres; NaN for missing bones.
    """

    def __init__(self, avatar: Avatar, rest: F32) -> None:
        self.height = standing_height(avatar)
        joint = rest[_HEAD].astype(np.float64)
        crown = max(self.height - float(joint[1]), _LEAST_CROWN)
        self._crown = np.array((0.0, crown, 0.0))
        eyes = rest[_EYES].astype(np.float64)
        if np.isnan(eyes).any():
            eyes = joint + np.array(
                [(side * 0.03, _EYE_SHARE * crown, _FACE_DEPTH) for side in (1.0, -1.0)]
            )
        self._eyes = eyes.mean(axis=0) - joint
        self._axes = _compute_face_axes(joint, eyes)
        points = _select_head_points(avatar, float(joint[1]))
        if len(points):
            middle = (points.min(axis=0) + points.max(axis=0)) / 2.0
            self._radius = float(np.linalg.norm(points - middle, axis=1).max())
            self._center = middle - joint
        else:
            self._center = np.array((0.0, 0.5 * crown, 0.0))
            self._radius = 0.6 * crown

    def locate(self, bones: F32, stand: float = 0.0) -> Performer:
        """Return the performer's position.

        Args:
            bones: (55, 3) positions on the stage, metres.
            stand: height of the floor.
        """
        joint = bones[_HEAD].astype(np.float64)
        eyes = bones[_EYES].astype(np.float64)
        turn = np.eye(3) if np.isnan(eyes).any() else _compute_face_axes(joint, eyes) @ self._axes.T
        crown, face, head = (
            _as_point(joint + turn @ offset) for offset in (self._crown, self._eyes, self._center)
        )
        hands = bones[_HANDS, 1]
        top = max([crown[1], *(float(height) + _FINGER for height in hands if height == height)])
        fingers = _find_fingers(bones)
        facing = math.atan2(turn[0, 2], turn[2, 2])
        return Performer(crown, top, face, stand, self.height, head, self._radius, facing, fingers)


def _find_fingers(bones: F32) -> tuple[Point, ...]:
    """Return the tips of the hands, in line with the forearms."""
    tips = []
    for hand, elbow in zip(bones[_HANDS].tolist(), bones[_ELBOWS].tolist(), strict=True):
        length = math.dist(hand, elbow)
        if length > 0.0:  # NaN for a missing bone.
            x, y, z = (h + (h - e) * _FINGER / length for h, e in zip(hand, elbow, strict=True))
            tips.append((x, y, z))
    return tuple(tips)


def _as_point(place: F64) -> Point:
    x, y, z = place.tolist()
    return x, y, z


def _compute_face_axes(joint: F64, eyes: F64) -> F64:
    """Return a rotation (3, 3) whose columns are right-handed axes of the head.

    Args:
        joint: (3,) of the head.
        eyes: (2, 3) left and right.
    """
    left = eyes[0] - eyes[1]
    left = left / max(float(np.linalg.norm(left)), 1e-9)
    up = eyes.mean(axis=0) - joint
    up = up - left * float(up @ left)
    up = up / max(float(np.linalg.norm(up)), 1e-9)
    # np.cross takes longer than all of this.
    (lx, ly, lz), (ux, uy, uz) = left.tolist(), up.tolist()
    front = ly * uz - lz * uy, lz * ux - lx * uz, lx * uy - ly * ux
    return np.array((left, up, front)).T


def _select_head_points(avatar: Avatar, joint_height: float) -> F64:
    """Return the vertices (n, 3) at rest that move with the head, down to the chin."""
    head = avatar.bones.get("head")
    if head is None:
        return np.zeros((0, 3))
    parents = avatar.nodes.parents
    is_head = np.zeros(len(parents), bool)
    # Parents precede their children.
    for node, parent in enumerate(parents.tolist()):
        is_head[node] = node == head or (parent >= 0 and is_head[parent])
    found = []
    for instance in avatar.instances:
        if instance.skin is None:
            continue
        carries = is_head[avatar.skins[instance.skin].joints]
        for part in avatar.meshes[instance.mesh].primitives:
            if len(part.position):
                strongest = part.joints[np.arange(len(part.joints)), part.weights.argmax(axis=1)]
                chosen = carries[strongest] & (part.position[:, 1] > joint_height - _BELOW_JOINT)
                found.append(part.position[chosen].astype(np.float64))
    return np.concatenate(found) if found else np.zeros((0, 3))


def standing_height(avatar: Avatar) -> float:
    """Return the highest point of the avatar at rest, metres above the floor."""
    heights = [
        float(np.max(primitive.position[:, 1]))
        for instance in avatar.instances
        if instance.skin is not None
        for primitive in avatar.meshes[instance.mesh].primitives
        if len(primitive.position)
    ]
    return max(heights, default=1.6)
