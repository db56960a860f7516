"""From the written dance to motion: rotations, root and face of every frame.

Arms, trunk and head follow their keys; feet are planted where the steps say, and the legs are
solved to reach them, so that nothing slides.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from avatars.build import choreography, score
from avatars.build.choreography import Step
from avatars.build.legs import Foot, balanced, reachable, solve_leg
from avatars.build.poses import ARMS, arm_rotations
from avatars.build.singing import face_weights
from avatars.build.source import Floats
from avatars.build.timing import eased, track
from avatars.names import BONE_INDEX
from avatars.rotation import (
    from_axis_angle,
    inverse,
    multiply,
    rotate,
    slerp,
)

FPS = 30

_X, _Y, _Z = np.eye(3)
_STEP_TRAVEL = 0.65
"""Beats a foot is in the air for."""
_ARM_TRAVEL = 0.7
_LATER = {"LowerArm": 0.07, "Hand": 0.12}
"""Beats by which the ends of an arm trail its root: what makes a swing a swing."""


@dataclass(frozen=True, slots=True)
class Performance:
    """The truth of the demo clip. n frames at FPS.

    Attributes:
        rotations: (n, 55, 4) xyzw, local, relative to the T-pose.
        root: (n, 3) metres, the hips' displacement from the T-pose.
        weights: (n, 52) ARKit shapes.
        hips_height: the dancer's, metres.
    """

    rotations: Floats
    root: Floats
    weights: Floats
    hips_height: float


def perform(heads: Floats) -> Performance:
    """The whole dance by a dancer whose bones begin at `heads` (55, 3), T-pose, soles at 0."""
    beats = np.arange(round(score.SECONDS * FPS)) * score.BPM / 60.0 / FPS
    turns = np.tile([0.0, 0.0, 0.0, 1.0], (len(beats), 55, 1))
    _arms(turns, beats)
    root = _trunk(turns, beats)
    feet = {side: _foot(side, beats) for side in ("left", "right")}
    root = reachable(balanced(root, heads), turns, heads, feet)
    for side, foot in feet.items():
        solve_leg(side, turns, root, heads, foot)
    _gaze(turns)
    return Performance(turns, root, face_weights(beats), float(heads[BONE_INDEX["hips"], 1]))


def _about(axis: Floats, degrees: Floats) -> Floats:
    return from_axis_angle(axis, np.radians(degrees))


def _arms(turns: Floats, beats: Floats) -> None:
    for side, keys in choreography.ARMS.items():
        now = {b: np.tile(q, (len(beats), 1)) for b, q in _pose(side, keys[0][1]).items()}
        for beat, name in keys[1:]:
            for bone, goal in _pose(side, name).items():
                late = next((d for end, d in _LATER.items() if bone.endswith(end)), 0.0)
                t = eased((beats - beat - late) / _ARM_TRAVEL + 1.0)
                now[bone] = slerp(now[bone], goal, t)
        for bone, rotation in now.items():
            turns[:, BONE_INDEX[bone]] = rotation


def _pose(side: str, name: str) -> dict[str, Floats]:
    return arm_rotations(side, ARMS[name])


def _trunk(turns: Floats, beats: Floats) -> Floats:
    """Set hips, spine, neck and head; give the root's wish, (n, 3)."""
    sway = track(choreography.SWAY, beats)
    lean = track(choreography.LEAN, beats)
    turn = _about(_Y, track(choreography.TURN, beats))
    # The weight drops on the beat and rises between.
    drop = 0.5 + 0.5 * np.cos(2.0 * np.pi * (beats - 0.06))
    grown = np.clip((beats - 0.5) / 3.0, 0.0, 1.0)
    turns[:, BONE_INDEX["hips"]] = multiply(turn, _about(_Z, sway))
    breath = 1.2 * np.sin(2.0 * np.pi * beats / 6.0)
    for bone, share in (("spine", 0.45), ("chest", 0.35), ("upperChest", 0.25)):
        bow = _about(_X, share * (lean + 2.5 * drop * grown) + 0.3 * breath)
        turns[:, BONE_INDEX[bone]] = multiply(_about(_Z, -share * 1.1 * sway), bow)
    nod = track(choreography.HEAD_LIFT, beats) + 5.0 * drop * grown - lean
    head = multiply(
        _about(_Y, track(choreography.HEAD_TURN, beats)),
        multiply(_about(_Z, track(choreography.HEAD_TILT, beats)), _about(_X, nod)),
    )
    turns[:, BONE_INDEX["neck"]] = slerp(np.array([0.0, 0.0, 0.0, 1.0]), head, 0.35)
    turns[:, BONE_INDEX["head"]] = multiply(inverse(turns[:, BONE_INDEX["neck"]]), head)

    between = (_foot("left", beats).ankle + _foot("right", beats).ankle) / 2.0
    calm = _averaged(between, round(0.8 * FPS * 60.0 / score.BPM))
    side = rotate(turn, _X) * (0.006 * sway)[:, None]
    root: Floats = calm * np.array([1.0, 0.0, 1.0]) + side
    root[:, 1] = -0.012 - (0.010 + 0.030 * drop) * grown
    return root


def _averaged(values: Floats, window: int) -> Floats:
    """Moving average (n, 3) over an odd or even window, ends held."""
    padded = np.pad(values, ((window // 2, window - 1 - window // 2), (0, 0)), "edge")
    total = np.cumsum(np.pad(padded, ((1, 0), (0, 0))), axis=0)
    out: Floats = (total[window:] - total[:-window]) / window
    return out


def _foot(side: str, beats: Floats) -> Foot:
    steps: list[Step] = [step for step in choreography.STEPS if step.foot == side]
    place = np.tile([steps[0].x, 0.0, steps[0].z], (len(beats), 1))
    turn = np.full(len(beats), steps[0].turn)
    lift = np.zeros(len(beats))
    for step in steps[1:]:
        t = np.clip((beats - step.beat) / _STEP_TRAVEL + 1.0, 0.0, 1.0)
        goal = np.array([step.x, 0.0, step.z])
        place += (goal - place) * eased(t)[:, None]
        turn += (step.turn - turn) * eased(t)
        lift += np.sin(np.pi * t) ** 2
    place[:, 1] = 0.055 * lift
    # The heel leaves first and comes down last.
    rotation = multiply(_about(_Y, turn), _about(_X, 16.0 * lift))
    return Foot(place, rotation)


def _gaze(turns: Floats) -> None:
    """Turn the eyes to the camera as far as eyes turn."""
    face = turns[:, BONE_INDEX["hips"]]
    for bone in ("spine", "chest", "upperChest", "neck", "head"):
        face = multiply(face, turns[:, BONE_INDEX[bone]])
    ahead = rotate(inverse(face), _Z)
    yaw = np.arctan2(ahead[:, 0], ahead[:, 2])
    pitch = np.arcsin(np.clip(ahead[:, 1], -1.0, 1.0))
    # Someone behind is not looked at.
    seen = np.clip(1.6 - np.abs(yaw), 0.0, 1.0)
    yaw = np.clip(yaw, -0.40, 0.40) * seen
    pitch = np.clip(pitch, -0.25, 0.25) * seen
    eyes = multiply(from_axis_angle(_Y, yaw), from_axis_angle(_X, -pitch))
    turns[:, BONE_INDEX["leftEye"]] = turns[:, BONE_INDEX["rightEye"]] = eyes
