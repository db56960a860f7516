"""Tests the face solver's limits on people that they were not chosen on.

`python -m renderer.training.face_limits --labels CSV --clips FOLDER` takes every constant that was
chosen with a view to labels of real frames. For each clip, the value that meets the labels of the
other clips best is chosen from some candidates, and this clip is judged with it: leave one person
out. The figure that all clips reach together in this way is a forecast for strangers; the one that
the solver's own values reach on the clips that they were chosen on is not.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import numpy as np

from renderer.bench.end_to_end import observe_all
from renderer.bench.faces.labels import Label, find_clips, read_labels
from renderer.bench.faces.run import solve_faces
from renderer.bench.faces.tasks import TASKS, Shown, balanced_accuracy
from renderer.capture.records import Observation
from renderer.motion.face import brows, gaze, lids, prior_rest, shapes, smile

Clips = Mapping[str, Sequence[Observation]]
Answers = dict[str, list[tuple[int, float]]]
"""Class and evidence of each label, by question."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A constant that was chosen on labels.

    Attributes:
        module: in which it is.
        name: of the constant.
        values: candidates, with the solver's own.
        questions: that it concerns.
    """

    module: ModuleType
    name: str
    values: tuple[Any, ...]
    questions: tuple[str, ...]

    @property
    def own(self) -> Any:
        """Return the solver's value."""
        return getattr(self.module, self.name)

    def __str__(self) -> str:
        return f"{self.module.__name__.rpartition('.')[2]}.{self.name}"


LIMITS: Final = (
    Limit(
        lids,
        "_SHARES",
        ((0.27, 0.36, 0.68, 0.82), (0.27, 0.39, 0.72, 0.84), (0.3, 0.45, 0.76, 0.87)),
        ("eye", "shut"),
    ),
    Limit(lids, "_BLINK_SPAN", (0.3, 0.38, 0.5), ("eye", "shut")),
    Limit(gaze, "_ELEVATION_SCALE", ((0.52, 0.4), (0.65, 0.5), (0.8, 0.65)), ("level",)),
    Limit(brows, "_POINTS_SHARE", (0.5, 0.7, 0.9), ("brow",)),
    Limit(brows, "_SCORE_SPAN", (0.45, 0.55, 0.7), ("brow",)),
    Limit(brows, "_LOWERED", ((0.15, 1.6), (0.22, 2.0), (0.3, 2.3)), ("brow",)),
    Limit(brows, "_APART", ((0.1, 0.3), (0.2, 0.4), (0.3, 0.6)), ("brow",)),
    Limit(brows, "_APART_SHARE", (0.0, 0.4, 0.7), ("brow",)),
    Limit(brows, "_SMILE_TO_BROWS", (0.0, 0.15, 0.3), ("brow",)),
    Limit(prior_rest, "_SPREAD_SHARE", (0.25, 0.5, 1.0), ("brow", "smile")),
    Limit(brows, "_WORRY_NOISE", (0.15, 0.25, 0.35), ("worried",)),
    Limit(smile, "_CURVE", ((0.008, 0.03), (0.012, 0.03), (0.018, 0.03)), ("smile",)),
    Limit(smile, "_RAISED", ((0.0, 0.01), (0.004, 0.024), (0.01, 0.03)), ("smile",)),
    Limit(smile, "_OPENED", ((0.05, 0.08), (0.08, 0.12), (0.12, 0.2)), ("smile",)),
    Limit(smile, "_PRESS_SHARE", (0.5, 0.7, 0.9), ("smile",)),
    Limit(shapes, "_ASIDE_SCORES", ((0.005, 0.04), (0.01, 0.08), (0.02, 0.16)), ("aside",)),
    Limit(shapes, "_FROWN_NARROWED", (1.0, 2.0, 4.0), ("frown",)),
    Limit(shapes, "_SNEER_OPEN", ((0.03, 0.08), (0.06, 0.16), (0.2, 0.5)), ("brow",)),
    Limit(shapes, "_PURSED_SHARE", (0.8, 0.9, 1.0), ("pucker",)),
)


