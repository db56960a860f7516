"""Measures of several cameras against the triangulation of all four."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from avatars.maths.vectors import Array
from renderer.capture.records import Observation
from renderer.motion.cameras.bundle import triangulate_recording
from renderer.motion.cameras.fusion import CameraFusion
from renderer.motion.cameras.model import GL_AXES, CameraSet
from renderer.motion.cameras.recording import Recording
from renderer.motion.core.skeleton import ANKLES, ELBOWS, HIPS, KNEES, SHOULDERS, WRISTS
from renderer.motion.solver import MotionSolver

JOINTS: Final = np.array([*SHOULDERS, *ELBOWS, *WRISTS, *HIPS, *KNEES, *ANKLES])
"""(12,) landmarks of the joints, in the order of MotionSolver.joints."""


@dataclass(frozen=True, slots=True)
class SolvedJoints:
    """Joints of the solved motion.

    Attributes:
        times: (n,) seconds.
        joints: (n, 12, 3) metres on the stage, from the hips' midpoint.
        hips: (n, 3) metres on the stage; NaN of a single camera.
    """

    times: Array
    joints: Array
    hips: Array


def solve_with(
    cameras: CameraSet, seen: Sequence[Sequence[Observation]], which: Sequence[int]
) -> SolvedJoints:
    """Solve the motion that some of the cameras see."""
    chosen = replace(cameras, cameras=tuple(cameras.cameras[k] for k in which))
    fusion, solver = CameraFusion(chosen), MotionSolver(in_space=True)
    arrivals = sorted(
        (one.t_seen_ns, place, one) for place, k in enumerate(which) for one in seen[k]
    )
    times, joints, hips = [], [], []
    for _, place, one in arrivals:
        fusion.push(replace(one, camera=place))
        if place < len(which) - 1:
            continue
        for fused in fusion.take_due():
            solver.solve(fused.observation, fused.body)
            found = solver.joints()
            if fused.body is None or found is None:
                continue
            times.append(fused.observation.t_seen_ns * 1e-9)
            joints.append(found)
            hips.append(0.5 * (fused.body.points[HIPS[0]] + fused.body.points[HIPS[1]]))
    return SolvedJoints(np.array(times), np.array(joints), np.array(hips))


def solve_alone(cameras: CameraSet, seen: Sequence[Observation], which: int) -> SolvedJoints:
    """Solve the motion that one camera sees, as a show with a single camera does."""
    camera = cameras.cameras[which]
    solver = MotionSolver()
    focal = float(camera.focal.mean()) / max(camera.size)
    times, joints = [], []
    for one in seen:
        solver.solve(replace(one, focal=focal))
        found = solver.joints()
        if found is not None:
            times.append(one.t_seen_ns * 1e-9)
            # From the camera's axes, x right, y up, z towards it, to the stage's.
            joints.append((found * GL_AXES) @ camera.rotation)
    return SolvedJoints(np.array(times), np.array(joints), np.full((len(times), 3), np.nan))


def triangulate_all(
    cameras: CameraSet, seen: Sequence[Sequence[Observation]]
) -> tuple[Array, Array]:
    """Return (n,) seconds and (n, 12, 3) metres: every frame's joints by all cameras' landmarks."""
    recordings = [
        Recording.of(camera, one) for camera, one in zip(cameras.cameras, seen, strict=True)
    ]
    times = recordings[0].times
    points = triangulate_recording(cameras.cameras, [one.sample(times) for one in recordings])
    return times, points[:, JOINTS]


def joint_error(solved: SolvedJoints, times: Array, truth: Array) -> float:
    """Return the mean distance in metres of joints from the truth, both about the hips."""
    aligned = truth - 0.5 * (truth[:, 6:7] + truth[:, 7:8])
    rows = np.searchsorted(times, solved.times - 1e-4)
    rows = np.clip(rows, 0, len(times) - 1)
    return float(np.nanmean(np.linalg.norm(solved.joints - aligned[rows], axis=-1)))


def unseen_errors(
    solved: SolvedJoints, cameras: CameraSet, unseen: int, seen: Sequence[Observation]
) -> Array:
    """Return (m,) pixels between joints projected into an unseen camera and its own landmarks."""
    camera = cameras.cameras[unseen]
    projected = camera.project(solved.joints + solved.hips[:, None])
    by_time = {round(one.t_seen_ns * 1e-6): one for one in seen}
    out = []
    for t, points in zip(solved.times, projected, strict=True):
        one = by_time.get(round(t * 1e3))
        if one is None or one.pose is None:
            continue
        own = np.asarray(one.pose[JOINTS, :2], np.float64) * camera.size
        out.append(np.linalg.norm(points - own, axis=1))
    errors = np.concatenate(out) if out else np.zeros(0)
    return errors[np.isfinite(errors)]
