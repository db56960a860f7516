"""Test that the measurement of other people's arms detects whether the gate is active."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from avatars.authoring.clips.clips import CLIPS
from avatars.authoring.clips.studio_camera import Camera
from avatars.authoring.clips.truth_file import Acted, Truth, load_truth, save_truth
from avatars.authoring.performer.performer_looks import LOOKS
from avatars.maths.quaternions import IDENTITY, from_axis_angle
from avatars.names import BONE_INDEX, HUMAN_BONES
from renderer.bench.motion.detector import body_landmarks, observe
from renderer.bench.motion.strangers import (
    TrustingSolver,
    arm_errors,
    count_refused_arms,
    count_refused_strangers,
)
from renderer.capture.records import Observation
from renderer.motion.core.forward import forward_kinematics

FRAMES, TAKEN = 80, slice(40, 55)


@pytest.fixture
def held_out() -> tuple[list[Observation], np.ndarray]:
    """Return exact observations of a performer with both arms held out, and rotations (55, 4)."""
    pose = np.tile(IDENTITY, (len(HUMAN_BONES), 1))
    for bone, angle in (("leftUpperArm", -0.4), ("rightUpperArm", 0.4)):
        pose[BONE_INDEX[bone]] = from_axis_angle(np.array([0.0, 0.0, 1.0]), angle)
    return observe(np.tile(body_landmarks(pose, np.zeros(3)), (FRAMES, 1, 1))), pose


def taken_over(seen: list[Observation]) -> list[Observation]:
    """Replace the left arm for half a second by one that is held in front of the chest."""
    out = list(seen)
    for k in range(FRAMES)[TAKEN]:
        pose, world = seen[k].pose.copy(), seen[k].pose_world.copy()
        for points in (pose, world):
            across = points[12] - points[11]
            points[13] = points[11] + 0.7 * across
            points[[15, 17, 19, 21]] = points[11] + 1.4 * across
        out[k] = replace(seen[k], pose=pose, pose_world=world)
    return out


def test_arms_of_somebody_else_are_counted(
    held_out: tuple[list[Observation], np.ndarray],
) -> None:
    seen, _ = held_out
    assert count_refused_arms(seen) == (0, 2 * FRAMES)
    assert count_refused_arms(taken_over(seen)) == (TAKEN.stop - TAKEN.start, 2 * FRAMES)


@pytest.fixture
def truth(held_out: tuple[list[Observation], np.ndarray], tmp_path: Path) -> Path:
    """Write the truth of the performer who holds both arms out."""
    _, pose = held_out
    _, heads = forward_kinematics(np.tile(IDENTITY, (len(HUMAN_BONES), 1)), np.zeros(3))
    _, joints = forward_kinematics(pose, np.zeros(3))
    acted = Acted(
        heads, np.tile(pose, (FRAMES, 1, 1)), np.zeros((FRAMES, 3)),
        np.tile(joints, (FRAMES, 1, 1)), np.zeros((FRAMES, 52)), np.zeros((FRAMES, 2)),
    )  # fmt: skip
    path = tmp_path / "held.npz"
    save_truth(path, Truth((acted,), Camera((0.0, 1.0, 5.0), (0.0, 1.0, 0.0), 0.7, (640, 480)), 30))
    return path


def test_the_rule_shows_in_the_error(
    held_out: tuple[list[Observation], np.ndarray], truth: Path
) -> None:
    seen, _ = held_out
    whole, ruled, credulous = (
        arm_errors(frames, truth, solver)
        for frames, solver in (
            (seen, None), (taken_over(seen), None), (taken_over(seen), TrustingSolver()),
        )
    )  # fmt: skip
    assert np.percentile(whole, 95) < 5.0
    assert ruled.mean() < 0.6 * credulous.mean()


def test_strangers_arms_are_those_far_from_the_truth(
    held_out: tuple[list[Observation], np.ndarray], truth: Path
) -> None:
    seen, _ = held_out
    camera = load_truth(truth).camera
    joints = load_truth(truth).acted[0].joints
    ends = [BONE_INDEX[bone] for bone in ("leftLowerArm", "rightLowerArm", "leftHand", "rightHand")]
    true = []
    for one in seen:
        pose = one.pose.copy()
        pose[13:17, :2] = camera.project(joints[one.index])[ends] / np.array(one.size)
        true.append(replace(one, pose=pose))
    assert count_refused_strangers(true, truth) == (0, 0)
    frames = TAKEN.stop - TAKEN.start
    assert count_refused_strangers(taken_over(true), truth) == (frames, frames)


def test_the_clips_show_another_one_s_arm_and_two_in_one_costume() -> None:
    clips = ("beside", "lent-arm", "replaced-arm", "costume")
    assert [len(CLIPS[name].cast) for name in clips] == [2, 2, 2, 2]
    one, other = (LOOKS[part.look] for part in CLIPS["costume"].cast)
    assert (one.shirt, one.trousers, one.shoes) == (other.shirt, other.trousers, other.shoes)
    assert one.skin != other.skin
