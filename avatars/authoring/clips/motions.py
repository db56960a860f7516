"""Define the movements of the ground-truth set, each a function of time.

Each takes the performer's joint positions at rest, (55, 3) metres, and times (n,) in seconds, and
returns the motion of body and face. Times start at 0; `clips` defines the durations.
"""

from __future__ import annotations

import numpy as np

from avatars.authoring.clips.figure import Figure, Movement, Track
from avatars.authoring.dance import dance, score
from avatars.authoring.dance.arm_reach import solve_arm
from avatars.authoring.dance.poses import Arm
from avatars.authoring.dance.singing import face_weights
from avatars.authoring.dance.timing import ease
from avatars.authoring.figure.source import Floats
from avatars.names import BONE_INDEX

_WALKING = 1.0
"""Duration of a walk cycle (two steps), seconds."""

_ARM_OUT = Arm((0.62, -0.75, 0.10), (0.45, -0.85, 0.30))
_ARM_HIGH = Arm((0.45, 0.88, 0.15), (0.35, 0.93, 0.10), "open")
_ARM_AHEAD = Arm((0.22, -0.90, 0.38), (0.05, -0.72, 0.70))
_ARM_ACROSS = Arm((0.85, -0.25, 0.45), (0.97, -0.10, 0.20), "open")
_ARM_OVER = Arm((0.80, 0.30, 0.50), (0.95, 0.20, 0.20), "open")
_ARM_HIDDEN = Arm((0.10, -0.88, -0.46), (-0.66, -0.30, -0.62))
_ARM_LENT = Arm((0.62, -0.74, 0.26), (0.62, 0.30, 0.72), "open")
_ARM_BENT = Arm((0.55, -0.78, 0.30), (0.45, 0.35, 0.82), "open")
_ARM_BEHIND = Arm((0.24, -0.88, -0.40), (0.18, -0.98, -0.05))


def dancing(heads: Floats, t: Floats) -> Movement:
    """Return the demo's dance from the start of the chorus."""
    performance = dance.perform(heads)
    start = round(32 * 60.0 / score.BPM * dance.FPS)
    at = np.clip(start + np.round(t * dance.FPS).astype(int), 0, len(performance.root) - 1)
    turns = performance.rotations[at]
    eye = turns[:, BONE_INDEX["leftEye"]]
    ahead = 2.0 * (eye[:, :3] * eye[:, 3:])
    gaze = np.stack((np.arcsin(ahead[:, 1]), -np.arcsin(ahead[:, 0])), axis=1)
    return Movement(turns, performance.root[at], performance.weights[at], gaze)


def turning(heads: Floats, t: Floats) -> Movement:
    """Return a full turn on the spot in small steps, arms slightly away from the body."""
    figure = _alive(heads, t)

    def heading(at: Floats) -> Floats:
        out: Floats = 360.0 * np.clip((at - 0.4) / 4.2, 0.0, 1.0)
        return out

    figure.hips(heading(t), 1.5 * np.sin(np.pi * t))
    figure.walk(lambda at: np.zeros((len(at), 2)), heading, 0.8, 0.10)
    for side, phase in (("left", 0.0), ("right", np.pi)):
        figure.swing(side, "rest", _ARM_OUT, 0.5 + 0.3 * np.sin(1.5 * np.pi * t + phase))
    return figure.finish_figure()


def crouching(heads: Floats, t: Floats) -> Movement:
    """Return a deep squat with the arms stretched forwards."""
    figure = _alive(heads, t)
    down = ease((t - 0.4) / 1.2) - ease((t - 2.4) / 1.2)
    figure.stand(0.17, 20.0)
    figure.hips(0.0, 0.0, np.stack((0.0 * t, -0.10 * down), axis=1), -0.015 - 0.42 * down)
    figure.trunk(bow=34.0 * down)
    figure.head(bow=-24.0 * down)
    for side in ("left", "right"):
        figure.swing(side, "rest", "front", down)
    return figure.finish_figure()


