"""Control the program: what is sent and recorded, when, and to which outputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial

from renderer.errors import RendererError
from renderer.graphics.records import ProgramFrame
from renderer.output.media_client import MediaClient
from renderer.output.media_group import MediaGroup
from renderer.output.pacing import ShowClock
from renderer.output.spec import OutputSpec
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
from renderer.protocol.schema import Reply
from renderer.show.background import BackgroundTasks
from renderer.show.clock import ProgramTime
from renderer.show.control.endpoint import DeskEndpoint
from renderer.show.control.publisher import Rate
from renderer.show.control.registry import Answer
from renderer.show.host.resume import KeptProgram, ResumeState
from renderer.show.program.frames import IN_PREVIEW, FrameSender
from renderer.show.program.media_status import MediaStatuses
from renderer.show.program.outputs import Joined, ProgramOutputs
from renderer.show.program.slate_choice import SlateChoice
from renderer.show.program.songs import ProgramSongs
from renderer.show.program.sound import ProgramSoundControl
from renderer.transport.link import Link


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
        refuses_slate: returns whether the crew's slate must not be seen now.
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
        refuses_slate: Callable[[], bool] = lambda: False,
    ) -> None:
        self._media = MediaGroup(media, other_media)
        self._live = live
        self._take_link = take_link
        self._songs = ProgramSongs(self._media, alarms)
        self.sound = ProgramSoundControl(self._media)
        self._slate = SlateChoice(self._media, refuses_slate)
        self.time = ProgramTime()
        self._statuses = MediaStatuses(self._media, self.sound, alarms)
        self._outputs = ProgramOutputs(
            self._media, streams, check_outputs, lambda: self._statuses.outputs
        )
        self._frames = FrameSender(self._media, self.time, live=live)
        self._background = BackgroundTasks()
        self._should_roll = False
        self.require_ready: Callable[[GoLive], None] = _accept_command

    @property
    def on_air(self) -> bool:
        """Return whether a stream is running or reconnecting."""
        return self._outputs.is_on_air

    @property
    def recording(self) -> bool:
        """Return whether a recording is running."""
        return self._outputs.is_recording

    @property
    def is_pointless(self) -> bool:
        """Return whether to stop: media has died, or offline every output has failed."""
        states = {status.state for status in self.statuses}
        if self._media.has_ended and self._take_link is None:
            return True
        return not self._live and states == {OutputState.FAILED}

    @property
    def sent(self) -> int:
        """Return the number of frames that the media process has taken."""
        return self._frames.sent

    @property
    def refused(self) -> int:
        """Return the number of frames that it has not taken."""
        return self._frames.refused

    @property
    def replaced(self) -> int:
        """Return the number of frames that did not come in time and were replaced by media."""
        return self._statuses.replaced

    @property
    def statuses(self) -> list[OutputStatus]:
        """Return the outputs' statuses as of the last answer."""
        return self._statuses.outputs

    @property
    def encode_latency(self) -> StageLatency:
        """Return the latency of the frames that media has encoded lately."""
        return self._statuses.encode_latency

    @property
    def parts(self) -> dict[str, list[RecordingPart]]:
        """Return the parts of each recording that went on after its media process died."""
        return self._outputs.parts

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
        self._outputs.start(recordings, streams=streams, without_failed=without_failed)
        self._should_roll = bool(self._outputs.on_air or self._outputs.recordings)

    def keep(self) -> KeptProgram:
        """Return what another engine needs if the media process dies before it is there."""
        over = {one.name for one in self.statuses if one.state.is_over}
        outputs = self._outputs.on_air | self._outputs.recordings
        time = self.time
        return KeptProgram(
            outputs={name: spec for name, spec in outputs.items() if name not in over},
            statuses=list(self.statuses),
            clock=ShowClock(time.run, time.origin_ns) if time.rolling else None,
            segments=self._songs.segments,
            sound=self.sound.newest,
        )

    def resume(self, state: ResumeState) -> None:
        """Go on with the outputs and the clock of an engine that has died.

        If a media process has died with it, its outputs go on as after the death of media alone.
        """
        self._slate.resend()
        opened, kept = self._media.open_outputs, state.program or KeptProgram()
        fresh = self._media.fresh_views
        lost = {
            name: spec
            for name, spec in kept.outputs.items()
            if spec.view in fresh and name not in opened
        }
        specs = opened | lost
        self._outputs.resume(state, specs)
        self._frames.refused = state.refused
        clock = self._media.clock or kept.clock
        if clock is not None and specs:
            self.time.resume(clock.run, clock.origin_ns)
            self._frames.resume(clock.run)
            self._outputs.planned_run = max(state.run, clock.run)
        elif specs:
            self._should_roll = True
        if lost:
            self._songs.adopt(kept.segments)
            self.sound.note(kept.sound)
            self._statuses.outputs = kept.statuses
            for view in fresh:
                self.sound.restore(view)
            self._add_again(lost, kept.statuses)

    @property
    def names_on_air(self) -> list[str]:
        """Return the names of the streams."""
        return list(self._outputs.on_air)

    @property
    def names_of_recordings(self) -> list[str]:
        """Return the names of the recordings."""
        return list(self._outputs.recordings)

    @property
    def planned_run(self) -> int:
        """Return the number of the last planned run of show time."""
        return self._outputs.planned_run

    @property
    def has_been_on_air(self) -> bool:
        """Return whether the show has been on air."""
        return self._outputs.has_been_on_air

    @property
    def songs(self) -> ProgramSongs:
        """Return what plays in the program's sound."""
        return self._songs

    def show_time(self, t_ns: int) -> int:
        """Return show time for clock time `t_ns`; IN_PREVIEW while nothing is sent or recorded.

        Call it once per tick. Live, show time starts only once the renderer returns frames: its
        first ones take seconds, which would cut off the song's start.
        """
        if self._should_roll and self._frames.delivers:
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
        self._frames.send(frame, t_now_ns)

    def send_view(self, view: str, frame: ProgramFrame) -> None:
        """Pass a frame of a further view, after the program's frame of the same tick.

        Raises:
            OutputError: offline, no frame was accepted for a minute.
        """
        self._frames.send_view(view, frame)

    def latency_ms(self) -> tuple[float, float] | None:
        """Return median and 95th percentile from camera to encoder over the last ten seconds."""
        return self._frames.latency_ms()

    def recording_parts(self) -> list[list[RecordingPart]]:
        """Return the parts of every recording that has several, in order."""
        return self._outputs.recording_parts()

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
        opened = {status.address for status in self.statuses}
        planned = [spec.shown for spec in self._outputs.planned if spec.shown not in opened]
        return OutputsHealth(list(self.statuses), self.recording, planned)

    def poll(self, t_ns: int) -> None:
        """Collect background results between frames, and request the outputs' status."""
        self._background.deliver()
        self._replace_media()
        self._songs.poll()
        self.sound.poll()
        self._slate.poll()
        self._statuses.ask(self.refused)
        if self.time.rolling and not (self.on_air or self.recording):
            self.time.rest(t_ns)

    def handle(self, command: OutputCommand, answer: Answer) -> None:
        """Execute a command in the background, and answer with its result when it is done.

        Raises:
            RendererError: the show must not go live.
        """
        if isinstance(command, GoLive):
            self.require_ready(command)

        def do() -> tuple[Reply, Joined | None]:
            try:
                text, joined = self._outputs.execute(command)
            except RendererError as refused:
                return Reply(False, str(refused)), None
            return Reply(True, text), joined

        def settle(done: tuple[Reply, Joined | None]) -> None:
            reply, joined = done
            if joined is not None:
                if joined.begins:
                    self.time.begin_run(joined.run)
                self._should_roll = True
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
            self._statuses.note(self._media.settle())
            self._statuses.add_broken_off()

    def abandon(self) -> None:
        """Close the media process however the show ended; does nothing after `finish`."""
        self._background.close()
        if self._media.alive:
            # The fault that led here is more informative.
            with suppress(RendererError):
                self._media.finish()
        self._media.close()

    def _replace_media(self) -> None:
        """Use the replacement of a media process that has died, once there is one."""
        if self._take_link is None:
            return
        for view in self._media.ended_views:
            link = self._take_link(view)
            if link is None:
                continue
            last = self._media.last_statuses
            self._statuses.note_replacement()
            lost = self._media.replace(view, link)
            self.sound.restore(view)
            self._slate.resend()
            self._songs.play_again()
            self._add_again(lost, last)

    def _add_again(self, lost: dict[str, OutputSpec], statuses: Sequence[OutputStatus]) -> None:
        """Start the outputs of a media process that has died again, in the background."""
        last = {one.name: one for one in statuses}
        self._statuses.note_lost(lost)
        again = {
            name: (
                self._outputs.begin_part(name, spec, last.get(name)),
                last[name].begins_s if name in last else 0.0,
            )
            for name, spec in lost.items()
        }
        self._background.run(partial(self._outputs.add_again, again), lambda _: None)
