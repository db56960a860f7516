"""Report of the motion benchmark, for people and for programs."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from renderer.bench.motion.identities import Identities

GOALS: Final = {"limb_error": 0.6, "jitter": 0.3, "lag_ms": 1000.0 / 30.0}
"""Largest ratio of our value to Kalidokit's, and largest lag in milliseconds above Kalidokit's."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Median and 90th percentile of a measured quantity."""

    median: float
    p90: float

    def as_dict(self) -> dict[str, float]:
        """Return plain data for JSON."""
        return {"median": self.median, "p90": self.p90}


@dataclass(frozen=True, slots=True)
class StillJitter:
    """RMS deviations of a person who stands still: of the median limb, and of the feet."""

    jitter_deg: float
    jitter_mm: float


@dataclass(frozen=True, slots=True)
class LimbErrors:
    """Degrees between solved and true limbs, in total and by bone."""

    total: Spread
    limbs: dict[str, Spread]

    def as_dict(self) -> dict[str, object]:
        """Return plain data: median, p90, each limb's median, and its p90 under `p90_by_limb`."""
        medians = {bone: limb.median for bone, limb in self.limbs.items()}
        high = {bone: limb.p90 for bone, limb in self.limbs.items()}
        return {**self.total.as_dict(), **medians, "p90_by_limb": high}


@dataclass(frozen=True, slots=True)
class Figures:
    """One solver's results over all performances; None where there was nothing to measure.

    Attributes:
        limb_error_deg: over every frame of every performance with a truth.
        head_error_deg: the same for the head's rotation.
        jitter_deg: RMS deviation of a still performer's limbs, the median limb.
        jitter_mm: RMS deviation of their feet on the floor.
        lag_ms: lag at half way of a sudden move, the median limb.
        slow_lag_ms: the same for arms that rise at 30° per second.
        turn_lag_ms: lag of the hips' heading in a turn at 120° per second.
        wrong_way_frames: frames facing away, in a turn whose sides the detector swapped.
        foot_slide_mm: per frame, of feet that bear weight.
        root_error_mm: distance of the hips from their true path, at a hip height of one metre.
    """

    limb_error_deg: LimbErrors
    head_error_deg: Spread
    jitter_deg: float
    jitter_mm: float
    lag_ms: float
    slow_lag_ms: float
    turn_lag_ms: float
    wrong_way_frames: int
    foot_slide_mm: Spread | None
    root_error_mm: Spread | None = None

    def as_dict(self) -> dict[str, object]:
        """Return plain data for JSON."""
        return {
            "limb_error_deg": self.limb_error_deg.as_dict(),
            "head_error_deg": self.head_error_deg.as_dict(),
            "jitter_deg": self.jitter_deg,
            "jitter_mm": self.jitter_mm,
            "lag_ms": self.lag_ms,
            "slow_lag_ms": self.slow_lag_ms,
            "turn_lag_ms": self.turn_lag_ms,
            "wrong_way_frames": self.wrong_way_frames,
            "foot_slide_mm": None if self.foot_slide_mm is None else self.foot_slide_mm.median,
            "foot_slide_p90_mm": None if self.foot_slide_mm is None else self.foot_slide_mm.p90,
            "root_error_mm": None if self.root_error_mm is None else self.root_error_mm.as_dict(),
        }


@dataclass(frozen=True, slots=True)
class FaceFigures:
    """Our solver's results on faces whose shapes are known; hit rates are 0 to 1."""

    correlation: dict[str, float]
    lip_closure_hits: float | None
    wink_hits: float | None


