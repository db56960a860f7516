"""Trains the regression of face shapes: `python -m renderer.training.face FILE.npz`.

Four performers of the ground-truth set, in three lights, move every shape alone and sing; they are
filmed on first use, some minutes each, and tracked by the real detector. Pairs of shapes are made
by adding the features of two frames. Each of the four is also predicted by weights trained on the
other three (cross-validation), and the result is printed. A fifth, in another light, is the set's
clip `every-shape`, which is not trained on.
"""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np

from avatars.authoring.clips import grimaces
from avatars.authoring.clips.clip import write_arrays
from avatars.authoring.clips.clips import Clip, Part, Portrait
from avatars.authoring.clips.studio_room import DAY, STUDIO_DARK, WINDOW, Light
from avatars.maths.vectors import Array
from avatars.names import ARKIT
from renderer.bench.motion.truthset import film_clip
from renderer.capture.sources.open import open_source
from renderer.capture.trackers.closeup import CloseUp
from renderer.motion.face.landmarks import GAP, measure_observation, to_pixels
from renderer.motion.face.regression import REGRESSED_SHAPES, features, predict_shapes
from renderer.motion.face.surface import RIGID_POINTS, measure_on_face

_TRAINING_SET: Final = (
    ("demo", DAY, 0.64, 1.0),
    ("slight", WINDOW, 0.62, 2.3),
    ("strong", DAY, 0.64, 3.7),
    ("tall", STUDIO_DARK, 0.64, 5.0),
)
"""Looks, lights, metres from the camera, and phase of the head's movement: with equal phases,
shapes would be predicted from the head's pose."""
_SUNG_S: Final = 4.0
"""Seconds of singing per performer."""

_ROWS: Final = [
    next(ARKIT.index(name) for name in (shape, f"{shape}Left", f"{shape}Lower") if name in ARKIT)
    for shape in REGRESSED_SHAPES
]
_DETECTED, _ABSENT = 0.3, 0.05
"""A shape is falsely detected above the first value while its true value is below the second."""
_MIN_SHAPE: Final = 0.55
"""True value of a shape from which a frame counts for its sum at the whole shape."""
_RIDGE: Final = 0.001
"""Ridge regularisation, added to the squared features: keeps weights from growing on noise."""
_PAIRS_PER_FRAME: Final = 1
"""Added pairs of frames per frame."""


class Sample:
    """Tracked frames of a performer who moves every shape and sings, and the true shapes.

    Attributes:
        faces: (n, 478, 3) points in pixels.
        gap: (n,) between the lips.
        shapes: (n, 7) true REGRESSED_SHAPES.
        alone: number of frames, the first ones, that show one shape at a time.
    """

    def __init__(self, look: str, light: Light, distance: float, phase: float) -> None:
        cast = Part(look, partial(grimaces.grimacing, phase=phase))
        sings = Part(look, grimaces.sing)
        camera = Portrait(0.04, distance)
        self.faces, self.gap, self.shapes = _track_clip(
            film_clip(f"every-shape-{look}", clip=Clip(grimaces.GRIMACES_S, (cast,), camera, light))
        )
        self.alone = len(self.gap)
        more = _track_clip(film_clip(f"sung-{look}", clip=Clip(_SUNG_S, (sings,), camera, light)))
        self.faces = np.concatenate((self.faces, more[0]))
        self.gap = np.concatenate((self.gap, more[1]))
        self.shapes = np.concatenate((self.shapes, more[2]))

    def off(self, standard: Array) -> Array:
        """Compute (n, 25) the face's measures minus neutral, aligned with a reference face."""
        measures = np.array([measure_on_face(face, standard) for face in self.faces])
        out: Array = measures - np.median(measures[: self.alone], axis=0)
        return out


def _track_clip(clip: Path) -> tuple[Array, Array, Array]:
    """Return points (n, 478, 3) in pixels, gaps (n,) and true shapes (n, 7) of a clip."""
    with np.load(clip.with_suffix(".npz")) as truth:
        weights = truth["weights"].astype(np.float64)
    faces, gap, rows = [], [], []
    with CloseUp() as eyes, closing(open_source(str(clip))) as source:
        for frame in source.frames():
            (seen,) = eyes.observe_all(frame)
            points = measure_observation(seen)
            if seen.face is not None and points is not None:
                faces.append(to_pixels(seen.face, seen.size))
                gap.append(float(points[GAP]))
                rows.append(frame.index)
    return np.array(faces), np.array(gap), weights[rows][:, _ROWS]


