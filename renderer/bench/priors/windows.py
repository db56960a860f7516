"""Labelled windows of solved movement, with and without tracking faults."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from avatars.maths.vectors import Array
from renderer.bench.priors.faults import (
    KINDS,
    Solved,
    inject_faults,
    label_windows,
    solve_points,
    true_points,
)
from renderer.bench.priors.recordings import RATE, Recording

_EVERY: Final = 2
"""Windows of which one is kept: neighbours are alike."""
_RUN_GAP: Final = 30
"""Windows without an alarm after which a further one is another alarm."""


@dataclass(frozen=True, slots=True)
class LabelledWindows:
    """Windows of limbs, in order of recording, run, limb and time.

    Attributes:
        features: (n, 771).
        labels: (n,) 1 faulty, 0 sound.
        kind: (n,) 0 arm, 1 leg.
        person: (n,) name of who moves.
        fault: (n,) kind of the fault near the window, or empty.
        clean: (n,) whether the whole run has no fault.
    """

    features: npt.NDArray[np.float32]
    labels: npt.NDArray[np.int8]
    kind: npt.NDArray[np.int8]
    person: npt.NDArray[np.str_]
    fault: npt.NDArray[np.str_]
    clean: npt.NDArray[np.bool_]

    def select(self, rows: npt.NDArray[Any]) -> Self:
        """Return some of the windows."""
        return type(self)(*(getattr(self, one.name)[rows] for one in fields(self)))

    def of_kind(self, kind: int) -> Self:
        """Return the windows of arms (0) or legs (1)."""
        return self.select(self.kind == kind)

    @property
    def sound_minutes(self) -> float:
        """Minutes of a limb's movement in runs without any fault."""
        return float(self.clean.sum()) * _EVERY / RATE / 60.0

    def count_runs(self, alarms: npt.NDArray[np.bool_]) -> int:
        """Return how many separate alarms (n,) there are in runs without any fault."""
        at = np.flatnonzero(alarms & self.clean)
        return int((np.diff(at, prepend=-_RUN_GAP - 1) > _RUN_GAP // _EVERY).sum())


def label_recordings(
    recordings: Sequence[Recording], runs: int, seed: int, progress: Callable[[str], None]
) -> LabelledWindows:
    """Solve recordings once as they are, and with faults `runs` times; label their windows.

    Args:
        recordings: at least one.
        runs: with faults, per recording.
        seed: draws faults and the detector's errors.
        progress: called with each recording.
    """
    rng = np.random.default_rng(seed)
    others = {one.person: one for one in recordings}
    parts: list[LabelledWindows] = []
    for number, one in enumerate(recordings):
        progress(f"solving {one.name}")
        points = true_points(one)
        stranger = next((r for r in others.values() if r.person != one.person), one)
        foreign = true_points(stranger)
        sound = solve_points(points, seed + number)
        parts.append(_label(one.person, sound, sound, []))
        for _ in range(runs):
            wrong, faults = inject_faults(points, foreign, rng)
            parts.append(_label(one.person, solve_points(wrong, seed + number), sound, faults))
    return LabelledWindows(
        *(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(LabelledWindows))
    )


def _label(person: str, shown: Solved, sound: Solved, faults: list[Any]) -> LabelledWindows:
    """Return the windows of one run, limb by limb, without those that are neither."""
    features = np.moveaxis(shown.features(), 1, 0)[:, ::_EVERY]
    labels, kinds = label_windows(shown, sound, faults)
    labels, kinds = labels.T[:, ::_EVERY], kinds.T[:, ::_EVERY]
    keep = labels >= 0
    kind = np.broadcast_to(np.array([[0], [0], [1], [1]], np.int8), labels.shape)
    return LabelledWindows(
        features=features[keep].astype(np.float32),
        labels=labels[keep],
        kind=kind[keep],
        person=np.full(int(keep.sum()), person),
        fault=kinds[keep],
        clean=np.full(int(keep.sum()), not faults),
    )


def area_under_curve(labels: npt.NDArray[Any], scores: Array) -> float:
    """Return the share of pairs of a faulty and a sound window that scores order correctly."""
    order = np.argsort(scores, kind="stable")
    ranks = np.empty(len(scores))
    ranks[order] = np.arange(1, len(scores) + 1)
    faulty = labels == 1
    count, others = int(faulty.sum()), int((~faulty).sum())
    if not count or not others:
        return float("nan")
    return float((ranks[faulty].sum() - count * (count + 1) / 2) / (count * others))


def rate_scores(windows: LabelledWindows, scores: Array) -> dict[str, float]:
    """Return areas under the curve: of all windows, arms, legs, and each kind of fault."""
    out = {"AUC": area_under_curve(windows.labels, scores)}
    for kind, limb in enumerate(("arm", "leg")):
        rows = windows.kind == kind
        out[f"AUC {limb}"] = area_under_curve(windows.labels[rows], scores[rows])
    for fault in KINDS:
        rows = (windows.labels == 0) | (windows.fault == fault)
        out[f"AUC {fault}"] = area_under_curve(windows.labels[rows], scores[rows])
    return out
