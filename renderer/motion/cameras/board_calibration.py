"""Calibrates lenses and places of cameras by a board that they see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import cv2
import numpy as np
from scipy.optimize import least_squares
from scipy.spatial.transform import Rotation

from avatars.maths.vectors import Array
from renderer.errors import MotionError
from renderer.motion.cameras.model import Camera

_FEWEST_VIEWS: Final = 6
"""Views of the board that a lens needs."""

_MOST_VIEWS: Final = 25
"""Views that are used, spread over the recording."""

_FEWEST_SHARED: Final = 4
"""Times at which two cameras must see the resting board."""

_LARGEST_ERROR_PX: Final = 2.0
"""Largest root mean square of a lens's reprojection error, pixels per thousand of the longer
side."""

_REST: Final = 0.004
"""Movement of the board's corners since the view before, over the picture's longer side, up to
which the board rests: cameras do not see it at exactly the same time."""

_TOGETHER_S: Final = 0.06
"""Seconds between two cameras' views of the resting board."""

_STEPS: Final = (
    "hold the board still at ten places, near and far and tilted, where two cameras see it"
)


@dataclass(frozen=True, slots=True)
class BoardView:
    """A board in one picture of a camera.

    Attributes:
        time_s: seconds on the first camera's clock.
        points: (n, 3) metres, corners on the board.
        pixels: (n, 2) in the picture.
    """

    time_s: float
    points: Array
    pixels: Array


def calibrate_lens(camera: Camera, views: Sequence[BoardView]) -> Camera:
    """Return the camera with the lens that a board shows.

    Raises:
        MotionError: the board was seen too little, or is not flat or not as stated.
    """
    if len(views) < _FEWEST_VIEWS:
        raise MotionError(
            f"Camera {camera.name}",
            f"shows the board in {len(views)} pictures, which is too few",
            _STEPS,
        )
    chosen = [
        views[k] for k in np.linspace(0, len(views) - 1, min(len(views), _MOST_VIEWS)).astype(int)
    ]
    matrix = np.array(
        [
            [camera.focal[0], 0.0, camera.centre[0]],
            [0.0, camera.focal[1], camera.centre[1]],
            [0.0, 0.0, 1.0],
        ]
    )
    # A webcam's axis is within a percent of the middle, which a few views determine less well.
    flags = cv2.CALIB_USE_INTRINSIC_GUESS | cv2.CALIB_FIX_K3 | cv2.CALIB_FIX_ASPECT_RATIO
    flags |= cv2.CALIB_FIX_PRINCIPAL_POINT
    error, matrix, distortion, _, _ = cv2.calibrateCamera(
        [view.points.astype(np.float32) for view in chosen],
        [view.pixels.astype(np.float32) for view in chosen],
        camera.size,
        matrix,
        np.zeros(5),
        flags=flags,
    )
    if not error <= _LARGEST_ERROR_PX * max(camera.size) / 1000.0:
        raise MotionError(
            f"The board before camera {camera.name}",
            f"does not fit: its corners are off by {error:.1f} pixels",
            "state the board's size as it is printed, and keep it flat",
        )
    return replace(
        camera,
        focal=np.array([matrix[0, 0], matrix[1, 1]]),
        centre=np.array([matrix[0, 2], matrix[1, 2]]),
        distortion=np.asarray(distortion, np.float64).ravel()[:5],
        error_px=float(error),
    )


def place_by_board(cameras: Sequence[Camera], views: Sequence[Sequence[BoardView]]) -> list[Camera]:
    """Place cameras by the resting board that they see together; axes are the first camera's.

    Args:
        cameras: with their lenses.
        views: of each camera, in the order of time.

    Raises:
        MotionError: a camera shares too few views with the others.
    """
    resting = [_resting(camera, one) for camera, one in zip(cameras, views, strict=True)]
    placed: dict[int, Camera] = {0: cameras[0].placed(np.eye(3), np.zeros(3))}
    while len(placed) < len(cameras):
        pairs = [
            (len(shared), a, b, shared)
            for a in placed
            for b in range(len(cameras))
            if b not in placed and (shared := _shared(resting[a], resting[b]))
        ]
        best = max(pairs, key=lambda one: one[0], default=None)
        if best is None or best[0] < _FEWEST_SHARED:
            missing = next(k for k in range(len(cameras)) if k not in placed)
            raise MotionError(
                f"Camera {missing + 1} ({cameras[missing].name})",
                f"shares {0 if best is None else best[0]} places of the board with another "
                f"camera, and needs {_FEWEST_SHARED}",
                _STEPS,
            )
        _, a, b, shared = best
        placed[b] = _place(placed[a], cameras[b], shared)
    return [placed[k] for k in range(len(cameras))]


