"""Define a show's plan: everything that must be known before it starts."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from renderer.capture.records import USUAL_FOCAL
from renderer.capture.sources.address import split_cameras
from renderer.errors import OutputError, ShowError
from renderer.output.sound.settings import SoundPlan
from renderer.output.spec import OutputSpec, list_images, next_part
from renderer.output.watch_address import WatchAddress
from renderer.protocol.pictures import PROGRAM, VERTICAL
from renderer.rights.declaration import Declaration
from renderer.rights.watermark.payload import SHOW_BITS
from renderer.show.fans.records import FansSettings
from renderer.show.performers.option_binding import AuxiliaryOptions
from renderer.show.songs.plan import SongPlan
from renderer.stage.text.titles import TitlePlan
from renderer.transport.machines.address import HostPort

if TYPE_CHECKING:  # Only the engine needs it.
    from renderer.show.document.read import ReadShow
    from renderer.stage.concert import Staging
    from renderer.stage.records import ScreenSource

SIZE_ON_A_GPU = (1280, 720)
SIZE_IN_SOFTWARE = (640, 360)
"""Default size without a GPU: the demo's half minute is drawn, tracked and encoded within three
minutes on two cores."""


@dataclass(frozen=True, slots=True)
class WardrobePiece:
    """An avatar to which a performer may change during the show.

    Attributes:
        performer: index of the performer.
        avatar: its name in the document.
        palette: name of its colours; empty for its own.
    """

    performer: int
    avatar: str
    palette: str
    file: Path


@dataclass(frozen=True, slots=True)
class ShowPlan:
    """Plan of one show.

    Attributes:
        inputs: camera or file words, as capture's sources parse them, or recorded takes (.mcap);
            several cameras on one performer are joined by `+`.
        avatars: assigned to the performers in order, cyclically if there are fewer.
        performers: number of performers per input; a take states its own.
        streams: live outputs of the program.
        lenses: of the inputs in order, as focal lengths over the picture's longer side; the rest
            have a typical webcam's.
        companions: trackers, voices, receivers of the motion and a take, besides the cameras.
        recordings: files that the program is written to from the start.
        size: of the program, pixels; None chooses it by the kind of renderer.
        songs: the set list of a directed show; `song` is its first one's file.
        rate: of the program, frames per second; None uses the input's rate.
        live: the input plays in real time and late frames are dropped; otherwise every frame is
            drawn.
        on_air_at_once: go live at the start; otherwise on a command from the desk.
        start_without_failed: go on air with the outputs that open, and retry the others until they
            do; otherwise an output that does not open keeps the show from starting.
        overwrite: recordings replace existing files; otherwise such a show does not start.
        staging: of the song, for a concert in the hall; None for a show on the small stage.
        set: file of the stage set; None for the hall or the small stage.
        screens: what the set's screens show, where it differs from the set's own.
        cue_screens: what cues show on them.
        wardrobe: avatars to which cues change performers, besides `avatars`.
        expressiveness: of the performers' avatars in order, 0 to 1; one value counts for all, and
            those without have their avatar's own.
        cameras: calibration files of the inputs with several cameras on one performer, in their
            order.
        models: weights of the performers' own learned models, by performer in order; those without
            have what is kept under their name, or the shipped ones.
        titles: over the picture: lyrics, lower thirds, logo, disclosure label.
        document: that the plan was built from, with cues, looks and cameras; None for a plan made
            by a program.
        fans: the endpoint at which fans move the audience; None for none.
        is_keyed: draw the avatars alone over transparency, for recordings with alpha.
        standby: keep a second engine ready, which takes over if the first one dies.
        standby_machine: paired machine whose engine takes over if this machine's is lost; empty for
            none.
        slate: picture that replaces a missing program on air; None for the house's.
        watch: where the pages of HLS outputs are served.
        metrics: loopback port of the show's metrics; 0 for none.
        guests: where guests join, for inputs guest:NAME.
        machines: where other machines join; None if none may.
        mark: the show's number in the watermark of its pictures.
        sound: what is mixed with the song, and the sound devices; None for the song alone.
        licences: signed licences for the avatars, besides those found next to their files.
        consents: signed consents of the performers, besides those in the user's data.
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
    set: Path | None = None
    screens: tuple[ScreenSource, ...] = ()
    cue_screens: tuple[ScreenSource, ...] = ()
    wardrobe: tuple[WardrobePiece, ...] = ()
    expressiveness: tuple[float, ...] = ()
    cameras: tuple[Path, ...] = ()
    models: tuple[tuple[Path, ...], ...] = ()
    titles: TitlePlan = field(default_factory=TitlePlan)
    document: ReadShow | None = None
    fans: FansSettings | None = None
    is_keyed: bool = False
    slate: Path | None = None
    standby: bool = False
    standby_machine: str = ""
    watch: WatchAddress = field(default_factory=WatchAddress)
    metrics: int = 0
    guests: WatchAddress = field(default_factory=WatchAddress)
    machines: HostPort | None = None
    mark: int = field(default_factory=lambda: secrets.randbelow(1 << SHOW_BITS), compare=False)
    sound: SoundPlan | None = None
    licences: tuple[Path, ...] = ()
    consents: tuple[Path, ...] = ()
    songs: tuple[SongPlan, ...] = ()

    def sound_of(self, view: str) -> SoundPlan | None:
        """Return the sound of a view's media process; only the program's plays to devices."""
        if self.sound is None or view == PROGRAM:
            return self.sound
        return replace(self.sound, room="", performer_return="", talkback="")

    @property
    def has_vertical(self) -> bool:
        """Return whether any output shows the upright view."""
        return any(spec.view == VERTICAL for spec in (*self.streams, *self.recordings))

    def calibration(self, number: int) -> Path | None:
        """Return the calibration file of an input; None for a single camera or without one."""
        if len(split_cameras(self.inputs[number])) == 1:
            return None
        before = sum(len(split_cameras(word)) > 1 for word in self.inputs[:number])
        return self.cameras[before] if before < len(self.cameras) else None

    def focal(self, number: int) -> float:
        """Return the focal length of an input's lens over its picture's longer side."""
        return self.lenses[number] if number < len(self.lenses) else USUAL_FOCAL


def keep_takes(plan: ShowPlan) -> ShowPlan:
    """Return the plan of an engine that goes on with a show: its take is another part."""
    take = plan.companions.take
    if take is None or not take.exists():
        return plan
    return replace(plan, companions=replace(plan.companions, take=next_part(take)))


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


def upright_size(size: tuple[int, int]) -> tuple[int, int]:
    """Return the size of an upright picture of as many lines as a wide one has columns."""
    width, height = size
    return max(height // 8, 16) * 8, width


def require_new(recording: OutputSpec, remedy: str) -> None:
    """Check that a recording replaces no file.

    Raises:
        OutputError: a file of its name exists, or its folder has images.
    """
    path = Path(recording.address)
    if recording.is_recording and path.exists():
        raise OutputError(recording.address, "is there already", remedy)
    if recording.is_images and list_images(path):
        raise OutputError(recording.address, "has images already", remedy)


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
