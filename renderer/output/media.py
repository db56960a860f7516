"""Control the media process from the engine.

Encoding and its libraries run in a separate process: the render loop never waits for a disk or a
server, and recordings are finalised even if the engine is killed. This module imports none of those
libraries; the media process does, when it starts.
"""

from __future__ import annotations

import itertools
import threading
import time
import weakref
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from multiprocessing import Pipe
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from renderer.errors import OutputError, RendererError
from renderer.output.encode.format import ProgramFormat
from renderer.output.interrupted import settle_interrupted
from renderer.output.requests import (
    Add,
    Discard,
    GetStatus,
    Job,
    MediaReport,
    MediaRequest,
    MediaStatus,
    Ready,
    Remove,
)
from renderer.output.spec import OutputSpec
from renderer.processes.child import Child
from renderer.processes.process import ChildProcess
from renderer.protocol.outputs import OutputState, OutputStatus
from renderer.transport.ring import FrameHeader, FrameRing, PeerGone
from renderer.transport.rpc import ConnectionEnded, RpcClient

NAME = "the media process"
SLOTS = 6
"""Frames in flight: a tenth of a second at 60 frames per second."""
START_S, ANSWER_S, OPEN_S, FINISH_S = 60.0, 5.0, 15.0, 60.0
LOOK_S = 0.05
"""Interval in seconds between checks of whether a new output runs."""


class MediaEnded(OutputError):  # noqa: N818 - it tells of an end, which is not always an error
    """The media process has died, or ended before it was asked to."""


