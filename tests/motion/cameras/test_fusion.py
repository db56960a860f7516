"""Test the laws of several cameras on one performer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from avatars.maths.vectors import Array
from renderer.capture.records import Observation
from renderer.motion.body.side_swap import SIDE_SWAP
from renderer.motion.cameras.fusion import CameraFusion, Fused
from renderer.motion.cameras.model import CameraSet

JOINTS = np.array([11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28])


def fuse(cameras: CameraSet, seen: list[list[Observation]]) -> list[Fused]:
    """Return the fused frames of observations that arrive in the order of time."""
    fusion, out = CameraFusion(cameras), []
    arrivals = [one for camera in seen for one in camera]
    for one in sorted(arrivals, key=lambda one: (one.t_seen_ns, one.camera)):
        fusion.push(one)
        out += fusion.take_due()
    return out


def errors(studio: Any, frames: list[Fused]) -> Array:
    """Return (n,) metres: each frame's mean error of the joints about the hips."""
    out = []
    for frame in frames:
        if frame.body is None:
            continue
        truth = studio.points(frame.observation.t_seen_ns * 1e-9)
        hips = 0.5 * (truth[23] + truth[24])
        points = frame.body.points
        mine = points - 0.5 * (points[23] + points[24])
        out.append(np.linalg.norm(mine[JOINTS] - (truth - hips)[JOINTS], axis=1).mean())
    return np.array(out)


def largest_step(frames: list[Fused]) -> float:
    """Return the largest step of a joint about the hips between two frames, metres."""
    points = np.array([frame.body.points for frame in frames if frame.body is not None])
    points -= 0.5 * (points[:, 23:24] + points[:, 24:25])
    return float(np.nanmax(np.linalg.norm(np.diff(points[:, JOINTS], axis=0), axis=-1)))


def test_a_further_camera_never_makes_the_error_larger(studio: Any) -> None:
    places = (0.0, 80.0, -100.0, 165.0)
    mean = []
    for count in (1, 2, 3, 4):
        cameras = studio.cameras(*places[:count])
        mean.append(errors(studio, fuse(cameras, studio.film(cameras, 3.0, noise_px=6.0))).mean())
    assert mean[0] > 1.4 * mean[1]
    assert mean[1] >= mean[2] >= mean[3]
    assert mean[1] < 0.035


@pytest.mark.parametrize("dropped", [0, 1])
@pytest.mark.parametrize("silent", [True, False])
def test_a_camera_that_drops_and_returns_leaves_no_jump(
    studio: Any, dropped: int, silent: bool
) -> None:
    cameras = studio.cameras(0.0, 80.0)
    seen = studio.film(cameras, 6.0, noise_px=2.0)
    whole = largest_step(fuse(cameras, seen))
    if silent:
        seen[dropped] = [one for one in seen[dropped] if not 2e9 < one.t_seen_ns < 4e9]
    else:
        seen[dropped] = [
            replace(one, pose=None, pose_world=None) if 2e9 < one.t_seen_ns < 4e9 else one
            for one in seen[dropped]
        ]
    frames = fuse(cameras, seen)
    assert all(frame.body is not None for frame in frames)
    assert largest_step(frames) < whole + 0.06
    after = [one for one in frames if one.observation.t_seen_ns > 5e9]
    assert errors(studio, after).mean() < 0.03
    lost = [one for one in frames if 3e9 < one.observation.t_seen_ns < 4e9]
    assert errors(studio, lost).mean() < 0.2


def test_cameras_of_different_rates_are_brought_to_one_time(studio: Any) -> None:
    cameras = studio.cameras(0.0, 80.0)
    seen = studio.film(cameras, 4.0, rates=(30.0, 24.0), noise_px=1.0)
    frames = fuse(cameras, seen)
    assert 100 < len(frames) < 150
    times = [frame.observation.t_seen_ns for frame in frames]
    assert times == sorted(set(times))
    assert errors(studio, frames).mean() < 0.025


def test_an_outlier_of_one_camera_among_three_is_discounted(studio: Any) -> None:
    cameras = studio.cameras(0.0, 80.0, -100.0)
    seen = studio.film(cameras, 2.0, noise_px=1.0)
    for k in (30, 31):
        pose = seen[1][k].pose.copy()
        pose[15, :2] += 0.25
        seen[1][k] = replace(seen[1][k], pose=pose)
    frames = fuse(cameras, seen)
    hit = [one for one in frames if 0.98e9 < one.observation.t_seen_ns < 1.1e9]
    truth = [studio.points(one.observation.t_seen_ns * 1e-9)[15] for one in hit]
    off = [
        np.linalg.norm(one.body.points[15] - true)
        for one, true in zip(hit, truth, strict=True)
        if one.body is not None
    ]
    assert max(off) < 0.12


