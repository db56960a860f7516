"""The cameras' tiles as plain, comparable data, and how a status becomes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from renderer.desk import formatting
from renderer.desk.formatting import Level
from renderer.desk.landmarks import Landmarks
from renderer.protocol.messages import CameraStatus, DirectionStatus, Status

_STATES: Final = {
    "opening": ("opening", Level.WARN),
    "seeing": ("seeing", Level.GOOD),
    "empty": ("nobody seen", Level.WARN),
    "silent": ("no picture comes", Level.BAD),
    "reconnecting": ("reconnecting", Level.BAD),
    "ended": ("ended", Level.IDLE),
}
_FARES: Final = frozenset({"seeing", "empty"})
"""States in which frames come, so that their rate says something."""


@dataclass(frozen=True, slots=True)
class CameraTile:
    """One camera.

    Attributes:
        caption: stands in the picture.
        state: in a word or two, with its level.
        figures: frame rate and latency; empty where no frames come.
        serves: the performers whom it sees.
        detail: all that is known of it, line by line.
        changeable: whether another may take its place now.
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
    """A tile for each camera; of a show that is silent, only what does not change."""
    several = len(status.cameras) > 1
    return tuple(
        _tile(camera, f"{number + 1}  " if several else "", status.directed, is_known)
        for number, camera in enumerate(status.cameras)
    )


def _tile(
    camera: CameraStatus, number: str, everybody: list[DirectionStatus], is_known: bool
) -> CameraTile:
    names = [everybody[who].name for who in camera.performers if who < len(everybody)]
    state, level = _STATES.get(camera.state, (camera.state, Level.WARN))
    if not is_known:
        state, level = f"{state}?", Level.IDLE
    figures = _figures(camera) if is_known and camera.state in _FARES else ""
    name, serves = formatting.source(camera.name), ", ".join(names)
    lines = [f"{name}: {state}", figures, f"Serves {serves}" if serves else "", camera.detail]
    if camera.dropped:
        lines.insert(2, f"{formatting.count(camera.dropped)} frames came too late")
    drawn = zip(names, camera.points, strict=False) if is_known else ()
    return CameraTile(
        caption=f"{number}{name}",
        state=state,
        level=level,
        figures=figures,
        serves=serves,
        detail=formatting.without_secrets("\n".join(filter(None, lines))),
        landmarks=Landmarks.of(list(drawn)),
        changeable=is_known and camera.changeable,
    )


def _figures(camera: CameraStatus) -> str:
    late = formatting.milliseconds(camera.latency_ms) if camera.latency_ms > 0 else ""
    return " · ".join(filter(None, (f"{camera.frame_rate:.1f} fps", late)))
