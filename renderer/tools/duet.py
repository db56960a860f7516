"""Render both idols dancing together in the concert hall to the demo's song, without a performer.

Everything after motion is the show's own code: springs, renderer, encoder, file.
"""

from __future__ import annotations

import tempfile
import wave
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from avatars import load_avatar
from avatars.authoring.dance import score
from renderer.errors import OutputError, ShowError
from renderer.graphics.drawables.screens.media import ScreenLibrary
from renderer.graphics.quality import Quality
from renderer.graphics.records import ProgramFrame
from renderer.graphics.renderer import StageRenderer
from renderer.output.audio.sound import Song
from renderer.output.encode.alpha import AlphaRecording
from renderer.output.encode.packets import AUDIO_CLOCK
from renderer.output.media import MediaProcess
from renderer.output.output_words import parse_recording
from renderer.paths import HALL, IDOL, IDOL_2, SONG
from renderer.protocol.outputs import OutputState
from renderer.protocol.pictures import PROGRAM, VERTICAL
from renderer.rights.case import describe_file, open_case
from renderer.rights.decision import ShowFacts
from renderer.rights.declaration import Declaration, OutputKind
from renderer.rights.disclosure import decide_disclosure
from renderer.rights.disclosure.marks import require_marks
from renderer.rights.disclosure.profile import Mark
from renderer.rights.footage.check import FootageCheck
from renderer.rights.vrm_terms import credit_line
from renderer.show.clock import due_ns
from renderer.show.plan import program_size, upright_size
from renderer.show.rights.label import disclose
from renderer.stage.cameras.performers import PerformerMeasure
from renderer.stage.concert import Concert, StagedSong, Staging
from renderer.stage.records import ScreenSource, StageState
from renderer.stage.sets.screen_sources import check_screen_sources, screen_files
from renderer.stage.sets.stage_set import load_set
from renderer.stage.text.titles import TitlePlan
from renderer.tools.dancer import FPS, FRAMES, Dancer
from renderer.tools.duet_staging import MARKS, STAGING
from renderer.tools.provenance import RenderedWork
from renderer.tools.song_titles import song_titles
from renderer.transport.pixel_layout import PixelLayout

_BEATS_A_FRAME: Final = score.BPM / 60.0 / FPS
_WAIT_S: Final = 60.0
_LEAD_IN: Final = 4
"""Frames of a camera's movement before a still."""
_JPEG_QUALITY: Final = 88
_FADE: Final = AUDIO_CLOCK // 4
"""Samples of the fade-in of a song that is cut at its start."""

Notify = Callable[[str], None]
U8 = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class DuetPlan:
    """What to render.

    Attributes:
        file: .mp4 for the video with its song, .png for the picture of its first frame; keyed,
            .mov or .webm for a video without sound.
        start: first beat.
        beats: maximum number of beats; the dance ends with the song.
        avatars: the dancers on the left and on the right of the picture.
        size: pixels; None chooses it by this machine's renderer.
        set: file of the stage set; None for the concert hall.
        screens: what the set's screens show, where it differs from the set's own.
        vertical: file of the upright view, which has cameras of its own; None for none.
        has_titles: whether lyrics and titles are laid over the picture.
        has_label: whether the disclosure label is; only pictures that are not published lack it.
        is_keyed: whether the dancers alone are rendered, over transparency.
        staging: looks and cameras by the beat.
    """

    file: Path
    start: float = 20.0
    beats: float = 40.0
    avatars: tuple[Path, Path] = (IDOL, IDOL_2)
    size: tuple[int, int] | None = None
    set: Path | None = None
    screens: tuple[ScreenSource, ...] = ()
    vertical: Path | None = None
    has_titles: bool = True
    has_label: bool = True
    is_keyed: bool = False
    staging: Staging = STAGING

    @property
    def frames(self) -> range:
        """Return the frames of the dance that are rendered.

        Raises:
            ShowError: there are none.
        """
        first = round(self.start / _BEATS_A_FRAME)
        last = min(FRAMES, first + round(self.beats / _BEATS_A_FRAME))
        if not 0 <= first < last:
            raise ShowError(
                f"A duet of {self.beats:g} beats from beat {self.start:g}",
                f"the dance has {score.BEATS} beats, so there is nothing to show",
                "begin at 0 or later and before its end",
            )
        return range(first, last)

    @property
    def files(self) -> dict[str, Path]:
        """Return the file of each view."""
        upright = {VERTICAL: self.vertical} if self.vertical is not None else {}
        return {PROGRAM: self.file, **upright}


