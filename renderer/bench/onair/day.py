"""Run a day of a show in compressed time: its clocks, queues, alarms and log on a virtual clock.

The parts are the show's own; drawing, encoding and the network are replaced by their times. There
are hitches of the engine, half a minute without an engine and a stalled stream each hour. What is
measured is what only a long show would reveal: drift of the clocks, and growth of what is kept.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Final

import numpy as np
import psutil

from renderer.bench.machine import describe_machine
from renderer.output.encode.packets import AUDIO_CLOCK, VIDEO_CLOCK, EncodedPacket
from renderer.output.encode.timeline import ProgramTimeline
from renderer.output.pacing import FramePacer
from renderer.output.sinks.queue import PacketQueue
from renderer.protocol.alarms import Alarms, Severity
from renderer.protocol.latency import StageLatency
from renderer.protocol.log import EventKind
from renderer.show.clock import SECOND_NS, ProgramTime, Tick, live_ticks
from renderer.show.drop_monitor import DropMonitor
from renderer.show.event_log import EventLog
from renderer.show.frame_rate import FrameRateMonitor
from renderer.show.health.latency import LatencyMeter
from renderer.transport.ring import FrameHeader

DAY_H: Final = 24.0
"""Hours that the benchmark runs."""
RATE: Final = 30
_FRAME_NS: Final = round(SECOND_NS / RATE)
_SOUND_BLOCK: Final = 1024
_HOUR_S: Final = 3600
_QUEUE: Final = 600
"""Packets; a stream's queue."""
_AWAY_S: Final = (600, 630)
"""Seconds of each hour for which there is no engine."""
_STALLED_S: Final = (1200, 1230)
"""Seconds of each hour for which the stream's server takes nothing."""
_HITCH_SHARE: Final = 0.001
"""Share of the frames that take up to 300 ms."""
_LATENCY_EVERY: Final = 10 * RATE
"""Frames from one look at the latency to the next: its window. Its percentiles would take most of
the benchmark's time if they were read as often as in a show."""
_EVERY: Final = 3
"""Frames from one look of the monitors to the next, as in a show: 0.1 s."""


@dataclass(frozen=True, slots=True)
class DayReport:
    """What a day came to.

    Attributes:
        hours: of the show.
        frames: that were sent, and `replaced` ones while none came; `skipped` came too late.
        drift_ms: largest difference of the pictures' time in the program from the clock, at the
            end of each hour, after the frames' own duration is taken off.
        av_offset_ms: largest difference of the sound's end from the picture's, at the same times.
        backwards: pictures whose time in the program is before that of the one before.
        growth_pct: memory of the process at the end against that after the first hour.
        longest_queue: of the stream, packets.
    """

    machine: dict[str, str | int | float]
    hours: float
    frames: int
    replaced: int
    skipped: int
    drift_ms: float
    av_offset_ms: float
    backwards: int
    growth_pct: float
    longest_queue: int

    def text(self) -> str:
        """Return the results as readable text."""
        return "\n".join(
            (
                f"{self.hours:g} h at {RATE} frames a second: {self.frames} frames, "
                f"{self.replaced} replaced, {self.skipped} skipped",
                f"Drift      {self.drift_ms:.3f} ms from the clock at worst; sound "
                f"{self.av_offset_ms:.3f} ms from the picture",
                f"Backwards  {self.backwards} pictures",
                f"Memory     {self.growth_pct:+.2f} % since the first hour; "
                f"longest queue {self.longest_queue} of {_QUEUE} packets",
            )
        )

    def as_dict(self) -> dict[str, object]:
        """Return the results as plain data."""
        return asdict(self)


class _Clock:
    """A clock that runs when somebody waits or works."""

    def __init__(self) -> None:
        self.now_ns = SECOND_NS

    def read(self) -> int:
        return self.now_ns

    def sleep(self, seconds: float) -> None:
        self.now_ns += max(1, round(seconds * SECOND_NS))


