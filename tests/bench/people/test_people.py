"""Test the benchmark of real people on synthetic observations whose faults are known."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from avatars import load_avatar
from avatars.maths.quaternions import from_axis_angle
from avatars.names import BONE_INDEX, HUMAN_BONES
from renderer.bench.motion.detector import body_landmarks, observe
from renderer.bench.people.clip import People
from renderer.bench.people.facing import idol_facing, judge_facing
from renderer.bench.people.measures import (
    count_refused_own_arms,
    count_too_close,
    hips_jump,
    largest_step,
)
from renderer.bench.people.report import PeopleReport, find_clips, measure_clip
from renderer.capture.records import Observation
from renderer.cli import main
from renderer.errors import MotionError
from renderer.motion.body.side_swap import SIDE_SWAP
from renderer.paths import IDOL

FRAMES = 40


def seen(yaw: float = 0.0) -> list[Observation]:
    """Return a performer who stands with hanging arms."""
    pose = np.tile((0.0, 0.0, 0.0, 1.0), (len(HUMAN_BONES), 1))
    pose[0] = from_axis_angle(np.array((0.0, 1.0, 0.0)), yaw)
    for side, angle in (("left", -1.2), ("right", 1.2)):
        pose[BONE_INDEX[f"{side}UpperArm"]] = from_axis_angle(np.array((0.0, 0.0, 1.0)), angle)
    points = body_landmarks(pose, np.zeros(3))
    return [replace(one, company=False) for one in observe(np.repeat(points[None], FRAMES, axis=0))]


def swapped(one: Observation) -> Observation:
    return replace(one, pose=one.pose[SIDE_SWAP], pose_world=one.pose_world[SIDE_SWAP])


@pytest.mark.parametrize(("yaw", "facing"), [(0.0, 1.0), (np.pi, -1.0), (0.5 * np.pi, 0.0)])
def test_facing_is_judged_over_time_whatever_single_frames_show(yaw: float, facing: float) -> None:
    observations = seen(yaw)
    observations[0], observations[20] = swapped(observations[0]), swapped(observations[20])
    assert (judge_facing(observations) == facing).all()


def test_idols_face_where_their_shoulders_say() -> None:
    joints = np.zeros((3, 55, 3))
    joints[0, BONE_INDEX["leftUpperArm"]] = (0.3, 0.0, 0.0)
    joints[1, BONE_INDEX["leftUpperArm"]] = (-0.3, 0.0, 0.1)
    joints[2, BONE_INDEX["leftUpperArm"]] = (0.05, 0.0, 0.3)
    assert idol_facing(joints).tolist() == [1.0, -1.0, 0.0]


def test_steps_and_jumps_are_found_and_the_performer_s_own_are_not() -> None:
    observations = seen()
    joints = np.zeros((FRAMES, 55, 3))
    joints[7:, BONE_INDEX["leftHand"], 0] = 0.4
    step = largest_step(joints, np.array([one.t_seen_ns for one in observations]))
    assert (step.metres, step.joint) == (pytest.approx(0.4), "leftHand")
    assert step.at_s == pytest.approx(7 / 30, abs=1e-3)
    assert hips_jump(joints, observations) == 0.0
    joints[9:, BONE_INDEX["hips"], 1] = 0.2
    assert hips_jump(joints, observations) == pytest.approx(0.2, abs=0.01)
    rising = [
        replace(one, pose=one.pose - np.float32((0.0, 0.1 * (k >= 9), 0.0)))
        for k, one in enumerate(observations)
    ]
    assert hips_jump(joints, rising) < 0.01


def test_idols_are_too_close_where_any_joints_are() -> None:
    one = np.random.default_rng(0).normal(size=(FRAMES, 55, 3))
    other = one + 5.0
    assert count_too_close([one]) == count_too_close([one, other]) == 0
    other[3, BONE_INDEX["leftHand"]] = one[3, BONE_INDEX["rightFoot"]] + 0.1
    assert count_too_close([one, other]) == 1


def test_no_arm_of_one_who_is_alone_is_refused() -> None:
    assert count_refused_own_arms(seen(), [], bystanders=False) == 0


def test_a_clip_is_measured_with_every_field() -> None:
    observations = seen()
    frames = [(one,) for one in observations]
    figures = measure_clip(frames, People(1, 0), load_avatar(IDOL))
    assert figures.frames == FRAMES and figures.lost == 0
    assert figures.wrong_facing_frames == figures.own_arms_refused == 0
    assert figures.hips_jump_m < 0.03 and figures.largest_step_m < 0.15
    report = PeopleReport({"one": figures})
    plain: Any = json.loads(json.dumps(report.as_dict()))
    assert {"idols_too_close_frames", "contact_error_m", "follow_deg_p90"} <= plain["one"].keys()
    assert "one" in report.text()


def test_a_folder_without_videos_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "notes.txt").touch()
    with pytest.raises(MotionError, match="contains no video"):
        find_clips(tmp_path)
    assert main(["bench", "people", "--clips", str(tmp_path)]) == 2
    assert "contains no video" in capsys.readouterr().err
