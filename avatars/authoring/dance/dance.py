"""Convert the choreography to motion: rotations, root and face weights of every frame.

Arms, trunk and head interpolate their keyframes, with a bounce on the beat added. The centre of
mass moves over the loaded foot, feet are planted at the steps' positions, and the legs are solved
by IK so that planted feet do not slide.
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
"""Delay of forearm and hand behind the upper arm, beats, for follow-through."""
_GAP = 1.4
"""Upper limit of a move's duration, relative to the time since the previous key."""
_STRAIGHT = 0.06
"""Minimum bend of an elbow, radians."""
_COMMITTED = 0.72
"""How far the hips shift over the loaded foot: 0 stays between the feet, 1 is fully over it."""


@dataclass(frozen=True, slots=True)
class Performance:
    """The ground truth of the demo clip. n frames at FPS.

    Attributes:
        rotations: (n, 55, 4) xyzw, local, relative to the T-pose.
        root: (n, 3) metres, the hips' displacement from the T-pose.
        weights: (n, 52) ARKit weights.
        hips_height: height of the dancer's hips at rest, metres.
    """

    rotations: Floats
    root: Floats
    weights: Floats
    hips_height: float


def perform(heads: Floats) -> Performance:
    """Return the whole dance for a dancer's skeleton.

    Args:
        heads: (55, 3) joint positions in the T-pose, soles at y = 0, metres.
    """
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
    """Return the bounce's depth (n,), centimetres, deepest just after each beat.

    Args:
        late: delay after the beat, beats.
    """
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
        # Let held arms follow the bounce a little.
        now[side + "UpperArm"] = multiply(_about(_Z, -out * 0.9 * drop), now[side + "UpperArm"])
        for bone, rotation in now.items():
            turns[:, BONE_INDEX[bone]] = rotation


def _hinge(turn: Floats, out: float) -> Floats:
    """Return elbow rotations (n, 4) xyzw reduced to hinge and twist, bent by at least _STRAIGHT.

    A bend b about ∓Y after a twist t about X is (cos b/2 sin t/2, sin b/2 cos t/2, …,
    cos b/2 cos t/2), from which both angles are recovered.
    """
    turn = np.where(turn[:, 3:] < 0.0, -turn, turn)
    bend = 2.0 * np.arctan2(-out * turn[:, 1], turn[:, 3])
    twist = 2.0 * np.arctan2(turn[:, 0], turn[:, 3])
    return multiply(
        from_axis_angle(-out * _Y, np.maximum(bend, _STRAIGHT)), from_axis_angle(_X, twist)
    )


def _trunk(turns: Floats, beats: Floats, drop: Floats) -> None:
    """Set hips and spine: the spine counters the hips' sway, and both follow the bounce."""
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
    """Set neck and head, compensating for the trunk's lean and partly for its twist."""
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
    """Return the point (n, 3) on the ground under the body, metres.

    x and z follow the load of the feet; y is the height of the hips relative to standing.
    """
    left, right = feet["left"], feet["right"]
    share = (left.load + 0.02) / (left.load + right.load + 0.04)
    share = 0.5 + _COMMITTED * (share - 0.5)
    over = share[:, None] * left.stand + (1.0 - share)[:, None] * right.stand
    ground = _smooth(over, 3.0)
    ground += rotate(heading, _X) * (0.0045 * track(choreography.SWAY, beats))[:, None]
    ground[:, 1] = 0.01 * (track(choreography.LEVEL, beats) - drop) - 0.012
    return ground


def _smooth(values: Floats, frames: float) -> Floats:
    """Return values (n, 3) smoothed by a Gaussian; the ends are padded with the edge values.

    Args:
        frames: standard deviation.
    """
    reach = int(3.0 * frames)
    window = np.exp(-0.5 * (np.arange(-reach, reach + 1) / frames) ** 2)
    padded = np.pad(values, ((reach, reach), (0, 0)), "edge")
    columns = [np.convolve(column, window / window.sum(), "valid") for column in padded.T]
    return np.stack(columns, axis=1)


def _gaze(turns: Floats) -> None:
    """Turn the eyes to the camera (+Z), within the limits of eye rotation."""
    face = turns[:, BONE_INDEX["hips"]]
    for bone in ("spine", "chest", "upperChest", "neck", "head"):
        face = multiply(face, turns[:, BONE_INDEX[bone]])
    ahead = rotate(inverse(normalise(face)), _Z)
    yaw = np.arctan2(ahead[:, 0], ahead[:, 2])
    pitch = np.arcsin(np.clip(ahead[:, 1], -1.0, 1.0))
    # Fade the gaze out where the camera is behind the head.
    seen = np.clip(1.6 - np.abs(yaw), 0.0, 1.0)
    yaw = np.clip(yaw, -0.45, 0.45) * seen
    pitch = np.clip(pitch, -0.30, 0.35) * seen
    eyes = multiply(from_axis_angle(_Y, yaw), from_axis_angle(_X, -pitch))
    turns[:, BONE_INDEX["leftEye"]] = turns[:, BONE_INDEX["rightEye"]] = eyes
