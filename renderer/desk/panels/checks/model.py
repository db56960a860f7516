"""Derive the go-live check from a status: may we go. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from renderer.desk.messages import translate
from renderer.desk.widgets import formatting
from renderer.desk.widgets.formatting import Level
from renderer.desk.widgets.observable import Observable
from renderer.desk.words import tr
from renderer.protocol.alarms import Alarm, Severity
from renderer.protocol.inputs import CameraState, InputsHealth
from renderer.protocol.outputs import OutputsHealth
from renderer.protocol.performers import PerformersHealth
from renderer.protocol.readiness import Finding, Readiness, Verdict
from renderer.protocol.schema import Section
from renderer.protocol.show import ShowDocument, ShowHealth
from renderer.protocol.status import Status

if TYPE_CHECKING:
    from renderer.desk.model import DeskModel

_VERDICTS: Final = {
    Verdict.OK: Level.GOOD,
    Verdict.WARNING: Level.WARN,
    Verdict.PROBLEM: Level.BAD,
}


@dataclass(frozen=True, slots=True)
class Check:
    """One point of the check, with what was found and what to do about it."""

    name: str
    level: Level
    text: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether the show may go on air.

    Attributes:
        level: GOOD for go, BAD for no-go, IDLE while no show says so.
        word: go, or how many problems there are.
    """

    level: Level = Level.IDLE
    word: str = ""


class ChecksModel:
    """The go-live check's model."""

    sections: tuple[type[Section], ...] = (
        ShowHealth, InputsHealth, OutputsHealth, ShowDocument, PerformersHealth, Readiness,
    )  # fmt: skip

    def __init__(self, _desk: DeskModel) -> None:
        self.checks: Observable[tuple[Check, ...]] = Observable(())
        self.decision = Observable(Decision())

    def update(self, status: Status) -> None:
        """Derive the points from a status."""
        self.checks.set(checks_of(status) if status.has(ShowHealth) else ())
        self.decision.set(decision_of(status))


def decision_of(status: Status) -> Decision:
    """Return what the show's own check says of going on air."""
    if not status.has(Readiness):
        return Decision()
    problems = find_problems(status)
    if not problems:
        return Decision(Level.GOOD, tr("go"))
    return Decision(Level.BAD, tr("no-go: {count}", count=len(problems)))


def find_problems(status: Status) -> tuple[Finding, ...]:
    """Return the findings that keep the show off the air until somebody answers for them."""
    findings = status.of(Readiness).findings
    return tuple(one for one in findings if one.verdict is Verdict.PROBLEM)


def checks_of(status: Status) -> tuple[Check, ...]:
    """Return the points of the check: the show's own findings, and what it does not judge."""
    if not status.has(Readiness):
        return _derived(status)
    found = tuple(
        Check(
            formatting.remove_secrets(translate(one.thing)),
            _VERDICTS[one.verdict],
            formatting.remove_secrets(translate(one.text)),
            translate(one.remedy),
        )
        for one in status.of(Readiness).findings
    )
    own = tuple(one for one in _derived(status) if one.name in (tr("faces"), tr("frame rate")))
    return (*found, *own)


def _derived(status: Status) -> tuple[Check, ...]:
    """Return the points as far as alarms and states tell them."""
    health, document = status.of(ShowHealth), status.of(ShowDocument)
    cameras = status.of(InputsHealth).cameras
    seeing = sum(one.state in (CameraState.SEEING, CameraState.EMPTY) for one in cameras)
    calibrated = status.of(PerformersHealth).performers
    faces = sum(one.calibrated for one in calibrated)
    outputs = status.of(OutputsHealth).outputs
    broken = [one for one in outputs if one.state.is_over]
    rate = formatting.frame_rate_level(health.frame_rate, document.target_rate)
    return (
        _by_alarms(tr("rights"), health.alarms, "rights", tr("every idol is allowed")),
        Check(
            tr("cameras"),
            Level.GOOD if cameras and seeing == len(cameras) else Level.BAD,
            f"{seeing}/{len(cameras)}",
        ),
        Check(
            tr("faces"),
            Level.GOOD if faces == len(calibrated) else Level.WARN,
            tr("{count} of {all} calibrated", count=faces, all=len(calibrated)),
        ),
        Check(
            tr("frame rate"),
            rate if rate is not Level.IDLE else Level.GOOD,
            formatting.frame_rate(health.frame_rate, document.target_rate),
        ),
        Check(
            tr("outputs"),
            Level.BAD if broken else Level.GOOD if outputs else Level.WARN,
            tr("{count} planned", count=len(outputs)) if outputs else tr("none planned"),
        ),
        _by_alarms(tr("disk"), health.alarms, "disk", tr("no warning")),
        _by_alarms(tr("sound"), health.alarms, "so", tr("no warning")),
    )


def _by_alarms(name: str, alarms: list[Alarm], beginning: str, good: str) -> Check:
    """Return the point that the worst alarm of a subject decides."""
    found = [one for one in alarms if one.id.startswith(beginning)]
    if not found:
        return Check(name, Level.GOOD, good)
    is_bad = found[0].severity is Severity.CRITICAL
    return Check(name, Level.BAD if is_bad else Level.WARN, translate(found[0].text))
