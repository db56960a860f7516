"""Render both idols dancing together in the concert hall to the demo's song, without a performer.

Everything after motion is the show's own code: springs, renderer, encoder, file.
"""

from __future__ import annotations

import tempfile
import wave
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from avatars import load_avatar
from avatars.authoring.dance import score
from renderer.errors import OutputError, ShowError
from renderer.graphics.records import ProgramFrame
from renderer.graphics.renderer import StageRenderer
from renderer.output.audio.sound import Song
from renderer.output.encode.packets import AUDIO_CLOCK
from renderer.output.media import MediaProcess
from renderer.output.spec import parse_recording
from renderer.paths import HALL, IDOL, IDOL_2, SONG
from renderer.protocol.outputs import OutputState
from renderer.rights.licence import Declaration, credit_line, require_allowed
from renderer.show.clock import due_ns
from renderer.show.plan import program_size
from renderer.stage.concert import Concert
from renderer.stage.performers import PerformerMeasure
from renderer.stage.set import load_set
from renderer.tools.dancer import FPS, FRAMES, Dancer
from renderer.tools.duet_staging import MARKS, STAGING

_BEATS_A_FRAME: Final = score.BPM / 60.0 / FPS
_WAIT_S: Final = 60.0
_FADE: Final = AUDIO_CLOCK // 4
"""Samples of the fade-in of a song that is cut at its start."""

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class DuetPlan:
    """What to render.

    Attributes:
        file: .mp4 for the video with its song, .png for the picture of its first frame.
        start: first beat.
        beats: maximum number of beats; the dance ends with the song.
        avatars: the dancers on the left and on the right of the picture.
        size: pixels; None chooses it by this machine's renderer.
    """

    file: Path
    start: float = 20.0
    beats: float = 40.0
    avatars: tuple[Path, Path] = (IDOL, IDOL_2)
    size: tuple[int, int] | None = None


def give_duet(plan: DuetPlan, tell: Tell) -> None:
    """Render the duet to its file.

    Args:
        plan: what to render.
        tell: called with progress messages.

    Raises:
        RendererError: an avatar may not or cannot dance, or the file cannot be written.
    """
    first = round(plan.start / _BEATS_A_FRAME)
    last = min(FRAMES, first + round(plan.beats / _BEATS_A_FRAME))
    if not 0 <= first < last:
        raise ShowError(
            f"A duet of {plan.beats:g} beats from beat {plan.start:g}",
            f"the dance has {score.BEATS} beats, so there is nothing to show",
            "begin at 0 or later and before its end",
        )
    if plan.file.suffix.lower() == ".png":
        with Duet(plan.avatars, plan.size) as duet:
            # The side screens show the previous frame.
            for frame in range(max(0, first - 1), first + 1):
                duet.draw(frame)
                duet.renderer.collect()
            _keep(duet.renderer.picture(), plan.file)
        tell(f"{plan.file}: beat {plan.start:g}")
        return
    output = parse_recording(str(plan.file))
    with ExitStack() as house:
        duet = house.enter_context(Duet(plan.avatars, plan.size))
        folder = Path(house.enter_context(tempfile.TemporaryDirectory()))
        song = cut_song(SONG, folder / "song.wav", first / FPS, last / FPS)
        media = MediaProcess(*duet.size, FPS, live=False, song=song)
        media.start()
        house.callback(lambda: media.finish() if media.alive else None)
        media.add(output)
        for frame in range(first, last):
            duet.draw(frame, frame - first)
            if (made := duet.renderer.collect()) is not None:
                _send(media, made)
            if (frame - first) % (2 * FPS) == 0:
                tell(f"{frame - first} of {last - first} frames")
        for made in duet.renderer.finish():
            _send(media, made)
        report = media.finish()
    for status in report.outputs:
        if status.state is OutputState.FAILED:
            raise OutputError(status.address, status.detail, "choose another file and try again")
    tell(f"{plan.file}: {(last - first) / FPS:.1f} s, {duet.size[0]}×{duet.size[1]}")
    for credit in duet.credits:
        tell(f"Credit     {credit}")


class Duet:
    """Two dancers in the concert hall, and the renderer that draws them.

    Raises:
        RendererError: an avatar cannot be read, may not dance here, or cannot be drawn.
    """

    def __init__(self, avatars: tuple[Path, Path], size: tuple[int, int] | None) -> None:
        cast = [load_avatar(path) for path in avatars]
        declaration = Declaration(performer="Encore's synthetic performer")
        for avatar in cast:
            require_allowed(avatar.meta, declaration)
        self.credits = [line for avatar in cast if (line := credit_line(avatar.meta))]
        self.dancers = [
            Dancer(avatar, row, mark, mirror=row == 1)
            for row, (avatar, mark) in enumerate(zip(cast, MARKS, strict=True))
        ]
        self.size = program_size(size)
        stage = load_set(HALL)
        self._measures = [
            PerformerMeasure(avatar, dancer.rest_positions)
            for avatar, dancer in zip(cast, self.dancers, strict=True)
        ]
        self._concert = Concert(STAGING, stage)
        self.renderer = StageRenderer(*self.size, stage, cast)

    def __enter__(self) -> Duet:
        return self

    def __exit__(self, *_: object) -> None:
        self.renderer.close()

    def draw(self, frame: int, number: int = 0) -> None:
        """Draw a frame of the dance as frame `number` of the program."""
        width, height = self.size
        avatars = tuple(dancer.pose_frame(frame) for dancer in self.dancers)
        performers = [
            measure.locate(dancer.bone_positions())
            for measure, dancer in zip(self._measures, self.dancers, strict=True)
        ]
        self.renderer.draw(
            self._concert.state(
                frame / FPS,
                performers,
                width / height,
                number=number,
                t_show_ns=due_ns(number, FPS),
                t_seen_ns=0,
                avatars=avatars,
            )
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
        raise _unwritable(to, fault) from fault
    return to


def _send(media: MediaProcess, frame: ProgramFrame) -> None:
    buffer = media.frame_buffer(_WAIT_S)
    if buffer is None:
        raise OutputError(
            "The media process", f"took no frame for {_WAIT_S:.0f} s", "make the duet again"
        )
    np.copyto(buffer, frame.planes)
    media.submit(frame.number, frame.t_show_ns, frame.t_seen_ns)


def _keep(picture: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], file: Path) -> None:
    try:
        Image.fromarray(picture).save(file, optimize=True)
    except OSError as fault:
        raise _unwritable(file, fault) from fault


def _unwritable(file: Path, fault: OSError) -> OutputError:
    return OutputError(
        str(file), f"cannot be written ({fault.strerror})", "choose another file or folder"
    )
