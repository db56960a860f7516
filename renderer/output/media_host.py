"""Own a media process: start it, link engines to it, end it.

Encoding and its libraries run in a separate process: the render loop never waits for a disk or a
server, and outputs go on if the engine dies. This module imports none of those libraries; the media
process does, when it starts.
"""

from __future__ import annotations

from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from renderer.errors import RendererError
from renderer.output.encode.format import ProgramFormat
from renderer.output.requests import Job
from renderer.output.sound.settings import SoundPlan
from renderer.processes.child import Child
from renderer.processes.process import ChildProcess
from renderer.protocol.pictures import PROGRAM
from renderer.transport.link import Link, create_link, send_link

PROCESS: Final = "media"
SLOTS: Final = 8
"""Frames in flight, a tenth of a second at 60 frames per second, and the two that media keeps to
repeat them."""
START_S: Final = 60.0
"""Seconds in which the process has to be ready."""


class MediaHost:
    """Starts and ends a media process, and gives engines their end of a link to it.

    Args:
        program: its format.
        song: played from show time zero; None for silence.
        slate: picture that replaces a missing program; None for the house's.
        name: of the process, for lists of processes.
        avoided: names of hardware encoders that have failed in this show.
        sound: what is mixed with the song; None for the song alone.

    Attributes:
        encoder: name of the encoder, once started.
    """

    def __init__(
        self,
        program: ProgramFormat,
        song: Path | None,
        slate: Path | None,
        name: str,
        avoided: frozenset[str] = frozenset(),
        sound: SoundPlan | None = None,
    ) -> None:
        self._program, self._song, self._slate, self._name = program, song, slate, name
        self._avoided, self._sound = avoided, sound
        self.encoder = ""
        self._process: ChildProcess | None = None
        self._channel: Connection | None = None

    def start(self) -> None:
        """Start the process, and wait until it is ready.

        Raises:
            OutputError: it cannot encode this format, or read this song or slate.
            SetupError: it cannot be started.
        """
        self._program.check()
        self._channel, theirs = Pipe(duplex=True)
        job = Job(self._program, self._song, theirs, self._slate, self._avoided, self._sound)
        # An unresponsive process is only reported, since it continues where it was. It ends by
        # itself when its owner is gone, and takes the time that the recordings need.
        self._process = process = ChildProcess(
            self._name, _serve, job, ready_s=START_S, kill_silent=False, grace_s=None
        )
        process.start()
        try:
            self.encoder = process.wait_ready()
        except Exception:
            self.stop(0.0)
            raise

    @property
    def is_running(self) -> bool:
        """Return whether the process runs."""
        return self._process is not None and self._process.is_running

    @property
    def pid(self) -> int | None:
        """Return the process ID; None if it does not run."""
        return self._process.pid if self._process is not None and self.is_running else None

    @property
    def fate(self) -> str:
        """Return how the process ended, to follow its name in a sentence; empty while it runs."""
        return self._process.fate if self._process is not None else ""

    @property
    def has_failed(self) -> bool:
        """Return whether the process has died, rather than finished the show."""
        process = self._process
        return process is not None and not process.is_running and process.exit_status != 0

    @property
    def error(self) -> RendererError | None:
        """Return the error with which the process ended, if it is one of the program's own."""
        return self._process.error if self._process is not None else None

    def create_link(self, view: str) -> Link:
        """Link an engine to the process, in place of the one before, and return the engine's end.

        Args:
            view: whose picture it carries.
        """
        program = self._program
        shape = (
            (program.height, 4 * program.width)
            if program.has_alpha
            else (program.height * 3 // 2, program.width)
        )
        ours, theirs = create_link(view, shape, SLOTS)
        # An engine notices that the process has died by its end of the link.
        with suppress(OSError):
            if self._channel is not None and self._process is not None:
                send_link(self._channel, theirs, self._process.pid or 0)
        theirs.close()
        return ours

    def wait(self, timeout: float) -> bool:
        """Wait for the process to end; return whether it has ended in time."""
        return self._process is None or self._process.wait(timeout)

    def stop(self, seconds: float) -> None:
        """Let the process finish every output, and end it; kill it after a timeout. Idempotent."""
        process, channel = self._process, self._channel
        if process is None or channel is None:
            return
        process.request_stop()
        if not process.wait(seconds):
            process.kill()
        process.stop()
        channel.close()


def media_name(view: str) -> str:
    """Return the name of a view's media process."""
    return PROCESS if view == PROGRAM else f"{view} {PROCESS}"


def _serve(child: Child, job: Job) -> None:
    # Imported in the media process only, so that the engine does not load it.
    from renderer.output.worker import serve

    serve(child, job)