class MediaProcess:
    """The media process. Start it before the show; then per frame: `frame_buffer`, fill, `submit`.

    `frame_buffer` and `submit` belong to one thread; all other methods may be called from any.
    While the process does not respond (stopped, swapped out, waiting for a disk), requests are
    late, `silent_s` grows and live frames are refused; it continues once it responds again.

    Args:
        width, height: of the picture, pixels, even.
        rate: frames per second.
        live: drop frames rather than wait, and encode for low latency; else every frame is
            encoded and the producer blocks.
        song: played from show time zero; None for silence.
        bitrate: of the picture, bits per second; None for a default.
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
        self._program = ProgramFormat(width, height, Fraction(rate), live, bitrate)
        self._song = song
        self._process: ChildProcess | None = None
        self._ring: FrameRing | None = None
        self._client: RpcClient | None = None
        self._ready: Future[Ready] = Future()
        self._report: Future[MediaReport] = Future()
        self._finalizer: weakref.finalize[..., MediaProcess] | None = None
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._specs: dict[str, OutputSpec] = {}
        self._last = MediaStatus([], {})
        self._fate = ""
        self.encoder = ""

    def start(self) -> None:
        """Start the process, and wait until it accepts frames.

        Raises:
            OutputError: it cannot encode this format or read this song.
        """
        self._program.check()
        try:
            self._spawn()
            self.encoder = self._await_ready().encoder
        except RendererError:
            self._stop()
            raise

    @property
    def alive(self) -> bool:
        """Return whether the process runs."""
        return self._process is not None and self._process.is_running

    @property
    def pid(self) -> int | None:
        """Return the process ID; None if it does not run."""
        return self._process.pid if self._process is not None else None

    @property
    def has_ended(self) -> bool:
        """Return whether the process was started and has ended."""
        return self._client is not None and self._client.ended

    @property
    def silent_s(self) -> float:
        """Return for how many seconds the oldest unanswered request has waited."""
        return self._client.silent_s if self._client is not None else 0.0

    @property
    def dropped(self) -> int:
        """Return the number of live frames dropped because the ring was full."""
        return self._ring.dropped if self._ring is not None else 0

    def frame_buffer(self, timeout: float = 0.0) -> npt.NDArray[np.uint8] | None:
        """Return a free frame buffer.

        Args:
            timeout: seconds to wait for one; a live show never waits.

        Returns:
            (height * 3 // 2, width) uint8 to fill with I420; None if the ring is full.

        Raises:
            MediaEnded: the media process has died.
        """
        try:
            return self._require_ring().acquire(0.0 if self._program.live else timeout)
        except PeerGone as gone:
            raise self._ended() from gone

    def submit(self, number: int, t_show_ns: int, t_seen_ns: int, run: int = 0) -> None:
        """Send the frame whose buffer was filled last.

        Args:
            run: run of show time; the first frame of a later run restarts the song.

        Raises:
            MediaEnded: the media process has died.
        """
        header = FrameHeader(number, t_show_ns, t_seen_ns, time.monotonic_ns(), run)
        try:
            self._require_ring().commit(header)
        except PeerGone as gone:
            raise self._ended() from gone

    def add(self, spec: OutputSpec) -> str:
        """Start one output, as `add_all` does.

        Returns:
            Its name, for `remove`.

        Raises:
            OutputError: it cannot be opened, and has been removed again.
        """
        return self.add_all([spec])[0]

    def add_all(
        self,
        specs: Sequence[OutputSpec],
        *,
        run: int = 0,
        keep_trying: bool = False,
        remedy: str = "check its address and try again",
    ) -> list[str]:
        """Start outputs in parallel, and wait until they are open, without blocking frames.

        Args:
            run: the run whose first frame they begin with; 0 for the next frame of any run.
            keep_trying: one open output is enough; the others are retried until they open.
            remedy: the error's advice.

        Returns:
            Their names, for `remove`.

        Raises:
            OutputError: one of them cannot be opened, or with `keep_trying` none of them can; all
                of them have been removed again.
        """
        names = [f"{spec.kind}-{next(self._numbers)}" for spec in specs]
        try:
            for name, spec in zip(names, specs, strict=True):
                self._call(Add(name, spec, keep_trying, run))
                self._specs[name] = spec
            self._await_open(names, keep_trying, remedy)
        except RendererError:
            for name in names:
                # Sent without waiting for the answer: an output that opens late must not remain.
                self._require_connection().send(Discard(name))
                self._specs.pop(name, None)
            raise
        return names

    def remove(self, name: str) -> OutputStatus:
        """End an output after its queue is written; return its final status.

        Raises:
            OutputError: there is no output of that name, or the media process does not respond, in
                which case the output ends once it responds again.
        """
        self._call(Remove(name))
        deadline = time.monotonic() + OPEN_S
        while True:
            (status,) = self._statuses_of([name])
            if status.state.is_over or time.monotonic() > deadline:
                return status
            time.sleep(LOOK_S)

    def statuses(self) -> list[OutputStatus]:
        """Request and return the status of every output, including ended ones."""
        return self.status().outputs

    def status(self) -> MediaStatus:
        """Request and return the status of the media process and its outputs.

        Raises:
            OutputError: it does not answer.
        """
        status: MediaStatus = self._call(GetStatus())
        self._last = status
        return status

    def ask_status(self) -> Future[MediaStatus]:
        """Request the status without waiting for the answer."""

        def keep(answer: Future[MediaStatus]) -> None:
            if not answer.cancelled() and answer.exception() is None:
                self._last = answer.result()

        future = self._require_connection().send(GetStatus())
        future.add_done_callback(keep)
        return future

    def finish(self) -> MediaReport:
        """Encode all submitted frames, finish every output, and end the process.

        Raises:
            OutputError: the media process had already ended, or did not respond for a minute and
                was killed; `settle` returns the outputs' final statuses.
        """
        dropped = self.dropped
        had_ended = self._report.done()
        self._require_ring().close()
        try:
            report = self._await_report()
        finally:
            self._stop()
        if had_ended:
            raise self._ended()
        return replace(report, dropped=dropped)

    def close(self) -> None:
        """End the process without a report, and free the memory. Idempotent.

        A running process finishes what was submitted; it is killed after a few seconds.
        """
        self._stop()

    def settle(self) -> MediaStatus:
        """Return every output's final status, however the media process ended.

        Unfinished playlists get their end mark.
        """
        if self._report.done() and self._report.exception() is None:
            report = self._report.result()
            return MediaStatus(report.outputs, report.notes)
        known = {status.name: status for status in self._last.outputs}
        for name, spec in self._specs.items():
            known.setdefault(name, OutputStatus(name, spec.kind, spec.shown, OutputState.WAITING))
        self._last = MediaStatus(
            [
                settle_interrupted(self._specs[name], status) if name in self._specs else status
                for name, status in known.items()
            ],
            self._last.notes,
        )
        return self._last

    def _spawn(self) -> None:
        program = self._program
        self._ring = FrameRing((program.height * 3 // 2, program.width), SLOTS)
        control, theirs = Pipe(duplex=True)
        job = Job(program, self._song, self._ring.handle, theirs)
        # An unresponsive process is only reported, since it continues where it was. It ends by
        # itself when the engine is gone, and takes the time that the recordings need.
        process = ChildProcess(
            "media", _serve, job, ready_s=START_S, kill_silent=False, grace_s=None
        )
        process.start()
        self._process = process
        self._ring.release_handle()
        # If the engine exits by an exception, it still waits until its recordings are complete.
        self._finalizer = weakref.finalize(self, _close, self._ring, process)
        self._client = RpcClient(control, NAME, self._hear)

    def _await_ready(self) -> Ready:
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline:
            with suppress(TimeoutError):
                return self._ready.result(LOOK_S)
            if self.has_ended and not self._ready.done():
                raise self._ended()
        raise OutputError(NAME, f"did not start within {START_S:.0f} s", "start it again")

    def _hear(self, event: Ready | MediaReport | RendererError) -> None:
        if isinstance(event, Ready):
            self._ready.set_result(event)
        elif isinstance(event, MediaReport):
            self._report.set_result(event)
        else:
            self._ready.set_exception(event)

    def _await_report(self) -> MediaReport:
        deadline = time.monotonic() + FINISH_S
        while time.monotonic() < deadline:
            with suppress(TimeoutError):
                return self._report.result(LOOK_S)
            if self.has_ended and not self._report.done():
                raise self._ended()
        raise OutputError(
            NAME,
            f"did not finish within {FINISH_S:.0f} s and was ended",
            "start it again; what was recorded until then can be played",
        )

    def _await_open(self, names: list[str], keep_trying: bool, remedy: str) -> None:
        deadline = time.monotonic() + OPEN_S
        while True:
            statuses = self._statuses_of(names)
            waiting = [one for one in statuses if one.state is OutputState.WAITING]
            if not waiting or time.monotonic() > deadline:
                break
            time.sleep(LOOK_S)
        open_states = (OutputState.RUNNING, OutputState.STALLED, OutputState.ENDED)
        closed = [one for one in statuses if one.state not in open_states]
        if not closed or (keep_trying and len(closed) < len(names)):
            return
        whys = [one.detail or f"did not open within {OPEN_S:.0f} s" for one in closed]
        if len(closed) == 1:
            raise OutputError(f"the output {closed[0].address}", whys[0], remedy)
        told = (f"{one.address}: {why}" for one, why in zip(closed, whys, strict=True))
        raise OutputError(f"{len(closed)} outputs", ", ".join(told), remedy)

    def _statuses_of(self, names: Iterable[str]) -> list[OutputStatus]:
        known = {status.name: status for status in self.statuses()}
        for name in names:
            if name not in known:
                raise OutputError(f"the output {name!r}", "is not there", "see the outputs' names")
        return [known[name] for name in names]

    def _call(self, request: MediaRequest) -> Any:
        try:
            return self._require_connection().call(request, ANSWER_S)
        except ConnectionEnded as gone:
            raise self._ended() from gone

    def _require_connection(self) -> RpcClient:
        if self._client is None or self._process is None:
            raise _not_running()
        return self._client

    def _require_ring(self) -> FrameRing:
        if self._ring is None or self._process is None:
            raise _not_running()
        return self._ring

    def _ended(self) -> MediaEnded:
        if self._process is not None:
            self._process.wait(1.0)
            self._fate = self._process.fate
        return MediaEnded(
            NAME,
            f"has died: it {self._fate or 'closed its pipe'}",
            "start it again; what was recorded until then can be played",
        )

    def _stop(self) -> None:
        """Close the process; kill it if it does not end by itself."""
        if self._ring is not None:
            self._ring.close()
        if self._finalizer is not None:
            self._finalizer.detach()
        process = self._process
        if process is None:
            return
        if not process.wait(ANSWER_S):
            process.kill()
        process.stop()
        self._fate = process.fate
        if self._client is not None:
            self._client.join(ANSWER_S)
        self._process = None


def _serve(child: Child, job: Job) -> None:
    # Imported in the media process only, so that the engine does not load it.
    from renderer.output.worker import serve

    serve(child, job)


def _close(ring: FrameRing, process: ChildProcess) -> None:
    with suppress(OSError):
        ring.close()
    process.wait(FINISH_S)


def _not_running() -> OutputError:
    return OutputError(NAME, "is not running", "start it first")


def _nothing() -> None:
    """Do nothing: before the start there is nothing to close."""
