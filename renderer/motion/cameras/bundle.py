"""Bundle adjustment: where the cameras stand, from a performer's joints alone.

The unknowns are the rotation, the place, the focal length and the clock of each camera. The joints
are eliminated: for given cameras every joint is triangulated, and what remains is its distance from
the cameras' rays (variable projection, Golub and Pereyra 1973). scipy's trust-region least squares
minimises it, robustly. The body's apparent size in each picture gives the scale, and the ratio of
the cameras' distances, which the rays of a performer who stays in one place hardly determine.

It starts from the bodies that each camera's own detector guesses in three dimensions: the rotation
between two cameras is the one that best maps the one's guesses to the other's (Kabsch 1976), and
the place follows from the hips.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from scipy.optimize import least_squares
from scipy.spatial.transform import Rotation

from avatars.maths.vectors import Array
from renderer.motion.body.side_swap import SIDE_SWAP
from renderer.motion.cameras.model import Camera
from renderer.motion.cameras.recording import Sampled
from renderer.motion.cameras.triangulation import Sight, triangulate

JOINTS: Final = np.array([0, 7, 8, 11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32])
"""Landmarks that are adjusted: nose, ears, limbs and feet."""

_NOISE_M: Final = 0.02
"""Metres; scale of the soft L1 loss."""

_FOCAL_SIGMA: Final = 0.05
"""Standard deviation of the logarithm of a focal length that was only assumed."""

_CLOCK_SIGMA_S: Final = 0.003
"""Standard deviation of a clock's offset beyond what movement gave, seconds."""

_DISTANCE_SIGMA: Final = 0.05
"""Standard deviation of the logarithm of a camera's distance by the body's apparent size."""

_PRIOR_SHARE: Final = 1.0 / 200.0
"""Weight of the priors over the number of errors: errors of landmarks last for many frames and are
no independent evidence."""

_SWAP_BETTER: Final = 0.5
"""Share of a camera's error in a frame that must remain for its sides to be exchanged."""

_UNKNOWNS: Final = 8
"""Per camera: rotation vector, place, clock, logarithm of the focal length's factor."""

_MOST_STEPS: Final = 40
"""Largest number of steps; a good start needs ten."""


def guess_cameras(cameras: Sequence[Camera], seen: Sequence[Sampled]) -> list[Camera] | None:
    """Place cameras by the bodies that each camera's detector guesses in space.

    Args:
        cameras: not placed yet; the first stays where it is.
        seen: what each saw at the same times.

    Returns:
        The cameras in the axes of the first; None if a pair shares too little.
    """
    placed = [cameras[0].placed(np.eye(3), np.zeros(3))]
    hips = [_hips(one) for one in seen]
    for number in range(1, len(cameras)):
        best: tuple[float, Camera] | None = None
        # A camera may be placed against any that stands already, with sides as seen or exchanged.
        for other in range(number):
            for rows in (np.arange(33), SIDE_SWAP):
                a = seen[other].world[:, JOINTS]
                b = seen[number].world[:, rows][:, JOINTS]
                found = _map_bodies(a, b)
                if found is None:
                    continue
                rotation, error = found
                shift = hips[number] - hips[other] @ rotation.T
                known = np.isfinite(shift).all(axis=1)
                if known.sum() < 3:
                    continue
                base = placed[other]
                turn = rotation @ base.rotation
                # x' = turn·(x − place): place = base.place − turnᵀ·shift.
                place = base.place - turn.T @ np.median(shift[known], axis=0)
                if rows is SIDE_SWAP:
                    error *= 1.2
                if best is None or error < best[0]:
                    best = error, cameras[number].placed(turn, place)
        if best is None:
            return None
        placed.append(best[1])
    return placed