def give_duet(plan: DuetPlan, notify: Notify) -> None:
    """Render the duet to its files.

    Args:
        plan: what to render.
        notify: called with progress messages.

    Raises:
        RendererError: an avatar may not or cannot dance, or a file cannot be written.
    """
    frames = plan.frames
    is_picture = {view: file.suffix.lower() == ".png" for view, file in plan.files.items()}
    with Duet(plan, notify) as duet:
        if any(is_picture.values()):
            duet.draw_still(frames.start)
            for view, file in plan.files.items():
                if is_picture[view]:
                    keep_still(duet.work.mark(duet.picture(view)), file)
                    if not plan.is_keyed:
                        # Credentials state the mark, which material for keying has not.
                        duet.work.sign(file)
                    notify(f"{file}: beat {plan.start:g}")
        films = {view: file for view, file in plan.files.items() if not is_picture[view]}
        if films:
            (_film_keyed if plan.is_keyed else _film)(duet, frames, films, notify)
        for credit in duet.credits:
            notify(f"Credit     {credit}")


def _film(duet: Duet, frames: range, files: Mapping[str, Path], notify: Notify) -> None:
    """Render frames to one video for each view in `files`."""
    outputs = {view: parse_recording(str(file)) for view, file in files.items()}
    with ExitStack() as house:
        folder = Path(house.enter_context(tempfile.TemporaryDirectory()))
        song = cut_song(SONG, folder / "song.wav", frames.start / FPS, frames.stop / FPS)
        media: dict[str, MediaProcess] = {}
        for view, output in outputs.items():
            media[view] = one = MediaProcess(
                *duet.sizes[view], FPS, live=False, song=song, mark=duet.work.number
            )
            one.start()
            house.callback(_finish, one)
            one.add(output)
            duet.set_layout(view, one.layout)
        for number, frame in enumerate(frames):
            duet.draw(frame, number)
            for view in duet.sizes:
                made = duet.renderer.collect(view)
                if made is not None and view in media:
                    send_frame(media[view], made)
            if number % (2 * FPS) == 0:
                notify(f"{number} of {len(frames)} frames")
        for view, one in media.items():
            for made in duet.renderer.finish(view):
                send_frame(one, made)
        reports = [one.finish() for one in media.values()]
    for status in (status for report in reports for status in report.outputs):
        if status.state is OutputState.FAILED:
            raise OutputError(status.address, status.detail, "choose another file and try again")
    for view, file in files.items():
        duet.work.sign(file)
        width, height = duet.sizes[view]
        notify(f"{file}: {len(frames) / FPS:.1f} s, {width}×{height}")


def _finish(media: MediaProcess) -> None:
    """Finish what an error has left open."""
    if media.alive:
        media.finish()


def _film_keyed(duet: Duet, frames: range, files: Mapping[str, Path], notify: Notify) -> None:
    """Render frames to one video with alpha for each view in `files`."""
    with ExitStack() as house:
        films = {
            view: house.enter_context(AlphaRecording(file, *duet.sizes[view], FPS))
            for view, file in files.items()
        }
        for number, frame in enumerate(frames):
            duet.draw(frame, number)
            for view in duet.sizes:
                made = duet.renderer.collect(view)
                if made is not None and view in films:
                    films[view].write(made.planes)
            if number % (2 * FPS) == 0:
                notify(f"{number} of {len(frames)} frames")
        for view, film in films.items():
            for made in duet.renderer.finish(view):
                film.write(made.planes)
    for view, file in files.items():
        width, height = duet.sizes[view]
        notify(f"{file}: {len(frames) / FPS:.1f} s, {width}×{height}, straight alpha")


