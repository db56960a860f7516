"""Test that nobody is turned round: not at the start, not by a face where there is none."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from avatars.maths.quaternions import IDENTITY, angle_between, multiply, rotate
from avatars.names import BONE_INDEX
from renderer.capture.records import Observation
from renderer.motion.body.side_swap import SIDE_SWAP
from renderer.motion.core.records import Motion
from renderer.motion.solver import MotionSolver
from renderer.motion.trust.ownership import reject_foreign_face


def facing(motion: Motion) -> float:
    """Return the cosine between where an idol's hips point and the audience."""
    return float(rotate(motion.rotations[0].astype(np.float64), np.array((0.0, 0.0, 1.0)))[2])


def head_turn(motion: Motion) -> float:
    """Return the radians by which neck and head are turned on the chest."""
    neck, head = (motion.rotations[BONE_INDEX[bone]] for bone in ("neck", "head"))
    return float(angle_between(multiply(neck, head), IDENTITY))


def first_frame_swapped(seen: Observation) -> Observation:
    """Return the observation with the errors of a detector that swaps sides as it starts.

    Sides are exchanged, the nose lies a little behind the ears, the feet stay where they are.
    """
    pose, world = seen.pose[SIDE_SWAP], seen.pose_world[SIDE_SWAP]
    world[0, 2] = 0.5 * (world[7, 2] + world[8, 2]) + 0.05
    pose[0, 0] += 0.03
    return replace(seen, pose=pose, pose_world=world)


@pytest.mark.parametrize("frames", [1, 3])
def test_an_idol_never_opens_with_her_back_to_the_audience(performer: Any, frames: int) -> None:
    solver, truth = MotionSolver(), performer.standing(leftUpperArm=(2, -0.3))
    for k in range(20):
        seen = performer.observe(truth, k, hands=False, face=False)
        motion = solver.solve(first_frame_swapped(seen) if k < frames else seen)
        assert facing(motion) > 0.9, k
        assert head_turn(motion) < 0.4, k


@pytest.mark.parametrize("yaw", [np.pi, np.pi - 0.6, np.pi + 0.6])
def test_one_who_is_seen_from_behind_is_shown_from_behind(performer: Any, yaw: float) -> None:
    solver = MotionSolver()
    truth = performer.turned(performer.standing(leftUpperArm=(2, -0.3)), yaw)
    for k in range(20):
        motion = solver.solve(performer.observe(truth, k, hands=False, face=False))
        assert facing(motion) < -0.6, k


def test_one_who_enters_late_from_behind_and_returns_from_the_front(performer: Any) -> None:
    solver, truth = MotionSolver(), performer.standing()
    back = performer.turned(truth, np.pi)
    for k in range(150):
        seen = performer.observe(back if k < 60 else truth, k, hands=False, face=False)
        if k < 20 or 60 <= k < 110:
            seen = Observation(seen.t_seen_ns, k, seen.size)
        elif 110 <= k < 112:
            seen = first_frame_swapped(seen)
        motion = solver.solve(seen)
        if 35 <= k < 60:
            assert facing(motion) < -0.9, k
        if k >= 125:
            assert facing(motion) > 0.9, k


def flipped(seen: Observation, share: float = 1.0) -> Observation:
    """Return what a detector sees that takes front for back, blended with what is right."""
    assert seen.pose is not None and seen.pose_world is not None
    pose, world = seen.pose[SIDE_SWAP], seen.pose_world[SIDE_SWAP]
    world[:, 2] *= -1.0
    return replace(
        seen,
        pose=seen.pose + np.float32(share) * (pose - seen.pose),
        pose_world=seen.pose_world + np.float32(share) * (world - seen.pose_world),
    )


@pytest.mark.parametrize("yaw", [0.0, 0.5, np.pi])
def test_a_detector_that_flips_a_body_for_some_frames_turns_nobody_round(
    performer: Any, yaw: float
) -> None:
    solver = MotionSolver()
    truth = performer.turned(performer.standing(leftUpperArm=(2, -0.3)), yaw)
    for k in range(60):
        seen = performer.observe(truth, k, hands=False, face=False)
        if k in (25, 33):
            seen = flipped(seen, 0.75)
        elif 25 < k < 29 or 33 < k < 43:
            seen = flipped(seen)
        motion = solver.solve(seen)
        assert facing(motion) * np.cos(yaw) > 0.5, k


def mesh(seen: Observation, extent: float) -> Observation:
    """Return the observation with a face mesh on the nose, `extent` pixels high and wide."""
    ring = np.linspace(0.0, 2.0 * np.pi, 478)
    face = np.zeros((478, 3), np.float32)
    face[:, :2] = 0.5 * np.stack((np.cos(ring), np.sin(ring)), axis=1) * extent / seen.size
    face[1, :2] = 0.0
    face += seen.pose[0]
    return replace(
        seen, face=face, scores=np.zeros(52, np.float32), head=np.eye(4, dtype=np.float32)
    )


def test_a_face_mesh_on_an_ear_is_no_face(performer: Any) -> None:
    """A body scale of about 150 pixels has a face of 50; a mesh on an ear had 20."""
    seen = performer.observe(performer.standing())
    assert reject_foreign_face(mesh(seen, 20.0)).face is None
    assert reject_foreign_face(mesh(seen, 50.0)).face is not None


@pytest.mark.parametrize("extent", [20.0, 50.0])
def test_a_mesh_on_the_back_of_a_head_turns_nobody_round(performer: Any, extent: float) -> None:
    solver = MotionSolver()
    back = performer.turned(performer.standing(leftUpperArm=(2, -0.3)), np.pi)
    for k in range(60):
        seen = performer.observe(back, k, hands=False, face=False)
        motion = solver.solve(mesh(seen, extent) if k > 15 else seen)
        assert facing(motion) < -0.9, k
