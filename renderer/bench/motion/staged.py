"""Synthetic performances for one question each: stillness, a sudden move, a turn, an occluded arm.

The reference skeleton performs them and the detector model observes them, so the results are
identical on every machine.
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
from renderer.motion.body.side_swap import SIDE_SWAP
from renderer.motion.core.forward import forward_kinematics

WARM_UP: Final = 45
"""Frames in which a solver may settle before anything is measured."""

TURN_SPEED: Final = np.radians(120.0)
"""Radians per second: a dancer's brisk turn."""

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
    """A synthetic performance, frame by frame.

    Attributes:
        observations: the simulated observations.
        truth: the true motion.
        back: the frame in which what was hidden is visible again; 0 where nothing was.
    """

    observations: list[Observation]
    truth: Truth
    back: int = 0


def stage_still() -> Staged:
    """Return five seconds of standing, with sensor noise."""
    return _stage_poses([_pose(_EASE)] * 150, noisy=True)


def stage_step() -> Staged:
    """Return a relaxed stance; from frame WARM_UP on arms and legs are flung to the sides."""
    return _stage_poses([_pose(_EASE)] * WARM_UP + [_pose(_RAISED)] * 30)


def stage_slow() -> Staged:
    """Return both arms rising to the sides at 30° per second from frame WARM_UP on, then held."""
    raised = np.concatenate((np.zeros(WARM_UP), np.arange(60) * np.radians(1.0), np.full(40, 1.03)))
    poses = [
        _pose(dict(_EASE) | {"leftUpperArm": (2, -1.0 + a), "rightUpperArm": (2, 1.0 - a)})
        for a in raised
    ]
    return _stage_poses(poses)


def stage_turn() -> Staged:
    """Return a full turn at TURN_SPEED from frame WARM_UP on, then 20 frames of standing."""
    yaws = np.minimum(np.arange(90) * TURN_SPEED * FRAME_NS * 1e-9, 2.0 * np.pi)
    yaws = np.concatenate((np.zeros(WARM_UP), yaws, np.full(20, 2.0 * np.pi)))
    return _stage_poses([_pose(_EASE, yaw) for yaw in yaws])


def stage_swapped_turn() -> Staged:
    """Return the same turn with a detector that swaps the sides for a third of a second, twice."""
    whole = stage_turn()
    seen = list(whole.observations)
    for start in (WARM_UP + 36, WARM_UP + 52):
        for k in range(start, start + 10):
            seen[k] = _exchange_sides(seen[k])
    return replace(whole, observations=seen)


def stage_hidden_arm() -> Staged:
    """Return an arm hidden for a second, and visible again in another pose."""
    up = dict(_EASE) | {"leftUpperArm": (2, 0.8)}
    back = WARM_UP + 30
    whole = _stage_poses([_pose(_EASE)] * WARM_UP + [_pose(up)] * 75)
    seen = list(whole.observations)
    unseen = np.ones(33, np.float32)
    unseen[[13, 15, 17, 19, 21]] = 0.1
    for k in range(WARM_UP, back):
        seen[k] = replace(seen[k], visibility=unseen)
    return replace(whole, observations=seen, back=back)


def stage_absence() -> Staged:
    """Return a performer out of the image for two seconds, and back."""
    back = WARM_UP + 60
    whole = _stage_poses([_pose(_RAISED)] * (back + 45))
    seen = list(whole.observations)
    for k in range(WARM_UP, back):
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
    posed = [forward_kinematics(pose, np.zeros(3)) for pose in poses]
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
    return replace(seen, pose=seen.pose[SIDE_SWAP], pose_world=seen.pose_world[SIDE_SWAP])
