"""Test that cameras are found by a performer's movement, and told what keeps them from it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from renderer.errors import MotionError
from renderer.motion.cameras.calibrate import calibrate_by_movement, recalibrate_camera
from renderer.motion.cameras.clocks import find_offset, joint_speeds
from renderer.motion.cameras.floor import measure_height
from renderer.motion.cameras.model import Camera, CameraSet
from renderer.motion.cameras.recording import Recording


def unplace(cameras: CameraSet) -> list[Camera]:
    return [camera.placed(np.eye(3), np.zeros(3)) for camera in cameras.cameras]


def degrees(one: Camera, other: Camera) -> float:
    return float(np.degrees(Rotation.from_matrix(one.rotation @ other.rotation.T).magnitude()))


def test_places_clocks_floor_and_scale_are_recovered(studio: Any) -> None:
    truth = studio.cameras(0.0, 75.0, -110.0)
    clocks = (0.0, 0.237, -0.41)
    seen = studio.film(truth, 8.0, rates=(30.0, 25.0, 60.0), clocks_s=clocks)
    # Some landmarks of one camera are far off, for some frames.
    rng = np.random.default_rng(5)
    for k in range(0, len(seen[1]), 7):
        pose = seen[1][k].pose.copy()
        pose[rng.integers(11, 29, 3), :2] += 0.2
        seen[1][k] = replace(seen[1][k], pose=pose)
    height = measure_height(np.array([studio.points(t) for t in np.arange(0.0, 8.0, 0.2)]))
    found = calibrate_by_movement(unplace(truth), seen, height_m=height, longest_clock_s=1.0)
    assert found.error_m < 0.02 and not found.warnings
    assert found.scale == pytest.approx(1.0, abs=0.1)
    # The origin is below the performer's middle: the cameras' places relative to each other count.
    first, true_first = found.cameras.cameras[0], truth.cameras[0]
    for camera, true, clock_s in zip(found.cameras.cameras, truth.cameras, clocks, strict=True):
        assert camera.clock_ns * 1e-9 == pytest.approx(-clock_s, abs=0.008)
        mine = replace(camera, rotation=camera.rotation @ first.rotation.T)
        theirs = replace(true, rotation=true.rotation @ true_first.rotation.T)
        assert degrees(mine, theirs) < 1.5
        apart = first.rotation @ (camera.place - first.place)
        true_apart = true_first.rotation @ (true.place - true_first.place)
        assert np.linalg.norm(apart - true_apart) < 0.2
        assert camera.place[1] == pytest.approx(true.place[1], abs=0.15)
        up = camera.rotation @ (0.0, 1.0, 0.0)
        assert up @ (true.rotation @ (0.0, 1.0, 0.0)) > np.cos(np.radians(3.0))
    # The first camera is ahead.
    assert abs(first.place[0]) < 1e-6 and first.place[2] > 0.0


def test_a_performer_who_stands_still_sets_no_clock(studio: Any) -> None:
    truth = studio.cameras(0.0, 80.0)
    rng = np.random.default_rng(1)
    points = studio.points(1.0)
    seen = [
        [
            studio.observe(camera, k / 30.0, k, points=points, noise_px=0.5, rng=rng)
            for k in range(150)
        ]
        for camera in truth.cameras
    ]
    with pytest.raises(MotionError, match="stands still"):
        calibrate_by_movement(unplace(truth), seen, height_m=1.7, longest_clock_s=0.5)


def test_cameras_on_different_performers_are_refused(studio: Any) -> None:
    truth = studio.cameras(0.0, 80.0)
    one = studio.film(truth, 6.0)
    second = [
        replace(studio.observe(truth.cameras[1], 57.3 - 0.04 * k, k), t_seen_ns=k * 33_333_333)
        for k in range(180)
    ]
    with pytest.raises(MotionError, match=r"do not (show the same movement|agree)"):
        calibrate_by_movement(unplace(truth), [one[0], second], height_m=None, longest_clock_s=0.3)


def test_cameras_that_never_see_the_performer_together_are_named(studio: Any) -> None:
    truth = studio.cameras(0.0, 80.0)
    one, other = studio.film(truth, 6.0)
    with pytest.raises(MotionError, match=r"(?i)cameras? "):
        calibrate_by_movement(
            unplace(truth), [one[:80], other[110:]], height_m=None, longest_clock_s=0.1
        )
    with pytest.raises(MotionError, match=r"Camera 2 .* too few"):
        calibrate_by_movement(unplace(truth), [one, other[:5]], height_m=None, longest_clock_s=0.1)


def test_landmarks_that_are_no_numbers_do_not_break_it(studio: Any) -> None:
    truth = studio.cameras(0.0, 80.0)
    seen = studio.film(truth, 6.0)
    for k in range(0, 180, 3):
        pose, world = seen[0][k].pose.copy(), seen[1][k].pose_world.copy()
        pose[k % 33] = np.nan
        world[(k * 7) % 33] = np.inf
        seen[0][k] = replace(seen[0][k], pose=pose)
        seen[1][k] = replace(seen[1][k], pose_world=world)
    found = calibrate_by_movement(unplace(truth), seen, height_m=None, longest_clock_s=0.3)
    assert found.error_m < 0.03
    assert any("--height" in warning for warning in found.warnings)


def test_a_moved_camera_is_placed_again(studio: Any) -> None:
    truth = studio.cameras(0.0, 75.0, -110.0)
    moved = truth.cameras[1]
    turn = Rotation.from_euler("y", 9.0, degrees=True).as_matrix()
    knocked = moved.placed(turn @ moved.rotation, moved.place + np.array([0.15, -0.05, 0.1]))
    film = truth.replaced(1, knocked)
    frames = np.arange(0.0, 4.0, 0.1)
    slopes = np.array(
        [
            [
                camera.slopes(studio.observe(camera, t).pose[:, :2])
                for camera in film.cameras
            ]
            for t in frames
        ]
    )  # fmt: skip
    distances = np.array(
        [[np.linalg.norm(studio.points(t)[23] - c.place) for c in film.cameras] for t in frames]
    )
    for cameras in (truth, CameraSet(truth.cameras[:2])):
        count = len(cameras.cameras)
        found = recalibrate_camera(
            cameras, 1, slopes[:, :count], np.ones((len(frames), count, 33)), distances[:, :count]
        )
        assert found is not None
        assert degrees(found.cameras[1], knocked) < 1.0
        assert np.linalg.norm(found.cameras[1].place - knocked.place) < 0.15
    nothing = np.zeros((len(frames), 3, 33))
    assert recalibrate_camera(truth, 1, slopes, nothing, distances) is None


@pytest.mark.parametrize(("rate", "clock_s"), [(30.0, 0.1234), (24.0, -0.2876), (60.0, 0.0041)])
def test_clocks_of_any_rate_are_aligned_within_a_fraction_of_a_frame(
    studio: Any, rate: float, clock_s: float
) -> None:
    cameras = studio.cameras(0.0, 60.0)
    one, other = studio.film(cameras, 8.0, rates=(30.0, rate), clocks_s=(0.0, clock_s))
    recordings = [
        Recording.of(camera, seen)
        for camera, seen in zip(cameras.cameras, (one, other), strict=True)
    ]
    speeds = [(r.times, joint_speeds(r.times, r.slopes, r.widths)) for r in recordings]
    found = find_offset(speeds[0], speeds[1], longest_s=0.5)
    assert found.is_sure
    assert found.seconds == pytest.approx(-clock_s, abs=0.012)
