"""Control a media process from an engine.

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
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from renderer.errors import OutputError, RendererError
from renderer.output.encode.format import ProgramFormat
from renderer.output.interrupted import settle_interrupted
from renderer.output.media_host import PROCESS, MediaHost
from renderer.output.pacing import ShowClock
from renderer.output.requests import (
    Add,
    ControlSound,
    Discard,
    GetStatus,
    MediaReport,
    MediaRequest,
    MediaStatus,
    PlaySong,
    Ready,
    Remove,
    RestoreSound,
    SongSegment,
)
from renderer.output.sound.settings import SoundPlan
from renderer.output.spec import OutputSpec
from renderer.protocol.outputs import OutputState, OutputStatus
from renderer.protocol.sound import SoundCommand, SoundHealth
from renderer.transport.link import Link
from renderer.transport.pixel_layout import PixelLayout
from renderer.transport.ring import FrameHeader, FrameRing, PeerGone
from renderer.transport.rpc import ConnectionEnded, RpcClient

NAME = "the media process"
START_S, ANSWER_S, OPEN_S, FINISH_S = 60.0, 5.0, 15.0, 60.0
T = TypeVar("T")
LOOK_S = 0.05
"""Interval in seconds between checks of whether a new output runs."""


class MediaEnded(OutputError):  # noqa: N818 - it tells of an end, which is not always an error
    """The media process has died, or ended before it was asked to."""


class MediaClient:
    """An engine's end of the link to a media process; per frame: `frame_buffer`, fill, `submit`.

    `frame_buffer` and `submit` belong to one thread; all other methods may be called from any.
    While the process does not respond (stopped, swapped out, waiting for a disk), requests are
    late, `silent_s` grows and live frames are refused; it continues once it responds again.

    Args:
        live: drop frames rather than wait; else the producer blocks.

    Attributes:
        encoder: once attached, the encoder's name.
        layout: once attached, the layout that the encoder takes without conversion.
        clock: once attached, the clock of the show that an earlier engine began, or None.
        segments: once attached, what an earlier engine let play, and planned.
    """

    def __init__(self, live: bool) -> None:
        self._live = live
        self._ring: FrameRing | None = None
        self._client: RpcClient | None = None
        self._ready: Future[Ready] = Future()
        self._report: Future[MediaReport] = Future()
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._specs: dict[str, OutputSpec] = {}
        self._last = MediaStatus([], {})
        self.encoder = ""
        self.layout = PixelLayout.I420
        self.clock: ShowClock | None = None
        self.segments: tuple[SongSegment, ...] = ()

    def attach(self, link: Link) -> None:
        """Use a link, and wait until the media process accepts frames over it.

        Raises:
            OutputError: it does not answer, or has ended.
        """
        self._ready, self._report = Future(), Future()
        self._ring = FrameRing(link.ring)
        self._client = RpcClient(link.requests, NAME, self._hear)
        ready = self._await(self._ready, START_S, "did not start", "start it again")
        self.encoder, self.layout, self.clock = ready.encoder, ready.layout, ready.clock
        self.segments = ready.segments
        self._specs |= ready.outputs
        self._numbers = itertools.count(1 + max(map(_number, ready.outputs), default=0))

    def replace(self, link: Link) -> dict[str, OutputSpec]:
        """Use a link to another media process, in place of one that has died.

        Returns:
            The outputs that the dead one had open, by name; none is open now.

        Raises:
            OutputError: the new process does not answer.
        """
        if self._ring is not None:
            self._ring.close()
        # Outputs that its death interrupted may have been settled since; they are lost, not over.
        over = {
            status.name
            for status in self._last.outputs
            if status.state.is_over and status.state is not OutputState.INTERRUPTED
        }
        lost = {name: spec for name, spec in self._specs.items() if name not in over}
        self.attach(link)
        self._specs = {}
        self._numbers = itertools.count(1 + max(map(_number, lost), default=0))
        return lost

    def add_again(self, name: str, spec: OutputSpec, begins_s: float) -> None:
        """Start an output of the media process that died again, and retry it until it is open.

        Args:
            begins_s: time of the program at which the lost one began, seconds.

        Raises:
            OutputError: the media process has ended, or does not respond.
        """
        self._call(Add(name, spec, keep_trying=True, continues_s=begins_s))
        self._specs[name] = spec

    @property
    def last_statuses(self) -> list[OutputStatus]:
        """Return the last known status of every output, without asking."""
        return list(self._last.outputs)

    @property
    def open_outputs(self) -> dict[str, OutputSpec]:
        """Return the specifications of the outputs by name, including those of earlier engines."""
        return dict(self._specs)

    @property
    def alive(self) -> bool:
        """Return whether the link works."""
        return self._client is not None and not self._client.ended

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
            (height * 3 // 2, width) uint8 to fill with I420 or NV12, or with alpha
            (height, width * 4) to fill with RGBA; None if the ring is full.

        Raises:
            MediaEnded: the media process has died.
        """
        try:
            return self._require_ring().acquire(0.0 if self._live else timeout)
        except PeerGone as gone:
            raise self._build_end_error() from gone

    def submit(
        self,
        number: int,
        t_show_ns: int,
        t_seen_ns: int,
        run: int = 0,
        layout: PixelLayout = PixelLayout.I420,
        origin_ns: int = 0,
    ) -> None:
        """Send the frame whose buffer was filled last.

        Args:
            number, t_show_ns, t_seen_ns: of the frame, as in FrameHeader.
            run: run of show time; the first frame of a later run restarts the song.
            layout: of the buffer's bytes.
            origin_ns: live, monotonic time at the run's show time zero, by which the media process
                replaces frames that do not come; 0 replaces none.

        Raises:
            MediaEnded: the media process has died.
        """
        header = FrameHeader(
            number, t_show_ns, t_seen_ns, time.monotonic_ns(), run, layout, origin_ns
        )
        try:
            self._require_ring().commit(header)
        except PeerGone as gone:
            raise self._build_end_error() from gone

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
            OutputError: one of them does not suit the show's picture or cannot be opened, or with
                `keep_trying` none of them can; all of them have been removed again.
        """
        for spec in specs:
            spec.check_alpha(is_keyed=self.layout is PixelLayout.RGBA)
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

    def play(self, segment: SongSegment) -> Future[None] | None:
        """Play a segment of a song from its time on; live without waiting for the answer.

        Returns:
            Live, the answer to come.

        Raises:
            OutputError: offline, its song cannot be played, or the process has ended.
        """
        if self._live:
            return self._require_connection().send(PlaySong(segment))
        self._call(PlaySong(segment))
        return None

    def control_sound(self, command: SoundCommand) -> Future[str]:
        """Execute a command to the sound, without waiting for what was done.

        Raises:
            OutputError: the process does not run.
        """
        return self._require_connection().send(ControlSound(command))

    def restore_sound(self, health: SoundHealth) -> None:
        """Set the sound's controls as in a process that has died, without waiting.

        Raises:
            OutputError: the process does not run.
        """
        self._require_connection().send(RestoreSound(health))

    def finish(self) -> MediaReport:
        """Encode all submitted frames, finish every output, and end the process.

        Raises:
            OutputError: the media process had already ended, or did not respond for a minute and
                was killed; `settle` returns the outputs' final statuses.
        """
        dropped = self.dropped
        had_ended = self._report.done()
        ring = self._require_ring()
        ring.finish()
        try:
            report = self._await(
                self._report,
                FINISH_S,
                "did not finish",
                "start it again; what was recorded until then can be played",
            )
        finally:
            self.close()
        if had_ended:
            raise self._build_end_error()
        return replace(report, dropped=dropped)

    def close(self) -> None:
        """Close the link. Idempotent."""
        if self._ring is not None:
            self._ring.close()

    def settle(self) -> MediaStatus:
        """Return every output's final status, however the media process ended.

        Unfinished playlists get their end mark.
        """
        if self._report.done() and self._report.exception() is None:
            report = self._report.result()
            return MediaStatus(report.outputs, report.notes, report.held)
        known = {status.name: status for status in self._last.outputs}
        for name, spec in self._specs.items():
            known.setdefault(name, OutputStatus(name, spec.kind, spec.shown, OutputState.WAITING))
        self._last = MediaStatus(
            [
                settle_interrupted(self._specs[name], status) if name in self._specs else status
                for name, status in known.items()
            ],
            self._last.notes,
            self._last.held,
        )
        return self._last

    def _hear(self, event: Ready | MediaReport) -> None:
        if isinstance(event, Ready):
            self._ready.set_result(event)
        else:
            self._report.set_result(event)

    def _await(self, future: Future[T], seconds: float, fault: str, remedy: str) -> T:
        """Return an event's value.

        Raises:
            OutputError: it did not come in time, or the process has ended.
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with suppress(TimeoutError):
                return future.result(LOOK_S)
            if self.has_ended and not future.done():
                raise self._build_end_error()
        raise OutputError(NAME, f"{fault} within {seconds:.0f} s and was ended", remedy)

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
            raise self._build_end_error() from gone

    def _require_connection(self) -> RpcClient:
        if self._client is None:
            raise _build_not_running_error()
        return self._client

    def _require_ring(self) -> FrameRing:
        if self._ring is None:
            raise _build_not_running_error()
        return self._ring

    def _describe_end(self) -> str:
        """Return how the process ended, to follow "it"."""
        return "closed its pipe"

    def _build_end_error(self) -> MediaEnded:
        return MediaEnded(
            NAME,
            f"has died: it {self._describe_end()}",
            "start it again; what was recorded until then can be played",
        )


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


def _number(name: str) -> int:
    """Return the number at the end of an output's name."""
    return int(name.rpartition("-")[2])


def _build_not_running_error() -> OutputError:
    return OutputError(NAME, "is not running", "start it first")
