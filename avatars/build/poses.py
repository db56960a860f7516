"""The words a choreography is written in: arm poses, hands, and moves in time.

Arms are told by where they point, seen from the dancer: a left arm's x grows away from the body,
and a right arm is its mirror image. A hinge joins upper arm and forearm, as in an elbow.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from avatars.build.source import Floats
from avatars.names import BONE_INDEX
from avatars.rotation import from_axis_angle, from_matrix, inverse, multiply, normalized

Vector = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Arm:
    """An arm's pose.

    Attributes:
        upper: where the upper arm points: outwards, up, forwards.
        forearm: where the forearm points.
        hand: "open", "relaxed", "point" or "fist".
        bend: the hand's bend at the wrist towards the palm, radians.
    """

    upper: Vector
    forearm: Vector
    hand: str = "relaxed"
    bend: float = 0.0


ARMS: dict[str, Arm] = {
    "rest": Arm((0.30, -0.95, 0.05), (0.16, -0.95, 0.28)),
    "swing_in": Arm((0.30, -0.90, 0.25), (-0.40, -0.40, 0.80), "fist"),
    "swing_out": Arm((0.55, -0.80, -0.15), (0.75, -0.50, 0.35), "fist"),
    "up": Arm((0.40, 0.90, 0.15), (0.18, 0.98, 0.05), "point"),
    "diagonal": Arm((0.80, 0.55, 0.20), (0.72, 0.68, 0.12), "point"),
    "low_point": Arm((0.62, -0.62, 0.35), (0.70, -0.66, 0.30), "point"),
    "wide": Arm((0.97, 0.06, 0.18), (0.95, 0.16, 0.25), "open"),
    "front": Arm((0.28, -0.18, 0.94), (0.05, 0.05, 1.00), "open"),
    "circle_in": Arm((0.30, 0.25, 0.90), (-0.45, 0.60, 0.66), "open"),
    "heart": Arm((0.42, -0.72, 0.45), (-0.70, 0.35, 0.58), "open", 0.15),
    "hip": Arm((0.68, -0.70, -0.22), (-0.38, -0.72, 0.50), "fist"),
    "overhead": Arm((0.62, 0.78, 0.10), (-0.35, 0.93, 0.12), "open", 0.2),
    "wave_out": Arm((0.75, -0.05, 0.45), (0.55, 0.80, 0.25), "open"),
    "wave_in": Arm((0.75, -0.05, 0.45), (0.05, 0.96, 0.30), "open"),
}

_CURLS: dict[str, tuple[float, float, float, float]] = {
    # Bend of each joint of index, middle, ring and little finger, radians.
    "open": (0.08, 0.06, 0.08, 0.12),
    "relaxed": (0.30, 0.36, 0.42, 0.48),
    "point": (0.03, 1.35, 1.40, 1.40),
    "fist": (1.25, 1.30, 1.30, 1.30),
}
_THUMBS = {"open": 0.0, "relaxed": 0.2, "point": 0.6, "fist": 0.5}


def arm_rotations(side: str, arm: Arm) -> dict[str, Floats]:
    """Local rotations (4,) of one arm's bones, the fingers' included.

    Args:
        side: "left" or "right".
    """
    out = 1.0 if side == "left" else -1.0
    mirror = np.array([out, 1.0, 1.0])
    upper = normalized(np.array(arm.upper) * mirror)
    forearm = normalized(np.array(arm.forearm) * mirror)
    # At rest the arm lies along ±X and its elbow bends it forwards, about ∓Y.
    rest = _frame(np.array([out, 0.0, 0.0]), np.array([0.0, -out, 0.0]))
    hinge = normalized(np.cross(upper, forearm))
    shoulder = from_matrix(_frame(upper, hinge) @ rest.T)
    angle = float(np.arccos(np.clip(upper @ forearm, -1.0, 1.0)))
    turns = {
        # The shoulder blade goes along with a raised arm.
        "Shoulder": from_axis_angle(np.array([0.0, 0.0, out]), 0.16 * max(0.0, float(upper[1]))),
        "LowerArm": from_axis_angle(np.array([0.0, -out, 0.0]), angle),
        "Hand": from_axis_angle(np.array([0.0, 0.0, -out]), arm.bend),
    }
    turns["UpperArm"] = multiply(inverse(turns["Shoulder"]), shoulder)
    for finger, curl in zip(("Index", "Middle", "Ring", "Little"), _CURLS[arm.hand], strict=True):
        for joint in ("Proximal", "Intermediate", "Distal"):
            turns[finger + joint] = from_axis_angle(np.array([0.0, 0.0, -out]), curl)
    for joint in ("Proximal", "Distal"):
        turns["Thumb" + joint] = from_axis_angle(np.array([0.0, -out, 0.0]), -_THUMBS[arm.hand])
    return {side + bone: turn for bone, turn in turns.items()}


def arm_columns(side: str) -> Floats:
    """The rows of HUMAN_BONES, sorted, that `arm_rotations` speaks of."""
    return np.array(sorted(BONE_INDEX[bone] for bone in arm_rotations(side, ARMS["rest"])))


def _frame(along: Floats, hinge: Floats) -> Floats:
    """Columns: along, hinge made square to it, and their cross product."""
    hinge = normalized(hinge - along * (hinge @ along))
    return np.stack((along, hinge, np.cross(along, hinge)), axis=1)
