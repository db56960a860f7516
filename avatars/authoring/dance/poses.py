"""Define arm and hand poses and convert them to rotations.

An arm pose gives the directions of upper arm and forearm; x points away from the body, so a right
arm is the mirror image of a left one. The elbow is a hinge.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from avatars.authoring.figure.source import Floats
from avatars.maths.quaternions import from_axis_angle, from_matrix, inverse, multiply, rotate
from avatars.maths.vectors import normalise
from avatars.names import BONE_INDEX

Vector = tuple[float, float, float]

_TWIST = 2.4
"""Maximum combined twist of forearm and wrist, radians."""


@dataclass(frozen=True, slots=True)
class Arm:
    """An arm's pose. Directions are outwards, up, forwards; they need not have unit length.

    Attributes:
        upper: direction of the upper arm.
        forearm: direction of the forearm.
        hand: the fingers' shape, a key of HANDS.
        bend: the hand's bend at the wrist towards the palm, radians.
        palm: direction that the palm faces; without it, forearm and wrist are not twisted.
    """

    upper: Vector
    forearm: Vector
    hand: str = "relaxed"
    bend: float = 0.0
    palm: Vector | None = None


ARMS: dict[str, Arm] = {
    "rest": Arm((0.30, -0.95, 0.05), (0.16, -0.95, 0.28)),
    "up": Arm((0.40, 0.90, 0.15), (0.18, 0.98, 0.05), "point"),
    "wide": Arm((0.97, 0.06, 0.18), (0.95, 0.16, 0.25), "open"),
    "front": Arm((0.28, -0.18, 0.94), (0.05, 0.05, 1.00), "open"),
    "circle_in": Arm((0.30, 0.25, 0.90), (-0.45, 0.60, 0.66), "open"),
    "hip": Arm((0.68, -0.70, -0.22), (-0.38, -0.72, 0.50), "fist"),
}
"""The poses shared by all movements; a dance may define more."""

_FINGERS = ("Index", "Middle", "Ring", "Little")


@dataclass(frozen=True, slots=True)
class Hand:
    """A shape of the fingers, radians.

    Attributes:
        curls: bend of each joint of index, middle, ring and little finger.
        thumb: bend of the thumb's joints, across the palm.
        spread: sideways angle of the index finger; it decreases and changes sign to the little one.
        tips: additional bend of the index finger's outer two joints.
    """

    curls: tuple[float, float, float, float]
    thumb: float
    spread: float = 0.0
    tips: float = 0.0


HANDS: dict[str, Hand] = {
    "open": Hand((0.08, 0.06, 0.08, 0.12), 0.0),
    "relaxed": Hand((0.30, 0.36, 0.42, 0.48), 0.2),
    "point": Hand((0.03, 1.35, 1.40, 1.40), 0.6),
    "fist": Hand((1.25, 1.30, 1.30, 1.30), 0.5),
    "flat": Hand((0.02, 0.02, 0.02, 0.04), 0.35),
    "burst": Hand((-0.08, -0.06, -0.08, -0.06), -0.25, 0.24),
    "v": Hand((0.02, 0.02, 1.40, 1.40), 0.75, 0.22),
    # Thumb and bent index finger cross to form a small heart.
    "heart": Hand((0.55, 1.40, 1.45, 1.45), 0.45, 0.0, 0.35),
}


def arm_rotations(side: str, arm: Arm) -> dict[str, Floats]:
    """Return the local rotations (4,) xyzw of one arm's bones by name, including the fingers.

    Args:
        side: "left" or "right".
    """
    out = 1.0 if side == "left" else -1.0
    mirror = np.array([out, 1.0, 1.0])
    upper = normalise(np.array(arm.upper) * mirror)
    forearm = normalise(np.array(arm.forearm) * mirror)
    # At rest the arm points along ±X, and the elbow bends forwards, about ∓Y.
    rest = _frame(np.array([out, 0.0, 0.0]), np.array([0.0, -out, 0.0]))
    hinge = normalise(np.cross(upper, forearm))
    shoulder = from_matrix(_frame(upper, hinge) @ rest.T)
    angle = float(np.arccos(np.clip(upper @ forearm, -1.0, 1.0)))
    turns = {
        # The shoulder follows a raised arm.
        "Shoulder": from_axis_angle(np.array([0.0, 0.0, out]), 0.16 * max(0.0, float(upper[1]))),
        "LowerArm": from_axis_angle(np.array([0.0, -out, 0.0]), angle),
        "Hand": from_axis_angle(np.array([0.0, 0.0, -out]), arm.bend),
    }
    turns["UpperArm"] = multiply(inverse(turns["Shoulder"]), shoulder)
    turns |= _hand_rotations(HANDS[arm.hand], out)
    named = {side + bone: turn for bone, turn in turns.items()}
    return named if arm.palm is None else named | _twist(named, side, np.array(arm.palm) * mirror)


def _hand_rotations(hand: Hand, out: float) -> dict[str, Floats]:
    """Return the fingers' local rotations (4,); `out` is 1 on the left, −1 on the right."""
    curling, spreading = np.array([0.0, 0.0, -out]), np.array([0.0, -out, 0.0])
    turns = {}
    for place, (finger, curl) in enumerate(zip(_FINGERS, hand.curls, strict=True)):
        aside = from_axis_angle(spreading, hand.spread * (1.0 - 0.67 * place))
        more = hand.tips if place == 0 else 0.0
        turns[finger + "Proximal"] = multiply(aside, from_axis_angle(curling, curl))
        for joint in ("Intermediate", "Distal"):
            turns[finger + joint] = from_axis_angle(curling, curl + more)
    for joint in ("Proximal", "Distal"):
        turns["Thumb" + joint] = from_axis_angle(spreading, -hand.thumb)
    return turns


def _twist(turns: dict[str, Floats], side: str, palm: Floats) -> dict[str, Floats]:
    """Return forearm and hand rotations, each with half the twist that turns the palm.

    Args:
        palm: (3,) direction that the palm is to face, relative to the trunk.
    """
    axis = np.array([1.0, 0.0, 0.0])
    lower = multiply(
        multiply(turns[side + "Shoulder"], turns[side + "UpperArm"]), turns[side + "LowerArm"]
    )
    goal = rotate(inverse(lower), palm)
    # At rest the palm faces −Y; this is the angle about X from there to the goal.
    angle = float(np.clip(np.arctan2(-goal[2], -goal[1]), -_TWIST, _TWIST))
    half = from_axis_angle(axis, 0.5 * angle)
    return {
        side + "LowerArm": multiply(turns[side + "LowerArm"], half),
        side + "Hand": multiply(half, turns[side + "Hand"]),
    }


def arm_columns(side: str) -> Floats:
    """Return the sorted indices in HUMAN_BONES of the bones that `arm_rotations` sets."""
    return np.array(sorted(BONE_INDEX[bone] for bone in arm_rotations(side, ARMS["rest"])))


def _frame(along: Floats, hinge: Floats) -> Floats:
    """Return a matrix (3, 3) of columns: along, hinge orthogonalised to it, their cross product."""
    hinge = normalise(hinge - along * (hinge @ along))
    return np.stack((along, hinge, np.cross(along, hinge)), axis=1)