def adjust_cameras(
    cameras: Sequence[Camera],
    seen: Sequence[Sampled],
    *,
    free: Sequence[int],
    sizes: bool = True,
    focals: bool = False,
    places: bool = True,
) -> tuple[list[Camera], float]:
    """Adjust cameras so that their rays to the same joints meet.

    Args:
        cameras: placed roughly.
        seen: what each saw at the same times; sides of single frames are exchanged where that
            makes the cameras agree.
        free: numbers of the cameras that may move.
        sizes: use the body's apparent size; otherwise the fixed cameras give the scale.
        focals: whether focal lengths are only assumed and may change a little.
        places: whether the cameras' places may change, besides their rotations and clocks.

    Returns:
        The cameras, each with its clock and error; and the median error in metres.
    """
    slopes = _agree_sides(cameras, np.array([one.slopes[:, JOINTS] for one in seen]), seen)
    velocity = np.array([one.velocity[:, JOINTS] for one in seen])
    known = np.isfinite(slopes).all(axis=-1)
    shared = known.sum(axis=0) > 1
    known &= shared
    columns = [0, 1, 2, 6, *((3, 4, 5) if places else ()), *((7,) if focals else ())]
    apparent = np.array([np.nanmedian(one.distance) for one in seen])

    def spread(unknowns: Array) -> Array:
        rows = np.zeros((len(free), _UNKNOWNS))
        rows[:, columns] = unknowns.reshape(len(free), -1)
        return rows

    def build(unknowns: Array) -> tuple[list[Camera], Array, Array]:
        out, factors, clocks = list(cameras), np.ones(len(cameras)), np.zeros(len(cameras))
        for row, number in zip(spread(unknowns), free, strict=True):
            one = cameras[number]
            turn = Rotation.from_rotvec(row[:3]).as_matrix()
            out[number] = one.placed(turn @ one.rotation, one.place + row[3:6])
            clocks[number], factors[number] = row[6], np.exp(row[7])
        return out, factors, clocks

    def errors_of(unknowns: Array) -> tuple[Array, Array, Array]:
        moved, factors, clocks = build(unknowns)
        at = slopes + velocity * clocks[:, None, None, None]
        at = at / factors[:, None, None, None]
        off, distances, far = _ray_errors(moved, at, known)
        return off, distances, np.log(far / (apparent * factors))

    def residuals(unknowns: Array) -> Array:
        off, _, sizes_off = errors_of(unknowns)
        rows = spread(unknowns)
        prior = [rows[:, 6] / _CLOCK_SIGMA_S]
        if focals:
            prior.append(rows[:, 7] / _FOCAL_SIGMA)
        if sizes:
            prior.append(sizes_off / _DISTANCE_SIGMA)
        weight = np.sqrt(_PRIOR_SHARE * len(off))
        return np.concatenate((_soften(off / _NOISE_M), *(weight * p for p in prior)))

    start = np.zeros(len(free) * len(columns))
    found = least_squares(residuals, start, x_scale="jac", max_nfev=_MOST_STEPS, ftol=1e-5)
    moved, factors, clocks = build(found.x)
    _, distances, _ = errors_of(found.x)
    out = []
    for number, one in enumerate(moved):
        off = distances[number][np.isfinite(distances[number])]
        error_px = float(np.median(off)) * float(one.focal.mean()) if len(off) else np.nan
        mean_m = np.nanmedian(seen[number].distance)
        out.append(
            replace(
                one,
                focal=one.focal * factors[number],
                clock_ns=one.clock_ns - round(clocks[number] * 1e9),
                error_px=error_px / float(mean_m) if mean_m > 0.0 else 0.0,
            )
        )
    return out, float(np.nanmedian(distances))


def triangulate_recording(cameras: Sequence[Camera], seen: Sequence[Sampled]) -> Array:
    """Return (n, 33, 3) metres of all landmarks that two cameras see; NaN for others."""
    slopes = np.array([one.slopes for one in seen])
    slopes[:, :, JOINTS] = _agree_sides(cameras, slopes[:, :, JOINTS], seen)
    known = np.isfinite(slopes).all(axis=-1)
    n = slopes.shape[1]
    found = triangulate(_sights(cameras, slopes, known))
    points = found.points.reshape(n, -1, 3)
    points[known.sum(axis=0) < 2] = np.nan
    return points


def median_error(cameras: Sequence[Camera], seen: Sequence[Sampled]) -> float:
    """Return the median distance in metres of joints from the cameras' rays."""
    slopes = _agree_sides(cameras, np.array([one.slopes[:, JOINTS] for one in seen]), seen)
    known = np.isfinite(slopes).all(axis=-1)
    known &= known.sum(axis=0) > 1
    _, distances, _ = _ray_errors(cameras, slopes, known)
    return float(np.nanmedian(distances))


