"""Define a show's plan: everything that must be known before it starts."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from renderer.capture.records import USUAL_FOCAL
from renderer.errors import OutputError, ShowError
from renderer.output.spec import OutputSpec
from renderer.rights.licence import Declaration
from renderer.show.performers.option_binding import AuxiliaryOptions

if TYPE_CHECKING:  # Only the engine needs it.
    from renderer.stage.concert import Staging

SIZE_ON_A_GPU = (1280, 720)
SIZE_IN_SOFTWARE = (640, 360)
"""Default size without a GPU: the demo's half minute is drawn, tracked and encoded within three
minutes on two cores."""


@dataclass(frozen=True, slots=True)
class ShowPlan:
    """Plan of one show.

    Attributes:
        inputs: camera or file words, as capture's sources parse them, or recorded takes (.mcap).
        avatars: assigned to the performers in order, cyclically if there are fewer.
        performers: number of performers per input; a take states its own.
        streams: live outputs of the program.
        lenses: of the inputs in order, as focal lengths over the picture's longer side; the rest
            have a typical webcam's.
        companions: trackers, voices, receivers of the motion and a take, besides the cameras.
        recordings: files that the program is written to from the start.
        size: of the program, pixels; None chooses it by the kind of renderer.
        rate: of the program, frames per second; None uses the input's rate.
        live: the input plays in real time and late frames are dropped; otherwise every frame is
            drawn.
        on_air_at_once: go live at the start; otherwise on a command from the desk.
        start_without_failed: go on air with the outputs that open, and retry the others until they
            do; otherwise an output that does not open keeps the show from starting.
        overwrite: recordings replace existing files; otherwise such a show does not start.
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
    """Return the program's frames per second: as requested, or the input's clamped to 24 to 60."""
    if asked is not None:
        return asked
    return min(60, max(24, round(input_rate))) if input_rate > 0 else 30


def program_size(asked: tuple[int, int] | None) -> tuple[int, int]:
    """Return the program's size in pixels: as requested, or a default that this GL can render."""
    if asked is not None:
        return asked
    from renderer.graphics.gpu.context import open_context  # Plans are checked without OpenGL.

    context, adapter = open_context()
    context.release()
    return SIZE_IN_SOFTWARE if adapter.is_software else SIZE_ON_A_GPU


def require_new(recording: OutputSpec, remedy: str) -> None:
    """Check that a recording replaces no file.

    Raises:
        OutputError: a file of its name exists.
    """
    if recording.kind == "mp4" and Path(recording.address).exists():
        raise OutputError(recording.address, "is there already", remedy)


def parse_size(text: str) -> tuple[int, int]:
    """Parse a size such as `1280x720` to (1280, 720).

    Raises:
        ShowError: it is not a pair of even numbers from 128 to 7680.
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
