"""Run the benchmark of labelled faces: solve real clips, and compare what is shown with labels."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np

from avatars.maths.vectors import Array
from avatars.names import ARKIT
from renderer.bench.faces.labels import Label
from renderer.bench.faces.report import FacesReport, LabelFigures
from renderer.bench.faces.tasks import TASKS, Shown, Task, balanced_accuracy, gaze_of_scores
from renderer.capture.records import Observation
from renderer.errors import MotionError
from renderer.motion.solver import MotionSolver

START_FRAMES: Final = 90
"""Frames before a labelled frame within which a show may begin: what has not been learnt about a
face after three seconds was not helped by the labelled frames before."""

_TOLERANCE: Final = 1e-5
"""Rounding error of a sum of float32 shapes."""

Answers = dict[str, list[tuple[int, float]]]


def run_faces_bench(
    labels: Sequence[Label],
    clips: Mapping[str, Sequence[Observation]],
    starts: bool,
    progress: Callable[[str], None],
) -> FacesReport:
    """Compare solved faces with their labels.

    Args:
        labels: of frames of the clips.
        clips: all frames' observations, by clip.
        starts: whether to measure shows that begin at any labelled frame too.
        progress: called with a description of each step.

    Raises:
        MotionError: a label names a frame that its clip does not have, or no label can be judged.
    """
    ours: Answers = {name: [] for name in TASKS}
    raw: Answers = {name: [] for name in TASKS}
    begun: Answers = {name: [] for name in TASKS}
    laterals, changes, unseen = [], [], 0
    for name, frames in clips.items():
        own = [label for label in labels if label.clip == name]
        last = max(label.frame for label in own)
        if last >= len(frames):
            raise MotionError(
                f"Frame {last} of {name}", f"is beyond its {len(frames)} frames", "correct it"
            )
        progress(f"solving {name}")
        shown, scores = solve_faces(frames), read_scores(frames)
        seen = np.isfinite(scores[:, 0])
        laterals.append(shown.lateral[seen])
        changes.append(np.diff(shown.shapes, axis=0)[seen[1:] & seen[:-1]])
        unseen += sum(not seen[label.frame] for label in own)
        own = [label for label in own if seen[label.frame]]
        _gather(own, shown, {label.frame: label.frame for label in own}, ours)
        said = Shown(scores, gaze_of_scores(scores))
        _gather(own, said, {label.frame: label.frame for label in own}, raw)
        if starts:
            progress(f"beginning {name} at each labelled frame")
            _gather_starts(own, frames, begun)
    if not any(ours.values()):
        raise MotionError("The labels", "label no detected face", "label frames that show one")
    lateral, change = np.concatenate(laterals), np.concatenate(changes)
    return FacesReport(
        labels={
            name: LabelFigures(
                ours=_score(task, ours[name]),
                raw=_score(task, raw[name]),
                ours_any_start=_score(task, begun[name]) if begun[name] else None,
                n=len(ours[name]),
            )
            for name, task in TASKS.items()
            if ours[name]
        },
        lateral_over_1_share=float((lateral > 1.0 + _TOLERANCE).mean()),
        frames=len(lateral),
        unseen=unseen,
        jitter=float(np.sqrt((change**2).mean(axis=0)).mean()) if len(change) else 0.0,
    )


def solve_faces(frames: Sequence[Observation]) -> Shown:
    """Return what a show that begins with the first of these frames shows of a face."""
    solver = MotionSolver()
    motions = [solver.solve(seen) for seen in frames]
    return Shown(
        np.array([each.expressions for each in motions], np.float64),
        np.degrees(np.array([each.gaze for each in motions], np.float64)),
    )


def read_scores(frames: Sequence[Observation]) -> Array:
    """Return the raw scores (n, 52); NaN where no face was detected."""
    none = np.full(len(ARKIT), np.nan)
    return np.array([none if seen.scores is None else seen.scores for seen in frames], np.float64)


def _gather_starts(
    labels: Sequence[Label], frames: Sequence[Observation], answers: Answers
) -> None:
    """Add the answers of shows that begin at each labelled frame, in the labelled ones after it."""
    for start in sorted({label.frame for label in labels}):
        later = [label for label in labels if start < label.frame <= start + START_FRAMES]
        if later:
            end = max(label.frame for label in later) + 1
            rows = {label.frame: label.frame - start for label in later}
            _gather(later, solve_faces(frames[start:end]), rows, answers)


def _gather(
    labels: Sequence[Label], shown: Shown, rows: Mapping[int, int], answers: Answers
) -> None:
    """Add each sure label's class and the evidence shown for it.

    Args:
        labels: of the frames.
        shown: what is shown.
        rows: row of `shown`, by frame.
        answers: class and evidence, by question; added to.
    """
    for name, task in TASKS.items():
        for column in task.columns:
            evidence = task.evidence(shown, column)
            for label in labels:
                truth = task.truth(label.words[column])
                if truth is not None and column not in label.unsure:
                    answers[name].append((truth, float(evidence[rows[label.frame]])))


def _score(task: Task, answers: Sequence[tuple[int, float]]) -> float:
    """Return the balanced accuracy of answers: pairs of class and evidence."""
    truth, evidence = np.array(answers, np.float64).T
    return balanced_accuracy(truth, task.classify(evidence))
