"""Control the program: what is sent and recorded, when, and to which outputs."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import Final

import numpy as np

from renderer.errors import OutputError, RendererError
from renderer.graphics.records import ProgramFrame
from renderer.output.media import MediaEnded, MediaProcess
from renderer.output.requests import MediaStatus
from renderer.output.spec import OutputSpec, parse_output, parse_recording
from renderer.protocol.alarms import Alarms
from renderer.protocol.outputs import (
    GoLive,
    OutputCommand,
    OutputsHealth,
    OutputState,
    OutputStatus,
    StartRecording,
    StopLive,
    StopRecording,
)
from renderer.protocol.schema import Reply
from renderer.show.background import BackgroundTasks
from renderer.show.clock import ProgramTime
from renderer.show.control.endpoint import DeskEndpoint
from renderer.show.control.publisher import Rate
from renderer.show.control.registry import Answer
from renderer.show.output_alarms import OutputAlarms
from renderer.show.plan import require_new
from renderer.transport.rpc import NoAnswer

IN_PREVIEW: Final = -1
"""Show time of a frame that only the crew sees."""

_OFFLINE_WAIT_S: Final = 60.0
_KEPT: Final = 1800
_ASK_EVERY_S: Final = 0.2
_START_REMEDY: Final = (
    "check its address and try again, or add --start-without-failed to start with the outputs that "
    "work while the others are tried again"
)
_LIVE_REMEDY: Final = (
    "check its address and try again, or go live without the outputs that failed while they are "
    "tried again"
)

_Effect = Callable[[], None]


class Program:
    """Sends frames to the media process while anything is on air or being recorded.

    Show time and the song start with the first frame drawn while an output is open. Recordings made
    before the show has been on air are rehearsals: each rehearsal restarts the song, and so does
    going live. A rehearsal's recording that is still running then continues with the show and its
    song after the rehearsal.

    A media process that does not respond raises an alarm, and its frames are refused and counted
    until it responds again. When it has died, `is_pointless` is true.

    Args:
        media: the started media process.
        streams: live outputs for going live.
        alarms: of the show.
        live: drop frames instead of waiting for the encoder.
    """

    def __init__(
        self, media: MediaProcess, streams: tuple[OutputSpec, ...], alarms: Alarms, *, live: bool
    ) -> None:
        self._media = media
        self._live = live
        self._streams = streams
        self._background = BackgroundTasks()
        # The outputs and the planned run belong to the background task that changes them.
        self._on_air: dict[str, OutputSpec] = {}
        self._recordings: dict[str, OutputSpec] = {}
        self._planned_run = 1
        self._has_been_on_air = False
        self._asked: Future[MediaStatus] | None = None
        self._ask_at = 0.0
        self._statuses: list[OutputStatus] = []
        self._alarms = OutputAlarms(alarms)
        self._latency_ms: list[float] = []
        self._should_roll = False
        self._delivers = not live
        self._sent_run = 0
        self._sent_ns = 0
        self.time = ProgramTime()
        self.sent = 0
        self.refused = 0

    @property
    def on_air(self) -> bool:
        """Return whether a stream is running or reconnecting."""
        return self._any_goes_on(self._on_air)

    @property
    def recording(self) -> bool:
        """Return whether a recording is running."""
        return self._any_goes_on(self._recordings)

    @property
    def is_pointless(self) -> bool:
        """Return whether to stop: media has died, or offline every output has failed."""
        states = {status.state for status in self._statuses}
        return self._media.has_ended or (not self._live and states == {OutputState.FAILED})

    @property
    def statuses(self) -> list[OutputStatus]:
        """Return the outputs' statuses as of the last answer."""
        return self._statuses

    def start(
        self, recordings: tuple[OutputSpec, ...], *, streams: bool, without_failed: bool = False
    ) -> None:
        """Open the outputs that the show starts with.

        Streams are opened first, since they fail more often.

        Args:
            recordings: to open besides the streams.
            streams: whether the show goes on air at once.
            without_failed: one open output is enough; the others are retried.

        Raises:
            RendererError: one cannot be opened; then none is.
        """
        on_air = self._streams if streams else ()
        together = [(*on_air, *recordings)] if without_failed else [on_air, recordings]
        opened: dict[str, OutputSpec] = {}
        for specs in filter(None, together):
            try:
                names = self._media.add_all(
                    specs, run=1, keep_trying=without_failed, remedy=_START_REMEDY
                )
            except RendererError:
                self._remove_all(opened)
                raise
            opened |= zip(names, specs, strict=True)
        self._on_air = {name: spec for name, spec in opened.items() if spec in on_air}
        self._recordings = {name: spec for name, spec in opened.items() if spec not in on_air}
        self._has_been_on_air = streams and bool(opened)
        self._should_roll = bool(opened)

    def show_time(self, t_ns: int) -> int:
        """Return show time for clock time `t_ns`; IN_PREVIEW while nothing is sent or recorded.

        Call it once per tick. Live, show time starts only once the renderer returns frames: its
        first ones take seconds, which would cut off the song's start.
        """
        if self._should_roll and self._delivers:
            self._should_roll = False
            self.time.roll(t_ns)
        return self.time.at(t_ns) if self.time.rolling else IN_PREVIEW

    def send(self, frame: ProgramFrame, t_now_ns: int | None) -> None:
        """Pass a frame to the encoder. If it is busy, drop the frame live, and wait offline.

        Args:
            frame: from the renderer.
            t_now_ns: live, the monotonic time, for the latency from camera to encoder.

        Raises:
            OutputError: offline, no frame was accepted for a minute.
        """
        self._delivers = True
        if frame.t_show_ns == IN_PREVIEW or not self.time.rolling:
            return
        if self._sent_run < self.time.run and (
            not self._sent_run or frame.t_show_ns <= self._sent_ns
        ):
            # The renderer may still return frames drawn before show time restarted.
            self._sent_run = self.time.run
        self._sent_ns = frame.t_show_ns
        try:
            is_taken = self._hand_over(frame)
        except MediaEnded:
            is_taken = False
        if not is_taken:
            self.refused += 1
            return
        self.sent += 1
        if t_now_ns is not None and frame.t_seen_ns:
            self._latency_ms.append((t_now_ns - frame.t_seen_ns) / 1e6)
            del self._latency_ms[:-_KEPT]

    def latency_ms(self) -> tuple[float, float] | None:
        """Return median and 95th percentile of camera-to-encoder latency over the last minute."""
        if not self._latency_ms:
            return None
        median, p95 = np.percentile(self._latency_ms, (50, 95))
        return float(median), float(p95)

    def attach(self, desk: DeskEndpoint) -> None:
        """Handle the desks' output commands, and publish the outputs' section."""
        for kind in (GoLive, StopLive, StartRecording, StopRecording):
            desk.commands.register(kind, self.handle)
        desk.sections.add(OutputsHealth, Rate.HEALTH, self.health)

    def health(self) -> OutputsHealth:
        """Return the outputs' health section as of the last answer."""
        return OutputsHealth(list(self._statuses), self.recording)

    def poll(self, t_ns: int) -> None:
        """Collect background results between frames, and request the outputs' status."""
        self._background.deliver()
        self._ask_media()
        if self.time.rolling and not (self.on_air or self.recording):
            self.time.rest(t_ns)

    def handle(self, command: OutputCommand, answer: Answer) -> None:
        """Execute a command in the background, and answer with its result when it is done."""

        def do() -> tuple[Reply, _Effect]:
            try:
                text, effect = self._do(command)
            except RendererError as refused:
                return Reply(False, str(refused)), _nothing
            return Reply(True, text), effect

        def settle(done: tuple[Reply, _Effect]) -> None:
            reply, effect = done
            effect()
            answer(reply)

        def fail(fault: Exception) -> None:
            name = type(command).__name__
            answer(Reply(False, f"{name} failed ({type(fault).__name__}); the show goes on."))

        self._background.run(do, settle, fail)

    def finish(self) -> None:
        """Finish every output; `statuses` has their final statuses.

        Raises:
            OutputError: the media process had died.
        """
        self._background.close()
        try:
            self._media.finish()
        finally:
            self._note(self._media.settle())

    def abandon(self) -> None:
        """Close the media process however the show ended; does nothing after `finish`."""
        self._background.close()
        if self._media.alive:
            # The fault that led here is more informative.
            with suppress(RendererError):
                self._media.finish()
        self._media.close()

    def _any_goes_on(self, outputs: dict[str, OutputSpec]) -> bool:
        over = {status.name for status in self._statuses if status.state.is_over}
        return any(name not in over for name in tuple(outputs))

    def _hand_over(self, frame: ProgramFrame) -> bool:
        """Pass a frame to the media process; return whether there was room for it."""
        buffer = self._media.frame_buffer(0.0 if self._live else _OFFLINE_WAIT_S)
        if buffer is None and not self._live:
            raise OutputError(
                "The media process",
                f"took no frame for {_OFFLINE_WAIT_S:.0f} s",
                "start the show again; what was recorded so far can be played",
            )
        if buffer is None:
            return False
        np.copyto(buffer, frame.planes)
        self._media.submit(frame.number, frame.t_show_ns, frame.t_seen_ns, self._sent_run)
        return True

    def _ask_media(self) -> None:
        """Store the newest answer, and request the next one, without waiting."""
        asked = self._asked
        if asked is not None and asked.done():
            self._asked = None
            if asked.exception() is None:
                self._note(asked.result())
        if self._asked is None and _now_s() >= self._ask_at and not self._media.has_ended:
            self._ask_at = _now_s() + _ASK_EVERY_S
            self._asked = self._media.ask_status()
        self._alarms.note_silence(self._media.silent_s, self.refused)

    def _note(self, status: MediaStatus) -> None:
        self._statuses = status.outputs
        self._alarms.note_status(status.outputs, status.notes, _now_s())

    def _do(self, command: OutputCommand) -> tuple[str, _Effect]:
        """Do the slow part on the background thread; return the rest for the tick's thread."""
        match command:
            case GoLive():
                return self._go_live(command)
            case StopLive():
                return "Off the air" + self._remove_all(self._on_air), _nothing
            case StartRecording(path):
                return self._record(path)
            case StopRecording():
                return "The recording is finished" + self._remove_all(self._recordings), _nothing
        raise TypeError(f"{type(command).__name__} is no command for outputs")

    def _go_live(self, command: GoLive) -> tuple[str, _Effect]:
        typed = (parse_output(command.address),) if command.address else ()
        over = {status.name for status in self._media.statuses() if status.state.is_over}
        running = {spec for name, spec in self._on_air.items() if name not in over}
        planned = dict.fromkeys((*self._streams, *typed))
        if not planned:
            raise OutputError(
                "Going live",
                "the show has no stream to go to",
                "name an address such as rtmp://server/app/key",
            )
        streams = [spec for spec in planned if spec not in running]
        if not streams:
            return "The show is on air already.", _nothing
        begins = not self._has_been_on_air
        run = self._planned_run + begins
        names = self._media.add_all(
            streams, run=run, keep_trying=command.without_failed, remedy=_LIVE_REMEDY
        )
        self._on_air |= zip(names, streams, strict=True)
        self._has_been_on_air = True
        return f"On air: {self._describe(names)}", self._join(run)

    def _record(self, path: str) -> tuple[str, _Effect]:
        recording = parse_recording(path)
        require_new(recording, "choose another name")
        begins = not (self._has_been_on_air or self.recording)
        run = self._planned_run + begins
        (name,) = self._media.add_all([recording], run=run)
        self._recordings[name] = recording
        return f"Recording to {path}.", self._join(run)

    def _describe(self, names: list[str]) -> str:
        """Return the working outputs, and those being retried with the reason."""
        known = [status for status in self._media.statuses() if status.name in names]
        lost = [status for status in known if status.state is OutputState.RETRYING]
        text = ", ".join(status.address for status in known if status not in lost) + "."
        for status in lost:
            text += f" Still trying {status.address}: {status.detail}."
        return text

    def _remove_all(self, outputs: dict[str, OutputSpec]) -> str:
        """End outputs; return the end of a sentence that reports it."""
        text = "."
        for name in list(outputs):
            try:
                self._media.remove(name)
            except NoAnswer:
                text = " as soon as the media process answers again."
            except OutputError:
                # It has already ended, as requested.
                pass
            del outputs[name]
        return text

    def _join(self, run: int) -> _Effect:
        """Return the rest for the tick's thread once an output of this run is open."""
        begins, self._planned_run = run > self._planned_run, run

        def roll() -> None:
            if begins:
                self.time.begin_run(run)
            self._should_roll = True

        return roll


def _now_s() -> float:
    return time.monotonic()


def _nothing() -> None:
    """Change nothing."""
