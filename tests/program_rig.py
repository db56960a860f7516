"""A program with a real media process, and without cameras and graphics, for tests."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from media_fixtures import server as server
from media_fixtures import small_disk as small_disk
from media_fixtures import song as song
from showing import BEEPS, HEIGHT, RATE, WIDTH

from renderer.graphics.records import ProgramFrame
from renderer.output.media import MediaProcess
from renderer.output.output_words import parse_output
from renderer.protocol.alarms import Alarms
from renderer.protocol.outputs import (
    OutputCommand,
    OutputState,
)
from renderer.protocol.schema import Reply
from renderer.show.program.program import Program

LATENCY = 2
"""Ticks between drawing a frame and collecting it, as in the renderer."""
NOISE = np.random.default_rng(1).integers(0, 120, (HEIGHT * 3 // 2, WIDTH), dtype=np.uint8)


@dataclass
class Rig:
    """A show without cameras and graphics: it ticks, and draws flashes when the song beeps."""

    media: MediaProcess
    alarms: Alarms
    program: Program
    live: bool
    noisy: bool = False
    ticks: int = 0
    late_by_ns: int = 0
    replies: list[Reply] = field(default_factory=list)
    _under_way: list[ProgramFrame] = field(default_factory=list)
    _began_ns: int = 0

    def tick(self) -> None:
        due_ns = self.ticks * 1_000_000_000 // RATE
        t_ns = due_ns
        self._began_ns = self._began_ns or time.monotonic_ns()
        if self.live:
            time.sleep(max(0.0, (self._began_ns + due_ns - time.monotonic_ns()) / 1e9))
            t_ns = time.monotonic_ns()
        t_show_ns = self.program.show_time(t_ns)
        planes = np.full((HEIGHT * 3 // 2, WIDTH), 128, np.uint8)
        # Three frames: one dropped on a busy machine hides no flash.
        flashes = any(beep <= t_show_ns / 1e9 < beep + 3.0 / RATE for beep in (0.0, *BEEPS))
        planes[:HEIGHT] = 200 if flashes else 40
        if self.noisy:
            planes[:HEIGHT] = np.roll(NOISE, self.ticks * 7919)[:HEIGHT]
        self._under_way.append(ProgramFrame(planes, self.ticks, t_show_ns, time.monotonic_ns()))
        if len(self._under_way) > LATENCY:
            self.program.send(self._under_way.pop(0), time.monotonic_ns() if self.live else None)
        self.program.poll(t_ns)
        self.ticks += 1

    def run(self, seconds: float) -> None:
        for _ in range(round(seconds * RATE)):
            self.tick()

    def run_for(self, seconds: float) -> None:
        """Tick for a time, however many ticks that are on a busy machine."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.tick()

    def run_until(self, true: Callable[[], object], seconds: float = 40.0) -> None:
        for _ in range(round(seconds * RATE)):
            if true():
                return
            self.tick()
        raise AssertionError(f"it did not come true within {seconds} s of ticks")

    def ask(self, command: OutputCommand) -> Reply:
        """Send a command and tick until it is answered."""
        count = len(self.replies)
        self.program.handle(command, self.replies.append)
        self.run_until(lambda: len(self.replies) > count)
        return self.replies[-1]

    def states(self) -> dict[str, OutputState]:
        return {status.kind: status.state for status in self.program.statuses}

    def alarm(self, id: str) -> str:
        """Return the text of an alarm that was raised, active or cleared; empty if it never was."""
        return next((alarm.text for alarm in self.alarms.history if alarm.id == id), "")

    def is_raised(self, prefix: str) -> bool:
        return any(alarm.id.startswith(prefix) for alarm in self.alarms.active)

    def signal_media(self, number: int) -> None:
        assert self.media.pid is not None
        os.kill(self.media.pid, number)
        stat = Path(f"/proc/{self.media.pid}/stat")
        while number == signal.SIGSTOP and stat.read_text().rsplit(") ", 1)[1][0] != "T":
            time.sleep(0.001)


Begin = Callable[..., Rig]


@pytest.fixture
def begin() -> Iterator[Begin]:
    rigs: list[Rig] = []

    def start(*streams: str, live: bool = True, song: Path | None = None) -> Rig:
        media = MediaProcess(WIDTH, HEIGHT, RATE, live, song)
        media.start()
        alarms = Alarms()
        specs = tuple(map(parse_output, streams))
        rigs.append(Rig(media, alarms, Program(media, specs, alarms, live=live), live))
        return rigs[-1]

    yield start
    for rig in rigs:
        if rig.media.alive:
            rig.signal_media(signal.SIGCONT)
        rig.program.abandon()
