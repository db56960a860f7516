"""Test that lenses and places are found by a board."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from avatars.maths.vectors import Array
from renderer.errors import MotionError
from renderer.motion.cameras.board_calibration import BoardView, calibrate_lens, place_by_board
from renderer.motion.cameras.model import Camera

CORNERS = np.stack((*np.meshgrid(np.arange(6) * 0.06, np.arange(4) * 0.06), np.zeros((4, 6))), -1)


def hold(rng: np.random.Generator) -> Array:
    """Return the board's corners (24, 3) on the stage at one of its places."""
    turn = Rotation.from_euler("xyz", rng.uniform(-0.5, 0.5, 3)).as_matrix()
    middle = rng.uniform((-0.5, 0.7, -0.4), (0.5, 1.6, 1.9))
    points: Array = (CORNERS.reshape(-1, 3) - CORNERS.mean((0, 1))) @ turn.T + middle
    return points


def film(cameras: list[Camera], places: int = 8) -> list[list[BoardView]]:
    """Return views of a board that rests for some pictures at each of its places."""
    rng = np.random.default_rng(3)
    views: list[list[BoardView]] = [[] for _ in cameras]
    for place in range(places):
        points = hold(rng)
        for k in range(4):
            for camera, out in zip(cameras, views, strict=True):
                pixels = camera.project(points) + rng.normal(0.0, 0.15, (24, 2))
                out.append(BoardView(place * 2.0 + 0.2 * k, CORNERS.reshape(-1, 3), pixels))
    return views


def test_lenses_and_places_are_recovered(studio: Any) -> None:
    true = [
        replace(
            studio.camera(degrees, focal=focal),
            distortion=np.array([-0.08, 0.05, 0.0, 0.0, 0.0]),
        )
        for degrees, focal in ((0.0, 0.9), (35.0, 1.05))
    ]
    views = film(true)
    assumed = [Camera.unplaced(camera.name, camera.size, 1.0) for camera in true]
    lenses = [calibrate_lens(camera, one) for camera, one in zip(assumed, views, strict=True)]
    for lens, camera in zip(lenses, true, strict=True):
        assert lens.focal == pytest.approx(camera.focal, rel=0.04)
        assert lens.error_px < 1.0
    placed = place_by_board(lenses, views)
    for one, camera in zip(placed, true, strict=True):
        turn = camera.rotation @ true[0].rotation.T
        assert np.degrees(Rotation.from_matrix(turn @ one.rotation.T).magnitude()) < 0.7
        apart = true[0].rotation @ (camera.place - true[0].place)
        assert np.linalg.norm(one.place - apart) < 0.06


def test_too_few_views_and_places_are_told(studio: Any) -> None:
    true = [studio.camera(0.0), studio.camera(40.0)]
    views = film(true, places=3)
    with pytest.raises(MotionError, match="too few"):
        calibrate_lens(true[0], views[0][:4])
    with pytest.raises(MotionError, match=r"Camera 2 .* shares"):
        place_by_board(true, views)
    with pytest.raises(MotionError, match="shares 0 places"):
        place_by_board(true, [views[0], []])


def test_a_board_that_is_not_as_stated_does_not_fit(studio: Any) -> None:
    true = [studio.camera(0.0)]
    rng = np.random.default_rng(1)
    views = [
        replace(view, points=view.points + rng.normal(0.0, 0.02, view.points.shape) * (1, 1, 0))
        for view in film(true)[0]
    ]
    with pytest.raises(MotionError, match="does not fit"):
        calibrate_lens(true[0], views)
