"""Solve leg inverse kinematics, so that planted feet do not slide."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from avatars.authoring.figure.source import Floats
from avatars.maths.quaternions import from_axis_angle, from_matrix, inverse, multiply, rotate
from avatars.maths.vectors import normalise
from avatars.names import BONE_INDEX

_X, _Y, _Z = np.eye(3)


@dataclass(frozen=True, slots=True)
class Foot:
    """A foot's motion.

    Attributes:
        ankle: (n, 3) position relative to the ankle's height when standing, metres.
        rotation: (n, 4) xyzw, global.
    """

    ankle: Floats
    rotation: Floats


def balance(ground: Floats, heads: Floats, heading: Floats | None = None) -> Floats:
    """Return the root displacement (n, 3), metres, that balances a body over a ground point.

    The offset of the ankles from the hips along z at rest is preserved.

    Args:
        ground: (n, 3) the point; y is added to the hips' height.
        heads: (55, 3) joint positions at rest, metres.
        heading: (n, 4) xyzw, the body's heading; towards the camera if None.
    """
    hips = heads[BONE_INDEX["hips"]]
    ahead = np.array([0.0, 0.0, hips[2] - heads[BONE_INDEX["leftFoot"], 2]])
    if heading is not None:
        ahead = rotate(heading, ahead)
    shift: Floats = ground + ahead - np.array([0.0, 0.0, hips[2]])
    return shift


def reachable(root: Floats, turns: Floats, heads: Floats, feet: dict[str, Foot]) -> Floats:
    """Return the root displacement (n, 3), lowered where a foot is out of a leg's reach.

    Args:
        root: (n, 3) metres.
        turns: (n, 55, 4) xyzw local rotations; only the hips' are read.
        heads: (55, 3) joint positions at rest, metres.
        feet: targets by side, "left" and "right".
    """
    root = root.copy()
    excess = np.zeros(len(root))
    for side, foot in feet.items():
        hip = _hip_joint(side, turns, root, heads)
        goal = _ankle_goal(side, heads, foot)
        longest = 0.995 * sum(_lengths(side, heads))
        level = np.sum((goal - hip)[:, [0, 2]] ** 2, axis=1)
        height = np.sqrt(np.maximum(longest**2 - level, 0.0))
        excess = np.maximum(excess, hip[:, 1] - goal[:, 1] - height)
    # Spread over neighbouring frames, so that the hips sink smoothly into a wide step.
    spread = np.max([np.roll(excess, k) * np.exp(-((k / 4.0) ** 2)) for k in range(-8, 9)], axis=0)
    root[:, 1] -= spread
    return root


def solve_leg(side: str, turns: Floats, root: Floats, heads: Floats, foot: Foot) -> None:
    """Solve one leg by two-bone IK (law of cosines); the pole is between toes and hips' heading.

    Args:
        side: "left" or "right".
        turns: (n, 55, 4) xyzw local rotations; the hips' are read, the leg's are written.
        root: (n, 3) the hips' displacement, metres.
        heads: (55, 3) joint positions at rest, metres.
        foot: the target.
    """
    hip = _hip_joint(side, turns, root, heads)
    thigh, shin = _lengths(side, heads)
    reach = _ankle_goal(side, heads, foot) - hip
    distance = np.minimum(np.linalg.norm(reach, axis=1), 0.9999 * (thigh + shin))
    straight = normalise(reach)
    toes = rotate(foot.rotation, _Z) * np.array([1.0, 0.0, 1.0])
    hips_ahead = rotate(turns[:, BONE_INDEX["hips"]], _Z)
    pole = normalise(toes + hips_ahead)
    pole = normalise(pole - straight * np.sum(pole * straight, axis=1, keepdims=True))
    at_hip = np.arccos((thigh**2 + distance**2 - shin**2) / (2.0 * thigh * distance))[:, None]
    at_knee = np.arccos(np.clip((thigh**2 + shin**2 - distance**2) / (2.0 * thigh * shin), -1, 1))
    down = straight * np.cos(at_hip) + pole * np.sin(at_hip)
    ahead = pole * np.cos(at_hip) - straight * np.sin(at_hip)
    upper = from_matrix(np.stack((np.cross(-down, ahead), -down, ahead), axis=-1))
    bend = from_axis_angle(_X, np.pi - at_knee)
    lower = multiply(upper, bend)
    turns[:, BONE_INDEX[side + "UpperLeg"]] = multiply(inverse(turns[:, BONE_INDEX["hips"]]), upper)
    turns[:, BONE_INDEX[side + "LowerLeg"]] = bend
    turns[:, BONE_INDEX[side + "Foot"]] = multiply(inverse(lower), foot.rotation)


def _hip_joint(side: str, turns: Floats, root: Floats, heads: Floats) -> Floats:
    hips = heads[BONE_INDEX["hips"]]
    offset = heads[BONE_INDEX[side + "UpperLeg"]] - hips
    joint: Floats = hips + root + rotate(turns[:, BONE_INDEX["hips"]], offset)
    return joint


def _ankle_goal(side: str, heads: Floats, foot: Foot) -> Floats:
    ankle = heads[BONE_INDEX[side + "Foot"]]
    goal: Floats = foot.ankle + np.array([0.0, ankle[1], 0.0])
    return goal


def _lengths(side: str, heads: Floats) -> tuple[float, float]:
    hip, knee, ankle = (heads[BONE_INDEX[side + b]] for b in ("UpperLeg", "LowerLeg", "Foot"))
    return float(np.linalg.norm(knee - hip)), float(np.linalg.norm(ankle - knee))
