"""Performances staged for one question each: standing still, a sudden move, a turn, an arm hidden.

The plain skeleton does them and the detector model sees them, so every figure comes out the same on
every machine.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from avatars.maths.quaternions import IDENTITY, from_axis_angle, multiply
from avatars.maths.vectors import Array
from avatars.names import BONE_INDEX, HUMAN_BONES
from renderer.bench.motion.detector import FRAME_NS, STILL, body_landmarks, observe
from renderer.bench.motion.performance import Truth, limb_directions
from renderer.capture.records import Observation
from renderer.motion.body.side_swap import SIDES_EXCHANGED
from renderer.motion.core.forward import forward

WARM: Final = 45
"""Frames in which a solver may find its feet before anything is measured."""

TURN_SPEED: Final = np.radians(120.0)
"""Radians a second: a dancer's brisk turn."""

_EASE: Final = {
    "leftUpperArm": (2, -1.0), "rightUpperArm": (2, 1.0),
    "leftLowerArm": (1, -0.6), "rightLowerArm": (1, 0.6),
}  # fmt: skip
_RAISED: Final = {
    "leftUpperArm": (2, 0.4), "rightUpperArm": (2, -0.4),
    "leftLowerArm": (2, 0.5), "rightLowerArm": (2, -0.5),
    "leftUpperLeg": (2, 0.45), "rightUpperLeg": (2, -0.45),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Staged:
    """A staged performance, frame by frame.

    Attributes:
        observations: what was seen.
        truth: what was done.
        back: the frame in which what was hidden is seen again; 0 where nothing was.
    """

    observations: list[Observation]
    truth: Truth
    back: int = 0


def still() -> Staged:
    """Five seconds of standing, with a sensor's noise."""
    return _stage_poses([_pose(_EASE)] * 150, noisy=True)


def step() -> Staged:
    """Standing at ease; from frame WARM on, arms and legs are flung aside."""
    return _stage_poses([_pose(_EASE)] * WARM + [_pose(_RAISED)] * 30)


def slow() -> Staged:
    """From frame WARM on both arms rise aside at 30° a second, then are held."""
    raised = np.concatenate((np.zeros(WARM), np.arange(60) * np.radians(1.0), np.full(40, 1.03)))
    poses = [
        _pose(dict(_EASE) | {"leftUpperArm": (2, -1.0 + a), "rightUpperArm": (2, 1.0 - a)})
        for a in raised
    ]
    return _stage_poses(poses)


def turn() -> Staged:
    """Once around at TURN_SPEED from frame WARM on, then two thirds of a second of standing."""
    yaws = np.minimum(np.arange(90) * TURN_SPEED * FRAME_NS * 1e-9, 2.0 * np.pi)
    yaws = np.concatenate((np.zeros(WARM), yaws, np.full(20, 2.0 * np.pi)))
    return _stage_poses([_pose(_EASE, yaw) for yaw in yaws])


def stage_swapped_turn() -> Staged:
    """The same turn, by a detector that exchanges the sides for a third of a second behind."""
    whole = turn()
    seen = list(whole.observations)
    for start in (WARM + 36, WARM + 52):
        for k in range(start, start + 10):
            seen[k] = _exchange_sides(seen[k])
    return replace(whole, observations=seen)


def stage_hidden_arm() -> Staged:
    """An arm hidden for a second, and seen again somewhere else."""
    up = dict(_EASE) | {"leftUpperArm": (2, 0.8)}
    back = WARM + 30
    whole = _stage_poses([_pose(_EASE)] * WARM + [_pose(up)] * 75)
    seen = list(whole.observations)
    unseen = np.ones(33, np.float32)
    unseen[[13, 15, 17, 19, 21]] = 0.1
    for k in range(WARM, back):
        seen[k] = replace(seen[k], visibility=unseen)
    return replace(whole, observations=seen, back=back)


def stage_absence() -> Staged:
    """A performer gone for two seconds, and back."""
    back = WARM + 60
    whole = _stage_poses([_pose(_RAISED)] * (back + 45))
    seen = list(whole.observations)
    for k in range(WARM, back):
        seen[k] = Observation(seen[k].t_seen_ns, k, seen[k].size)
    return replace(whole, observations=seen, back=back)


def _pose(turns: dict[str, tuple[int, float]], yaw: float = 0.0) -> Array:
    rotations = np.tile(IDENTITY, (len(HUMAN_BONES), 1))
    for bone, (axis, angle) in turns.items():
        rotations[BONE_INDEX[bone]] = from_axis_angle(np.eye(3)[axis], angle)
    rotations[0] = multiply(from_axis_angle(np.eye(3)[1], yaw), rotations[0])
    return rotations


def _stage_poses(poses: list[Array], noisy: bool = False) -> Staged:
    points = np.array([body_landmarks(pose, np.zeros(3)) for pose in poses])
    posed = [forward(pose, np.zeros(3)) for pose in poses]
    truth = Truth(
        limbs=limb_directions(np.array([places for _, places in posed])),
        head=np.array([world[BONE_INDEX["head"]] for world, _ in posed]),
        hips=np.array([world[0] for world, _ in posed]),
        standing=np.ones((len(poses), 2), np.bool_),
    )
    noise = STILL if noisy else None
    return Staged(observe(points, noise, np.random.default_rng(7)), truth)


def _exchange_sides(seen: Observation) -> Observation:
    if seen.pose is None or seen.pose_world is None:
        return seen
    return replace(
        seen, pose=seen.pose[SIDES_EXCHANGED], pose_world=seen.pose_world[SIDES_EXCHANGED]
    )
