"""Test a guest's voice: it sounds as it was sung, and at the time at which the lips move."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as rules
from hypothesis import strategies as st

from renderer.errors import CaptureError
from renderer.output.sound.devices import Handler, Stream
from renderer.output.sound.guest_line import GuestLine
from renderer.protocol.sound import DeviceState
from renderer.show.guests.packet import decode
from renderer.show.guests.voice_codec import (
    BLOCK,
    BLOCK_NS,
    DELAY_NS,
    F32,
    RATE,
    VoiceDecoder,
    VoiceEncoder,
)
from renderer.show.guests.voice_packet import GuestVoice, encode_voice
from renderer.show.guests.voice_playout import VoicePlayout
from renderer.transport.samples import LENGTH, SharedSamples, position_at, samples_path

START_NS = 5_000_000_000
BLOCKS = 40
AHEAD_NS = 60_000_000
"""By how much messages come before they are due."""


class _Tone:
    """A microphone at which a tone of 400 Hz is sung."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    @property
    def is_active(self) -> bool:
        return self._thread.is_alive()

    def close(self) -> None:
        self._done.set()
        self._thread.join()

    def _run(self) -> None:
        tone = np.sin(np.arange(480) * (2.0 * np.pi * 400.0 / RATE)).astype(np.float32)[None, :]
        due = time.monotonic_ns()
        while not self._done.wait(max(due - time.monotonic_ns(), 0) / 1e9):
            self._handler(tone * np.float32(0.6), due - 10_000_000)
            due += 10_000_000


def open_tone(handler: Handler, device: str, channels: int, is_input: bool) -> tuple[Stream, int]:
    """Open the stand-in; an Opener."""
    return _Tone(handler), RATE


def sing(blocks: int = BLOCKS) -> F32:
    """Return a rising tone with a burst at each tenth of a second."""
    t = np.arange(blocks * BLOCK) / RATE
    burst = (t % 0.1 < 0.02).astype(np.float64)
    return (0.5 * burst * np.sin(2.0 * np.pi * (300.0 + 400.0 * t) * t)).astype(np.float32)


def encode(sung: F32) -> list[GuestVoice]:
    encoder, out, before = VoiceEncoder(), list[GuestVoice](), b""
    for number, block in enumerate(sung.reshape(-1, BLOCK)):
        packet = encoder.encode(block)
        out.append(GuestVoice(number, START_NS + number * BLOCK_NS, packet, before))
        before = packet
    return out


@pytest.fixture
def samples(tmp_path: Path) -> Iterator[SharedSamples]:
    with SharedSamples.create(samples_path(tmp_path, "Mai")) as one:
        yield one


def heard(samples: SharedSamples, count: int = BLOCKS * BLOCK) -> F32:
    out = np.zeros(count, np.float32)
    samples.read(position_at(START_NS), out)
    return out


def lag_of(heard: F32, sung: F32) -> int:
    """Return by how many samples what is heard is later than what was sung."""
    count = 2 * len(sung)
    product = np.fft.rfft(heard, count) * np.conj(np.fft.rfft(sung, count))
    best = int(np.argmax(np.fft.irfft(product, count)))
    return best - count if best > count // 2 else best


def test_what_is_decoded_is_what_was_sung_later_by_the_known_delay() -> None:
    sung = sing()
    decoder = VoiceDecoder()
    blocks = [decoder.decode(one.packet) for one in encode(sung)]
    assert all(block is not None for block in blocks)
    out = np.concatenate([block for block in blocks if block is not None])
    assert abs(lag_of(out, sung) - DELAY_NS * RATE / 1e9) <= 48
    shift = round(DELAY_NS * RATE / 1e9)
    same = np.corrcoef(out[shift:], sung[:-shift])[0, 1]
    assert same > 0.9


def test_voice_is_written_at_the_time_of_its_motion(samples: SharedSamples) -> None:
    playout, sung = VoicePlayout(samples), sing()
    for one in encode(sung):
        playout.take(one, one.t_ns, one.t_ns - AHEAD_NS)
    assert abs(lag_of(heard(samples), sung)) <= 48
    assert (playout.lost, playout.refused) == (0, 0)


@pytest.mark.parametrize("missing", [{3}, {5, 9, 11, 20}, set(range(1, BLOCKS - 1, 2))])
def test_single_losses_are_not_heard(tmp_path: Path, missing: set[int]) -> None:
    whole, part = (SharedSamples.create(tmp_path / name) for name in ("whole", "part"))
    for samples, left_out in ((whole, set[int]()), (part, missing)):
        playout = VoicePlayout(samples)
        for one in encode(sing()):
            if one.number not in left_out:
                playout.take(one, one.t_ns, one.t_ns - AHEAD_NS)
        assert playout.lost == 0
    np.testing.assert_array_equal(heard(part), heard(whole))
    whole.close()
    part.close()


def test_messages_that_change_places_are_not_heard(samples: SharedSamples) -> None:
    playout, voices = VoicePlayout(samples), encode(sing())
    for number in range(0, BLOCKS, 4):
        for one in reversed(voices[number : number + 4]):
            playout.take(one, one.t_ns, voices[number].t_ns - AHEAD_NS)
    assert playout.lost == 0
    assert abs(lag_of(heard(samples), sing())) <= 48


