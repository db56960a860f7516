"""Define the demo dance's arm poses and their keyframes.

Wrist positions are in arm lengths from a landmark of the body, as outwards, up, forwards, so that
the hands of dancers of any build reach the same place relative to the body.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from avatars.authoring.dance.arm_reach import solve_arm
from avatars.authoring.dance.poses import ARMS, Arm, Vector, arm_rotations
from avatars.authoring.dance.timing import TRAVEL, Manner, manner_of
from avatars.authoring.figure.source import Floats
from avatars.names import BONE_INDEX


@dataclass(frozen=True, slots=True)
class Reach:
    """An arm pose given by the wrist's position, for IK.

    Attributes:
        landmark: "eyes", their midpoint; or "chest", the midpoint of the shoulder joints.
        wrist: offset from there in arm lengths: outwards, up, forwards.
        elbow: direction in which the elbow points: outwards, up, forwards.
        palm: direction that the palm faces: outwards, up, forwards.
        hand, bend: as in `Arm`.
    """

    landmark: str
    wrist: Vector
    elbow: Vector
    palm: Vector
    hand: str = "open"
    bend: float = 0.0


def _roll(degrees: float) -> Reach:
    """Return the pose of an arm roll with the fist at an angle on a circle in front of the chest.

    Args:
        degrees: 0 is forwards, 90 up.
    """
    up, ahead = np.sin(np.radians(degrees)), np.cos(np.radians(degrees))
    wrist = (0.06, -0.38 + 0.21 * float(up), 0.62 + 0.19 * float(ahead))
    return Reach("chest", wrist, (1.0, -0.25, 0.0), (-0.2, -0.6, -0.7), "fist")


POSES: dict[str, Arm | Reach] = {
    **ARMS,
    # Low, loose arms for the basic groove.
    "swing_in": Arm((0.36, -0.86, 0.25), (-0.25, -0.15, 0.93), "fist"),
    "swing_out": Arm((0.62, -0.72, -0.25), (0.62, -0.45, 0.50), "fist"),
    "press": Arm((0.62, -0.78, -0.05), (0.42, -0.62, 0.62), "flat", -1.1, (0.0, -0.8, 0.4)),
    "waist": Arm((0.74, -0.66, -0.20), (-0.36, -0.60, 0.56), "fist"),
    "snap": Arm((0.48, -0.87, 0.12), (0.38, -0.28, 0.88), "point"),
    "down": Arm((0.52, -0.85, 0.15), (0.30, -0.88, 0.36)),
    "low": Arm((0.42, -0.90, 0.10), (0.40, -0.88, 0.25), "burst", 0.0, (-0.3, 0.0, 1.0)),
    # A blossom under the chin; window shutters; a hand that shades the eyes.
    "flower": Reach("eyes", (0.14, -0.46, 0.2), (0.3, -0.9, 0.25), (-1.0, 0.1, -0.2), "open", -1.0),
    "shut": Reach("eyes", (0.24, -0.24, 0.44), (0.40, -0.90, 0.05), (-0.1, 0.0, -1.0), "flat"),
    "shutter": Arm((0.95, 0.02, 0.25), (0.22, 0.96, 0.18), "burst", 0.0, (0.0, 0.0, 1.0)),
    "shade": Reach("eyes", (0.25, 0.13, 0.10), (1.0, -0.25, 0.15), (0.0, -1.0, 0.3), "flat"),
    "far": Arm((0.84, 0.45, 0.30), (0.80, 0.54, 0.26), "point", 0.0, (0.0, -1.0, 0.3)),
    # Street corners: right angles, as in tutting.
    "corner_up": Arm((1.0, 0.00, 0.10), (0.04, 1.0, 0.08), "flat", 0.0, (0.0, 0.0, 1.0)),
    "corner_down": Arm((1.0, 0.02, 0.14), (0.10, -1.0, 0.16), "flat", 0.0, (0.0, 0.0, -1.0)),
    # Piano keys, on the arm's own side and across the body.
    "keys_out": Arm((0.50, -0.84, 0.20), (0.55, 0.02, 0.83), "open", 0.1, (0.0, -1.0, 0.0)),
    "keys_in": Arm((0.25, -0.86, 0.44), (-0.42, 0.05, 0.90), "open", 0.1, (0.0, -1.0, 0.0)),
    "roll_0": _roll(0.0), "roll_90": _roll(90.0),
    "roll_180": _roll(180.0), "roll_270": _roll(270.0),
    # Arms folded over the chest, the left arm outside.
    "fold_over": Reach("chest", (-0.18, -0.10, 0.57), (0.75, -0.65, 0.10), (-0.2, -0.1, -1.0)),
    "fold_under": Reach("chest", (0.02, -0.38, 0.42), (0.75, -0.65, 0.10), (-0.2, -0.1, -1.0)),
    "charge_over": Reach("chest", (0.02, -0.13, 0.46), (0.9, -0.4, 0.0), (-0.3, 0.0, -1.0), "fist"),
    "charge_under": Reach("chest", (0.02, -0.40, 0.44), (0.9, -0.4, 0), (-0.3, 0.0, -1.0), "fist"),
    "heart_over": Reach("chest", (0.03, -0.14, 0.52), (0.8, -0.6, 0.1), (-0.2, 0.1, -1.0), "flat"),
    "heart_under": Reach("chest", (0.03, -0.42, 0.42), (0.8, -0.6, 0.1), (-0.2, 0.1, -1), "flat"),
    "give": Arm((0.38, -0.52, 0.76), (0.42, 0.12, 0.90), "open", -0.2, (-0.1, 1.0, 0.2)),
    "over": Arm((0.50, 0.84, 0.14), (0.16, 0.98, 0.08), "open", 0.0, (-1.0, 0.0, 0.2)),
    "pump": Arm((0.62, 0.70, 0.28), (0.02, 0.98, 0.18), "fist", 0.0, (-0.4, 0.0, 0.9)),
    # The refrain: a hand wiped in front of the face, then a finger heart towards the camera.
    "wipe_out": Reach("eyes", (0.62, -0.28, 0.44), (0.8, -0.6, 0.0), (-0.3, 0.0, -1.0)),
    "wipe_in": Reach("eyes", (-0.22, -0.24, 0.50), (0.7, -0.7, 0.0), (-0.1, 0.0, -1.0)),
    "heart_near": Reach("eyes", (0.42, -0.30, 0.34), (0.8, -0.6, -0.1), (-0.3, 0.0, 1.0), "heart"),
    "heart_far": Arm((0.34, -0.10, 0.94), (0.10, 0.42, 0.90), "heart", 0.0, (-0.9, 0.2, 0.4)),
    "burst": Arm((0.80, 0.52, 0.30), (0.70, 0.66, 0.28), "burst", 0.0, (0.0, 0.2, 1.0)),
    "clap": Reach("eyes", (0.09, 0.55, 0.16), (1.0, 0.1, 0.2), (-1.0, 0.0, 0.0), "flat"),
    "point": Arm((0.22, -0.10, 0.97), (0.00, 0.05, 1.00), "point", 0.0, (-1.0, -0.2, 0.0)),
    "slice": Arm((0.97, -0.05, 0.22), (0.97, 0.02, 0.24), "flat", 0.0, (0.0, -1.0, 0.2)),
    # The ending: waves, a blown kiss, the final pose.
    "wave_out": Arm((0.80, 0.16, 0.36), (0.62, 0.76, 0.20), "burst", 0.0, (0.0, 0.1, 1.0)),
    "wave_in": Arm((0.80, 0.12, 0.36), (0.00, 0.97, 0.25), "burst", 0.0, (0.0, 0.1, 1.0)),
    "kiss": Reach("eyes", (0.20, -0.34, 0.22), (0.80, -0.6, 0.15), (-0.5, 0.1, -1.0), "flat"),
    "throw": Arm((0.50, -0.20, 0.84), (0.42, 0.35, 0.84), "open", -0.3, (-0.2, 1.0, 0.3)),
    "peace": Reach("eyes", (0.55, -0.22, 0.22), (0.70, -0.7, 0.0), (-0.15, 0.0, 1.0), "v"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ArmKey:
    """A keyframe of an arm: the pose reached on a beat, after moving for `travel` beats."""

    beat: float
    pose: str
    travel: float
    manner: Manner


def _timeline(text: str) -> dict[str, list[ArmKey]]:
    """Parse arm keyframes, one line each: beat, left pose, right pose.

    "=" sets no key for that arm; a single name applies to both arms. A name's suffix gives the
    manner: "!" is "hit", "~" is "flow", none is "go".
    """
    out: dict[str, list[ArmKey]] = {"left": [], "right": []}
    for line in text.strip().splitlines():
        beat, left, *more = line.split()
        for side, word in (("left", left), ("right", more[0] if more else left)):
            if word != "=":
                manner = manner_of(word)
                out[side].append(ArmKey(float(beat), word.rstrip("!~"), TRAVEL[manner], manner))
    return out


ARM_KEYS = _timeline("""
    0     rest         waist
    1     snap!        =
    1.6   down         =
    2     snap!        =
    2.6   down         =
    3     snap!        =
    3.5   down         =
    4     swing_in!    swing_out!
    5     swing_out!   swing_in!
    6     swing_in!    swing_out!
    7     swing_out!   swing_in!
    8     flower!
    9.4   shut
    10    shutter!
    11    waist!
    12    waist          shade!
    13.3  =            rest
    14    far!         waist!
    15.5  charge_over  charge_under
    16    corner_up!   corner_down!
    17    corner_down! corner_up!
    18    corner_up!   corner_up!
    19    press!
    20    keys_out!    keys_in!
    20.5  keys_in!     keys_out!
    21    keys_out!    keys_in!
    22    roll_90      roll_270
    22.25 roll_180     roll_0
    22.5  roll_270     roll_90
    22.75 roll_0       roll_180
    23    roll_90      roll_270
    23.25 roll_180     roll_0
    23.5  roll_270     roll_90
    24    fold_over!   fold_under!
    26    low~
    28.5  over~
    30    burst!
    31    press!
    32    waist!         up!
    33    =            wipe_out!
    33.6  =            wipe_in
    34    =            heart_far!
    34.5  =            heart_near
    35    =            heart_far!
    36    up!          waist!
    37    wipe_out!    =
    37.5  charge_over  charge_under
    38    burst!
    39    clap!
    40    waist!         up!
    41    =            heart_under!
    41.5  heart_over!  =
    42    give!
    43    waist!       heart_near!
    44    up!          waist!
    45    roll_90      roll_270
    45.25 roll_180     roll_0
    45.5  roll_270     roll_90
    45.75 roll_0       roll_180
    46    roll_90      roll_270
    46.25 roll_180     roll_0
    47    waist!         point!
    48    wide!
    49    fold_over    fold_under
    51.4  slice!
    52    down         down
    52.5  charge_over  charge_under
    53    waist!         wave_out!
    53.5  =            wave_in
    54    =            wave_out
    54.5  =            wave_in
    55    =            kiss!
    56    =            throw!
    57    waist          peace!
""")


def arm_pose(heads: Floats, side: str, name: str) -> dict[str, Floats]:
    """Return the local rotations (4,) xyzw of one arm's bones in a pose of the dance.

    Args:
        heads: (55, 3) the dancer's joint positions at rest, metres.
        side: "left" or "right".
        name: a key of POSES.
    """
    pose = POSES[name]
    if isinstance(pose, Arm):
        return arm_rotations(side, pose)
    shoulder, elbow, hand = (
        heads[BONE_INDEX[side + bone]] for bone in ("UpperArm", "LowerArm", "Hand")
    )
    length = np.linalg.norm(elbow - shoulder) + np.linalg.norm(hand - elbow)
    ends = ("leftEye", "rightEye") if pose.landmark == "eyes" else ("leftUpperArm", "rightUpperArm")
    middle = np.mean([heads[BONE_INDEX[end]] for end in ends], axis=0)
    mirror = np.array([1.0 if side == "left" else -1.0, 1.0, 1.0])
    wrist = middle + length * np.array(pose.wrist) * mirror
    return solve_arm(heads, side, wrist, pose.elbow, pose.palm, pose.hand, pose.bend)