def jumping(heads: Floats, t: Floats) -> Movement:
    """Return two jumps on the spot with raised arms."""
    figure = _alive(heads, t)
    height, bent, air = np.zeros(len(t)), np.zeros(len(t)), np.zeros(len(t))
    flight = 0.46
    for start in (0.55, 1.85):
        u = (t - start) / flight
        height += np.where((u > 0) & (u < 1), 4.9 * flight**2 * u * (1 - u), 0.0)
        air += np.where((u > 0) & (u < 1), np.sin(np.pi * u), 0.0)
        for middle, width in ((start - 0.10, 0.17), (start + flight + 0.10, 0.15)):
            bent += np.exp(-(((t - middle) / width) ** 2))
    figure.hips(height=-0.015 - 0.20 * bent + height)
    figure.glide(0.11, 6.0, height, 160.0)
    figure.trunk(bow=20.0 * bent)
    figure.head(bow=-10.0 * bent)
    raised = ease((t - 0.45) / 0.25) - ease((t - 1.0) / 0.4)
    raised = raised + ease((t - 1.75) / 0.25) - ease((t - 2.3) / 0.4)
    for side in ("left", "right"):
        figure.swing(side, "rest", _ARM_HIGH, raised)
    figure.shape("mouthSmile{}", 0.5 * air)
    figure.shape("jawOpen", 0.3 * air)
    return figure.finish_figure()


def arms_crossed(heads: Floats, t: Floats) -> Movement:
    """Return arms folded over the chest while the weight shifts sideways, then lowered."""
    figure = _alive(heads, t)
    chest, neck = heads[BONE_INDEX["chest"]], heads[BONE_INDEX["neck"]]
    level = chest + 0.30 * (neck - chest)
    for side, out, ahead, lower in (("left", 1.0, 0.20, 0.0), ("right", -1.0, 0.16, 0.035)):
        wrist = np.array([-0.07 * out, level[1] - lower, level[2] + ahead])
        pose = solve_arm(heads, side, wrist, (0.8, -0.55, 0.05), (-0.1, -0.2, -1.0))
        figure.arm(side, "rest", (0.3, pose), (3.3, "rest"))
    figure.hips(0.0, 4.0 * np.sin(2.0 * t), np.stack((0.02 * np.sin(2.0 * t), 0.0 * t), axis=1))
    figure.trunk(twist=8.0 * np.sin(1.3 * t))
    figure.head(turn=12.0 * np.sin(1.7 * t), tilt=4.0 * np.sin(1.1 * t))
    return figure.finish_figure()


def hand_on_face(heads: Floats, t: Floats) -> Movement:
    """Return a hand at the chin, then in front of mouth and nose, then lowered."""
    figure = _alive(heads, t)
    left, right = heads[BONE_INDEX["leftEye"]], heads[BONE_INDEX["rightEye"]]
    unit, middle = left[0] - right[0], (left + right) / 2.0
    chin = middle + unit * np.array([-1.45, -2.35, 0.95])
    mouth = middle + unit * np.array([-0.9, -2.3, 1.7])
    poses = [
        solve_arm(heads, "right", wrist, (0.6, -0.8, 0.0), palm, "open")
        for wrist, palm in ((chin, (-1.0, 0.0, -0.4)), (mouth, (-0.2, 0.0, -1.0)))
    ]
    figure.arm("right", "rest", (0.4, poses[0]), (1.9, poses[1]), (3.3, "rest"))
    figure.arm("left", "rest", (0.5, "hip"))
    figure.head(tilt=6.0 * (ease((t - 0.4) / 0.5) - ease((t - 1.9) / 0.5)))
    return figure.finish_figure()


def back_turned(heads: Floats, t: Floats) -> Movement:
    """Return a performer facing away: swaying, one arm out, then both arms raised."""
    figure = _alive(heads, t)
    figure.hips(180.0 + 6.0 * np.sin(2.0 * t), 5.0 * np.sin(3.0 * t))
    figure.walk(lambda at: np.zeros((len(at), 2)), lambda at: 180.0 + 0.0 * at, 1.0, 0.11)
    figure.trunk(sway=-4.0 * np.sin(3.0 * t))
    figure.arm("left", "rest", (0.6, "wide"), (1.6, "up"), (2.9, "rest"))
    figure.arm("right", "hip", (1.6, "up"), (2.9, "rest"))
    return figure.finish_figure()