class _Show:
    """The parts of a show that keep time or keep something."""

    def __init__(self, clock: _Clock) -> None:
        self._clock = clock
        self.time = ProgramTime()
        self.time.roll(clock.read())
        self.pacer = FramePacer(_FRAME_NS)
        self.queue = PacketQueue(_QUEUE, patient=False)
        self._timeline = ProgramTimeline(_FRAME_NS, 0)
        self._alarms = Alarms(clock=lambda: clock.read() / SECOND_NS)
        self._events = EventLog(clock=lambda: clock.read() / SECOND_NS)
        self._rate = FrameRateMonitor(self._alarms, float(RATE))
        self._drops = DropMonitor(self._alarms, "late", Severity.NOTICE, "frames came too late", 1)
        self._latency = LatencyMeter(clock.read)
        self.frames = self.skipped = self.backwards = self.longest_queue = 0
        self.picture_ns = self.sound_samples = 0
        self._last_pts = -1

    def tick(self, tick: Tick) -> None:
        """Draw and send a frame."""
        self.skipped += tick.skipped
        self._latency.take_in()
        self._latency.draw(tick.number, tick.t_ns - SECOND_NS // 20)
        t_show_ns = self.time.at(tick.t_ns)
        header = FrameHeader(
            tick.number, t_show_ns, tick.t_ns, tick.t_ns, self.time.run,
            origin_ns=self.time.origin_ns,
        )  # fmt: skip
        self._latency.send(tick.number)
        self.pacer.note(header, self._clock.read())
        self.frames += 1
        self._encode(t_show_ns)
        if tick.number % _EVERY == 0:
            now_s = self._clock.read() / SECOND_NS
            self._rate.update(self.frames, now_s)
            self._drops.update(self.skipped, now_s)
            self._events.add(EventKind.COMMAND, f"cue {tick.number}")
        if tick.number % _LATENCY_EVERY == 0:
            self._latency.read(StageLatency(), [])

    def replace_missing(self) -> None:
        """Encode the replacement of each frame that is missing by now."""
        while self.pacer.wait_ns(self._clock.read()) == 0:
            self._encode(self.pacer.replace())

    def drain(self) -> None:
        """Let the stream's server take everything."""
        self.longest_queue = max(self.longest_queue, round(self.queue.fullness * _QUEUE))
        while self.queue.waits:
            self.queue.get()

    def _encode(self, t_show_ns: int) -> None:
        self.picture_ns = self._timeline.place(self.time.run, t_show_ns).t_program_ns
        pts = self.picture_ns * VIDEO_CLOCK // SECOND_NS
        if pts <= self._last_pts:
            # Two within a tick of the clock after a hitch: the encoder drops the second.
            self.backwards += pts < self._last_pts
            return
        self._last_pts = pts
        is_keyframe = self.queue.take_keyframe_request()
        ticks = VIDEO_CLOCK // RATE
        self.queue.put(EncodedPacket(b"", pts, ticks, VIDEO_CLOCK, is_keyframe))
        end = (self.picture_ns + _FRAME_NS) * AUDIO_CLOCK // SECOND_NS
        while self.sound_samples < end:
            self.queue.put(
                EncodedPacket(b"", self.sound_samples, _SOUND_BLOCK, AUDIO_CLOCK, is_keyframe=True)
            )
            self.sound_samples += _SOUND_BLOCK


def run_day(hours: float, notify: Callable[[str], None], seed: int = 0) -> DayReport:
    """Run a show in compressed time.

    Args:
        hours: of the show.
        notify: called with the name of each step.
        seed: of the hitches.
    """
    machine = describe_machine()
    clock = _Clock()
    began = clock.read()
    show = _Show(clock)
    random = np.random.default_rng(seed)
    drifts: list[float] = []
    offsets: list[float] = []
    sizes: list[int] = []
    next_look_s = step_s = min(_HOUR_S, round(hours * _HOUR_S / 4))
    process = psutil.Process()
    for tick, second in _ticks(clock, began, hours):
        of_hour = second % _HOUR_S
        if not _AWAY_S[0] <= of_hour < _AWAY_S[1]:
            show.tick(tick)
        else:
            show.replace_missing()
        if not _STALLED_S[0] <= of_hour < _STALLED_S[1]:
            show.drain()
        if second >= next_look_s:
            next_look_s += step_s
            late_ns = clock.read() - began - show.picture_ns
            drifts.append(max(0, abs(late_ns) - _FRAME_NS) / 1e6)
            sound_ns = show.sound_samples * SECOND_NS // AUDIO_CLOCK
            block_ns = _SOUND_BLOCK * SECOND_NS // AUDIO_CLOCK
            ahead_ns = sound_ns - show.picture_ns - _FRAME_NS
            offsets.append(max(0, -ahead_ns, ahead_ns - block_ns) / 1e6)
            gc.collect()
            sizes.append(process.memory_info().rss)
            notify(f"{second / _HOUR_S:.1f} h of {hours:g} h")
        if random.random() < _HITCH_SHARE:
            clock.sleep(random.uniform(0.05, 0.3))
    return DayReport(
        machine, hours, show.frames, show.pacer.held, show.skipped,
        max(drifts, default=0.0), max(offsets, default=0.0), show.backwards,
        100.0 * (sizes[-1] / sizes[0] - 1.0) if sizes else 0.0, show.longest_queue,
    )  # fmt: skip


def _ticks(clock: _Clock, began: int, hours: float) -> Iterator[tuple[Tick, float]]:
    """Yield a live show's ticks on the virtual clock, each with the seconds since the start."""
    for tick in live_ticks(RATE, clock=clock.read, sleep=clock.sleep):
        second = (tick.t_ns - began) / SECOND_NS
        if second > hours * _HOUR_S:
            return
        yield tick, second