@dataclass(frozen=True, slots=True)
class MotionReport:
    """Results of the motion benchmark.

    Attributes:
        ours: our solver's results.
        face: our solver's face.
        recovery_ms: by kind of loss.
        stage_ms: cost of a solve, by stage.
        kalidokit: Kalidokit's results; empty where it could not be run, else `solver` (its angles
            as they come) and `eased` (as its VRM template smooths them).
        missing: why Kalidokit could not be run, or "".
        by_performance: limb error of each performance with a truth, by solver.
        identities: of two performers who cross; None where they could not be filmed.
        follow_by_clip: degrees in the image between solved limbs and the landmarks, for each clip
            without a truth, by solver.
        stills: jitter of each still picture, by solver and by the seconds that it was shown.
    """

    ours: Figures
    face: FaceFigures
    recovery_ms: dict[str, float]
    stage_ms: dict[str, float]
    kalidokit: dict[str, Figures]
    missing: str
    by_performance: dict[str, dict[str, Spread]] = field(default_factory=dict)
    follow_by_clip: dict[str, dict[str, Spread]] = field(default_factory=dict)
    identities: Identities | None = None
    stills: dict[str, dict[str, dict[int, StillJitter]]] = field(default_factory=dict)

    def as_dict(self) -> dict[str, object]:
        """Return plain data for JSON; `kalidokit` is None where it could not be run."""
        ours = self.ours.as_dict() | {
            "expression_correlation": self.face.correlation,
            "lip_closure_hits": self.face.lip_closure_hits,
            "wink_hits": self.face.wink_hits,
            "identity_swaps": None if self.identities is None else self.identities.swaps,
            "recovery_ms": max(self.recovery_ms.values()),
            "recovery_by_loss_ms": self.recovery_ms,
            "stage_ms": self.stage_ms,
        }
        solver, eased = self.kalidokit.get("solver"), self.kalidokit.get("eased")
        return {
            "ours": ours,
            "kalidokit": None if solver is None else solver.as_dict(),
            "kalidokit_eased": None if eased is None else eased.as_dict(),
            "kalidokit_missing": self.missing or None,
            "goals": self.goals(),
            "performances": _plain(self.by_performance),
            "clips_without_truth": _plain(self.follow_by_clip),
            "still_pictures": {
                name: {
                    solver: {str(seconds): asdict(calm) for seconds, calm in found.items()}
                    for solver, found in solvers.items()
                }
                for name, solvers in self.stills.items()
            },
        }

    def goals(self) -> dict[str, dict[str, float | bool]]:
        """Compare each goal against Kalidokit: measured value, limit, and whether it is met."""
        theirs = self.kalidokit.get("solver")
        if theirs is None:
            return {}
        mine = self.ours
        found = {
            "limb_error": mine.limb_error_deg.total.median / theirs.limb_error_deg.total.median,
            "jitter": mine.jitter_deg / max(theirs.jitter_deg, 1e-9),
            "lag_ms": mine.lag_ms - theirs.lag_ms,
        }
        return {
            goal: {"found": value, "at_most": GOALS[goal], "met": value <= GOALS[goal]}
            for goal, value in found.items()
        }

    def text(self) -> str:
        """Format the report as a table for people."""
        columns = {"ours": self.ours}
        if self.kalidokit:
            columns |= {
                "Kalidokit": self.kalidokit["solver"],
                "K. eased": self.kalidokit["eased"],
            }
        rows = [("", *columns)]
        rows += [
            (name, *(_format_cell(values[k]) for values in map(_row, columns.values())))
            for k, name in enumerate(_ROWS)
        ]
        rows += [
            (f"  {bone}", *(_format_cell(c.limb_error_deg.limbs[bone]) for c in columns.values()))
            for bone in self.ours.limb_error_deg.limbs
        ]
        lines = [f"{row[0]:<46}" + "".join(f"{cell:>16}" for cell in row[1:]) for row in rows]
        lines += _format_spreads("Limb error by performance, °, median (p90)", self.by_performance)
        lines += _format_spreads(
            "In the picture, truth unknown, °, median (p90)", self.follow_by_clip
        )
        lines += self._still_lines()
        lines += self._ours_lines()
        return "\n".join(lines)

    def _still_lines(self) -> list[str]:
        """Return the lines about still pictures."""
        lines = []
        for name, solvers in self.stills.items():
            lines += [
                "",
                f"Jitter of a still picture, {name}, ° of the median limb (mm of the feet)",
            ]
            for solver, found in solvers.items():
                entries = [
                    f"{s} s {c.jitter_deg:.2f} ({c.jitter_mm:.1f})" for s, c in found.items()
                ]
                lines.append(f"  {solver}: " + ", ".join(entries))
        return lines

    def _ours_lines(self) -> list[str]:
        """Return the lines about our solver alone."""
        face = self.face
        lines = ["", "Ours alone"]
        lines += [f"  found again after {k}: {v:.0f} ms" for k, v in self.recovery_ms.items()]
        lines.append("  cost, ms: " + ", ".join(f"{k} {v:.2f}" for k, v in self.stage_ms.items()))
        if face.correlation:
            entries = sorted(face.correlation.items(), key=lambda item: -item[1])
            lines.append("  expressions, r: " + ", ".join(f"{k} {v:.2f}" for k, v in entries))
        for name, hits in (("lips closed", face.lip_closure_hits), ("winks", face.wink_hits)):
            if hits is not None:
                lines.append(f"  {name}: {hits:.0%} found")
        swaps = "not measured" if self.identities is None else str(self.identities.swaps)
        lines.append(f"  identity swaps where two performers cross: {swaps}")
        if self.missing:
            lines.append(f"Kalidokit was left out: {self.missing}")
        for goal, values in self.goals().items():
            verdict = "met" if values["met"] else "missed"
            lines.append(
                f"  goal {goal}: {values['found']:.2f}, at most {values['at_most']:.2f}: {verdict}"
            )
        return lines


_ROWS: Final = (
    "Limb error, °, median (p90)",
    "Head error, °, median (p90)",
    "Jitter of a still performer, °",
    "Jitter of their feet, mm",
    "Lag of a sudden move, ms",
    "Lag of arms that rise at 30°/s, ms",
    "Lag of a turn at 120°/s, ms",
    "Frames facing the wrong way",
    "Foot slide in contact, mm a frame, median (p90)",
    "Hips off their way, mm at 1 m, median (p90)",
)


def _row(figures: Figures) -> tuple[Spread | float | None, ...]:
    return (
        figures.limb_error_deg.total,
        figures.head_error_deg,
        figures.jitter_deg,
        figures.jitter_mm,
        figures.lag_ms,
        figures.slow_lag_ms,
        figures.turn_lag_ms,
        figures.wrong_way_frames,
        figures.foot_slide_mm,
        figures.root_error_mm,
    )


def _format_cell(value: Spread | float | None) -> str:
    if value is None:
        return "–"
    if isinstance(value, Spread):
        return f"{value.median:.1f} ({value.p90:.1f})"
    return f"{value:d}" if isinstance(value, int) else f"{value:.2f}"


def _format_spreads(title: str, table: dict[str, dict[str, Spread]]) -> list[str]:
    if not table:
        return []
    lines = ["", title]
    for name, solvers in table.items():
        cells = ", ".join(f"{solver} {_format_cell(spread)}" for solver, spread in solvers.items())
        lines.append(f"  {name}: {cells}")
    return lines


def _plain(table: dict[str, dict[str, Spread]]) -> dict[str, object]:
    return {
        name: {solver: spread.as_dict() for solver, spread in solvers.items()}
        for name, solvers in table.items()
    }