def walking_in(heads: Floats, t: Floats) -> Movement:
    """Return a walk in from the camera's left to the origin, and a turn towards the camera."""

    def place(at: Floats) -> Floats:
        # 1.1 m/s, slowing down on the last half metre.
        left = np.clip(3.0 - at, 0.0, None)
        x = -1.1 * np.where(left < 1.0, 0.5 * left**2, left - 0.5)
        return np.stack((x, 0.0 * at), axis=1)

    def heading(at: Floats) -> Floats:
        out: Floats = 90.0 * (1.0 - ease((at - 2.4) / 1.0))
        return out

    figure = _walking(heads, t, place, heading)
    return figure.finish_figure()


def crossing(heads: Floats, t: Floats, side: float = 1.0) -> Movement:
    """Return a straight walk across the picture.

    Args:
        side: 1 walks to the camera's right, in the rear; −1 to its left, in front.
    """

    def place(at: Floats) -> Floats:
        x = side * (1.0 * at - 2.0)
        return np.stack((x, np.full(len(at), -0.45 * side)), axis=1)

    figure = _walking(heads, t, place, lambda at: np.full(len(at), 90.0 * side))
    return figure.finish_figure()


def hand_on_hip(heads: Floats, t: Floats) -> Movement:
    """Return one hand on the hip; the other arm hangs, then is held out."""
    figure = _alive(heads, t)
    figure.hips(0.0, 2.0 * np.sin(2.0 * t))
    figure.head(turn=10.0 * np.sin(1.3 * t))
    figure.arm("left", "rest", (3.6, "wide"))
    figure.arm("right", "hip")
    return figure.finish_figure()


def reaching_across(heads: Floats, t: Floats) -> Movement:
    """Return an occluder beside and in front of the origin.

    The right arm is held out in front of a performer at the origin, raised, and lowered.
    """
    figure = _alive(heads, t)
    place = np.tile((0.62, 0.25), (len(t), 1))
    figure.walk(lambda at: np.tile((0.62, 0.25), (len(at), 1)), lambda at: 0.0 * at, 1.0, 0.11)
    figure.hips(0.0, 0.0, place)
    figure.arm("right", "rest", (0.8, _ARM_ACROSS), (2.4, _ARM_OVER), (3.6, "rest"))
    return figure.finish_figure()


def arm_hidden(heads: Floats, t: Floats) -> Movement:
    """Return the left arm hidden behind the back, slowly brought out at the end."""
    figure = _alive(heads, t)
    figure.hips(0.0, 2.0 * np.sin(2.0 * t))
    figure.head(turn=8.0 * np.sin(1.3 * t))
    figure.arm("left", _ARM_HIDDEN, (3.4, _ARM_OUT), (3.8, _ARM_BENT))
    return figure.finish_figure()


def lending(heads: Floats, t: Floats) -> Movement:
    """Return a performer behind the origin whose left arm looks like the front performer's.

    The arm is held out from the start and lowered later.
    """
    figure = _behind(heads, t)
    share = 0.85 + 0.15 * np.sin(2.2 * t) - 0.85 * ease((t - 2.6) / 0.8)
    figure.swing("left", "rest", _ARM_LENT, np.clip(share, 0.0, 1.0))
    return figure.finish_figure()


def arm_withdrawn(heads: Floats, t: Floats) -> Movement:
    """Return the left arm held out, slowly moved behind the back, and out again."""
    figure = _alive(heads, t)
    figure.hips(0.0, 2.0 * np.sin(2.0 * t))
    figure.head(turn=8.0 * np.sin(1.3 * t))
    figure.arm(
        "left", _ARM_BENT, (1.0, _ARM_OUT), (1.4, _ARM_HIDDEN), (4.2, _ARM_OUT), (4.6, _ARM_BENT)
    )
    return figure.finish_figure()


def replacing(heads: Floats, t: Floats) -> Movement:
    """Return a performer behind the origin whose left arm replaces the front performer's.

    The arm is raised to where that arm was, moves, and is lowered.
    """
    figure = _behind(heads, t)
    out = ease((t - 0.9) / 0.9) - ease((t - 3.8) / 0.9)
    figure.swing("left", "rest", _ARM_LENT, out * (0.9 + 0.1 * np.sin(2.2 * t)))
    return figure.finish_figure()


