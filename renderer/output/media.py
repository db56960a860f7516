"""Run a media process with its only engine."""

from __future__ import annotations

import weakref
from fractions import Fraction
from pathlib import Path

from renderer.errors import RendererError
from renderer.output.encode.format import ProgramFormat
from renderer.output.media_client import MediaClient
from renderer.output.media_host import PROCESS, MediaHost
from renderer.output.media_link import ANSWER_S, FINISH_S
from renderer.output.sound.settings import SoundPlan
from renderer.transport.pixel_layout import PixelLayout


class MediaProcess(MediaClient):
    """A media process with its only engine. Start it before the show.

    Args:
        width, height: of the picture, pixels, even.
        rate: frames per second.
        live: drop frames rather than wait, and encode for low latency; else every frame is
            encoded and the producer blocks.
        song: played from show time zero; None for silence.
        bitrate: of the picture, bits per second; None for a default.
        has_alpha: whether frames are RGBA, for recordings with alpha.
        name: of the process, for lists of processes.
        slate: picture that replaces a missing program; None for the house's.
        mark: number of the show in the pictures' watermark; None for pictures without one.
        sound: what is mixed with the song; None for the song alone.
    """

    def __init__(
        self,
        width: int,
        height: int,
        rate: Fraction | int,
        live: bool,
        song: Path | None = None,
        bitrate: int | None = None,
        *,
        has_alpha: bool = False,
        name: str = PROCESS,
        slate: Path | None = None,
        mark: int | None = None,
        sound: SoundPlan | None = None,
    ) -> None:
        super().__init__(live)
        program = ProgramFormat(
            width, height, Fraction(rate), live, bitrate, mark=mark, has_alpha=has_alpha
        )
        self._host = MediaHost(program, song, slate, name, sound=sound)
        if has_alpha:
            self.layout = PixelLayout.RGBA
        self._finalizer: weakref.finalize[..., MediaProcess] | None = None

    def start(self) -> None:
        """Start the process, and wait until it accepts frames.

        Raises:
            OutputError: it cannot encode this format or read this song.
        """
        self._host.start()
        # If the engine exits by an exception, it still waits until its recordings are complete.
        self._finalizer = weakref.finalize(self, self._host.stop, FINISH_S)
        try:
            self.attach(self._host.create_link(PROCESS))
        except RendererError:
            self.close()
            raise

    @property
    def alive(self) -> bool:
        """Return whether the process runs."""
        return self._host.is_running

    @property
    def pid(self) -> int | None:
        """Return the process ID; None if it does not run."""
        return self._host.pid

    def wait(self, timeout: float) -> bool:
        """Wait for the process to end; return whether it has ended in time."""
        return self._host.wait(timeout)

    def close(self) -> None:
        """End the process without a report, and free the memory. Idempotent.

        A running process finishes what was submitted; it is killed after a few seconds.
        """
        super().close()
        if self._finalizer is not None:
            self._finalizer.detach()
        self._host.stop(ANSWER_S)
        if self._client is not None:
            self._client.join(ANSWER_S)

    def _describe_end(self) -> str:
        self._host.wait(1.0)
        return self._host.fate or super()._describe_end()
