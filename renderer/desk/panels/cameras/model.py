"""Hold the cameras' tiles as plain, comparable data, and derive them from a status."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from renderer.desk.panels.cameras.landmarks import Landmarks
from renderer.desk.widgets import formatting
from renderer.desk.widgets.formatting import Level
from renderer.desk.words import tr
from renderer.protocol.inputs import (
    CameraPoints,
    CameraState,
    CameraStatus,
    InputsHealth,
    LandmarkPoints,
)
from renderer.protocol.performers import PerformersHealth, PerformerStatus
from renderer.protocol.status import Status

STATES: Final = {
    CameraState.OPENING: ("opening", Level.WARN),
    CameraState.SEEING: ("seeing", Level.GOOD),
    CameraState.EMPTY: ("nobody seen", Level.WARN),
    CameraState.SILENT: ("no picture comes", Level.BAD),
    CameraState.RECONNECTING: ("reconnecting", Level.BAD),
    CameraState.ENDED: ("ended", Level.IDLE),
}
_FLOWING: Final = frozenset({CameraState.SEEING, CameraState.EMPTY})
"""States in which frames arrive, so that a frame rate is meaningful."""


@dataclass(frozen=True, slots=True)
class CameraTile:
    """One camera.

    Attributes:
        caption: shown in the picture.
        state: in a word or two, with its level.
        figures: frame rate and latency; empty if no frames arrive.
        serves: the performers whom it tracks.
        detail: all known details, line by line.
        changeable: whether it can be replaced now.
    """

    caption: str
    state: str
    level: Level
    figures: str
    serves: str
    detail: str
    landmarks: Landmarks
    changeable: bool = False


def tiles_of(status: Status, is_known: bool) -> tuple[CameraTile, ...]:
    """Return a tile for each camera; if the show is silent, with the constant data only."""
    cameras, points = status.of(InputsHealth).cameras, status.of(LandmarkPoints).points
    performers = status.of(PerformersHealth).performers
    several = len(cameras) > 1
    return tuple(
        _tile(
            camera,
            points[number] if is_known and number < len(points) else CameraPoints(),
            f"{number + 1}  " if several else "",
            performers,
            is_known,
        )
        for number, camera in enumerate(cameras)
    )


def _tile(
    camera: CameraStatus,
    points: CameraPoints,
    number: str,
    everybody: list[PerformerStatus],
    is_known: bool,
) -> CameraTile:
    names = [everybody[who].name for who in camera.performers if who < len(everybody)]
    state, level = STATES[camera.state]
    state = tr(state)
    if not is_known:
        state, level = f"{state}?", Level.IDLE
    figures = _figures(camera) if is_known and camera.state in _FLOWING else ""
    name, serves = formatting.source(camera.name), ", ".join(names)
    lines = [f"{name}: {state}", figures, f"Serves {serves}" if serves else "", camera.detail]
    if camera.dropped:
        lines.insert(2, f"{formatting.count(camera.dropped)} frames came too late")
    drawn = zip(names, points.performers, strict=False)
    return CameraTile(
        caption=f"{number}{name}",
        state=state,
        level=level,
        figures=figures,
        serves=serves,
        detail=formatting.remove_secrets("\n".join(filter(None, lines))),
        landmarks=Landmarks.of(list(drawn)),
        changeable=is_known and camera.changeable,
    )


def _figures(camera: CameraStatus) -> str:
    late = formatting.milliseconds(camera.latency_ms) if camera.latency_ms > 0 else ""
    return " · ".join(filter(None, (f"{camera.frame_rate:.1f} fps", late)))