def spinning(heads: Floats, t: Floats) -> Movement:
    """Return two fast turns on the toes, arms closing and opening."""
    figure = _alive(heads, t)
    u = np.clip((t - 0.6) / 1.3, 0.0, 1.0)
    heading = 720.0 * (u * u * (3.0 - 2.0 * u))
    fast = np.sin(np.pi * u) ** 0.5
    figure.hips(heading, height=-0.03 + 0.03 * fast)
    figure.glide(0.08, 6.0, 0.035 * fast, 600.0)
    for side in ("left", "right"):
        figure.arm(side, "wide", (0.4, "circle_in"), (1.7, "wide"))
    return figure.finish_figure()


def singing(heads: Floats, t: Floats) -> Movement:
    """Return the singing of the demo's chorus, with small head movements."""
    figure = Figure(heads, t)
    figure.trunk(sway=2.0 * np.sin(2.0 * t))
    figure.head(10.0 * np.sin(1.6 * t), 5.0 * np.sin(2.3 * t), 4.0 * np.sin(1.9 * t))
    figure.face(face_weights(32.0 + t * score.BPM / 60.0))
    return figure.finish_figure()


def winking(heads: Floats, t: Floats) -> Movement:
    """Return a wink of the left eye, then the right, and looks to the left, right, up and down."""
    figure = Figure(heads, t)
    figure.blink("eyeBlinkLeft", 0.5, hold=0.3)
    figure.blink("eyeBlinkRight", 1.2, hold=0.3)
    figure.shape("mouthSmileLeft", 0.6 * np.exp(-(((t - 0.7) / 0.3) ** 2)))
    figure.shape("mouthSmileRight", 0.6 * np.exp(-(((t - 1.4) / 0.3) ** 2)))
    gaze = np.zeros((len(t), 2))
    before = np.zeros(2)
    for time, goal in (
        (1.9, (0.42, 0.0)), (2.3, (-0.42, 0.0)), (2.7, (0.0, 0.26)), (3.1, (0.0, -0.30)),
        (3.5, (0.0, 0.0)),
    ):  # fmt: skip
        # A saccade takes about 60 ms.
        gaze += (np.array(goal) - before) * ease((t - time) / 0.06)[:, None]
        before = np.array(goal)
    return figure.finish_figure(gaze)


def _alive(heads: Floats, t: Floats) -> Figure:
    """Return a figure that blinks and smiles slightly."""
    figure = Figure(heads, t)
    figure.blink("eyeBlink{}", 1.1, 3.1)
    figure.shape("mouthSmile{}", 0.25)
    return figure


def _behind(heads: Floats, t: Floats) -> Figure:
    """Return a figure standing close behind the origin, slightly to the camera's right."""
    figure = _alive(heads, t)
    place = (0.06, -0.28)
    figure.walk(lambda at: np.tile(place, (len(at), 1)), lambda at: 0.0 * at, 1.0, 0.11)
    figure.hips(0.0, 0.0, np.tile(place, (len(t), 1)))
    return figure


def _walking(heads: Floats, t: Floats, place: Track, heading: Track) -> Figure:
    """Return a figure that walks along a path, swinging its arms."""
    figure = _alive(heads, t)
    figure.walk(place, heading, _WALKING)
    # A planted foot is as long in front of the body as behind it; arms swing opposite to the legs.
    step = 2.0 * np.pi * t / _WALKING
    speed = np.linalg.norm(place(t + 0.02) - place(t - 0.02), axis=1) / 0.04
    share = np.clip(speed, 0.0, 1.0)
    figure.hips(
        heading(t), 2.5 * share * np.sin(step), place(t), -0.02 - 0.012 * share * np.cos(2.0 * step)
    )
    figure.trunk(bow=3.0 * share, twist=4.0 * share * np.sin(step))
    for side, way in (("left", 1.0), ("right", -1.0)):
        figure.swing(side, _ARM_BEHIND, _ARM_AHEAD, 0.4 + 0.4 * way * share * np.sin(step))
    return figure
