"""From the written dance to motion: rotations, root and face of every frame.

Arms, trunk and head follow their keys; under them the whole body keeps the beat. The weight goes
to the foot that carries it, feet are planted where the steps say, and the legs are solved to reach
them, so that nothing slides.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from avatars.authoring.dance import choreography, score
from avatars.authoring.dance.dance_arms import ARM_KEYS, arm_pose
from avatars.authoring.dance.dance_feet import Footwork, footwork
from avatars.authoring.dance.legs import balance, reachable, solve_leg
from avatars.authoring.dance.singing import face_weights
from avatars.authoring.dance.timing import move, track
from avatars.authoring.figure.source import Floats
from avatars.maths.quaternions import from_axis_angle, inverse, multiply, rotate, slerp
from avatars.maths.vectors import normalise
from avatars.names import BONE_INDEX

FPS = 30

_X, _Y, _Z = np.eye(3)
_SIDES = (("left", 1.0), ("right", -1.0))
_LATER = {"LowerArm": 0.05, "Hand": 0.10}
"""Beats by which the ends of an arm trail its root: what makes a swing a swing."""
_GAP = 1.4
"""A move takes its manner's beats, or this share of the time since the move before."""
_STRAIGHT = 0.06
"""Radians that an elbow stays bent, however far its arm is thrown."""
_COMMITTED = 0.72
"""How far the hips go over the foot that carries; the rest stays between the feet."""


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
    drop = _drop(beats)
    _arms(turns, beats, heads, drop)
    _trunk(turns, beats, drop)
    _head(turns, beats)
    feet = {side: footwork(side, beats, heads) for side, _ in _SIDES}
    planted = {side: work.foot for side, work in feet.items()}
    heading = _about(_Y, track(choreography.TURN, beats))
    ground = _weight(feet, beats, heading, drop)
    root = reachable(balance(ground, heads, heading), turns, heads, planted)
    for side, work in feet.items():
        solve_leg(side, turns, root, heads, work.foot)
        turns[:, BONE_INDEX[side + "Toes"]] = work.toes
    _gaze(turns)
    return Performance(turns, root, face_weights(beats), float(heads[BONE_INDEX["hips"], 1]))


def _about(axis: Floats, degrees: Floats) -> Floats:
    return from_axis_angle(axis, np.radians(degrees))


def _drop(beats: Floats, late: float = 0.03) -> Floats:
    """How deep the body has dropped into the beat, centimetres (n,): quick down, slower up."""
    phase = np.mod(beats - late, 1.0) ** 0.85
    drop: Floats = track(choreography.BOUNCE, beats) * (0.5 + 0.5 * np.cos(2.0 * np.pi * phase))
    return drop


def _arms(turns: Floats, beats: Floats, heads: Floats, drop: Floats) -> None:
    for side, out in _SIDES:
        first, *keys = ARM_KEYS[side]
        start = arm_pose(heads, side, first.pose)
        now = {bone: np.tile(turn, (len(beats), 1)) for bone, turn in start.items()}
        before = first.beat
        for key in keys:
            travel = min(key.travel, _GAP * (key.beat - before))
            before = key.beat
            for bone, goal in arm_pose(heads, side, key.pose).items():
                late = next((d for end, d in _LATER.items() if bone.endswith(end)), 0.0)
                share = move(beats, key.beat + late, travel, key.manner)
                now[bone] = slerp(now[bone], goal, share)
        now[side + "LowerArm"] = _hinge(now[side + "LowerArm"], out)
        shrug = track(choreography.SHRUGS[side], beats)
        lifted = _about(_Z, out * (shrug - 0.6 * drop))
        now[side + "Shoulder"] = multiply(lifted, now[side + "Shoulder"])
        # Arms that are held give way to the beat a little.
        now[side + "UpperArm"] = multiply(_about(_Z, -out * 0.9 * drop), now[side + "UpperArm"])
        for bone, rotation in now.items():
            turns[:, BONE_INDEX[bone]] = rotation


def _hinge(turn: Floats, out: float) -> Floats:
    """Elbow rotations (n, 4) as hinge and twist alone, never bent the wrong way.

    A bend b about ∓Y after a twist t about X is (cos b/2 sin t/2, sin b/2 cos t/2, …,
    cos b/2 cos t/2), from which both are read back.
    """
    turn = np.where(turn[:, 3:] < 0.0, -turn, turn)
    bend = 2.0 * np.arctan2(-out * turn[:, 1], turn[:, 3])
    twist = 2.0 * np.arctan2(turn[:, 0], turn[:, 3])
    return multiply(
        from_axis_angle(-out * _Y, np.maximum(bend, _STRAIGHT)), from_axis_angle(_X, twist)
    )


