"""What is measured of a solved performance. Angles come in degrees, times in ms, ways in mm."""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.maths.quaternions import angle_between
from avatars.maths.vectors import Array, normalise
from avatars.names import ARKIT, ARKIT_INDEX
from renderer.bench.motion.performance import Bools, Truth
from renderer.bench.motion.staged import TURN_SPEED, WARM
from renderer.bench.motion.track import Track

_ARRIVED: Final = 10.0
"""Degrees from the truth within which a hidden limb counts as found again."""

_MOVES: Final = 0.03
"""Standard deviation of a face shape below which the truth says too little to correlate with."""

_OPEN, _CLOSED = 0.2, 0.05
_LOOKS_CLOSED: Final = 0.12
"""Of jawOpen: lips that are open and that are closed in truth, and what passes for closed."""

_SHUT, _WIDE = 0.6, 0.2
_WINK: Final = 0.35
"""Of eyeBlink: an eye that is shut and one that is open in truth, and the difference to be seen."""


def angles(a: Array, b: Array) -> Array:
    """Degrees (...) between unit vectors (..., 3)."""
    cosine = np.clip(np.einsum("...i,...i->...", a, b), -1.0, 1.0)
    out: Array = np.degrees(np.arccos(cosine))
    return out


def limb_errors(track: Track, truth: Truth, seen: Bools) -> Array:
    """(m, 8) degrees between solved and true limbs, in the frames (n,) where a body was seen.

    A limb that is not in the picture is not a number.
    """
    errors = angles(track.limbs, truth.limbs)
    if truth.limbs_shown is not None:
        errors[~truth.limbs_shown] = np.nan
    return errors[seen]


def head_errors(track: Track, truth: Truth, seen: Bools) -> Array:
    """(m,) degrees between the solved head and the true one, where it is in the picture."""
    shown = seen if truth.head_shown is None else seen & truth.head_shown
    out: Array = np.degrees(angle_between(track.head, truth.head))[shown]
    return out


def root_errors(track: Track, truth: Truth, seen: Bools) -> Array:
    """(m,) thousandths of the hips' height between the hips' true way and the solved one.

    For hips a metre high these are millimetres. Where the performance as a whole takes place nobody
    knows from one camera: the two ways are laid over each other by their medians.
    """
    if truth.root is None or not seen.any():
        return np.zeros(0)
    away = track.root[seen] - truth.root[seen]
    away = away - np.median(away, axis=0)
    out: Array = 1e3 * np.linalg.norm(away, axis=-1)
    return out


def foot_slide(track: Track, truth: Truth, seen: Bools) -> Array:
    """(m,) millimetres a frame that a foot goes along the floor while it bears weight."""
    stays = truth.standing[1:] & truth.standing[:-1] & (seen[1:] & seen[:-1])[:, None]
    steps = np.linalg.norm(np.diff(track.balls[..., [0, 2]], axis=0), axis=-1)
    out: Array = 1e3 * steps[stays]
    return out


def jitter(track: Track) -> Array:
    """(8,) root mean square degrees by which the limbs of a still performer stray."""
    limbs = track.limbs[WARM:]
    strays = angles(limbs, normalise(limbs.mean(axis=0)))
    out: Array = np.sqrt(np.mean(strays**2, axis=0))
    return out


def jitter_place(track: Track) -> float:
    """Root mean square millimetres by which the feet of a still performer stray."""
    balls = track.balls[WARM:]
    return float(1e3 * np.sqrt(np.mean(np.sum((balls - balls.mean(axis=0)) ** 2, axis=-1))))


def step_lag(track: Track, truth: Truth) -> float:
    """Milliseconds by which the limbs pass the middle of a sudden move late; the median limb.

    Each limb goes its own way from where it rested to where it comes to rest. The truth, sampled
    at the same frames, passes its middle half a frame before it arrives.
    """
    frame_ms = float(np.median(np.diff(track.t_ns))) * 1e-6
    moved = angles(truth.limbs[WARM - 1], truth.limbs[-1]) > 15.0
    late = [
        _half_way(track.limbs[:, k]) - _half_way(truth.limbs[:, k]) for k in np.flatnonzero(moved)
    ]
    return float(np.median(late)) * frame_ms


