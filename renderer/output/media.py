"""The engine's handle on the media process.

Encoding and its libraries live in a process of their own: the render loop never waits for a disk
or a server, and what is being recorded is finished in order even if the engine is killed. This
module imports none of that; the media process does, when it starts.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from multiprocessing.util import Finalize
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from renderer.errors import OutputError, RendererError
from renderer.output.encode.format import ProgramFormat
from renderer.output.requests import (
    Add,
    Ask,
    Finish,
    Forget,
    Job,
    MediaReport,
    Ready,
    Remove,
    Request,
)
from renderer.output.spec import OutputSpec
from renderer.protocol.messages import OutputStatus
from renderer.transport.ring import FrameHeader, FrameRing, PeerGone

SLOTS = 6
"""Frames under way: a tenth of a second at 60 frames a second."""
START_S, ANSWER_S, OPEN_S, FINISH_S = 60.0, 5.0, 15.0, 60.0
LOOK_S = 0.05
"""How often a new output is looked at until it runs."""


class MediaProcess:
    """Start it before the show, then for each frame: `frame_buffer`, fill, `submit`.

    `frame_buffer` and `submit` belong to one thread; all else may be called from any.

    Args:
        width, height: of the picture, pixels, even.
        rate: frames a second.
        live: drop frames rather than wait, and encode for low latency; else every frame is
            encoded and the producer held back.
        song: heard from show time zero; None for silence.
        bitrate: of the picture, bits a second; None for a fitting one.
    """

    def __init__(
        self,
        width: int,
        height: int,
        rate: Fraction | int,
        live: bool,
        song: Path | None = None,
        bitrate: int | None = None,
    ) -> None:
        self._size, self._rate = (width, height), Fraction(rate)
        self._live, self._song, self._bitrate = live, song, bitrate
        self._lock = threading.Lock()
        self._process: SpawnProcess | None = None
        self._ring: FrameRing | None = None
        self._control: Connection | None = None
        self._let_go: Callable[[], object] = _nothing
        self.encoder = ""

    def start(self) -> None:
        """Start the process, and wait until it takes frames.

        Raises:
            OutputError: it cannot encode this picture or read this song.
        """
        width, height = self._size
        program = ProgramFormat(width, height, self._rate, self._live, self._bitrate)
        program.check()
        context = get_context("spawn")
        self._ring = FrameRing((height * 3 // 2, width), SLOTS)
        self._control, theirs = context.Pipe(duplex=True)
        job = Job(program, self._song, self._ring.handle, theirs)
        self._process = context.Process(target=_serve, args=(job,), name="media")
        self._process.start()
        theirs.close()
        self._ring.handed_over()
        # At exit multiprocessing waits for its children, and this one for the end of the frames.
        self._let_go = Finalize(self, _close, (self._ring, self._control), exitpriority=10)
        try:
            answer = self._receive(START_S)
            if not isinstance(answer, Ready):
                raise self._gone()
        except RendererError:
            self._abandon()
            raise
        self.encoder = answer.encoder

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.is_alive()

    @property
    def dropped(self) -> int:
        """Live frames for which there was no room."""
        return self._ring.dropped if self._ring is not None else 0

    def frame_buffer(self, timeout: float = 0.0) -> npt.NDArray[np.uint8] | None:
        """Find room for a frame.

        Args:
            timeout: seconds to wait for it; a live show never waits.

        Returns:
            (height * 3 // 2, width) uint8 to fill with I420; None if there is no room.

        Raises:
            OutputError: the media process has died.
        """
        try:
            return self._started_ring().acquire(0.0 if self._live else timeout)
        except PeerGone as gone:
            raise self._gone() from gone

    def submit(self, number: int, t_show_ns: int, t_seen_ns: int) -> None:
        """Send the frame whose buffer was filled last.

        Raises:
            OutputError: the media process has died.
        """
        try:
            self._started_ring().commit(
                FrameHeader(number, t_show_ns, t_seen_ns, time.monotonic_ns())
            )
        except PeerGone as gone:
            raise self._gone() from gone

    def add(self, spec: OutputSpec) -> str:
        """Start an output, and wait until it is open; frames go on meanwhile.

        Returns:
            Its name, for `remove`.

        Raises:
            OutputError: it cannot be opened; nothing of it stays behind.
        """
        name: str = self._ask(Add(spec))
        status = self._await(name, ("waiting",), OPEN_S)
        if status.state in ("running", "ended"):
            return name
        self._ask(Forget(name))
        raise OutputError(
            f"the output {spec.shown}",
            status.detail or f"did not open within {OPEN_S:.0f} s",
            "check its address and try again",
        )

    def remove(self, name: str) -> OutputStatus:
        """End an output once it has written what waits; say how it fared.

        Raises:
            OutputError: there is none of that name.
        """
        self._ask(Remove(name))
        return self._await(name, ("waiting", "running", "retrying"), OPEN_S)

    def statuses(self) -> list[OutputStatus]:
        """How every output is doing, those that are over included."""
        answer: list[OutputStatus] = self._ask(Ask())
        return answer

    def finish(self) -> MediaReport:
        """Encode what was submitted, finish every output, and end the process.

        Raises:
            OutputError: the media process had died; the recordings up to then are playable.
        """
        dropped = self.dropped
        self._started_ring().close()
        try:
            report: MediaReport = self._ask(Finish(), FINISH_S)
        finally:
            self._abandon()
        return replace(report, dropped=dropped)

    def _await(self, name: str, states: tuple[str, ...], timeout: float) -> OutputStatus:
        """Wait until an output has left `states`; its status then or when the time is up."""
        deadline = time.monotonic() + timeout
        while True:
            status = next((s for s in self.statuses() if s.name == name), None)
            if status is None:
                raise OutputError(f"the output {name!r}", "is not there", "see the outputs' names")
            if status.state not in states or time.monotonic() > deadline:
                return status
            time.sleep(LOOK_S)

    def _ask(self, request: Request, timeout: float = ANSWER_S) -> Any:
        if self._control is None:
            raise _not_running()
        with self._lock:
            try:
                self._control.send(request)
            except OSError as gone:
                raise self._gone() from gone
            return self._receive(timeout)

    def _receive(self, timeout: float) -> Any:
        if self._control is None:
            raise _not_running()
        try:
            if not self._control.poll(timeout):
                raise OutputError(
                    "the media process", f"did not answer within {timeout:.0f} s", "start it again"
                )
            answer = self._control.recv()
        except (EOFError, OSError) as gone:
            raise self._gone() from gone
        if isinstance(answer, RendererError):
            raise answer
        return answer

    def _started_ring(self) -> FrameRing:
        if self._ring is None or not self._process:
            raise _not_running()
        return self._ring

    def _gone(self) -> OutputError:
        code = None
        if self._process is not None:
            self._process.join(1.0)
            code = self._process.exitcode
        return OutputError(
            "the media process",
            f"has died (exit code {code})",
            "start it again; what was recorded until then can be played",
        )

    def _abandon(self) -> None:
        """Let go of the process; kill it if it does not end by itself."""
        self._let_go()
        process, self._process, self._control = self._process, None, None
        if process is not None:
            process.join(ANSWER_S)
            if process.is_alive():
                process.kill()
                process.join()
            process.close()


def _serve(job: Job) -> None:
    # Imported in the media process, so that the engine need not.
    from renderer.output.worker import serve

    serve(job)


def _close(ring: FrameRing, control: Connection) -> None:
    with contextlib.suppress(OSError):
        ring.close()
        control.close()


def _not_running() -> OutputError:
    return OutputError("the media process", "is not running", "start it first")


def _nothing() -> None:
    """There is nothing to let go of before the start."""
