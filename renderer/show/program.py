"""The program: what leaves the house, when it does, and in which outputs."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

import numpy as np

from renderer.errors import OutputError, RendererError
from renderer.graphics.records import ProgramFrame
from renderer.output.media import MediaProcess
from renderer.output.spec import OutputSpec, parse_output
from renderer.protocol.messages import (
    EndShow,
    GoLive,
    OutputCommand,
    OutputStatus,
    Reply,
    StartRecording,
    StopLive,
    StopRecording,
)
from renderer.show.background import BackgroundTasks
from renderer.show.clock import ProgramTime
from renderer.show.plan import require_new

IN_PREVIEW: Final = -1
"""The show time of a frame that nobody but the crew sees."""

_OFFLINE_WAIT_S: Final = 60.0
_KEPT: Final = 1800
_ASK_EVERY_S: Final = 0.2


_Effect = Callable[[], None]
_Errand = GoLive | StopLive | StartRecording | StopRecording


class Program:
    """Sends frames to the media process while anything is on air or being recorded."""

    def __init__(self, media: MediaProcess, streams: tuple[OutputSpec, ...], *, live: bool) -> None:
        self._media = media
        self._live = live
        self._streams = streams
        self._on_air: list[str] = []
        self._recordings: list[str] = []
        self._latency_ms: list[float] = []
        self._errands = BackgroundTasks()
        self._statuses: list[OutputStatus] = []
        self._now_ns = 0
        self._ask_at = 0.0
        self.time = ProgramTime()
        self.sent = 0
        self.refused = 0
        self.end_asked = False

    @property
    def on_air(self) -> bool:
        """Whether a stream is running."""
        return bool(self._on_air)

    @property
    def recording(self) -> bool:
        """Whether a recording is running."""
        return bool(self._recordings)

    @property
    def is_pointless(self) -> bool:
        """Whether to stop: a desk asked for it, or offline every output has failed."""
        states = {status.state for status in self._statuses}
        return self.end_asked or (not self._live and states == {"failed"})

    def start(self, recordings: tuple[OutputSpec, ...], t_ns: int, *, streams: bool) -> None:
        """Open the outputs that the show starts with, at clock time `t_ns`.

        Streams come first, for they fail more often.

        Raises:
            OutputError: if one cannot be opened; then none is.
        """
        opened: list[str] = []
        try:
            opened.extend(self._media.add(stream) for stream in self._streams if streams)
            self._on_air = list(opened)
            opened.extend(self._media.add(recording) for recording in recordings)
        except OutputError:
            for output in opened:
                self._media.remove(output)
            raise
        self._recordings = opened[len(self._on_air) :]
        if opened:
            self.time.roll(t_ns)

    def show_time(self, t_ns: int) -> int:
        """Show time for clock time `t_ns`; IN_PREVIEW while nothing leaves the house."""
        return self.time.at(t_ns) if self.time.rolling else IN_PREVIEW

    def send(self, frame: ProgramFrame, t_now_ns: int | None) -> None:
        """Hand a frame to the encoder. Live, a full encoder refuses it; offline it is waited for.

        Args:
            t_now_ns: live, the monotonic time, for the latency from light to encoder.
        """
        if frame.t_show_ns == IN_PREVIEW or not self.time.rolling:
            return
        buffer = self._media.frame_buffer(0.0 if self._live else _OFFLINE_WAIT_S)
        if buffer is None:
            if not self._live:
                raise OutputError(
                    "The media process",
                    f"took no frame for {_OFFLINE_WAIT_S:.0f} s",
                    "start the show again; what was recorded so far can be played",
                )
            self.refused += 1
            return
        np.copyto(buffer, frame.planes)
        self._media.submit(frame.number, frame.t_show_ns, frame.t_seen_ns)
        self.sent += 1
        if t_now_ns is not None and frame.t_seen_ns:
            self._latency_ms.append((t_now_ns - frame.t_seen_ns) / 1e6)
            del self._latency_ms[:-_KEPT]

    def latency_ms(self) -> tuple[float, float] | None:
        """Median and 95th percentile from light to encoder of the newest minute."""
        if not self._latency_ms:
            return None
        median, p95 = np.percentile(self._latency_ms, (50, 95))
        return float(median), float(p95)

    @property
    def statuses(self) -> list[OutputStatus]:
        """How the outputs were doing when they were last asked."""
        return self._statuses

    def attend(self, t_ns: int) -> None:
        """Between frames: hand over what was done beside the tick, and ask after the outputs."""
        self._now_ns = t_ns
        self._errands.deliver()
        if self._errands.idle and time.monotonic() >= self._ask_at:
            self._ask_at = time.monotonic() + _ASK_EVERY_S
            self._errands.run(self._media.statuses, self._note)

    def obey(self, command: OutputCommand, answer: Callable[[Reply], None]) -> None:
        """Do what a desk asks, beside the tick, and answer what came of it when it is done."""
        if isinstance(command, EndShow):
            self.end_asked = True
            answer(Reply(True, "The show is ending."))
            return

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

        self._errands.run(do, settle)

    def finish(self) -> None:
        """Finish every output; what they came to is in `statuses`.

        Raises:
            OutputError: the media process had died.
        """
        self._errands.close()
        self._statuses = self._media.finish().outputs

    def abandon(self) -> None:
        """Let go of the media process however the show ended; after `finish` there is nothing."""
        self._errands.close()
        if self._media.alive:
            self._media.finish()

    def _note(self, statuses: list[OutputStatus]) -> None:
        self._statuses = statuses

    def _do(self, command: _Errand) -> tuple[str, _Effect]:
        """The slow part, on the errands' thread; what changes here is left to the tick's."""
        match command:
            case GoLive(address):
                return self._go_live(address)
            case StopLive():
                self._remove_all(self._on_air)
                return "Off the air.", self._left_air
            case StartRecording(path):
                recording = parse_output(path)
                require_new(recording, "choose another name")
                name = self._media.add(recording)
                return f"Recording to {path}.", lambda: self._join(self._recordings, [name])
            case StopRecording():
                self._remove_all(self._recordings)
                return "The recording is finished.", self._recording_done

    def _go_live(self, address: str) -> tuple[str, _Effect]:
        streams = [parse_output(address)] if address else list(self._streams)
        if self._on_air and not address:
            return "The show is on air already.", _nothing
        if not streams:
            raise OutputError(
                "Going live",
                "the show has no stream to go to",
                "name an address such as rtmp://server/app/key",
            )
        names = [self._media.add(stream) for stream in streams]
        text = "On air: " + ", ".join(stream.shown for stream in streams)
        return text, lambda: self._join(self._on_air, names)

    def _remove_all(self, names: list[str]) -> None:
        for name in list(names):
            self._media.remove(name)

    def _join(self, running: list[str], names: list[str]) -> None:
        running += names
        self.time.roll(self._now_ns)

    def _left_air(self) -> None:
        self._on_air.clear()
        self._rest_if_idle()

    def _recording_done(self) -> None:
        self._recordings.clear()
        self._rest_if_idle()

    def _rest_if_idle(self) -> None:
        if not (self._on_air or self._recordings):
            self.time.rest(self._now_ns)


def _nothing() -> None:
    """What a refused command changes."""