def _trunk(turns: Floats, beats: Floats, drop: Floats) -> None:
    """Set hips and spine: the hips sway, the chest stays over them, and both take the beat."""
    sway = track(choreography.SWAY, beats)
    lean = track(choreography.LEAN, beats) + 0.2 * np.sin(2.0 * np.pi * beats / 6.0)
    twist, side = track(choreography.TWIST, beats), track(choreography.SIDE, beats)
    heading = _about(_Y, track(choreography.TURN, beats))
    tuck = _about(_X, -0.8 * drop)
    turns[:, BONE_INDEX["hips"]] = multiply(heading, multiply(_about(_Z, sway), tuck))
    later = _drop(beats, 0.10)
    for bone, share in (("spine", 0.4), ("chest", 0.35), ("upperChest", 0.25)):
        bow = _about(_X, share * (lean + 1.6 * later))
        bend = _about(_Z, -share * (sway + side))
        turns[:, BONE_INDEX[bone]] = multiply(_about(_Y, share * twist), multiply(bend, bow))


def _head(turns: Floats, beats: Floats) -> None:
    """Set neck and head, which look where they look whatever the trunk leans."""
    lean = track(choreography.LEAN, beats)
    nod = track(choreography.HEAD_LIFT, beats) + 1.3 * _drop(beats, 0.08) - lean
    tilt = track(choreography.HEAD_TILT, beats) + 0.7 * track(choreography.SIDE, beats)
    head = multiply(
        _about(_Y, track(choreography.HEAD_TURN, beats) - 0.8 * track(choreography.TWIST, beats)),
        multiply(_about(_Z, tilt), _about(_X, nod)),
    )
    neck = slerp(np.array([0.0, 0.0, 0.0, 1.0]), head, 0.35)
    turns[:, BONE_INDEX["neck"]] = neck
    turns[:, BONE_INDEX["head"]] = multiply(inverse(neck), head)


def _weight(feet: dict[str, Footwork], beats: Floats, heading: Floats, drop: Floats) -> Floats:
    """Where the body stands (n, 3): over the feet that carry it, y being how it is raised."""
    left, right = feet["left"], feet["right"]
    share = (left.load + 0.02) / (left.load + right.load + 0.04)
    share = 0.5 + _COMMITTED * (share - 0.5)
    over = share[:, None] * left.stand + (1.0 - share)[:, None] * right.stand
    ground = _smooth(over, 3.0)
    ground += rotate(heading, _X) * (0.0045 * track(choreography.SWAY, beats))[:, None]
    ground[:, 1] = 0.01 * (track(choreography.LEVEL, beats) - drop) - 0.012
    return ground


def _smooth(values: Floats, frames: float) -> Floats:
    """Values (n, 3) under a Gaussian window of that standard deviation, ends held."""
    reach = int(3.0 * frames)
    window = np.exp(-0.5 * (np.arange(-reach, reach + 1) / frames) ** 2)
    padded = np.pad(values, ((reach, reach), (0, 0)), "edge")
    columns = [np.convolve(column, window / window.sum(), "valid") for column in padded.T]
    return np.stack(columns, axis=1)


def _gaze(turns: Floats) -> None:
    """Turn the eyes to the camera as far as eyes turn."""
    face = turns[:, BONE_INDEX["hips"]]
    for bone in ("spine", "chest", "upperChest", "neck", "head"):
        face = multiply(face, turns[:, BONE_INDEX[bone]])
    ahead = rotate(inverse(normalise(face)), _Z)
    yaw = np.arctan2(ahead[:, 0], ahead[:, 2])
    pitch = np.arcsin(np.clip(ahead[:, 1], -1.0, 1.0))
    # Someone behind is not looked at.
    seen = np.clip(1.6 - np.abs(yaw), 0.0, 1.0)
    yaw = np.clip(yaw, -0.45, 0.45) * seen
    pitch = np.clip(pitch, -0.30, 0.35) * seen
    eyes = multiply(from_axis_angle(_Y, yaw), from_axis_angle(_X, -pitch))
    turns[:, BONE_INDEX["leftEye"]] = turns[:, BONE_INDEX["rightEye"]] = eyes
