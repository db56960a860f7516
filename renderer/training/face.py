"""Learns to read face shapes from points: `python -m renderer.training.face FILE.npz`.

Four performers of the ground-truth set, in three lights, move every shape by itself and sing; they
are filmed the first time, some minutes each, and seen by the real detector. Two shapes at a time
are made of the sum of what two moments show. Each of the four is also told by what the other three
teach, and how well is printed. A fifth, in another light, is the set's clip `every-shape`, from
which nothing is learnt.
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
from renderer.motion.face.landmarks import GAP, in_pixels, measure_observation
from renderer.motion.face.regression import READ, features, predict_shapes
from renderer.motion.face.surface import STILL, measure_on_face

_LEARNT_FROM: Final = (
    ("demo", DAY, 0.64, 1.0),
    ("slight", WINDOW, 0.62, 2.3),
    ("strong", DAY, 0.64, 3.7),
    ("tall", STUDIO_DARK, 0.64, 5.0),
)
"""Looks, lights, metres from the camera, and how the head moves: alike, shapes would be read from
how the head is held when they are done."""
_SUNG_S: Final = 4.0

_ROWS: Final = [
    next(ARKIT.index(name) for name in (shape, f"{shape}Left", f"{shape}Lower") if name in ARKIT)
    for shape in READ
]
_FALSE, _UNDONE = 0.3, 0.05
"""What is seen, and what is not done, of a shape that is seen falsely."""
_DONE: Final = 0.55
"""Of a shape that says what a whole one is."""
_STEADY: Final = 0.001
"""Of the sum of squares: what keeps weights from growing on noise."""
_PAIRS_OF: Final = 1
"""As many sums of two moments as moments."""


class Lesson:
    """What was seen of a performer who moves every shape and sings, and what they did.

    Attributes:
        faces: (n, 478, 3) points in pixels.
        gap: (n,) between the lips.
        shapes: (n, 7) READ's, in truth.
        alone: how many of the frames, the first ones, show shapes by themselves.
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
        """(n, 25) the face's measures less their rest, turned onto a standard face."""
        measures = np.array([measure_on_face(face, standard) for face in self.faces])
        out: Array = measures - np.median(measures[: self.alone], axis=0)
        return out


def _track_clip(clip: Path) -> tuple[Array, Array, Array]:
    """Points (n, 478, 3) in pixels, gaps (n,) and true shapes (n, 7) of a clip."""
    with np.load(clip.with_suffix(".npz")) as truth:
        weights = truth["weights"].astype(np.float64)
    faces, gap, rows = [], [], []
    with CloseUp() as eyes, closing(open_source(str(clip))) as source:
        for frame in source.frames():
            (seen,) = eyes.observe_all(frame)
            points = measure_observation(seen)
            if seen.face is not None and points is not None:
                faces.append(in_pixels(seen.face, seen.size))
                gap.append(float(points[GAP]))
                rows.append(frame.index)
    return np.array(faces), np.array(gap), weights[rows][:, _ROWS]


def standard_of(lessons: list[Lesson]) -> Array:
    """(12, 3) the mean of the performers' STILL points, as the first of them is seen to face."""
    first: Array | None = None
    places = []
    for lesson in lessons:
        still = np.median(lesson.faces[: lesson.alone, STILL], axis=0)
        still /= np.linalg.norm(still[2] - still[0])
        still -= still.mean(axis=0)
        if first is None:
            first = still
        u, _, v = np.linalg.svd(still.T @ first)
        places.append(still @ (u @ v))
    out: Array = np.mean(places, axis=0)
    return out


def weights_of(lessons: list[Lesson], standard: Array) -> Array:
    """(78, 7) the weights that read the lessons' shapes best."""
    rng = np.random.default_rng(0)
    seen, done = [], []
    for lesson in lessons:
        off, count = lesson.off(standard), len(lesson.gap)
        first, second = rng.integers(0, count, (2, _PAIRS_OF * count))
        seen += [
            features(lesson.gap, off),
            features(lesson.gap[first] + lesson.gap[second], off[first] + off[second]),
        ]
        done += [lesson.shapes, np.minimum(lesson.shapes[first] + lesson.shapes[second], 1.0)]
    x, y = np.concatenate(seen), np.concatenate(done)
    out: Array = np.linalg.solve(x.T @ x + _STEADY * np.eye(x.shape[1]), x.T @ y)
    return out


def whole_of(lessons: list[Lesson]) -> Array:
    """(7,) what is read of whole shapes of performers who are not learnt from: each by the rest."""
    over: list[list[float]] = [[] for _ in READ]
    for lesson in lessons:
        sums = _sums(lesson, [other for other in lessons if other is not lesson])
        for k, shape in enumerate(lesson.shapes.T):
            done = shape > _DONE
            over[k] += list(sums[done, k] / shape[done])
    return np.array([np.median(values) for values in over])


def _sums(lesson: Lesson, others: list[Lesson]) -> Array:
    """What is read (n, 7) of a performer by what others teach."""
    face = standard_of(others)
    out: Array = features(lesson.gap, lesson.off(face)) @ weights_of(others, face)
    return out


def _tabulate_correlations(lessons: dict[str, Lesson]) -> str:
    """A table of correlations, and of frames in which a shape that is not done is seen."""
    lines = [f"{'':12}" + "".join(f"{name:>14}" for name in READ)]
    for name, lesson in lessons.items():
        others = [other for other in lessons.values() if other is not lesson]
        found = predict_shapes(_sums(lesson, others), whole_of(others))
        agree = [np.corrcoef(a, b)[0, 1] for a, b in zip(found.T, lesson.shapes.T, strict=True)]
        idle = ((found > _FALSE) & (lesson.shapes < _UNDONE)).mean(axis=0)
        lines.append(f"{name:12}" + "".join(f"{value:14.2f}" for value in agree))
        lines.append(f"{'  false, %':12}" + "".join(f"{100 * value:14.1f}" for value in idle))
    return "\n".join(lines)


def main() -> int:
    """Learn, write the file, and print how well the performers are told by each other."""
    parser = argparse.ArgumentParser(description="Learn to read face shapes from points.")
    parser.add_argument("file", type=Path, help="where the reading is written: FILE.npz")
    path: Path = parser.parse_args().file
    lessons = {}
    for look, light, distance, phase in _LEARNT_FROM:
        sys.stderr.write(f"watching {look}, filmed if not there yet\n")
        lessons[look] = Lesson(look, light, distance, phase)
    all_ = list(lessons.values())
    face = standard_of(all_)
    learnt = {"standard": face, "weights": weights_of(all_, face), "whole": whole_of(all_)}
    write_arrays(path, learnt)
    sys.stdout.write(f"{_tabulate_correlations(lessons)}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
