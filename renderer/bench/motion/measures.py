"""Measures of a solved performance: angles in degrees, times in ms, distances in mm."""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.maths.quaternions import angle_between
from avatars.maths.vectors import Array, normalise
from avatars.names import ARKIT, ARKIT_INDEX
from renderer.bench.motion.performance import Bools, Truth
from renderer.bench.motion.staged import TURN_SPEED, WARM_UP
from renderer.bench.motion.track import Track

_RECOVERED: Final = 10.0
"""Degrees from the truth within which a hidden limb counts as recovered."""

_MIN_DEVIATION: Final = 0.03
"""Standard deviation of a true face shape below which no correlation is computed."""

_OPEN, _CLOSED = 0.2, 0.05
"""True jawOpen above the first is open, below the second closed."""

_DETECTED_CLOSED: Final = 0.12
"""jawOpen below which lips are detected as closed."""

_SHUT, _WIDE = 0.6, 0.2
"""True eyeBlink above the first is a closed eye, below the second an open one."""

_WINK: Final = 0.35
"""Difference of the eyes' detected blinks that counts as a wink."""


def angles(a: Array, b: Array) -> Array:
    """Compute degrees (...) between unit vectors (..., 3)."""
    cosine = np.clip(np.einsum("...i,...i->...", a, b), -1.0, 1.0)
    out: Array = np.degrees(np.arccos(cosine))
    return out


def limb_errors(track: Track, truth: Truth, seen: Bools) -> Array:
    """Compute (m, 8) degrees between solved and true limbs in the frames (n,) that show a body.

    A limb outside the image is NaN.
    """
    errors = angles(track.limbs, truth.limbs)
    if truth.limbs_shown is not None:
        errors[~truth.limbs_shown] = np.nan
    return errors[seen]


def head_errors(track: Track, truth: Truth, seen: Bools) -> Array:
    """Compute (m,) degrees between the solved and the true head where it is in the image."""
    shown = seen if truth.head_shown is None else seen & truth.head_shown
    out: Array = np.degrees(angle_between(track.head, truth.head))[shown]
    return out


def root_errors(track: Track, truth: Truth, seen: Bools) -> Array:
    """Compute (m,) distances of the solved from the true hips, in thousandths of their height.

    For hips at one metre these are millimetres. One camera does not determine the performance's
    absolute position, so both paths are aligned by their medians.
    """
    if truth.root is None or not seen.any():
        return np.zeros(0)
    away = track.root[seen] - truth.root[seen]
    away = away - np.median(away, axis=0)
    out: Array = 1e3 * np.linalg.norm(away, axis=-1)
    return out


def foot_slide(track: Track, truth: Truth, seen: Bools) -> Array:
    """Compute (m,) millimetres per frame that a standing foot moves along the floor."""
    stays = truth.standing[1:] & truth.standing[:-1] & (seen[1:] & seen[:-1])[:, None]
    steps = np.linalg.norm(np.diff(track.balls[..., [0, 2]], axis=0), axis=-1)
    out: Array = 1e3 * steps[stays]
    return out


def jitter(track: Track) -> Array:
    """Compute (8,) RMS deviations in degrees of a still performer's limbs."""
    limbs = track.limbs[WARM_UP:]
    strays = angles(limbs, normalise(limbs.mean(axis=0)))
    out: Array = np.sqrt(np.mean(strays**2, axis=0))
    return out


def jitter_place(track: Track) -> float:
    """Compute the RMS deviation in millimetres of a still performer's feet."""
    balls = track.balls[WARM_UP:]
    return float(1e3 * np.sqrt(np.mean(np.sum((balls - balls.mean(axis=0)) ** 2, axis=-1))))


def step_lag(track: Track, truth: Truth) -> float:
    """Compute the lag in milliseconds at half way of a sudden move; the median limb's.

    Each limb is measured along its own way from start to end. The truth, sampled at the same
    frames, passes its half way half a frame before it arrives.
    """
    frame_ms = float(np.median(np.diff(track.t_ns))) * 1e-6
    moved = angles(truth.limbs[WARM_UP - 1], truth.limbs[-1]) > 15.0
    late = [
        _find_half_way(track.limbs[:, k]) - _find_half_way(truth.limbs[:, k])
        for k in np.flatnonzero(moved)
    ]
    return float(np.median(late)) * frame_ms


