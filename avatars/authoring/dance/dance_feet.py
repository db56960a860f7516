"""Compute the motion of the dance's feet (planted, swivelled, lifted) and the load on each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from avatars.authoring.dance.dance_steps import STEPS
from avatars.authoring.dance.legs import Foot
from avatars.authoring.dance.timing import ease
from avatars.authoring.figure.source import Floats
from avatars.maths.quaternions import from_axis_angle, multiply, rotate
from avatars.names import BONE_INDEX

_X, _Y, _ = np.eye(3)
_STEP, _SWIVEL = 0.6, 0.42
"""Duration of a step through the air and of a swivel on the ball of the foot, beats."""
_TIPTOE = 20.0
"""Downward pitch of a foot in the air, degrees: the heel leaves first and lands last."""
_TAP = 34.0
"""Pitch of a foot whose heel counts as fully raised, degrees."""
_UNLOADED = 0.6
"""Share of its load that a foot with a fully raised heel loses."""


@dataclass(frozen=True, slots=True)
class Footwork:
    """One foot's motion through the dance. n frames.

    Attributes:
        foot: the ankle's path and the foot's rotation.
        stand: (n, 3) the ground point over which the body balances on this foot alone, metres.
        toes: (n, 4) xyzw, local rotation of the toes, which stay flat under a raised heel.
        load: (n,) the weight it can carry, 0 in the air to 1 flat on the ground.
    """

    foot: Foot
    stand: Floats
    toes: Floats
    load: Floats


def footwork(side: str, beats: Floats, heads: Floats) -> Footwork:
    """Return a foot's motion (n frames) through the dance's steps.

    Args:
        side: "left" or "right".
        beats: (n,) times of the frames, beats.
        heads: (55, 3) the dancer's joint positions at rest, metres.
    """
    first, *steps = [step for step in STEPS if step.foot == side]
    place = np.tile([first.x, 0.0, first.z], (len(beats), 1))
    turn, heel = np.full(len(beats), first.turn), np.full(len(beats), first.heel)
    height, air, flight = (np.zeros(len(beats)) for _ in range(3))
    for step in steps:
        t = (beats - step.beat) / (_STEP if step.lift else _SWIVEL) + 1.0
        share = ease(t)
        place += (np.array([step.x, 0.0, step.z]) - place) * share[:, None]
        turn += (step.turn - turn) * share
        heel += (step.heel - heel) * share
        if step.lift:
            up = np.sin(np.pi * np.clip(t, 0.0, 1.0)) ** 2
            height += step.lift * up
            air += up
            # The foot is unloaded before it leaves the ground and loaded as it lands.
            flight += np.sin(np.pi * np.clip((t + 0.35) / 1.3, 0.0, 1.0)) ** 2
    to_ball = heads[BONE_INDEX[side + "Toes"]] - heads[BONE_INDEX[side + "Foot"]]
    facing = _about(_Y, turn)
    pitch = heel + _TIPTOE * np.clip(air, 0.0, 1.0)
    rotation = multiply(facing, _about(_X, pitch))
    ball = place + to_ball
    ankle = ball - rotate(rotation, to_ball)
    # The support point moves from the ankle towards the ball as the heel rises.
    raised = np.clip(heel / _TAP, 0.0, 1.0)
    stand = (ankle + 0.6 * raised[:, None] * rotate(facing, to_ball)) * [1.0, 0.0, 1.0]
    ankle[:, 1] += height
    toes = _about(_X, -pitch * np.clip(1.0 - 1.5 * air, 0.0, 1.0))
    load = (1.0 - np.clip(flight, 0.0, 1.0)) * (1.0 - _UNLOADED * raised)
    return Footwork(Foot(ankle, rotation), stand, toes, load)


def _about(axis: Floats, degrees: Floats) -> Floats:
    return from_axis_angle(axis, np.radians(degrees))