def test_longer_losses_are_silence_without_a_click_and_in_time_after_it(
    samples: SharedSamples,
) -> None:
    playout = VoicePlayout(samples)
    t = np.arange(BLOCKS * BLOCK) / RATE
    sung = (0.5 * np.sin(2.0 * np.pi * 200.0 * t)).astype(np.float32)
    for one in encode(sung):
        if not 10 <= one.number < 16:
            playout.take(one, one.t_ns, one.t_ns - AHEAD_NS)
    assert playout.lost == 5  # The sixth comes with the message after it.
    out = heard(samples)[: (BLOCKS - 1) * BLOCK]
    assert np.abs(np.diff(out)).max() < 0.05
    assert np.abs(out[11 * BLOCK : 14 * BLOCK]).max() == 0.0
    later = slice(20 * BLOCK, None)
    assert abs(lag_of(out[later], sung[later][:-BLOCK])) <= 48


@rules(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(-200, 200), min_size=BLOCKS, max_size=BLOCKS))
def test_no_delay_parts_voice_and_lips_by_more_than_15_ms(
    tmp_path: Path, changes_ms: list[int]
) -> None:
    written: list[tuple[int, int]] = []

    class Spy(SharedSamples):
        def write(self, position: int, samples: F32) -> None:
            if len(samples) == BLOCK:
                written.append((position, len(written)))
            super().write(position, samples)

    with Spy.create(tmp_path / "spy") as samples:
        playout, voices = VoicePlayout(samples), encode(sing())
        for one, change in zip(voices, changes_ms, strict=True):
            due_ns = one.t_ns + 300_000_000 + change * 1_000_000
            playout.take(one, due_ns, one.t_ns)
    for (position, number), change in zip(written, changes_ms, strict=True):
        due_ns = START_NS + number * BLOCK_NS + 300_000_000 + change * 1_000_000 - DELAY_NS
        assert abs(position - position_at(due_ns)) <= 0.015 * RATE


@given(st.binary(max_size=900))
def test_any_bytes_are_a_voice_or_refused(data: bytes) -> None:
    with suppress(CaptureError):
        decode(b"EGv1" + data)


def test_packets_that_are_no_sound_are_counted_and_the_voice_goes_on(
    samples: SharedSamples,
) -> None:
    playout = VoicePlayout(samples)
    for one in encode(sing()):
        packet = b"\xff" * 9 if one.number == 4 else one.packet
        voice = GuestVoice(one.number, one.t_ns, packet)
        playout.take(voice, one.t_ns, one.t_ns - AHEAD_NS)
    assert playout.refused == 1
    assert abs(lag_of(heard(samples), sing())) <= 48


def test_a_message_is_read_as_it_was_sent() -> None:
    voice = GuestVoice(7, 2**40, b"abc", b"de")
    assert decode(encode_voice(voice)) == voice


@rules(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(-3000, 3000), st.integers(1, 2000)), max_size=12))
def test_samples_are_read_where_they_were_written(
    tmp_path: Path, writes: list[tuple[int, int]]
) -> None:
    model = np.zeros(60_000, np.float32)
    (tmp_path / "channel").unlink(missing_ok=True)
    with SharedSamples.create(tmp_path / "channel") as writer:
        at, first = 20_000, None
        for number, (step, count) in enumerate(writes, 1):
            at = max(at + step, 20_000)
            first = at if first is None else min(first, at)
            block = np.full(count, number, np.float32)
            writer.write(at, block)
            model[at : at + count] = block
            at += count
        reader = SharedSamples.open(tmp_path / "channel")
        assert reader is not None
        with reader:
            out = np.zeros(30_000, np.float32)
            reader.read(20_000, out)
            begin = 20_000 if not writes else max(int(writer._range[0]) - 20_000, 0)
            np.testing.assert_array_equal(out[begin:], model[20_000 + begin : 50_000])
            assert reader.read(writer.end + LENGTH, out) == 0


def test_a_line_waits_reads_in_time_and_says_when_the_guest_is_gone(tmp_path: Path) -> None:
    line = GuestLine("mic-1", "guest:Mai", tmp_path)
    out = np.ones((1, 480), np.float32)
    assert not line.read(out, 480, time.monotonic_ns(), 0.0)
    assert not out.any()
    assert line.status().detail == "waits for the guest"
    with SharedSamples.create(samples_path(tmp_path, "Mai")) as samples:
        line = GuestLine("mic-1", "guest:Mai", tmp_path)
        t_ns = time.monotonic_ns()
        ramp = np.linspace(0.5, 1.0, RATE, dtype=np.float32)
        samples.write(position_at(t_ns), ramp)
        for number in range(10):
            assert line.read(out, 480, t_ns + 1e8 + number * 1e7, 1e8)
            expected = ramp[number * 480 : (number + 1) * 480]
            if number:
                np.testing.assert_array_equal(out[0], expected)
        assert line.status().state is DeviceState.RUNNING
        assert not line.read(out, 480, t_ns + 1e9, 0.0)
        assert line.status().starved == 1
        # It reads later from then on, by what was missing.
        assert line.read(out, 480, t_ns + 1e9, 0.0)
    line.close()
    assert GuestLine("mic-1", "guest:Mai", None).status().state is DeviceState.LOST