def fit_reference(samples: list[Sample]) -> Array:
    """Compute (12, 3) the mean of the performers' aligned RIGID_POINTS."""
    first: Array | None = None
    places = []
    for sample in samples:
        still = np.median(sample.faces[: sample.alone, RIGID_POINTS], axis=0)
        still /= np.linalg.norm(still[2] - still[0])
        still -= still.mean(axis=0)
        if first is None:
            first = still
        u, _, v = np.linalg.svd(still.T @ first)
        places.append(still @ (u @ v))
    out: Array = np.mean(places, axis=0)
    return out


def fit_weights(samples: list[Sample], standard: Array) -> Array:
    """Fit the weights (78, 7) of the regression."""
    rng = np.random.default_rng(0)
    seen, done = [], []
    for sample in samples:
        off, count = sample.off(standard), len(sample.gap)
        first, second = rng.integers(0, count, (2, _PAIRS_PER_FRAME * count))
        seen += [
            features(sample.gap, off),
            features(sample.gap[first] + sample.gap[second], off[first] + off[second]),
        ]
        done += [sample.shapes, np.minimum(sample.shapes[first] + sample.shapes[second], 1.0)]
    x, y = np.concatenate(seen), np.concatenate(done)
    out: Array = np.linalg.solve(x.T @ x + _RIDGE * np.eye(x.shape[1]), x.T @ y)
    return out


def fit_full_sums(samples: list[Sample]) -> Array:
    """Compute (7,) the sums at whole shapes for unknown performers, by leave-one-out prediction."""
    over: list[list[float]] = [[] for _ in REGRESSED_SHAPES]
    for sample in samples:
        sums = _cross_predict(sample, [other for other in samples if other is not sample])
        for k, shape in enumerate(sample.shapes.T):
            done = shape > _MIN_SHAPE
            over[k] += list(sums[done, k] / shape[done])
    return np.array([np.median(values) for values in over])


def _cross_predict(sample: Sample, others: list[Sample]) -> Array:
    """Return the sums (n, 7) of a performer, predicted by weights fitted to others."""
    face = fit_reference(others)
    out: Array = features(sample.gap, sample.off(face)) @ fit_weights(others, face)
    return out


def _tabulate_correlations(samples: dict[str, Sample]) -> str:
    """Return a table of correlations and of the share of frames with false detections."""
    lines = [f"{'':12}" + "".join(f"{name:>14}" for name in REGRESSED_SHAPES)]
    for name, sample in samples.items():
        others = [other for other in samples.values() if other is not sample]
        found = predict_shapes(_cross_predict(sample, others), fit_full_sums(others))
        agree = [np.corrcoef(a, b)[0, 1] for a, b in zip(found.T, sample.shapes.T, strict=True)]
        idle = ((found > _DETECTED) & (sample.shapes < _ABSENT)).mean(axis=0)
        lines.append(f"{name:12}" + "".join(f"{value:14.2f}" for value in agree))
        lines.append(f"{'  false, %':12}" + "".join(f"{100 * value:14.1f}" for value in idle))
    return "\n".join(lines)


def main() -> int:
    """Train, write the file, and print the cross-validation."""
    parser = argparse.ArgumentParser(description="Train the regression of face shapes.")
    parser.add_argument("file", type=Path, help="output file: FILE.npz")
    path: Path = parser.parse_args().file
    samples = {}
    for look, light, distance, phase in _TRAINING_SET:
        sys.stderr.write(f"watching {look}, filmed if not there yet\n")
        samples[look] = Sample(look, light, distance, phase)
    all_ = list(samples.values())
    face = fit_reference(all_)
    learnt = {"standard": face, "weights": fit_weights(all_, face), "whole": fit_full_sums(all_)}
    write_arrays(path, learnt)
    sys.stdout.write(f"{_tabulate_correlations(samples)}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