def _find_half_way(limb: Array) -> float:
    """Return the frame, with fraction, at which a limb (n, 3) is half way through its move."""
    start, end = limb[WARM_UP - 1], limb[-1]
    way = end - start
    done = (limb[WARM_UP - 1 :] - start) @ way / max(float(way @ way), 1e-9)
    after = int(np.argmax(done >= 0.5))
    before = done[max(after - 1, 0)]
    return after - 1 + float((0.5 - before) / max(done[after] - before, 1e-9))


def headings(rotations: Array) -> Array:
    """Compute the headings (n,) of hips (n, 4), xyzw: radians about +Y from the camera."""
    x, y, z, w = np.moveaxis(rotations, -1, 0)
    out: Array = np.arctan2(2.0 * (x * z + w * y), 1.0 - 2.0 * (x * x + y * y))
    return out


def turn_lag(track: Track, truth: Truth) -> float:
    """Compute the lag in milliseconds of the hips' heading while the performer turns."""
    return float(
        np.median(_heading_error(track, truth)[WARM_UP + 10 : WARM_UP + 85]) / TURN_SPEED * 1e3
    )


def wrong_way(track: Track, truth: Truth) -> int:
    """Count the frames in which the hips face away from their true heading."""
    return int((np.abs(_heading_error(track, truth)) > 0.5 * np.pi).sum())


def _heading_error(track: Track, truth: Truth) -> Array:
    late = headings(truth.hips) - headings(track.hips)
    out: Array = (late + np.pi) % (2.0 * np.pi) - np.pi
    return out


def recovery(track: Track, truth: Truth, back: int) -> float:
    """Compute the milliseconds from the frame `back`, where all is visible again, to recovery."""
    lost = (angles(track.limbs, truth.limbs).max(axis=1) > _RECOVERED)[back:]
    frames = int(np.flatnonzero(lost)[-1]) + 1 if lost.any() else 0
    return frames * float(np.median(np.diff(track.t_ns))) * 1e-6


def correlations(track: Track, truth: Truth, seen: Bools) -> dict[str, float]:
    """Compute Pearson's r of each face shape that moves in truth, over the frames with a face."""
    if track.expressions is None or truth.expressions is None or not seen.any():
        return {}
    found, true = track.expressions[seen], truth.expressions[seen]
    out = {}
    for k, name in enumerate(ARKIT):
        if true[:, k].std() < _MIN_DEVIATION:
            continue
        dead = found[:, k].std() < 1e-6
        out[name] = 0.0 if dead else float(np.corrcoef(found[:, k], true[:, k])[0, 1])
    return out


def closures(track: Track, truth: Truth, seen: Bools) -> Bools:
    """Return (m,) for each true lip closure after open lips whether it is detected."""
    if track.expressions is None or truth.expressions is None:
        return np.zeros(0, np.bool_)
    jaw = ARKIT_INDEX["jawOpen"]
    true, found = truth.expressions[:, jaw], track.expressions[:, jaw]
    sung = np.logical_or.accumulate(true > _OPEN)
    return _detect_spans((true < _CLOSED) & sung & seen, found < _DETECTED_CLOSED)


def winks(track: Track, truth: Truth, seen: Bools) -> Bools:
    """Return (m,) for each true wink whether one eye is detected as more closed than the other."""
    if track.expressions is None or truth.expressions is None:
        return np.zeros(0, np.bool_)
    left, right = ARKIT_INDEX["eyeBlinkLeft"], ARKIT_INDEX["eyeBlinkRight"]
    true, found = truth.expressions, track.expressions
    hits = []
    for shut, open_ in ((left, right), (right, left)):
        wink = (true[:, shut] > _SHUT) & (true[:, open_] < _WIDE)
        seen_so = found[:, shut] - found[:, open_] > _WINK
        hits.append(_detect_spans(wink & seen, seen_so))
    return np.concatenate(hits)


def _detect_spans(during: Bools, found: Bools) -> Bools:
    """Return for each unbroken span of `during` whether it or the two frames after are `found`."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], during, [False])).astype(np.int8)))
    return np.array(
        [found[a : b + 2].any() for a, b in zip(edges[::2], edges[1::2], strict=True)], np.bool_
    )
