"""Derive the go-live check from a status: may we go. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from renderer.desk.widgets import formatting
from renderer.desk.widgets.formatting import Level
from renderer.desk.widgets.observable import Observable
from renderer.desk.words import tr
from renderer.protocol.alarms import Alarm, Severity
from renderer.protocol.inputs import CameraState, InputsHealth
from renderer.protocol.outputs import OutputsHealth
from renderer.protocol.performers import PerformersHealth
from renderer.protocol.schema import Section
from renderer.protocol.show import ShowDocument, ShowHealth
from renderer.protocol.status import Status

if TYPE_CHECKING:
    from renderer.desk.model import DeskModel


@dataclass(frozen=True, slots=True)
class Check:
    """One point of the check, with what was found."""

    name: str
    level: Level
    text: str


class ChecksModel:
    """The go-live check's model."""

    sections: tuple[type[Section], ...] = (
        ShowHealth, InputsHealth, OutputsHealth, ShowDocument, PerformersHealth,
    )  # fmt: skip

    def __init__(self, _desk: DeskModel) -> None:
        self.checks: Observable[tuple[Check, ...]] = Observable(())

    def update(self, status: Status) -> None:
        """Derive the points from a status."""
        self.checks.set(checks_of(status) if status.has(ShowHealth) else ())


def checks_of(status: Status) -> tuple[Check, ...]:
    """Return the points of the check in the order in which a crew deals with them."""
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
    return Check(name, Level.BAD if is_bad else Level.WARN, found[0].text)
