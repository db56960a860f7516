"""Test the latency by stage: what it adds up to, and that an outage leaves no false figure."""

from __future__ import annotations

import pytest

from renderer.output.latency import LatencyWindow
from renderer.protocol.latency import LatencyHealth, StageLatency
from renderer.protocol.outputs import OutputState, OutputStatus
from renderer.show.health.latency import LatencyMeter

MS = 1_000_000
FRAME = 40 * MS
IN_FLIGHT = 2
"""Frames between a frame's drawing and its sending, as in the renderer's readback."""


class Engine:
    """Runs a meter as the tick does, on a clock of its own."""

    def __init__(self) -> None:
        self.now_ns = 1_000_000_000
        self.meter = LatencyMeter(lambda: self.now_ns)
        self._number = 0

    def tick(self, t_seen_ns: int) -> None:
        """Take in for 10 ms, draw for 5 and send the frame before the last."""
        self._number += 1
        began = self.now_ns
        self.meter.take_in()
        self.now_ns += 10 * MS
        self.meter.draw(self._number, t_seen_ns)
        self.now_ns += 5 * MS
        if self._number > IN_FLIGHT:
            self.meter.send(self._number - IN_FLIGHT)
        self.now_ns = began + FRAME

    def read(self, *outputs: OutputStatus) -> LatencyHealth:
        self.now_ns += 1_000_000_000
        return self.meter.read(StageLatency(3.0, 4.0, 5.0, 10), outputs)


def output(name: str, ms: float) -> OutputStatus:
    latency = StageLatency(ms, ms, ms, 10)
    return OutputStatus(name, "rtmp", "", OutputState.RUNNING, send=latency, total=latency)


def test_each_stage_is_what_it_took_and_they_add_up_to_the_whole() -> None:
    engine = Engine()
    for _ in range(100):
        engine.tick(engine.now_ns - 30 * MS)
    stages = engine.read(output("a", 7.0), output("b", 90.0)).stages
    assert list(stages) == ["capture", "solve", "draw", "encode", "send", "total"]
    assert stages["capture"].p50_ms == pytest.approx(30.0)
    assert stages["solve"].p99_ms == pytest.approx(10.0)
    assert stages["draw"].p50_ms == pytest.approx(5.0 + IN_FLIGHT * FRAME / MS)
    assert stages["encode"] == StageLatency(3.0, 4.0, 5.0, 10)
    assert stages["send"].p95_ms == stages["total"].p95_ms == 90.0, "the slowest output's"


def test_while_a_camera_is_away_nothing_is_measured_and_afterwards_the_truth() -> None:
    engine = Engine()
    for _ in range(50):
        engine.tick(engine.now_ns - 30 * MS)
    last = engine.now_ns - 30 * MS
    for _ in range(500):
        engine.tick(last)
    assert "capture" not in engine.read().stages, "the window has no frame of a new observation"
    for _ in range(50):
        engine.tick(engine.now_ns - 30 * MS)
    assert engine.read().stages["capture"].p99_ms == pytest.approx(30.0)


def test_frames_without_performers_or_that_are_never_sent_count_for_nothing() -> None:
    engine = Engine()
    for _ in range(50):
        engine.tick(0)
    assert set(engine.read().stages) == {"encode"}


def test_a_window_forgets_what_is_older_than_ten_seconds() -> None:
    now = [0]
    window = LatencyWindow(lambda: now[0])
    for second in range(60):
        now[0] = second * 1_000_000_000
        window.note(second * MS)
    found = window.read()
    assert found.frames == 11
    assert found.p50_ms == pytest.approx(54.0)