@contextmanager
def replace_limits(values: Mapping[Limit, Any]) -> Iterator[None]:
    """Give the solver other values within the context."""
    own = {limit: limit.own for limit in values}
    try:
        for limit, value in values.items():
            setattr(limit.module, limit.name, value)
        yield
    finally:
        for limit, value in own.items():
            setattr(limit.module, limit.name, value)


def answer(labels: Sequence[Label], frames: Sequence[Observation]) -> Answers:
    """Return the solver's answers for the labels of one clip."""
    shown: Shown = solve_faces(frames)
    out: Answers = {name: [] for name in TASKS}
    for name, task in TASKS.items():
        for column in task.columns:
            evidence = task.evidence(shown, column)
            for label in labels:
                truth = task.truth(label.words[column])
                seen = frames[label.frame].scores is not None
                if seen and truth is not None and column not in label.unsure:
                    out[name].append((truth, float(evidence[label.frame])))
    return out


def score(question: str, answers: Sequence[Answers]) -> float:
    """Return the balanced accuracy of several clips' answers; NaN where there are none."""
    rows = [row for one in answers for row in one[question]]
    if not rows:
        return float("nan")
    truth, evidence = np.array(rows, np.float64).T
    return balanced_accuracy(truth, TASKS[question].classify(evidence))


def hold_out(
    labels: Sequence[Label], clips: Clips, limits: Sequence[Limit], notify: Callable[[str], None]
) -> str:
    """Return a table of what each limit and all together reach on held-out clips.

    Args:
        labels: of frames of the clips.
        clips: all frames' observations, by clip.
        limits: to choose on each fold.
        notify: called with progress messages.
    """
    of_clip = {name: [label for label in labels if label.clip == name] for name in clips}

    def answer_all(values: Mapping[Limit, Any]) -> dict[str, Answers]:
        with replace_limits(values):
            return {name: answer(of_clip[name], frames) for name, frames in clips.items()}

    own = answer_all({})
    lines = [f"{'limit':<28}{'own value':>14}{'question':>10}{'own':>7}{'held out':>10}  chosen"]
    chosen: dict[str, dict[Limit, Any]] = {name: {} for name in clips}
    for limit in limits:
        notify(f"choosing {limit}")
        found = {value: answer_all({limit: value}) for value in limit.values}
        unseen: list[Answers] = []
        for held in clips:
            others = [name for name in clips if name != held]
            best = max(
                limit.values,
                key=lambda value: (
                    _mean_score(limit, [found[value][name] for name in others]),
                    value == limit.own,
                ),
            )
            chosen[held][limit] = best
            unseen.append(found[best][held])
        values = ", ".join(str(chosen[name][limit]) for name in clips)
        lines += [
            f"{limit!s:<28}{limit.own!s:>14}{question:>10}"
            f"{score(question, [*own.values()]):>7.2f}{score(question, unseen):>10.2f}  {values}"
            for question in limit.questions
        ]
    notify("judging each clip with all limits chosen on the others")
    strangers = []
    for name, frames in clips.items():
        with replace_limits(chosen[name]):
            strangers.append(answer(of_clip[name], frames))
    lines += ["", f"{'all limits':<16}{'own':>7}{'held out':>10}"]
    lines += [
        f"{question:<16}{score(question, [*own.values()]):>7.2f}{score(question, strangers):>10.2f}"
        for question in TASKS
        if any(one[question] for one in strangers)
    ]
    return "\n".join(lines)


def _mean_score(limit: Limit, answers: Sequence[Answers]) -> float:
    """Return the mean score of the questions that a limit concerns, where there are answers."""
    return float(np.nanmean([score(question, answers) for question in limit.questions]))


def _notify(text: str) -> None:
    """Print a progress message."""
    sys.stderr.write(f"{text}\n")


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Test the face solver's limits on held-out clips.")
    parser.add_argument("--labels", type=Path, required=True, help="CSV of labels")
    parser.add_argument("--clips", type=Path, required=True, help="folder of the labelled clips")
    given = parser.parse_args()
    labels = read_labels(given.labels)
    clips = {}
    for name, path in find_clips(labels, given.clips).items():
        sys.stderr.write(f"watching {path.name}\n")
        clips[name] = observe_all(str(path))
    sys.stdout.write(f"{hold_out(labels, clips, LIMITS, _notify)}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