def _half_way(limb: Array) -> float:
    """The frame, with its fraction, at which a limb (n, 3) is half way of its move."""
    start, end = limb[WARM - 1], limb[-1]
    way = end - start
    done = (limb[WARM - 1 :] - start) @ way / max(float(way @ way), 1e-9)
    after = int(np.argmax(done >= 0.5))
    before = done[max(after - 1, 0)]
    return after - 1 + float((0.5 - before) / max(done[after] - before, 1e-9))


def headings(rotations: Array) -> Array:
    """Radians (n,) about +Y that hips (n, 4) face, from the camera to the performer's left."""
    x, y, z, w = np.moveaxis(rotations, -1, 0)
    out: Array = np.arctan2(2.0 * (x * z + w * y), 1.0 - 2.0 * (x * x + y * y))
    return out


def turn_lag(track: Track, truth: Truth) -> float:
    """Milliseconds by which the hips' heading is behind while the performer turns."""
    return float(np.median(_heading_error(track, truth)[WARM + 10 : WARM + 85]) / TURN_SPEED * 1e3)


def wrong_way(track: Track, truth: Truth) -> int:
    """Frames in which the hips face away from where they really face."""
    return int((np.abs(_heading_error(track, truth)) > 0.5 * np.pi).sum())


def _heading_error(track: Track, truth: Truth) -> Array:
    late = headings(truth.hips) - headings(track.hips)
    out: Array = (late + np.pi) % (2.0 * np.pi) - np.pi
    return out


def recovery(track: Track, truth: Truth, back: int) -> float:
    """Milliseconds from the frame `back`, in which all is seen again, until all limbs are found."""
    lost = (angles(track.limbs, truth.limbs).max(axis=1) > _ARRIVED)[back:]
    frames = int(np.flatnonzero(lost)[-1]) + 1 if lost.any() else 0
    return frames * float(np.median(np.diff(track.t_ns))) * 1e-6


def correlations(track: Track, truth: Truth, seen: Bools) -> dict[str, float]:
    """Pearson's r of each face shape that moves in truth, where a face was seen."""
    if track.expressions is None or truth.expressions is None or not seen.any():
        return {}
    found, true = track.expressions[seen], truth.expressions[seen]
    out = {}
    for k, name in enumerate(ARKIT):
        if true[:, k].std() < _MOVES:
            continue
        dead = found[:, k].std() < 1e-6
        out[name] = 0.0 if dead else float(np.corrcoef(found[:, k], true[:, k])[0, 1])
    return out


def closures(track: Track, truth: Truth, seen: Bools) -> Bools:
    """(m,) of the times that lips close in truth, after being open, which are seen closed."""
    if track.expressions is None or truth.expressions is None:
        return np.zeros(0, np.bool_)
    jaw = ARKIT_INDEX["jawOpen"]
    true, found = truth.expressions[:, jaw], track.expressions[:, jaw]
    sung = np.logical_or.accumulate(true > _OPEN)
    return _spans((true < _CLOSED) & sung & seen, found < _LOOKS_CLOSED)


def winks(track: Track, truth: Truth, seen: Bools) -> Bools:
    """(m,) of the winks in truth, in which one eye is seen to shut further than the other."""
    if track.expressions is None or truth.expressions is None:
        return np.zeros(0, np.bool_)
    left, right = ARKIT_INDEX["eyeBlinkLeft"], ARKIT_INDEX["eyeBlinkRight"]
    true, found = truth.expressions, track.expressions
    hits = []
    for shut, open_ in ((left, right), (right, left)):
        wink = (true[:, shut] > _SHUT) & (true[:, open_] < _WIDE)
        seen_so = found[:, shut] - found[:, open_] > _WINK
        hits.append(_spans(wink & seen, seen_so))
    return np.concatenate(hits)


def _spans(during: Bools, found: Bools) -> Bools:
    """For each unbroken span of `during`, whether any frame of it, or two later, is `found`."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], during, [False])).astype(np.int8)))
    return np.array(
        [found[a : b + 2].any() for a, b in zip(edges[::2], edges[1::2], strict=True)], np.bool_
    )
