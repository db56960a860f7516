"""Derive what is known of a camera that is tried. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from renderer.desk.messages import translate
from renderer.desk.panels.cameras.landmarks import Landmarks
from renderer.desk.panels.cameras.model import STATES
from renderer.desk.widgets import formatting
from renderer.desk.widgets.formatting import Level
from renderer.desk.widgets.observable import Observable
from renderer.desk.words import tr
from renderer.protocol.inputs import InputsHealth, LandmarkPoints
from renderer.protocol.performers import PerformersHealth
from renderer.protocol.schema import Section
from renderer.protocol.status import Status

if TYPE_CHECKING:
    from renderer.desk.model import DeskModel


@dataclass(frozen=True, slots=True)
class TrialState:
    """The camera that is tried.

    Attributes:
        caption: its name with rate and latency; empty while none is tried.
        note: whose camera it may replace, or what to do.
    """

    caption: str = ""
    word: str = ""
    level: Level = Level.IDLE
    note: str = ""


class CameraTrialModel:
    """The trial's model.

    Attributes:
        state: of the camera that is tried.
        landmarks: of all whom it sees, changed up to 30 times a second.
    """

    sections: tuple[type[Section], ...] = (InputsHealth, LandmarkPoints, PerformersHealth)

    def __init__(self, desk: DeskModel) -> None:
        self._desk = desk
        self._points: Section | None = None
        self.state = Observable(TrialState())
        self.landmarks = Observable(Landmarks())
        desk.selected_performer.watch(lambda _: self.update(desk.status))

    def update(self, status: Status) -> None:
        """Derive the state from a status."""
        self.state.set(trial_state(status, self._desk.selected_performer.value))
        points = status.newest(LandmarkPoints)
        if points is not self._points:
            self._points = points
            seen = status.of(LandmarkPoints).trial_points.performers
            self.landmarks.set(Landmarks.of([("", one) for one in seen]))

    def submit(self, address: str) -> None:
        """Try a camera beside the chosen performer's."""
        self._desk.swap.try_address(address)


def trial_state(status: Status, chosen: int) -> TrialState:
    """Return what a panel shows of a trial.

    Args:
        chosen: number of the performer for whom a camera would be tried.
    """
    health, performers = status.of(InputsHealth), status.of(PerformersHealth).performers
    names = [one.name or str(one.performer + 1) for one in performers]
    trial = health.trial
    if trial is None:
        who = names[chosen] if chosen < len(names) else ""
        return TrialState(note=tr("Beside the camera of {who}", who=who) if who else "")
    cameras = health.cameras
    whose = cameras[trial.camera].performers if trial.camera < len(cameras) else []
    who = ", ".join(names[one] for one in whose if one < len(names))
    word, level = STATES[trial.state]
    figures = ""
    if trial.frame_rate > 0:
        late = formatting.milliseconds(trial.latency_ms) if trial.latency_ms > 0 else ""
        figures = " · ".join(filter(None, (f"{trial.frame_rate:.1f} fps", late)))
    return TrialState(
        " · ".join(filter(None, (formatting.source(trial.name), figures))),
        tr(word),
        Level.BAD if trial.detail else level,
        formatting.remove_secrets(translate(trial.detail))
        or tr("Beside the camera of {who}", who=who or "–"),
    )
