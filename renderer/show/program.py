"""Control the program: what is sent and recorded, when, and to which outputs."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from msgspec import structs

from renderer.errors import OutputError, RendererError
from renderer.graphics.records import ProgramFrame
from renderer.output.latency import FirstShown, LatencyWindow
from renderer.output.media import MediaClient, MediaEnded
from renderer.output.media_group import MediaGroup
from renderer.output.requests import MediaStatus
from renderer.output.spec import OutputSpec, next_part, parse_output, parse_recording
from renderer.protocol.alarms import Alarms
from renderer.protocol.latency import StageLatency
from renderer.protocol.outputs import (
    GoLive,
    OutputCommand,
    OutputsHealth,
    OutputState,
    OutputStatus,
    RecordingPart,
    RetryOutput,
    StartOutput,
    StartRecording,
    StopLive,
    StopOutput,
    StopRecording,
)
from renderer.protocol.pictures import PROGRAM
from renderer.protocol.schema import Reply
from renderer.show.background import BackgroundTasks
from renderer.show.clock import ProgramTime
from renderer.show.control.endpoint import DeskEndpoint
from renderer.show.control.publisher import Rate
from renderer.show.control.registry import Answer
from renderer.show.host.resume import ResumeState
from renderer.show.output_alarms import OutputAlarms
from renderer.show.plan import require_new
from renderer.show.program_songs import ProgramSongs
from renderer.show.program_sound import ProgramSoundControl
from renderer.transport.link import Link
from renderer.transport.rpc import NoAnswer

IN_PREVIEW: Final = -1
"""Show time of a frame that only the crew sees."""

_OFFLINE_WAIT_S: Final = 60.0
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


def _accept_command(_command: GoLive) -> None:
    """Accept any command to go live."""


def _accept_all(_outputs: Sequence[OutputSpec]) -> None:
    """Accept any output."""


class Program:
    """Sends frames to the media process while anything is on air or being recorded.

    Show time and the song start with the first frame drawn while an output is open. Recordings made
    before the show has been on air are rehearsals: each rehearsal restarts the song, and so does
    going live. A rehearsal's recording that is still running then continues with the show and its
    song after the rehearsal.

    A media process that does not respond raises an alarm, and its frames are refused and counted
    until it responds again. One that has died is replaced, if somebody replaces it: recordings go
    on as another part, the other outputs where they were. Otherwise `is_pointless` is true.

    Args:
        media: the started media process of the program.
        streams: live outputs for going live.
        alarms: of the show.
        live: drop frames instead of waiting for the encoder.
        other_media: started media processes of further views, by the view's name.
        take_link: returns a link to a process that replaces a dead one of a view, once there is
            one; None if dead ones are not replaced.
        check_outputs: called with outputs before the desk's commands open them; raises
            RendererError if they must not be opened.

    Attributes:
        require_ready: called with each command to go live; raises RendererError to refuse it.
    """

    def __init__(
        self,
        media: MediaClient,
        streams: tuple[OutputSpec, ...],
        alarms: Alarms,
        *,
        live: bool,
        other_media: Mapping[str, MediaClient] | None = None,
        take_link: Callable[[str], Link | None] | None = None,
        check_outputs: Callable[[Sequence[OutputSpec]], None] = _accept_all,
    ) -> None:
        self._media = MediaGroup(media, other_media)
        self._live = live
        self._take_link = take_link
        self._check_outputs = check_outputs
        self.parts: dict[str, list[RecordingPart]] = {}
        self._paths: dict[str, str] = {}
        self._streams = streams
        self._songs = ProgramSongs(self._media, alarms)
        self.sound = ProgramSoundControl(self._media)
        self._background = BackgroundTasks()
        # The outputs and the planned run belong to the background task that changes them.
        self._on_air: dict[str, OutputSpec] = {}
        self._recordings: dict[str, OutputSpec] = {}
        self._planned_run = 1
        self._has_been_on_air = False
        self._asked: Future[MediaStatus] | None = None
        self._ask_at = 0.0
        self._statuses: list[OutputStatus] = []
        self._broken_off: dict[str, OutputStatus] = {}
        self._alarms = OutputAlarms(alarms)
        self._latency = LatencyWindow()
        self._first_shown = FirstShown()
        self.encode_latency = StageLatency()
        self._replaced = self._replaced_before = 0
        self._should_roll = False
        self._delivers = not live
        self._sent_run = self._origin_ns = 0
        self._sent_ns = 0
        self.require_ready: Callable[[GoLive], None] = _accept_command
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
        if self._media.has_ended and self._take_link is None:
            return True
        return not self._live and states == {OutputState.FAILED}

    @property
    def replaced(self) -> int:
        """Return the number of frames that did not come in time and were replaced by media."""
        return self._replaced

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

    def resume(self, state: ResumeState) -> None:
        """Go on with the outputs and the clock of an engine that has died."""
        specs = self._media.open_outputs
        known = {*state.on_air, *state.recordings}
        self._on_air = {
            name: spec
            for name, spec in specs.items()
            if name in state.on_air or (name not in known and not spec.is_recording)
        }
        self._recordings = {name: s for name, s in specs.items() if name not in self._on_air}
        self._planned_run = state.run
        self._has_been_on_air = state.has_been_on_air
        self.refused = state.refused
        self.parts = {name: list(parts) for name, parts in state.parts.items()}
        self._paths = {name: specs[name].address for name in self.parts if name in specs}
        clock = self._media.clock
        if clock is not None and specs:
            self.time.resume(clock.run, clock.origin_ns)
            self._sent_run, self._planned_run = clock.run, max(state.run, clock.run)
        elif specs:
            self._should_roll = True

    @property
    def names_on_air(self) -> list[str]:
        """Return the names of the streams."""
        return list(self._on_air)

    @property
    def names_of_recordings(self) -> list[str]:
        """Return the names of the recordings."""
        return list(self._recordings)

    @property
    def planned_run(self) -> int:
        """Return the number of the last planned run of show time."""
        return self._planned_run

    @property
    def has_been_on_air(self) -> bool:
        """Return whether the show has been on air."""
        return self._has_been_on_air

    @property
    def songs(self) -> ProgramSongs:
        """Return what plays in the program's sound."""
        return self._songs

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
        if self._live and self._sent_run == self.time.run:
            self._origin_ns = self.time.origin_ns
        self._sent_ns = frame.t_show_ns
        try:
            is_taken = self._hand_over(frame)
        except MediaEnded:
            is_taken = False
        if not is_taken:
            self.refused += 1
            return
        self.sent += 1
        if t_now_ns is not None and self._first_shown.is_first(frame.t_seen_ns):
            self._latency.note(t_now_ns - frame.t_seen_ns)

    def send_view(self, view: str, frame: ProgramFrame) -> None:
        """Pass a frame of a further view, after the program's frame of the same tick.

        Raises:
            OutputError: offline, no frame was accepted for a minute.
        """
        if frame.t_show_ns == IN_PREVIEW or not self.time.rolling:
            return
        try:
            self.refused += not self._hand_over(frame, view)
        except MediaEnded:
            # Its outputs have failed, which is an alarm of its own; the program goes on.
            return

    def latency_ms(self) -> tuple[float, float] | None:
        """Return median and 95th percentile from camera to encoder over the last ten seconds."""
        found = self._latency.read()
        return (found.p50_ms, found.p95_ms) if found.frames else None

    def attach(self, desk: DeskEndpoint) -> None:
        """Handle the desks' output commands, and publish the outputs' section."""
        kinds = (
            GoLive,
            StopLive,
            StartRecording,
            StopRecording,
            StartOutput,
            StopOutput,
            RetryOutput,
        )
        for kind in kinds:
            desk.commands.register(kind, self.handle)
        desk.sections.add(OutputsHealth, Rate.HEALTH, self.health)
        self.sound.attach(desk)

    def health(self) -> OutputsHealth:
        """Return the outputs' health section as of the last answer."""
        return OutputsHealth(list(self._statuses), self.recording)

    def poll(self, t_ns: int) -> None:
        """Collect background results between frames, and request the outputs' status."""
        self._background.deliver()
        self._replace_media()
        self._songs.poll()
        self.sound.poll()
        self._ask_media()
        if self.time.rolling and not (self.on_air or self.recording):
            self.time.rest(t_ns)

    def handle(self, command: OutputCommand, answer: Answer) -> None:
        """Execute a command in the background, and answer with its result when it is done.

        Raises:
            RendererError: the show must not go live.
        """
        if isinstance(command, GoLive):
            self.require_ready(command)

        def do() -> tuple[Reply, _Effect]:
            try:
                text, effect = self._do(command)
            except RendererError as refused:
                return Reply(False, str(refused)), _do_nothing
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
            self._add_broken_off()

    def abandon(self) -> None:
        """Close the media process however the show ended; does nothing after `finish`."""
        self._background.close()
        if self._media.alive:
            # The fault that led here is more informative.
            with suppress(RendererError):
                self._media.finish()
        self._media.close()

    def recording_parts(self) -> list[list[RecordingPart]]:
        """Return the parts of every recording that has several, in order."""
        last = {status.name: status for status in self._statuses}
        return [
            [*parts, RecordingPart(self._paths[name], last[name].begins_s)]
            for name, parts in self.parts.items()
            if name in last and name in self._paths
        ]

    def _replace_media(self) -> None:
        """Use the replacement of a media process that has died, once there is one."""
        if self._take_link is None:
            return
        for view in self._media.ended_views:
            link = self._take_link(view)
            if link is None:
                continue
            begins = {one.name: one.begins_s for one in self._media.last_statuses}
            self._replaced_before = self._replaced
            lost = self._media.replace(view, link)
            self._broken_off |= {one.name: one for one in self._statuses if one.name in lost}
            self.sound.restore(view)
            self._songs.play_again()
            again = {
                name: (self._begin_part(name, spec, begins.get(name, 0.0)), begins.get(name, 0.0))
                for name, spec in lost.items()
            }
            self._background.run(partial(self._add_again, again), lambda _: None)

    def _begin_part(self, name: str, spec: OutputSpec, begins_s: float) -> OutputSpec:
        """Return the output that goes on for a lost one: of a recording, the next part."""
        if not spec.is_recording:
            return spec
        parts = self.parts.setdefault(name, [])
        parts.append(RecordingPart(spec.address, begins_s))
        part = replace(spec, address=str(next_part(Path(parts[0].path))))
        self._paths[name] = part.address
        return part

    def _add_again(self, outputs: dict[str, tuple[OutputSpec, float]]) -> None:
        """Start outputs again, on the background thread."""
        for name, (spec, begins_s) in outputs.items():
            if name in self._on_air:
                self._on_air[name] = spec
            elif name in self._recordings:
                self._recordings[name] = spec
            else:  # It was stopped meanwhile.
                continue
            self._media.add_again(name, spec, begins_s)

    def _any_goes_on(self, outputs: dict[str, OutputSpec]) -> bool:
        over = {status.name for status in self._statuses if status.state.is_over}
        return any(name not in over for name in tuple(outputs))

    def _hand_over(self, frame: ProgramFrame, view: str = PROGRAM) -> bool:
        """Pass a frame to its view's media process; return whether there was room for it."""
        buffer = self._media.frame_buffer(0.0 if self._live else _OFFLINE_WAIT_S, view)
        if buffer is None and not self._live:
            raise OutputError(
                "The media process",
                f"took no frame for {_OFFLINE_WAIT_S:.0f} s",
                "start the show again; what was recorded so far can be played",
            )
        if buffer is None:
            return False
        np.copyto(buffer, frame.planes)
        self._media.submit(
            frame.number, frame.t_show_ns, frame.t_seen_ns, self._sent_run, frame.layout, view,
            self._origin_ns,
        )  # fmt: skip
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

    def _add_broken_off(self) -> None:
        """Add the outputs of a media process that died which its replacement has not begun yet."""
        known = {one.name for one in self._statuses}
        self._statuses = [
            *self._statuses,
            *(
                one if one.state.is_over else structs.replace(one, state=OutputState.INTERRUPTED)
                for name, one in self._broken_off.items()
                if name not in known
            ),
        ]

    def _note(self, status: MediaStatus) -> None:
        self._replaced = max(self._replaced, self._replaced_before + status.held)
        self._statuses = status.outputs
        self.sound.note(status.sound)
        if status.encode.frames:
            self.encode_latency = status.encode
        self._alarms.note_status(status.outputs, status.notes, _now_s())

    def _do(self, command: OutputCommand) -> tuple[str, _Effect]:
        """Do the slow part on the background thread; return the rest for the tick's thread."""
        match command:
            case GoLive():
                return self._go_live(command)
            case StopLive():
                return "Off the air" + self._remove_all(self._on_air), _do_nothing
            case StartRecording(path):
                return self._record(path)
            case StopRecording():
                return "The recording is finished" + self._remove_all(self._recordings), _do_nothing
            case StartOutput(address):
                return self._start_output(address)
            case StopOutput(name):
                spec = self._require_output(name)
                self._media.remove(name)
                return f"{spec.shown} has ended", _do_nothing
            case RetryOutput(name):
                return self._retry_output(name)
        raise TypeError(f"{type(command).__name__} is no command for outputs")

    def _require_output(self, name: str) -> OutputSpec:
        """Return the specification of an output that is on air or records.

        Raises:
            OutputError: there is none of that name.
        """
        known = self._on_air | self._recordings
        if name not in known:
            raise OutputError(
                f"the output {name!r}",
                "is not there",
                f"name one of {', '.join(sorted(known)) or 'those that are on air'}",
            )
        return known[name]

    def _start_output(self, address: str) -> tuple[str, _Effect]:
        """Open one planned output while the show is on air."""
        over = {status.name for status in self._media.statuses() if status.state.is_over}
        running = {spec for name, spec in self._on_air.items() if name not in over}
        found = [spec for spec in self._streams if spec.shown == address and spec not in running]
        if not found or not self._has_been_on_air:
            raise OutputError(
                f"the output {address}",
                "is on air already, or is not planned" if not found else "waits for the show",
                "go live first, or name a planned output that is not on air",
            )
        self._check_outputs(found)
        names = self._media.add_all(found, run=self._planned_run, remedy=_LIVE_REMEDY)
        self._on_air |= dict(zip(names, found, strict=True))
        return f"{address} is on air", _do_nothing

    def _retry_output(self, name: str) -> tuple[str, _Effect]:
        """Close a stream's connection and open another one, at once and until it succeeds."""
        spec = self._require_output(name)
        if spec.is_recording:
            raise OutputError(
                spec.shown, "is a recording, which would be replaced", "start another recording"
            )
        begins_s = self._media.remove(name).begins_s
        self._media.add_again(name, spec, begins_s)
        return f"{spec.shown} is opened again", _do_nothing

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
            return "The show is on air already.", _do_nothing
        self._check_outputs(streams)
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
        self._check_outputs([recording])
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


def _do_nothing() -> None:
    """Change nothing."""
