"""Report of the benchmark of labelled faces, for people and for programs."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Final

GOALS: Final[dict[str, float]] = {
    "eye": 0.78, "shut": 0.97, "level": 0.90, "brow": 0.80, "frown": 0.89,
}  # fmt: skip
"""Balanced accuracy that a clip watched from its beginning should reach."""

START_GOALS: Final[dict[str, float]] = {
    "smile": 0.91, "brow": 0.80, "pucker": 0.75, "aside": 0.93, "one_sided": 0.60,
}  # fmt: skip
"""The same where the show begins at any frame."""

MAX_BELOW_RAW: Final = 0.02
"""Largest amount by which ours may be below the raw scores."""


@dataclass(frozen=True, slots=True)
class LabelFigures:
    """Balanced accuracy in one question about a face, 0 to 1.

    Attributes:
        ours: of the solver, which watches each clip from its beginning.
        raw: of MediaPipe's scores in the same frames.
        ours_any_start: of the solver where the show begins at any labelled frame; None where that
            was not measured.
        n: number of labels.
    """

    ours: float
    raw: float
    ours_any_start: float | None
    n: int


@dataclass(frozen=True, slots=True)
class FacesReport:
    """Results of the benchmark.

    Attributes:
        labels: by question.
        lateral_over_1_share: share of the frames with a face in which mouth aside, jaw aside and
            the smile's difference add up to more than 1.
        frames: number of frames with a face.
        unseen: number of labelled frames in which no face was detected; they are not judged.
        jitter: RMS change of a shape from frame to frame, mean over the shapes.
    """

    labels: dict[str, LabelFigures]
    lateral_over_1_share: float
    frames: int
    unseen: int
    jitter: float

    def text(self) -> str:
        """Return the results as a table for people."""
        lines = [f"{'balanced accuracy':<18}{'n':>5}{'ours':>7}{'raw':>7}{'any start':>11}  goals"]
        for name, found in self.labels.items():
            start = "" if found.ours_any_start is None else f"{found.ours_any_start:.2f}"
            lines.append(
                f"{name:<18}{found.n:>5}{found.ours:>7.2f}{found.raw:>7.2f}{start:>11}  "
                f"{_describe_goals(name, found)}".rstrip()
            )
        lines.append(
            f"mouth, jaw and smile to a side together above 1: {self.lateral_over_1_share:.1%} of "
            f"{self.frames} frames with a face"
        )
        lines.append(f"change of a shape from frame to frame: {self.jitter:.4f}")
        if self.unseen:
            lines.append(f"labelled frames without a detected face, not judged: {self.unseen}")
        return "\n".join(lines)

    def as_dict(self) -> dict[str, object]:
        """Return plain data for JSON."""
        return asdict(self)


def _describe_goals(name: str, found: LabelFigures) -> str:
    """Return the goals of a question, and which are missed."""
    out = []
    for word, goal, value in (
        ("", GOALS.get(name), found.ours),
        ("any start ", START_GOALS.get(name), found.ours_any_start),
        ("raw ", found.raw - MAX_BELOW_RAW, found.ours),
    ):
        if goal is None or value is None:
            continue
        met = value >= goal
        if not met or word != "raw ":
            out.append(f"{word}{goal:.2f}{'' if met else ' missed'}")
    return ", ".join(out)