def _resting(camera: Camera, views: Sequence[BoardView]) -> list[BoardView]:
    """Return the views in which the board has hardly moved since the view before."""
    out = []
    for before, view in pairwise(views):
        if view.time_s - before.time_s > 0.5:
            continue
        moved = float(np.linalg.norm(view.pixels.mean(axis=0) - before.pixels.mean(axis=0)))
        if moved < _REST * max(camera.size) and len(view.pixels) == len(before.pixels):
            out.append(view)
    return out


def _shared(
    first: Sequence[BoardView], second: Sequence[BoardView]
) -> list[tuple[BoardView, BoardView]]:
    """Return the pairs of views at the same time, thinned to distinct places of the board."""
    pairs: list[tuple[BoardView, BoardView]] = []
    times = np.array([view.time_s for view in second])
    for view in first:
        if not len(times):
            break
        nearest = int(np.argmin(np.abs(times - view.time_s)))
        if abs(times[nearest] - view.time_s) > _TOGETHER_S:
            continue
        is_new = not pairs or _is_elsewhere(pairs[-1][0], view)
        if is_new:
            pairs.append((view, second[nearest]))
    return pairs


def _is_elsewhere(before: BoardView, view: BoardView) -> bool:
    """Return whether the board has been moved between two views."""
    extent = max(float(np.ptp(view.pixels, axis=0).max()), 1.0)
    moved = np.linalg.norm(view.pixels.mean(axis=0) - before.pixels.mean(axis=0))
    turned = np.linalg.norm(np.ptp(view.pixels, axis=0) - np.ptp(before.pixels, axis=0))
    return bool(moved + turned > 0.1 * extent)


def _place(base: Camera, camera: Camera, shared: Sequence[tuple[BoardView, BoardView]]) -> Camera:
    """Return a camera placed by what it and a placed one see."""
    turns, shifts, boards = [], [], []
    for mine, theirs in shared:
        r_a, t_a = _board_pose(base, mine)
        r_b, t_b = _board_pose(camera, theirs)
        turn = r_b @ r_a.T
        turns.append(turn)
        shifts.append(t_b - turn @ t_a)
        boards.append(np.concatenate((Rotation.from_matrix(r_a).as_rotvec(), t_a)))
    middle = Rotation.from_matrix(np.array(turns)).mean().as_rotvec()
    start = np.concatenate((middle, np.median(shifts, axis=0), *boards))

    def residuals(unknowns: Array) -> Array:
        turn, shift = Rotation.from_rotvec(unknowns[:3]).as_matrix(), unknowns[3:6]
        rows = []
        for pose, (mine, theirs) in zip(unknowns[6:].reshape(-1, 6), shared, strict=True):
            board = Rotation.from_rotvec(pose[:3]).as_matrix()
            in_a = mine.points @ board.T + pose[3:]
            in_b = (theirs.points @ board.T + pose[3:]) @ turn.T + shift
            rows.append(_pixels(base, in_a) - mine.pixels)
            rows.append(_pixels(camera, in_b) - theirs.pixels)
        return np.concatenate(rows).ravel()

    found = least_squares(residuals, start, loss="soft_l1", x_scale="jac", max_nfev=15)
    turn, shift = Rotation.from_rotvec(found.x[:3]).as_matrix(), found.x[3:6]
    rotation = turn @ base.rotation
    return camera.placed(rotation, base.place - rotation.T @ shift)


def _pixels(camera: Camera, points: Array) -> Array:
    """Project points (n, 3) in the camera's own axes to pixels."""
    return camera.placed(np.eye(3), np.zeros(3)).project(points)


def _board_pose(camera: Camera, view: BoardView) -> tuple[Array, Array]:
    """Return the rotation and place of the board in the camera's axes."""
    slopes = camera.slopes(view.pixels / camera.size)
    _, turn, shift = cv2.solvePnP(view.points, slopes, np.eye(3), None, flags=cv2.SOLVEPNP_IPPE)
    return np.asarray(cv2.Rodrigues(turn)[0]), np.asarray(shift).ravel()
