"""Test that motion solved from several cameras follows the performer, live and from a take."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from avatars.maths.vectors import Array
from renderer.capture.records import Observation
from renderer.motion.core.forward import forward_kinematics
from renderer.motion.core.records import Motion
from renderer.motion.core.sources import Source
from renderer.motion.performance import Performance, cameras_event, solve_waiting

_LIMBS = ("leftUpperArm", "rightUpperArm", "leftLowerArm", "rightLowerArm", "leftUpperLeg",
          "rightUpperLeg", "leftLowerLeg", "rightLowerLeg")  # fmt: skip


def play(performance: Performance, seen: list[list[Observation]]) -> list[Motion]:
    """Return the motion at every frame of the first camera."""
    out = []
    arrivals = sorted(
        (one for camera in seen for one in camera), key=lambda one: (one.t_seen_ns, one.camera)
    )
    for one in arrivals:
        performance.push(Source.CAMERA, one)
        if one.camera == 0:
            out.append(performance.at(one.t_seen_ns))
    return out


def limb_errors(studio: Any, motions: list[Motion]) -> Array:
    """Return (n, 8) degrees between limbs and the performer's, on the stage."""
    out = []
    for motion in motions:
        truth, _ = studio.pose(motion.t_seen_ns * 1e-9)
        rotations = np.asarray(motion.rotations, np.float64)
        mine = studio.performer.directions(rotations)
        theirs = studio.performer.directions(truth)
        cosines = [float(mine[limb] @ theirs[limb]) for limb in _LIMBS]
        out.append(np.degrees(np.arccos(np.clip(cosines, -1.0, 1.0))))
    return np.array(out)


def test_limbs_follow_the_performer_far_better_than_by_one_camera(studio: Any) -> None:
    cameras = studio.cameras(0.0, 75.0)
    seen = studio.film(cameras, 3.0, noise_px=3.0)
    one, two = Performance(), Performance()
    two.push(Source.SHOW, cameras_event(0, cameras))
    alone = limb_errors(studio, play(one, [seen[0]])[30:])
    both = limb_errors(studio, play(two, seen)[30:])
    assert np.median(both) < 5.0
    assert np.median(both) < 0.7 * np.median(alone)
    joints = two._solver.joints()
    truth = studio.points(seen[0][-1].t_seen_ns * 1e-9)
    about_hips = truth - 0.5 * (truth[23] + truth[24])
    assert joints is not None
    off = joints - about_hips[[11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28]]
    assert np.linalg.norm(off, axis=1).mean() < 0.05


def test_the_performer_walks_where_the_cameras_place_them(studio: Any) -> None:
    cameras = studio.cameras(0.0, 75.0)
    performance = Performance()
    performance.set_cameras(cameras)
    motions = play(performance, studio.film(cameras, 4.0, noise_px=1.0))[30:]
    truth = np.array([studio.pose(one.t_seen_ns * 1e-9)[1] for one in motions])
    roots = np.array([one.root for one in motions])
    for axis in (0, 2):
        assert np.corrcoef(roots[:, axis], truth[:, axis])[0, 1] > 0.95


def test_a_dropped_camera_leaves_no_jump_in_the_idol(studio: Any) -> None:
    cameras = studio.cameras(0.0, 80.0)
    seen = studio.film(cameras, 5.0, noise_px=2.0)

    def largest_step(seen: list[list[Observation]]) -> float:
        performance = Performance()
        performance.set_cameras(cameras)
        joints = np.array(
            [
                forward_kinematics(np.asarray(one.rotations, np.float64), np.asarray(one.root))[1]
                for one in play(performance, seen)[15:]
            ]
        )
        return float(np.linalg.norm(np.diff(joints, axis=0), axis=-1).max())

    whole = largest_step(seen)
    seen[1] = [one for one in seen[1] if not 1.5e9 < one.t_seen_ns < 3e9]
    assert largest_step(seen) < whole + 0.12


def test_without_a_calibration_only_the_first_camera_counts(studio: Any) -> None:
    cameras = studio.cameras(0.0, 80.0)
    seen = studio.film(cameras, 1.0)
    one, both = Performance(), Performance()
    for alone, together in zip(play(one, [seen[0]]), play(both, seen), strict=True):
        np.testing.assert_array_equal(alone.rotations, together.rotations)


def test_performers_with_and_without_several_cameras_are_solved_in_one_batch(studio: Any) -> None:
    cameras = studio.cameras(0.0, 80.0)
    seen = studio.film(cameras, 0.7)
    alone, together = [Performance(), Performance()], [Performance(), Performance()]
    for pair in (alone, together):
        pair[0].set_cameras(cameras)
    for one, other in zip(*seen, strict=True):
        for pair in (alone, together):
            pair[0].push(Source.CAMERA, one)
            pair[0].push(Source.CAMERA, other)
            pair[1].push(Source.CAMERA, one)
        solve_waiting(together)
        for apart in alone:
            solve_waiting([apart])
        for apart, batched in zip(alone, together, strict=True):
            np.testing.assert_array_equal(
                apart.at(one.t_seen_ns).rotations, batched.at(one.t_seen_ns).rotations
            )


def test_a_hostile_calibration_event_is_ignored(studio: Any) -> None:
    cameras = studio.cameras(0.0, 80.0)
    event = cameras_event(0, cameras)
    performance = Performance()
    performance.push(Source.SHOW, type(event)(0, event.kind, "", {"cameras": "{}"}))
    performance.push(Source.SHOW, type(event)(0, event.kind))
    seen = studio.observe(cameras.cameras[0], 0.0)
    performance.push(Source.CAMERA, replace(seen, camera=0))
    assert performance.fusion is None
    assert performance.at(0).confidence[0] > 0.0
