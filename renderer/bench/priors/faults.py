"""Tracking faults: what a detector does wrong with limbs, and what the solver makes of it.

Faults are put into the landmarks of a known performance, which the solver then solves. A limb is
faulty where it deviates from what the same solver makes of the same landmarks without the fault:
what the solver rejects by itself is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.maths.vectors import Array
from renderer.bench.motion.detector import MOVING, body_landmarks, observe
from renderer.bench.priors.recordings import Recording
from renderer.motion.priors.fault_channels import (
    FRAME_S,
    WINDOW,
    frame_channels,
    limb_landmarks,
    window_features,
)
from renderer.motion.priors.limb_state import body_state, views
from renderer.motion.priors.live import NoPriors, both_bones
from renderer.motion.solver import MotionSolver

KINDS: Final = ("freeze", "swap", "jitter", "snap", "drift", "foreign")
"""Faults: a limb stands still; the sides are exchanged; noise of 8 cm; a leap to another pose; a
slow drift by half a metre; another person's moving limb."""

FAULTY_DEG: Final = 20.0
"""Degrees of deviation from which a limb is faulty."""
SOUND_DEG: Final = 8.0
"""Degrees up to which it is sound; windows between are left out."""
_NOW: Final = 16
"""Newest frames of a window in which a fault counts: recovery is to be seen soon."""
_FAULTY_FRAMES: Final = 3
"""Faulty frames among them that make a window faulty."""
_SOUND_FRAMES: Final = 16
"""Newest frames that must all be sound."""

LIMB_ROWS: Final = (
    (13, 15, 17, 19, 21), (14, 16, 18, 20, 22), (25, 27, 29, 31), (26, 28, 30, 32)
)  # fmt: skip
"""Landmarks of the limbs below their root, in the order of LIMBS4."""
_ANCHORS: Final = (11, 12, 23, 24)
_JITTER: Final = (0.08, 0.08, 0.2)
"""Metres, standard deviation."""
_DRIFT: Final = 0.45
"""Metres."""
_LENGTH: Final = (6, 24)
"""Frames that a fault lasts."""
_REST: Final = (25, 70)
"""Frames between faults."""
_TAIL: Final = 6
"""Frames after a fault for which the solver's filters may still show it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault in the frames from `start` to before `end`, of the limb of an index in LIMBS4."""

    start: int
    end: int
    limb: int
    kind: str


@dataclass(frozen=True, slots=True)
class Solved:
    """What the solver made of a performance, and what a judge of its limbs saw.

    Attributes:
        states: (n, 36) solved, before limbs are blended with the idle pose.
        points: (n, 33, 3) landmarks before any filter.
        lengths: (n, 4) metres.
    """

    states: Array
    points: Array
    lengths: Array

    def features(self) -> Array:
        """Compute (n - 17, 4, 771) the features of the windows that end at frames 17 to n - 1."""
        seen = np.concatenate((views(self.states), _landmarks(self.points, self.lengths)), axis=-1)
        velocity = np.diff(seen, axis=0) / FRAME_S
        channels = frame_channels(seen[2:], seen[1:-1], velocity[:-1], FRAME_S)
        windows = np.lib.stride_tricks.sliding_window_view(channels, WINDOW, axis=0)
        return window_features(np.moveaxis(windows, -1, -2))


def _landmarks(points: Array, lengths: Array) -> Array:
    return np.array([limb_landmarks(p, k) for p, k in zip(points, lengths, strict=True)])


def true_points(recording: Recording) -> Array:
    """Return (n, 33, 3) the landmarks of the reference skeleton that performs a recording."""
    return np.array(
        [body_landmarks(r, p) for r, p in zip(recording.rotations, recording.root, strict=True)]
    )


