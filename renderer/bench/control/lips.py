"""Measure how far a guest's voice is from the lips after a network that delays and loses messages.

The guest's mouth opens twice a second while noise is sung. Motion and voice go through the same
simulated network, the program's own clock, playout and mixing, and Opus. How much later the jaw
opens than the guest's did is compared with how much later the same noise is in the mixer's channel.
"""

from __future__ import annotations

import heapq
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np

from avatars.maths.quaternions import IDENTITY
from avatars.names import ARKIT, HUMAN_BONES
from renderer.bench.control.guests import JITTER_MS, LOSS, TRANSIT_MS
from renderer.capture.network.records import freeze
from renderer.motion.core.records import LIMBS, Motion
from renderer.motion.core.sources import Source
from renderer.motion.performance import Performance
from renderer.show.guests.clock import PING_S, RemoteClock
from renderer.show.guests.packet import RATE, GuestMotion, decode, encode_motion
from renderer.show.guests.playout import PlayoutDelay
from renderer.show.guests.queue import PlayoutQueue
from renderer.show.guests.voice_codec import BLOCK, BLOCK_NS, F32, VoiceEncoder
from renderer.show.guests.voice_codec import RATE as SAMPLES
from renderer.show.guests.voice_packet import GuestVoice, encode_voice
from renderer.show.guests.voice_playout import LEAD_NS, VoicePlayout
from renderer.transport.samples import SharedSamples, position_at

_SECOND_NS: Final = 1_000_000_000
_START_NS: Final = 10 * _SECOND_NS
_EVERY_NS: Final = _SECOND_NS // 2
"""Nanoseconds from one opening of the mouth to the next; it is open for half of them."""
_READ_NS: Final = 15_000_000
"""Nanoseconds behind now at which a guest's program reads the microphone."""
_AHEAD_NS: Final = 7_777_777_777
"""Nanoseconds by which the guest's clock is ahead of the show's; any number serves."""
_LOOK_NS: Final = 4_000_000
"""Interval of looks at lips and voice, nanoseconds: what the result can be told by."""
_SETTLED_NS: Final = 3 * _SECOND_NS
_JAW: Final = ARKIT.index("jawOpen")
_BURST: Final = SAMPLES // 4
_MOST_LATER: Final = SAMPLES // 2
"""Samples by which a burst may be later than it was sung: the longest playout delay."""


def measure_lips(seconds: float = 20.0) -> float:
    """Return the most milliseconds between a voice and its lips; deterministic."""
    random = np.random.default_rng(1)
    sung = _sing(seconds, random)
    arrivals = [*_motions(seconds), *_voices(sung)]
    arrivals = [one for one in arrivals if random.random() >= LOSS]
    events = sorted((t_ns + _transit(random), data) for t_ns, data in arrivals)
    with tempfile.TemporaryDirectory() as folder:
        opened, heard = _play(events, random, Path(folder), round(seconds * _SECOND_NS))
    apart = []
    for begin_ns in range(_SETTLED_NS, round((seconds - 1.0) * _SECOND_NS), _EVERY_NS):
        lips_ns = next(t_ns for t_ns in opened if t_ns >= _START_NS + begin_ns) - begin_ns
        at = begin_ns * SAMPLES // _SECOND_NS
        voice = _find_lag(sung[at : at + _BURST], heard[at : at + _BURST + _MOST_LATER])
        apart.append(abs(voice / SAMPLES * 1e3 - (lips_ns - _START_NS) * 1e-6))
    return max(apart)


def _sing(seconds: float, random: np.random.Generator) -> F32:
    """Return noise that can be told apart at any time, with silence while the mouth is closed."""
    count = round(seconds * SAMPLES) // BLOCK * BLOCK
    noise = np.convolve(random.normal(0.0, 0.2, count), np.hanning(12) / 6.0, "same")
    is_open = np.arange(count) % (2 * _BURST) < _BURST
    return np.asarray(np.clip(noise * is_open, -1.0, 1.0), np.float32)


