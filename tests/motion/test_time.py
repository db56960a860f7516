"""Test the solver over time: turns, jitter, delay, dropouts, irregular clocks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from avatars.maths.quaternions import angle_between, rotate
from avatars.names import BONE_INDEX
from renderer.capture.records import Observation
from renderer.motion.body.idle import idle_pose
from renderer.motion.core.forward import forward_kinematics
from renderer.motion.core.records import LIMBS
from renderer.motion.solver import MotionSolver

FRAME_NS = 33_333_333
NOISE = (0.0012, 0.0012, 0.0167)
"""Metres per axis: the noise of a still picture."""


def test_turning_once_around_is_continuous(performer: Any) -> None:
    solver = MotionSolver()
    truth = performer.standing(leftLowerArm=(1, -0.6))
    headings = []
    yaws = np.append(np.linspace(0.0, 2.0 * np.pi, 90), np.full(10, 2.0 * np.pi))
    for frame, yaw in enumerate(yaws):
        seen = performer.observe(performer.turned(truth, yaw), frame, face=abs(yaw - np.pi) > 2.0)
        hips = solver.solve(seen).rotations[0]
        ahead = rotate(hips, np.array([0.0, 0.0, 1.0]))
        headings.append(np.arctan2(ahead[0], ahead[2]))
    steps = np.diff(np.unwrap(headings))
    assert steps.sum() == pytest.approx(2.0 * np.pi, abs=0.05)
    assert np.degrees(np.abs(steps)).max() < 10.0


@pytest.mark.parametrize("length", [1, 3])
def test_sides_exchanged_for_moments_are_put_back(performer: Any, length: int) -> None:
    swap = [i + 1 if i % 2 else i - 1 for i in range(11, 33)]
    order = [0, 4, 5, 6, 1, 2, 3, 8, 7, 10, 9, *swap]
    solver = MotionSolver()
    truth = performer.standing(leftUpperArm=(2, 1.2))
    for frame in range(30):
        seen = performer.observe(truth, frame, hands=False, face=False)
        if 20 <= frame < 20 + length:
            seen = replace(seen, pose=seen.pose[order], pose_world=seen.pose_world[order])
        motion = solver.solve(seen)
        found = performer.directions(motion.rotations)["leftUpperArm"]
        assert found[1] > 0.8, frame


def test_a_still_performer_s_avatar_is_stiller_than_the_landmarks(performer: Any) -> None:
    rng = np.random.default_rng(7)
    truth = performer.standing(leftLowerArm=(1, -0.8), rightLowerArm=(1, 0.8))
    solver = MotionSolver()
    raw, smooth = [], []
    for frame in range(150):
        seen = performer.observe(truth, frame, hands=False, face=False, noise=NOISE, rng=rng)
        motion = solver.solve(seen)
        if frame < 50:
            continue
        points = seen.pose_world * (1, -1, -1)
        bone = points[15] - points[13]
        raw.append(bone / np.linalg.norm(bone))
        smooth.append(performer.directions(motion.rotations)["leftLowerArm"])
    jitter = [np.linalg.norm(np.std(d, axis=0)) for d in (raw, smooth)]
    assert jitter[1] < 0.4 * jitter[0]


def test_a_sudden_move_arrives_within_two_frames(performer: Any) -> None:
    solver = MotionSolver()
    # Both arms: a single arm that jumps is another person's.
    down = performer.standing()
    up = performer.standing(leftUpperArm=(2, 0.0), rightUpperArm=(2, 0.0))
    for frame in range(30):
        solver.solve(performer.observe(down, frame))
    heights = [
        performer.directions(solver.solve(performer.observe(up, frame)).rotations)["leftUpperArm"][
            1
        ]
        for frame in range(30, 34)
    ]
    start = performer.directions(down)["leftUpperArm"][1]
    done = 1.0 - np.array(heights) / start
    assert done[1] > 0.8 and done[3] > 0.9


def test_a_lost_arm_is_held_then_hangs_then_returns(performer: Any) -> None:
    solver = MotionSolver()
    up = performer.standing(leftUpperArm=(2, 1.2))
    arm, limb = BONE_INDEX["leftUpperArm"], LIMBS.index("leftArm")
    hidden = np.ones(33, np.float32)
    hidden[[13, 15]] = 0.1

    def see(frames: range, visible: bool) -> list[Any]:
        seen = (performer.observe(up, frame, hands=False, face=False) for frame in frames)
        return [solver.solve(s if visible else replace(s, visibility=hidden)) for s in seen]

    before = see(range(30), True)[-1]
    held = see(range(30, 38), False)[-1]
    assert angle_between(before.rotations[arm], held.rotations[arm]) < 0.02
    relaxing = see(range(38, 80), False)
    idle = idle_pose(79 * FRAME_NS)[arm]
    assert angle_between(relaxing[-1].rotations[arm], idle) < 0.02
    assert relaxing[-1].confidence[limb] == 0.0
    back = see(range(80, 95), True)
    assert angle_between(back[-1].rotations[arm], before.rotations[arm]) < 0.05

    path = np.array([m.rotations[arm] for m in (held, *relaxing, *back)])
    assert np.degrees(angle_between(path[:-1], path[1:])).max() < 25.0


def test_legs_out_of_the_picture_stand(performer: Any) -> None:
    solver = MotionSolver()
    truth = performer.standing(hips=(0, 0.3), leftUpperLeg=(0, -1.2))
    for frame in range(30):
        seen = performer.observe(truth, frame)
        pose = seen.pose.copy()
        pose[25:, 1] += 1.0
        motion = solver.solve(replace(seen, pose=pose))
    assert (motion.confidence[[LIMBS.index("leftLeg"), LIMBS.index("rightLeg")]] == 0.0).all()
    for bone in ("leftUpperLeg", "rightLowerLeg"):
        assert performer.directions(motion.rotations)[bone][1] < -0.97
    _, positions = forward_kinematics(motion.rotations, motion.root)
    assert positions[BONE_INDEX["leftFoot"], 1] == pytest.approx(0.08, abs=0.03)


def test_a_lost_performer_breathes_at_ease_and_comes_back(performer: Any) -> None:
    solver = MotionSolver()
    truth = performer.pose()
    for frame in range(20):
        solver.solve(performer.observe(truth, frame))
    idle = [solver.idle(frame * FRAME_NS) for frame in range(20, 120)]
    assert (idle[-1].confidence == 0.0).all()
    arm, chest = BONE_INDEX["leftUpperArm"], BONE_INDEX["chest"]
    assert performer.directions(idle[-1].rotations)["leftUpperArm"][1] < -0.9
    assert angle_between(idle[-1].rotations[chest], idle[-60].rotations[chest]) > 0.005
    back = [solver.solve(performer.observe(truth, frame)) for frame in range(120, 140)]
    path = np.array([m.rotations[arm] for m in (idle[-1], *back)])
    assert np.degrees(angle_between(path[:-1], path[1:])).max() < 25.0
    assert performer.directions(back[-1].rotations)["leftUpperArm"][0] > 0.99


def test_nobody_at_all_is_idle(performer: Any) -> None:
    motion = MotionSolver().idle(0)
    np.testing.assert_allclose(motion.rotations, idle_pose(0), atol=1e-6)
    assert not motion.expressions.any() and not motion.gaze.any()


def test_the_same_time_again_changes_nothing(performer: Any) -> None:
    solver = MotionSolver()
    solver.solve(performer.observe(performer.pose(), 0))
    first = solver.solve(performer.observe(performer.pose(), 1))
    assert solver.solve(performer.observe(performer.standing(), 1)) is first
    assert solver.solve(performer.observe(performer.standing(), 0)) is first


def test_a_replay_starts_again(performer: Any) -> None:
    solver = MotionSolver()
    for frame in range(60):
        solver.solve(performer.observe(performer.pose(), frame))
    motion = solver.solve(performer.observe(performer.standing(), 0))
    assert performer.directions(motion.rotations)["leftUpperArm"][1] < -0.9


def test_the_same_input_gives_the_same_motion(performer: Any) -> None:
    rng = np.random.default_rng(3)
    seen = [performer.observe(performer.standing(), k, noise=NOISE, rng=rng) for k in range(20)]
    one, two = MotionSolver(), MotionSolver()
    for observation in seen:
        a, b = one.solve(observation), two.solve(observation)
        assert (a.rotations == b.rotations).all() and (a.root == b.root).all()


@pytest.mark.parametrize("field", ["pose", "pose_world", "visibility", "head", "scores"])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_what_is_not_a_number_is_not_seen(performer: Any, field: str, value: float) -> None:
    solver = MotionSolver()
    truth = performer.standing(leftUpperArm=(2, 1.0))
    for frame in range(6):
        seen = performer.observe(truth, frame)
        if frame % 2:
            seen = replace(seen, **{field: np.full_like(getattr(seen, field), value)})
        motion = solver.solve(seen)
        for values in (motion.rotations, motion.root, motion.expressions, motion.gaze):
            assert np.isfinite(values).all()
        assert performer.directions(motion.rotations)["leftUpperArm"][1] > 0.7


def test_one_landmark_that_is_not_a_number_spoils_no_other(performer: Any) -> None:
    solver = MotionSolver()
    truth = performer.standing(leftUpperArm=(2, 1.0))
    for frame in range(10):
        seen = performer.observe(truth, frame, hands=False)
        for points in (seen.pose, seen.pose_world):
            points[[16, 31]] = np.nan
        motion = solver.solve(seen)
        assert np.isfinite(motion.rotations).all() and np.isfinite(motion.root).all()
    assert performer.directions(motion.rotations)["leftUpperArm"][1] > 0.7


@pytest.mark.parametrize("absent", [("pose", "pose_world"), ("pose_world",), ("visibility",)])
def test_absent_fields_are_borne(performer: Any, absent: tuple[str, ...]) -> None:
    seen = replace(performer.observe(performer.standing(), 0), **dict.fromkeys(absent))
    assert np.isfinite(MotionSolver().solve(seen).rotations).all()


def test_all_points_in_one_place_are_borne() -> None:
    flat = np.full((33, 3), 0.5, np.float32)
    seen = Observation(0, 0, (640, 480), pose=flat, pose_world=flat * 0, visibility=flat[:, 0] * 2)
    solver = MotionSolver()
    for frame in range(3):
        motion = solver.solve(replace(seen, t_seen_ns=frame * FRAME_NS))
        assert np.isfinite(motion.rotations).all()
        np.testing.assert_allclose(np.linalg.norm(motion.rotations, axis=1), 1.0, atol=1e-4)


SWAP = [0, 4, 5, 6, 1, 2, 3, 8, 7, 10, 9, *(i + 1 if i % 2 else i - 1 for i in range(11, 33))]


def headings(motions: list[Any]) -> np.ndarray:
    ahead = np.array([rotate(m.rotations[0], np.array([0.0, 0.0, 1.0])) for m in motions])
    return np.arctan2(ahead[:, 0], ahead[:, 2])


def test_a_brisk_turn_is_followed_without_delay(performer: Any) -> None:
    solver, truth = MotionSolver(), performer.standing()
    yaws = np.concatenate((np.zeros(30), np.arange(90) * np.radians(4.0), np.full(30, 2 * np.pi)))
    seen = (
        performer.observe(performer.turned(truth, yaw), k, face=False) for k, yaw in enumerate(yaws)
    )
    late = (yaws - headings([solver.solve(s) for s in seen]) + np.pi) % (2 * np.pi) - np.pi
    assert np.degrees(np.abs(late[45:118])).max() < 5.0
    assert np.degrees(np.abs(late)).max() < 12.0


def test_sides_exchanged_behind_for_a_third_of_a_second_are_put_back(performer: Any) -> None:
    solver, truth = MotionSolver(), performer.standing(leftLowerArm=(1, -0.6))
    yaws = np.concatenate((np.zeros(30), np.arange(90) * np.radians(4.0)))
    motions = []
    for k, yaw in enumerate(yaws):
        seen = performer.observe(performer.turned(truth, yaw), k, hands=False, face=False)
        if 68 <= k < 80 or 84 <= k < 90:
            seen = replace(seen, pose=seen.pose[SWAP], pose_world=seen.pose_world[SWAP])
        motions.append(solver.solve(seen))
    late = (yaws - headings(motions) + np.pi) % (2 * np.pi) - np.pi
    assert np.degrees(np.abs(late)).max() < 15.0


def test_a_face_that_stays_settles_which_side_is_which(performer: Any) -> None:
    solver, truth = MotionSolver(), performer.standing()
    on_the_nose = np.zeros((478, 3), np.float32)
    on_the_nose[2:, 0] = np.linspace(-0.03, 0.03, 476)
    for k in range(60):
        seen = performer.observe(truth, k, hands=False)
        swapped = replace(seen, pose=seen.pose[SWAP], pose_world=seen.pose_world[SWAP])
        motion = solver.solve(replace(swapped, face=seen.pose[0] + on_the_nose))
    assert abs(headings([motion])[0]) < 0.1
