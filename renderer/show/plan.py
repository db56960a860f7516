"""What a crew asks for: everything a show needs to know before it starts."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from renderer.capture.records import USUAL_FOCAL
from renderer.errors import OutputError, ShowError
from renderer.output.spec import OutputSpec
from renderer.rights.licence import Declaration
from renderer.show.performers.assigning import AuxiliaryOptions

if TYPE_CHECKING:  # It is data for the engine alone.
    from renderer.stage.concert import Staging

SIZE_ON_A_GPU = (1280, 720)
SIZE_IN_SOFTWARE = (640, 360)
"""Chosen so that the demo's half minute is drawn, tracked and encoded within three minutes on two
cores without a GPU."""


@dataclass(frozen=True, slots=True)
class ShowPlan:
    """One show.

    Attributes:
        inputs: what to look at, as capture's sources take it, or a recorded take (.mcap).
        avatars: of the performers in turn; from the first again if there are fewer.
        performers: how many each input shows; a take knows its own.
        streams: where the program goes live.
        lenses: of the inputs in turn, as focal lengths over the picture's longer side; the rest
            have a usual webcam's.
        companions: trackers, voices, receivers of the motion and a take, beside the cameras.
        recordings: files that the program is written to from the start.
        size: of the program, pixels; None lets the renderer's kind decide.
        rate: of the program, frames a second; None takes the input's own.
        live: the input plays at its own pace and what comes too late is dropped; otherwise every
            frame is drawn.
        on_air_at_once: go live at the start; otherwise the desk says when.
        start_without_failed: go on air with the outputs that open, and try the others again until
            they do; otherwise one that does not open keeps the show from starting.
        overwrite: recordings replace files of their names; otherwise such a show does not start.
        staging: of the song, for a concert in the hall; None for a show on the small stage.
    """

    inputs: tuple[str, ...]
    avatars: tuple[Path, ...]
    song: Path | None
    declaration: Declaration
    streams: tuple[OutputSpec, ...] = ()
    recordings: tuple[OutputSpec, ...] = ()
    companions: AuxiliaryOptions = field(default_factory=AuxiliaryOptions)
    live: bool = False
    size: tuple[int, int] | None = None
    rate: int | None = None
    on_air_at_once: bool = True
    performers: int = 1
    overwrite: bool = False
    start_without_failed: bool = False
    lenses: tuple[float, ...] = ()
    staging: Staging | None = None

    def focal(self, number: int) -> float:
        """Return the focal length of an input's lens over its picture's longer side."""
        return self.lenses[number] if number < len(self.lenses) else USUAL_FOCAL


def program_rate(asked: int | None, input_rate: float) -> int:
    """Frames a second of the program: what was asked for, or the input's own within 24 to 60."""
    if asked is not None:
        return asked
    return min(60, max(24, round(input_rate))) if input_rate > 0 else 30


def program_size(asked: tuple[int, int] | None) -> tuple[int, int]:
    """Size of the program in pixels: what was asked for, or what this machine's GL can bear."""
    if asked is not None:
        return asked
    from renderer.graphics.gpu.context import open_context  # Plans are checked without OpenGL.

    context, adapter = open_context()
    context.release()
    return SIZE_IN_SOFTWARE if adapter.is_software else SIZE_ON_A_GPU


def require_new(recording: OutputSpec, remedy: str) -> None:
    """Check that a recording replaces no file.

    Raises:
        OutputError: a file of its name is there.
    """
    if recording.kind == "mp4" and Path(recording.address).exists():
        raise OutputError(recording.address, "is there already", remedy)


def parse_size(text: str) -> tuple[int, int]:
    """`1280x720` as (1280, 720).

    Raises:
        ShowError: if it is no such pair, odd, or beyond 128 to 7680 pixels.
    """
    width, _, height = text.lower().partition("x")
    if not (width.isdigit() and height.isdigit()):
        raise ShowError(
            f"Size {text}", "is no width and height in pixels", "write it like 1280x720"
        )
    size = int(width), int(height)
    if any(side % 2 or not 128 <= side <= 7680 for side in size) or size[0] % 8:
        raise ShowError(
            f"Size {text}",
            "does not suit video: a height must be even and 8 must divide a width, "
            "from 128 to 7680",
            "take 640x360, 1280x720 or 1920x1080",
        )
    return size
