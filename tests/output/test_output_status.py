"""Test what an output tells of itself, and the bit rate that follows the slowest stream."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from showing import RATE, RtmpServer, Showing, wait_until

from renderer.output.encode.bitrate import BitrateControl
from renderer.output.encode.encoder import ProgramEncoder
from renderer.output.encode.format import ProgramFormat
from renderer.output.encode.packets import VIDEO_CLOCK, EncodedPacket
from renderer.output.media import MediaProcess
from renderer.output.sinks.queue import PacketQueue
from renderer.output.spec import OutputSpec
from renderer.protocol.outputs import OutputState

TARGET = 4_000_000


def test_the_rate_falls_before_the_queue_is_full_and_rises_again() -> None:
    control = BitrateControl(TARGET)
    fullness, at, lowest = 0.0, 0.0, TARGET
    # A network of half the target: the queue of five seconds fills by what does not fit.
    for _ in range(60 * RATE):
        at += 1 / RATE
        control.update(fullness, at)
        fullness = max(0.0, fullness + (control.bits / (TARGET / 2) - 1) / RATE / 5)
        assert fullness < 0.5
        lowest = min(lowest, control.bits)
    assert TARGET / 4 <= lowest <= TARGET / 2
    for _ in range(200 * RATE):
        at += 1 / RATE
        control.update(0.0, at)
    assert control.bits == TARGET and not control.is_lowered


@given(st.lists(st.floats(0, 1), max_size=50))
def test_the_rate_stays_within_its_limits(fullness: list[float]) -> None:
    control = BitrateControl(TARGET)
    for at, full in enumerate(fullness):
        control.update(full, float(at))
        assert TARGET // 4 <= control.bits <= TARGET


def test_the_encoder_follows_the_rate() -> None:
    encoder = ProgramEncoder(ProgramFormat(320, 180, Fraction(RATE), True, 2_000_000), None)
    generator = np.random.default_rng(1)
    frames = [generator.integers(0, 255, (270, 320), dtype=np.uint8) for _ in range(5)]

    def kbit_s(first: int, last: int) -> float:
        packets = [
            packet
            for number in range(first, last)
            for packet in encoder.encode(frames[number % 5], number * 10**9 // RATE, 0, False)
        ]
        size = sum(len(packet.data) for packet in packets if packet.is_video)
        return size * 8 / 1000 / ((last - first) / RATE)

    full = kbit_s(0, 2 * RATE)
    encoder.set_bits(600_000)
    kbit_s(2 * RATE, 3 * RATE)
    assert kbit_s(3 * RATE, 5 * RATE) < 0.5 * full
    encoder.set_bits(2_000_000)
    kbit_s(5 * RATE, 6 * RATE)
    assert kbit_s(6 * RATE, 8 * RATE) > 0.6 * full
    encoder.close()


def test_a_stream_tells_its_rate_its_drops_and_its_history(
    start: Callable[..., MediaProcess], server: RtmpServer
) -> None:
    media = start(True)
    name = media.add(OutputSpec("rtmp", server.url))
    showing = Showing(media)
    assert wait_until(lambda: media.statuses()[0].kbit_s > 0)
    server.kill()
    assert wait_until(lambda: media.statuses()[0].state is OutputState.RETRYING)
    server.start()
    assert wait_until(lambda: media.statuses()[0].state is OutputState.RUNNING)
    assert wait_until(lambda: media.statuses()[0].drops.network > 0)
    showing.stop()
    (status,) = media.finish().outputs
    assert status.name == name and status.target_kbit_s == pytest.approx(1000)
    assert [change.state for change in status.history] == [
        OutputState.RUNNING,
        OutputState.RETRYING,
        OutputState.RUNNING,
        OutputState.ENDED,
    ]
    assert status.history[1].detail
    assert status.drops.network == status.dropped and status.drops.encode == 0
    times = [change.at for change in status.history]
    assert times == sorted(times) and status.kbit_s == 0


def test_a_recording_tells_how_long_its_disk_has_room(
    start: Callable[..., MediaProcess], small_disk: Path
) -> None:
    media = start(True)
    media.add(OutputSpec("mp4", str(small_disk / "show.mp4")))
    showing = Showing(media)
    assert wait_until(lambda: media.statuses()[0].room_s is not None)
    (status,) = media.statuses()
    free = shutil.disk_usage(small_disk).free
    assert status.room_s is not None
    assert status.room_s == pytest.approx(free * status.seconds / status.bytes, rel=0.5)
    showing.stop()
    assert media.finish().outputs[0].room_s is None


def test_an_output_is_stalled_only_while_something_waits_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now_s = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now_s)
    queue = PacketQueue(10, patient=True)
    picture = EncodedPacket(b"", 0, 3000, VIDEO_CLOCK, is_keyframe=True)
    now_s += 60.0  # A picture that took a minute to draw.
    queue.put(picture)
    assert queue.still_s == 0.0
    now_s += 3.0
    queue.put(picture)
    assert queue.still_s == 3.0
    assert queue.get() is picture
    assert queue.still_s == 0.0
    now_s += 3.0
    assert queue.get() is picture
    assert queue.still_s == 0.0
