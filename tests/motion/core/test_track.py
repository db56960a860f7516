"""Test motion at display time, mirroring, and the follow measure."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from avatars.load import load_avatar
from avatars.maths.quaternions import angle_between, slerp
from avatars.names import BONE_INDEX
from renderer.bench.motion.follow import (
    LIMB_BONES,
    limb_directions,
    measure_follow,
    measure_pose_function,
)
from renderer.capture.records import Observation
from renderer.motion.core.forward import forward_kinematics
from renderer.motion.core.mirror import mirror
from renderer.motion.core.records import LIMBS
from renderer.motion.core.track import AHEAD_NS, MotionTrack
from renderer.motion.solver import MotionSolver

FRAME_NS = 33_333_333
ARM = BONE_INDEX["leftUpperArm"]


@pytest.fixture
def swing(performer: Any) -> list[Any]:
    """Return the motions of an arm that turns steadily."""
    solver = MotionSolver()
    poses = (performer.standing(leftUpperArm=(2, -1.3 + 0.04 * k)) for k in range(40))
    return [solver.solve(performer.observe(pose, k)) for k, pose in enumerate(poses)]


def test_an_empty_track_has_no_motion() -> None:
    assert MotionTrack().at(0) is None


def test_between_two_motions_lies_the_way_between(swing: list[Any]) -> None:
    track = MotionTrack()
    for motion in swing[:20]:
        track.push(motion)
    a, b = swing[17], swing[18]
    half = track.at((a.t_seen_ns + b.t_seen_ns) // 2)
    wanted = slerp(a.rotations[ARM], b.rotations[ARM], 0.5)
    assert angle_between(half.rotations[ARM], wanted) < 1e-3
    np.testing.assert_allclose(half.root, 0.5 * (a.root + b.root), atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(half.rotations, axis=1), 1.0, atol=1e-5)


def test_a_little_ahead_is_foreseen_and_what_never_comes_is_taken_back(swing: list[Any]) -> None:
    track = MotionTrack()
    for motion in swing[:30]:
        track.push(motion)
    newest, next_one = swing[29], swing[30]
    ahead = track.at(next_one.t_seen_ns)
    error = angle_between(ahead.rotations[ARM], next_one.rotations[ARM])
    assert error < 0.3 * angle_between(newest.rotations[ARM], next_one.rotations[ARM])
    late = range(AHEAD_NS, 6 * AHEAD_NS, 10_000_000)
    shown = [track.at(newest.t_seen_ns + passed) for passed in late]
    away = [angle_between(m.rotations[ARM], newest.rotations[ARM]) for m in shown]
    assert away[0] > 0.05
    # Smoothly: no step is larger than the movement between two observed frames.
    assert all(-0.03 < b - a <= 1e-6 for a, b in pairwise(away))
    assert away[-1] < 1e-3


def test_late_and_repeated_motions_are_borne(swing: list[Any]) -> None:
    track = MotionTrack()
    for motion in (*swing[:6], swing[5], swing[4]):
        track.push(motion)
    assert track.at(swing[4].t_seen_ns) is swing[4]
    assert track.at(-FRAME_NS).t_seen_ns == swing[0].t_seen_ns


def test_a_mirror_of_a_mirror_is_the_thing_itself(swing: list[Any]) -> None:
    motion = swing[20]
    twice = mirror(mirror(motion))
    np.testing.assert_allclose(twice.rotations, motion.rotations)
    np.testing.assert_allclose(twice.expressions, motion.expressions)


def test_a_mirror_reflects_every_bone(swing: list[Any]) -> None:
    _, plain = forward_kinematics(swing[20].rotations, swing[20].root)
    reflected = mirror(swing[20])
    _, positions = forward_kinematics(reflected.rotations, reflected.root)
    for bone, other in (("leftHand", "rightHand"), ("rightFoot", "leftFoot"), ("head", "head")):
        wanted = plain[BONE_INDEX[bone]] * (-1.0, 1.0, 1.0)
        np.testing.assert_allclose(positions[BONE_INDEX[other]], wanted, atol=1e-5)
    confidence = replace(swing[20], confidence=np.arange(9, dtype=np.float32))
    assert mirror(confidence).confidence[LIMBS.index("leftArm")] == LIMBS.index("rightArm")


class Skeleton:
    """A plain skeleton in place of an avatar."""

    def apply(self, rotations: Any, root: Any, expressions: Any, gaze: Any) -> None:
        _, self._positions = forward_kinematics(rotations, root)

    def bone_positions(self) -> np.ndarray:
        return self._positions


@pytest.fixture
def dance(performer: Any) -> list[Observation]:
    """Return arms and legs that swing for four seconds; no performer in frame 50."""
    poses = (
        performer.standing(
            hips=(1, 0.4 * np.sin(p)),
            leftUpperArm=(2, -0.5 + np.sin(p)),
            rightLowerArm=(1, 0.8 + 0.6 * np.sin(p)),
            leftUpperLeg=(2, 0.3 * abs(np.sin(p))),
        )
        for p in np.linspace(0.0, 12.0, 120)
    )
    seen = [performer.observe(pose, k) for k, pose in enumerate(poses)]
    seen[50] = replace(seen[50], pose=None, pose_world=None)
    return seen


def test_following_a_steady_dance_is_measured(dance: list[Observation]) -> None:
    report = measure_pose_function(dance, Skeleton())
    assert report.frames == 120 and report.lost == 1
    assert report.total.median < 3.0 and report.total.p90 < 10.0
    assert set(report.limbs) == set(LIMB_BONES)
    assert "leftUpperArm" in report.text() and report.as_dict()["frames"] == 120


def test_a_real_avatar_follows(dance: list[Observation], shared_data: Path) -> None:
    avatar = load_avatar(shared_data / "avatars" / "Godette_vrm_v4.vrm")
    report = measure_follow(dance, avatar)
    # The avatar's bones are not exactly along the T-pose's axes; that is most of the remaining
    # error.
    assert report.total.median < 10.0
    assert max(limb.median for limb in report.limbs.values()) < 15.0


def test_a_limb_towards_the_camera_is_skipped_and_counted(performer: Any) -> None:
    aside = performer.standing(leftUpperArm=(2, 0.0))
    at_camera = performer.standing(leftUpperArm=(1, -np.pi / 2))
    seen = [performer.observe(aside if k < 30 else at_camera, k) for k in range(40)]
    assert measure_pose_function(seen, Skeleton()).limbs["leftUpperArm"].short == 10


def test_an_avatar_that_does_not_follow_is_found_out(performer: Any) -> None:
    class Statue(Skeleton):
        def apply(self, rotations: Any, root: Any, expressions: Any, gaze: Any) -> None:
            super().apply(performer.pose(), root, expressions, gaze)

    seen = [performer.observe(performer.standing(), k) for k in range(10)]
    assert measure_pose_function(seen, Statue()).limbs["leftUpperArm"].median > 60.0


def test_nothing_to_measure_is_reported_plainly() -> None:
    report = measure_pose_function([], Skeleton())
    assert report.total.counted == 0 and report.as_dict()["total"]["median_degrees"] is None
    assert "all" in report.text()


def test_directions_are_the_performer_s(performer: Any) -> None:
    seen = performer.observe(performer.pose(), 0)
    directions = limb_directions(seen.pose, seen.size)
    np.testing.assert_allclose(directions["leftUpperArm"], (1.0, 0.0), atol=1e-3)
    np.testing.assert_allclose(directions["rightLowerLeg"], (0.0, -1.0), atol=1e-3)
