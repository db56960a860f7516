"""Hold the cast (who performs as whom), and derive it from a status."""

from __future__ import annotations

from dataclasses import dataclass

from renderer.desk.widgets import formatting
from renderer.protocol.inputs import InputsHealth
from renderer.protocol.show import ShowDocument
from renderer.protocol.status import Status


@dataclass(frozen=True, slots=True)
class Cast:
    """The performers with their avatars, and the avatars' licence terms, line by line."""

    performance: str = ""
    details: tuple[tuple[str, str], ...] = ()
    licence: tuple[str, ...] = ()


def cast_of(status: Status) -> Cast:
    """Return the performers, their avatars, the licence terms, and the log file."""
    document, cameras = status.of(ShowDocument), status.of(InputsHealth).cameras
    return Cast(
        performance=formatting.performance(document.performer, document.avatar),
        details=(
            ("Seen by", ", ".join(formatting.source(camera.name) for camera in cameras)),
            ("Song", formatting.source(document.song)),
            ("Use", formatting.usage(document.usage)),
            *((("Log", document.log),) if document.log else ()),
        ),
        licence=tuple(document.licence),
    )