def _find_lag(sung: F32, heard: F32) -> int:
    """Return by how many samples a burst is later in what is heard."""
    size = 2 * len(heard)
    product = np.fft.rfft(heard, size) * np.conj(np.fft.rfft(sung, size))
    return int(np.argmax(np.fft.irfft(product, size)[:_MOST_LATER]))


def _is_open(t_ns: int) -> bool:
    return t_ns % _EVERY_NS < _EVERY_NS // 2


def _motions(seconds: float) -> Iterator[tuple[int, bytes]]:
    """Yield when a motion leaves, and its message."""
    still = freeze(np.tile(IDENTITY, (len(HUMAN_BONES), 1)))
    for number in range(round(seconds * RATE)):
        t_ns = _START_NS + round(number / RATE * _SECOND_NS)
        face = np.zeros(len(ARKIT), np.float32)
        face[_JAW] = float(_is_open(t_ns))
        motion = Motion(
            t_ns + _AHEAD_NS, freeze(np.zeros(3)), 0.9, still, freeze(face),
            freeze(np.zeros(2)), freeze(np.ones(len(LIMBS))),
        )  # fmt: skip
        yield t_ns, encode_motion(motion, number)


def _voices(sung: F32) -> Iterator[tuple[int, bytes]]:
    """Yield when a block of the voice leaves, and its message."""
    encoder, before = VoiceEncoder(), b""
    for number, block in enumerate(sung.reshape(-1, BLOCK)):
        t_ns = _START_NS + number * BLOCK_NS
        packet = encoder.encode(block)
        yield (
            t_ns + BLOCK_NS + _READ_NS,
            encode_voice(GuestVoice(number, t_ns + _AHEAD_NS, packet, before)),
        )
        before = packet


def _play(
    events: list[tuple[int, bytes]], random: np.random.Generator, folder: Path, length_ns: int
) -> tuple[list[int], F32]:
    """Return the times at which the lips open, and what is heard from the guest's start on."""
    clock, delay, queue, performance = RemoteClock(), PlayoutDelay(), PlayoutQueue(), Performance()
    pongs: list[tuple[int, int, int]] = []
    opened = list[int]()
    next_ping, next_event = _START_NS - round(PING_S * _SECOND_NS), 0
    was_open, step = True, position_at(_LOOK_NS)
    heard = np.zeros(position_at(length_ns) + step, np.float32)
    with SharedSamples.create(folder / "voice") as samples:
        playout = VoicePlayout(samples)
        for t_ns in range(next_ping, _START_NS + length_ns, _LOOK_NS):
            if t_ns >= next_ping:
                there_ns = t_ns + _transit(random)
                pong = (there_ns + _transit(random), t_ns, there_ns + _AHEAD_NS)
                heapq.heappush(pongs, pong)
                next_ping += round(PING_S * _SECOND_NS)
            while pongs and pongs[0][0] <= t_ns:
                received_ns, sent_ns, guest_ns = heapq.heappop(pongs)
                clock.add(sent_ns, guest_ns, received_ns)
            while next_event < len(events) and events[next_event][0] <= t_ns:
                at_ns, data = events[next_event]
                next_event += 1
                message = decode(data)
                if not clock.is_known or not isinstance(message, GuestMotion | GuestVoice):
                    continue
                lead_ns = LEAD_NS if isinstance(message, GuestVoice) else 0
                due_ns = delay.place(clock.to_show(message.t_ns), at_ns + lead_ns)
                if isinstance(message, GuestVoice):
                    playout.take(message, due_ns, at_ns)
                else:
                    queue.put(due_ns, message)
            playout.write_due(t_ns)
            for play_ns, motion in queue.take(t_ns):
                body, face = motion.records(play_ns)
                if face is not None:
                    performance.push(Source.SUIT_FACE, face)
                performance.push(Source.SUIT, body)
            is_open = bool(performance.at(t_ns).expressions[_JAW] > 0.5)
            if is_open and not was_open:
                opened.append(t_ns)
            was_open = is_open
            at = position_at(t_ns - _START_NS)
            if at >= 0:
                samples.read(position_at(t_ns), heard[at : at + step])
    return opened, heard


def _transit(random: np.random.Generator) -> int:
    return round(max(random.normal(TRANSIT_MS, JITTER_MS), 1.0) * 1e6)
