"""Test that errors of a calibration are measured in the first camera's axes."""

from __future__ import annotations

from dataclasses import replace
from math import radians

import numpy as np
import pytest

from avatars.maths.vectors import rotation_about_vertical
from renderer.bench.cameras.calibration import compare_calibrations
from renderer.motion.cameras.model import Camera, CameraSet


def cameras() -> CameraSet:
    """Return three cameras round a stage."""
    out = []
    for angle in (0.0, 1.2, -1.0):
        turn = rotation_about_vertical(angle)
        place = np.array([0.0, 1.2, 4.0]) @ turn
        rotation = np.diag([1.0, -1.0, -1.0]) @ turn
        out.append(Camera.unplaced("a.mp4", (640, 480)).placed(rotation, place))
    return CameraSet(tuple(out), method="board")


def test_axes_of_the_stage_do_not_count() -> None:
    known = cameras()
    turn, shift = rotation_about_vertical(0.7), np.array([0.4, 0.0, -2.0])
    found = tuple(
        one.placed(one.rotation @ turn, (one.place - shift) @ turn) for one in known.cameras
    )
    errors = compare_calibrations(replace(known, cameras=found), known)
    assert errors.turned_deg == pytest.approx(0.0, abs=1e-5)
    assert errors.moved_m == pytest.approx(0.0, abs=1e-9)
    assert errors.floor_deg == pytest.approx(0.0, abs=1e-5)


def test_the_worst_camera_counts() -> None:
    known = cameras()
    first, second, third = known.cameras
    turned = second.placed(second.rotation @ rotation_about_vertical(radians(3.0)), second.place)
    moved = third.placed(third.rotation, third.place + np.array([0.3, 0.0, 0.0]))
    errors = compare_calibrations(replace(known, cameras=(first, turned, moved)), known)
    assert errors.turned_deg == pytest.approx(3.0, abs=1e-6)
    assert errors.moved_m == pytest.approx(0.3)
    assert errors.floor_deg == pytest.approx(0.0, abs=1e-5)