def inject_faults(
    points: Array, other: Array, rng: np.random.Generator
) -> tuple[Array, list[Fault]]:
    """Return landmarks (n, 33, 3) with faults, and the faults.

    Args:
        points: (n, 33, 3) metres.
        other: (m, 33, 3) of another person.
        rng: draws the faults.
    """
    out, faults = points.copy(), []
    t = int(rng.integers(*_REST))
    while t < len(points) - sum(_LENGTH):
        kind, limb = str(rng.choice(KINDS)), int(rng.integers(4))
        end = t + int(rng.integers(*_LENGTH)) + (8 if kind in ("jitter", "drift") else 0)
        rows, anchor, span = list(LIMB_ROWS[limb]), _ANCHORS[limb], slice(t, end)
        count = len(out[span])
        if kind == "freeze":
            still = points[t - 1, rows] - points[t - 1, anchor]
            out[span, rows] = points[span, anchor, None] + still
        elif kind == "swap":
            beside = list(LIMB_ROWS[limb ^ 1])
            out[span, rows], out[span, beside] = points[span, beside], points[span, rows]
        elif kind == "jitter":
            out[span, rows] += rng.normal(size=(count, len(rows), 3)) * _JITTER
        elif kind == "drift":
            way = rng.normal(size=3)
            share = np.sin(np.linspace(0.0, np.pi, count))
            out[span, rows] += share[:, None, None] * (_DRIFT * way / np.linalg.norm(way))
        else:
            begin = int(rng.integers(max(len(other) - count, 1)))
            shown = other[begin : begin + (1 if kind == "snap" else count)]
            shown = shown[np.minimum(np.arange(count), len(shown) - 1)]
            out[span, rows] = points[span, anchor, None] + shown[:, rows] - shown[:, [anchor]]
        faults.append(Fault(t, end, limb, kind))
        t = end + int(rng.integers(*_REST))
    return out, faults


class _Recorder(NoPriors):
    """Keeps what the learned models of a solver are shown."""

    def __init__(self) -> None:
        self.kept: list[tuple[Array, Array, Array]] = []

    def observe(
        self,
        rotations: Array,
        _seen: npt.NDArray[np.bool_],
        points: Array | None,
        lengths: Array,
        _t_ns: int,
        _dt: float,
        /,
    ) -> None:
        """Keep a frame."""
        if points is not None:
            self.kept.append((body_state(rotations), points, both_bones(lengths)))


def solve_points(points: Array, seed: int) -> Solved:
    """Solve landmarks (n, 33, 3) as a detector with MediaPipe's errors sees them."""
    recorder = _Recorder()
    solver = MotionSolver(priors=recorder)
    for seen in observe(points, MOVING, np.random.default_rng(seed)):
        solver.solve(seen)
    return Solved(*(np.array(kept) for kept in zip(*recorder.kept, strict=True)))


def deviations(shown: Array, sound: Array) -> Array:
    """Return degrees (n, 4) by which the limbs of states (n, 36) deviate."""
    both = (a[:, : 6 * 4].reshape(len(a), 4, 2, 3) for a in (shown, sound))
    cosine = np.clip(np.vecdot(*both), -1.0, 1.0).min(axis=2)
    out: Array = np.degrees(np.arccos(cosine))
    return out


def label_windows(
    shown: Solved, sound: Solved, faults: list[Fault]
) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.str_]]:
    """Return labels and kinds (n - 17, 4) of the windows that end at frames 17 to n - 1.

    A label is 1 where the limb is faulty, 0 where it is sound, -1 where it is neither.
    """
    apart = deviations(shown.states, sound.states)
    sliding = np.lib.stride_tricks.sliding_window_view
    newest = sliding(apart > FAULTY_DEG, _NOW, axis=0).sum(axis=-1)[WINDOW + 2 - _NOW :]
    steady = sliding(apart, _SOUND_FRAMES, axis=0).max(axis=-1)[WINDOW + 2 - _SOUND_FRAMES :]
    labels = np.where(newest >= _FAULTY_FRAMES, 1, np.where(steady < SOUND_DEG, 0, -1))
    kinds = np.full(apart.shape, "", "U8")
    for fault in faults:
        kinds[fault.start : fault.end + _TAIL] = fault.kind
    return labels.astype(np.int8), kinds[WINDOW + 1 :]