def _soften(errors: Array) -> Array:
    """Return errors whose square grows linearly beyond 1 (the pseudo-Huber loss)."""
    softened: Array = np.copysign(np.sqrt(2.0 * (np.sqrt(1.0 + errors * errors) - 1.0)), errors)
    return softened


def _ray_errors(
    cameras: Sequence[Camera], slopes: Array, known: Array
) -> tuple[Array, Array, Array]:
    """Return the errors of all joints.

    Returns:
        (m,) metres along x and y; (v, n, j) their lengths, NaN where not known; (v,) the median
        depth of the joints before each camera, metres.
    """
    found = triangulate(_sights(cameras, slopes, known), robust=False)
    parts = []
    distances = np.full(known.shape, np.nan)
    far = np.ones(len(cameras))
    for k, camera in enumerate(cameras):
        at = (found.points - camera.place) @ camera.rotation.T
        off = at[:, :2] - np.nan_to_num(slopes[k].reshape(-1, 2)) * at[:, 2:]
        # A point behind a camera is as wrong as it can be.
        off = np.where(at[:, 2:] > 0.1, off, 1.0)
        rows = known[k].ravel()
        parts.append(np.clip(off[rows], -1.0, 1.0).ravel())
        length = np.linalg.norm(off, axis=1)
        distances[k] = np.where(rows, length, np.nan).reshape(known.shape[1:])
        if rows.any():
            far[k] = max(float(np.median(at[rows, 2])), 0.1)
    return np.concatenate(parts), distances, far


def _sights(cameras: Sequence[Camera], slopes: Array, known: Array) -> list[Sight]:
    nothing = np.zeros(known[0].size)
    return [
        Sight(
            camera,
            slopes[k].reshape(-1, 2),
            known[k].ravel() / _NOISE_M,
            camera.rotation[2],
            nothing,
            nothing,
        )
        for k, camera in enumerate(cameras)
    ]


def _agree_sides(cameras: Sequence[Camera], slopes: Array, seen: Sequence[Sampled]) -> Array:
    """Return slopes (v, n, j, 2) with the sides of single frames exchanged where cameras agree."""
    full = np.array([one.slopes for one in seen])
    out = slopes.copy()
    other = full[:, :, SIDE_SWAP][:, :, JOINTS]
    for k in range(1, len(cameras)):
        plain = _frame_errors(cameras, out)
        tried = out.copy()
        tried[k] = other[k]
        swapped = _frame_errors(cameras, tried)
        better = swapped < _SWAP_BETTER * plain
        out[k, better] = other[k, better]
    return out


def _frame_errors(cameras: Sequence[Camera], slopes: Array) -> Array:
    """Return (n,) the mean error of a frame's joints, metres; NaN if none is shared."""
    known = np.isfinite(slopes).all(axis=-1)
    known &= known.sum(axis=0) > 1
    _, distances, _ = _ray_errors(cameras, slopes, known)
    total = np.nansum(distances, axis=(0, 2))
    counted = known.sum(axis=(0, 2))
    means: Array = np.where(counted > 0, total / np.maximum(counted, 1), np.nan)
    return means


def _hips(seen: Sampled) -> Array:
    """Return (n, 3) metres, the hips in the camera's axes by their apparent size."""
    flat = 0.5 * (seen.slopes[:, 23] + seen.slopes[:, 24])
    return np.concatenate((flat, np.ones((len(flat), 1))), axis=1) * seen.distance[:, None]


def _map_bodies(a: Array, b: Array) -> tuple[Array, float] | None:
    """Return the rotation (3, 3) that maps bodies a (n, j, 3) to b best, and the error, metres."""
    both = np.isfinite(a).all(axis=-1) & np.isfinite(b).all(axis=-1)
    if both.sum() < 30:
        return None
    x, y = a[both], b[both]
    weight = np.ones(len(x))
    rotation = np.eye(3)
    error = np.inf
    for _ in range(5):
        u, _, vt = np.linalg.svd((y * weight[:, None]).T @ x)
        flip = np.diag([1.0, 1.0, np.sign(np.linalg.det(u @ vt))])
        rotation = u @ flip @ vt
        off = np.linalg.norm(y - x @ rotation.T, axis=1)
        weight = 1.0 / (1.0 + (off / 0.15) ** 2)
        error = float(np.median(off))
    return rotation, error