@pytest.mark.parametrize("camera", [0, 1])
def test_a_camera_that_swaps_left_and_right_is_corrected(studio: Any, camera: int) -> None:
    cameras = studio.cameras(0.0, 150.0)
    seen = studio.film(cameras, 3.0, noise_px=1.0)
    for k in range(30, 50):
        one = seen[camera][k]
        seen[camera][k] = replace(
            one, pose=one.pose[SIDE_SWAP], pose_world=one.pose_world[SIDE_SWAP]
        )
    frames = fuse(cameras, seen)
    assert errors(studio, frames[30:50]).max() < 0.08


def test_landmarks_that_are_no_numbers_leave_the_rest(studio: Any) -> None:
    cameras = studio.cameras(0.0, 80.0)
    rng = np.random.default_rng(2)
    seen = studio.film(cameras, 2.0, noise_px=1.0)
    for camera in seen:
        for k, one in enumerate(camera):
            pose, world = one.pose.copy(), one.pose_world.copy()
            visibility = one.visibility.copy()
            pose[rng.integers(0, 33, 4)] = rng.choice([np.nan, np.inf, -np.inf])
            world[rng.integers(0, 33, 2)] = np.nan
            visibility[rng.integers(0, 33)] = np.nan
            camera[k] = replace(one, pose=pose, pose_world=world, visibility=visibility)
    frames = fuse(cameras, seen)
    for frame in frames:
        if frame.body is not None:
            assert np.isfinite(frame.body.visibility).all()
            assert np.isfinite(frame.body.points[frame.body.visibility > 0.0]).all()


def test_nobody_in_sight_is_no_body(studio: Any) -> None:
    cameras = studio.cameras(0.0, 80.0)
    fusion = CameraFusion(cameras)
    for k in range(5):
        for number in (0, 1, 2):
            fusion.push(Observation(k * 33_000_000, k, (1280, 720), camera=number))
    assert [frame.body for frame in fusion.take_due()] == [None] * 5


def test_the_same_observations_give_the_same_bits(studio: Any) -> None:
    cameras = studio.cameras(0.0, 80.0, -100.0)
    seen = studio.film(cameras, 1.5, noise_px=4.0)
    one, other = fuse(cameras, seen), fuse(cameras, seen)
    for a, b in zip(one, other, strict=True):
        assert a.body is not None and b.body is not None
        np.testing.assert_array_equal(a.body.points, b.body.points)
        np.testing.assert_array_equal(a.body.covariance, b.body.covariance)


@pytest.mark.parametrize("places", [(0.0, 80.0), (0.0, 80.0, -100.0)])
def test_a_camera_that_is_moved_is_noticed_and_no_jump_is_shown(
    studio: Any, places: tuple[float, ...]
) -> None:
    cameras = studio.cameras(*places)
    seen = studio.film(cameras, 6.0, noise_px=2.0)
    others = [one for k, one in enumerate(seen) if k != 1]
    still = largest_step(fuse(cameras, others))
    old = cameras.cameras[1]
    angle = np.radians(10.0)
    turn = np.array(
        [[np.cos(angle), 0, np.sin(angle)], [0, 1, 0], [-np.sin(angle), 0, np.cos(angle)]]
    )
    knocked = cameras.replaced(
        1, old.placed(turn @ old.rotation, old.place + np.array([0.1, 0.0, 0.1]))
    )
    after = studio.film(knocked, 6.0, noise_px=2.0)
    seen[1] = [*seen[1][:60], *after[1][60:]]
    fusion, frames, moved = CameraFusion(cameras), [], []
    arrivals = [one for camera in seen for one in camera]
    for one in sorted(arrivals, key=lambda one: (one.t_seen_ns, one.camera)):
        fusion.push(one)
        frames += fusion.take_due()
        number = fusion.take_moved()
        if number is not None:
            moved.append((number, one.t_seen_ns * 1e-9))
    assert [number for number, _ in moved] == [1]
    assert 2.5 < moved[0][1] < 4.5
    assert largest_step(frames) < still + 0.05
    # With the right calibration it counts again, without a jump.
    fusion.replace_cameras(knocked)
    assert fusion.monitor.moved == [False] * len(places)


def test_cameras_that_stand_right_are_not_suspected(studio: Any) -> None:
    cameras = studio.cameras(0.0, 80.0, -100.0)
    fusion = CameraFusion(cameras)
    for one in zip(*studio.film(cameras, 6.0, noise_px=8.0), strict=True):
        for seen in one:
            fusion.push(seen)
        fusion.take_due()
    assert fusion.take_moved() is None


def test_a_camera_that_begins_later_is_not_suspected(studio: Any) -> None:
    """The place of the body that the first camera guessed alone is no measure for the second."""
    cameras = studio.cameras(0.0, 120.0)
    seen = [
        [replace(one, pose_world=1.25 * one.pose_world) for one in camera]
        for camera in studio.film(cameras, 4.0, noise_px=2.0)
    ]
    seen[1] = seen[1][4:]
    fusion, frames = CameraFusion(cameras), []
    for one in sorted((o for c in seen for o in c), key=lambda o: (o.t_seen_ns, o.camera)):
        fusion.push(one)
        frames += fusion.take_due()
        assert fusion.take_moved() is None
    assert errors(studio, frames[30:]).mean() < 0.04