class Duet:
    """Two dancers on a stage, and the renderer that draws them.

    Args:
        plan: what to render.
        notify: called with what is left out of the set.
        quality: of effects; None chooses it by this machine's renderer.
        samples: of multisampling; None chooses it likewise.

    Attributes:
        sizes: of the views, pixels.
        work: its marks and credentials.

    Raises:
        RendererError: an avatar, the set or a screen's file cannot be read, or an avatar may not
            dance here or cannot be drawn.
    """

    def __init__(
        self,
        plan: DuetPlan,
        notify: Notify = print,
        *,
        quality: Quality | None = None,
        samples: int | None = None,
    ) -> None:
        declaration = Declaration(performer="Encore's synthetic performer")
        footage = FootageCheck(declaration.show)
        for file in screen_files(plan.screens):
            footage.require(file)
        cast = [load_avatar(path) for path in plan.avatars]
        facts = ShowFacts(declaration, frozenset({OutputKind.RECORDING}))
        pairs = [
            (path, describe_file(avatar)) for path, avatar in zip(plan.avatars, cast, strict=True)
        ]
        case = open_case(pairs, [declaration.performer] * len(cast), facts)
        self.work = RenderedWork(declaration, case.require_allowed())
        self.credits = [line for avatar in cast if (line := credit_line(avatar.meta))]
        self.dancers = [
            Dancer(avatar, row, mark, mirror=row == 1)
            for row, (avatar, mark) in enumerate(zip(cast, MARKS, strict=True))
        ]
        size = program_size(plan.size)
        self.sizes = {PROGRAM: size}
        if plan.vertical is not None:
            self.sizes[VERTICAL] = upright_size(size)
        stage = load_set(plan.set or HALL)
        for warning in stage.warnings:
            notify(f"Warning    {warning}")
        check_screen_sources(plan.screens, stage.screens)
        self._measures = [
            PerformerMeasure(avatar, dancer.rest_positions)
            for avatar, dancer in zip(cast, self.dancers, strict=True)
        ]
        titles = song_titles()
        terms = [licence.terms for licence in case.licences]
        disclosure = decide_disclosure(
            (), [one.depicts for one in terms], [*(one.label for one in terms), titles.disclosure]
        )
        for file in plan.files.values():
            # Videos and stills are marked and signed, except material for keying.
            require_marks(disclosure, str(file), Mark, is_file=True, is_keyed=plan.is_keyed)
        titles = titles if plan.has_titles else TitlePlan()
        titles = disclose(titles, disclosure) if plan.has_label else replace(titles, disclosure="")
        self._concert = Concert(StagedSong(plan.staging, titles), stage, plan.screens)
        self._is_keyed = plan.is_keyed
        self._aspects = {view: width / height for view, (width, height) in self.sizes.items()}
        self._aspect = self._aspects.pop(PROGRAM)
        self._library = ScreenLibrary(screen_files(plan.screens))
        try:
            self.renderer = StageRenderer(
                *size,
                stage,
                cast,
                samples,
                quality=quality,
                is_keyed=plan.is_keyed,
                library=self._library,
            )
            self._concert.has_screen_cameras = self.renderer.draws_screen_cameras
            for view in self._aspects:
                self.renderer.open_view(view, *self.sizes[view])
            self.renderer.prepare_titles(titles)
        except BaseException:
            self._library.close()
            raise

    def __enter__(self) -> Duet:
        return self

    def __exit__(self, *_: object) -> None:
        self.renderer.close()
        self._library.close()

    def set_layout(self, view: str, layout: PixelLayout) -> None:
        """Have a view's frames drawn in an encoder's layout."""
        if layout is not PixelLayout.I420:
            self.renderer.open_view(view, *self.sizes[view], layout)

    def picture(self, view: str) -> U8:
        """Return a view's last picture, RGB, or keyed RGBA with straight alpha as PNG keeps it."""
        picture = self.renderer.picture(view)
        if not self._is_keyed:
            return picture
        alpha = np.maximum(picture[..., 3:], 1)
        color = np.minimum((picture[..., :3] * np.uint16(255) + alpha // 2) // alpha, 255)
        return np.concatenate((color.astype(np.uint8), picture[..., 3:]), axis=-1)

    def draw(self, frame: int, number: int = 0) -> None:
        """Draw a frame of the dance as frame `number` of the program."""
        self.renderer.draw(self._state(frame, number))

    def draw_still(self, frame: int) -> None:
        """Draw one frame of the dance, with its camera on its way, for `picture`.

        The camera begins to move some frames before, and the side screens show the previous frame.
        """
        for before in range(max(0, frame - _LEAD_IN), max(0, frame - 1)):
            self._state(before, 0)
        for drawn in range(max(0, frame - 1), frame + 1):
            self.draw(drawn)
            for view in self.sizes:
                self.renderer.collect(view)

    def _state(self, frame: int, number: int) -> StageState:
        avatars = tuple(dancer.pose_frame(frame) for dancer in self.dancers)
        performers = [
            measure.locate(dancer.bone_positions())
            for measure, dancer in zip(self._measures, self.dancers, strict=True)
        ]
        return self._concert.state(
            frame / FPS,
            performers,
            self._aspect,
            number=number,
            t_show_ns=due_ns(number, FPS),
            t_seen_ns=0,
            avatars=avatars,
            views=self._aspects,
        )


def cut_song(song: Path, to: Path, start: float, end: float) -> Path:
    """Write part of a song, from `start` to `end` seconds, to a WAV file, faded in at a cut.

    Raises:
        OutputError: the song cannot be read or the file not written.
    """
    with closing(Song(song)) as whole:
        whole.read(round(start * AUDIO_CLOCK))
        part = whole.read(round((end - start + 1.0) * AUDIO_CLOCK)).copy()
    if start > 0.0:
        length = min(_FADE, part.shape[1])
        part[:, :length] *= np.linspace(0.0, 1.0, length, dtype=np.float32)
    samples = np.clip(np.round(part.T * 32767.0), -32768, 32767).astype("<i2")
    try:
        with to.open("wb") as bytes_, wave.open(bytes_) as file:
            file.setnchannels(2)
            file.setsampwidth(2)
            file.setframerate(AUDIO_CLOCK)
            file.writeframes(samples.tobytes())
    except OSError as fault:
        raise _build_write_error(to, fault) from fault
    return to


def send_frame(media: MediaProcess, frame: ProgramFrame) -> None:
    """Hand a frame to a media process; waits until it takes one.

    Raises:
        OutputError: it takes none.
    """
    buffer = media.frame_buffer(_WAIT_S)
    if buffer is None:
        raise OutputError(
            "The media process", f"took no frame for {_WAIT_S:.0f} s", "make the duet again"
        )
    np.copyto(buffer, frame.planes)
    media.submit(frame.number, frame.t_show_ns, frame.t_seen_ns, layout=frame.layout)


def keep_still(picture: U8, file: Path) -> None:
    """Write a picture as PNG or JPEG, by the file's name.

    Raises:
        OutputError: it cannot be written.
    """
    try:
        Image.fromarray(picture).save(file, optimize=True, quality=_JPEG_QUALITY)
    except OSError as fault:
        raise _build_write_error(file, fault) from fault


def _build_write_error(file: Path, fault: OSError) -> OutputError:
    return OutputError(
        str(file), f"cannot be written ({fault.strerror})", "choose another file or folder"
    )
