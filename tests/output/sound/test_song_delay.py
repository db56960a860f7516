"""Test the song's delay in the program: what is danced to is heard with the dance."""

from __future__ import annotations

import math
import threading
import wave
from pathlib import Path

import numpy as np
import pytest

from renderer.errors import OutputError
from renderer.output.audio.playback import SongPlayback
from renderer.output.sound.devices import Handler, Stream
from renderer.output.sound.guest_return import return_path
from renderer.output.sound.mixer import BLOCK, Mixer
from renderer.output.sound.program_sound import ProgramSound
from renderer.output.sound.settings import RATE, MicrophonePlan, SoundPlan
from renderer.output.sound.song_delay import SongDelay
from renderer.protocol.sound import SetGuestWay, SetSongDelay
from renderer.transport.samples import SharedSamples, position_at

FRAME_NS = 1_000_000_000 // 30
ORIGIN_NS = 10_000_000_000
SECONDS = 12


def delay(line: SongDelay, samples: np.ndarray) -> np.ndarray:
    """Return samples (2, n) as they leave the line."""
    out = []
    for start in range(0, samples.shape[1] - BLOCK + 1, BLOCK):
        block = np.ascontiguousarray(samples[:, start : start + BLOCK])
        line.run(block, BLOCK)
        out.append(block)
    return np.concatenate(out, axis=1)


def tone(seconds: float) -> np.ndarray:
    wave_ = 0.5 * np.sin(2.0 * np.pi * 200.0 * np.arange(round(seconds * RATE)) / RATE)
    return np.tile(wave_.astype(np.float32), (2, 1))


@pytest.mark.parametrize("ms", [100.0, 130.0, 400.0, 0.0])
def test_a_change_of_the_delay_is_no_click(ms: float) -> None:
    line = SongDelay(BLOCK, 120.0)
    song = tone(8.0)
    first = delay(line, song[:, : BLOCK * 100])
    line.set(ms)
    second = delay(line, song[:, BLOCK * 100 :])
    steps = np.abs(np.diff(np.concatenate((first, second), axis=1)[:, RATE // 2 :]))
    # A fade between opposite phases is steeper than the tone, but by no means a step.
    assert steps.max() < 1.5 * np.abs(np.diff(song)).max() + 0.002
    late = round(ms * RATE / 1000.0)
    end = first.shape[1] + second.shape[1]
    np.testing.assert_array_equal(second[:, -RATE:], song[:, end - late - RATE : end - late])


@pytest.mark.parametrize("ms", [math.nan, math.inf, 1001.0])
def test_a_delay_that_is_none_is_refused(ms: float) -> None:
    sound = ProgramSound(SoundPlan(), SongPlayback(None), live=False)
    with pytest.raises(OutputError, match="give 0 to 1000 ms"):
        sound.apply(SetSongDelay(ms))
    assert not sound.status().is_song_delay_fixed


class Stage:
    """A performers' return on a clock of its own; keeps the times at which pulses are heard."""

    def __init__(self) -> None:
        self.now_ns = ORIGIN_NS
        self.heard_ns: list[float] = []
        self.has_opened = threading.Event()
        self._handler: Handler | None = None
        self._played_ns = float(ORIGIN_NS)
        self._block = np.zeros((2, 480), np.float32)

    @property
    def is_active(self) -> bool:
        return True

    def close(self) -> None:
        """Close it, as a Stream."""

    def open(
        self, handler: Handler, device: str, channels: int, is_input: bool
    ) -> tuple[Stream, int]:
        self._handler = handler
        self.has_opened.set()
        return self, RATE

    def play(self) -> None:
        """Play what is due by now."""
        while self._played_ns <= self.now_ns and self._handler is not None:
            self._handler(self._block, self._played_ns)
            loud = np.flatnonzero(self._block[0] > 0.2)
            if loud.size:
                at_ns = self._played_ns + loud[0] * 1e9 / RATE
                if not self.heard_ns or at_ns - self.heard_ns[-1] > 0.5e9:
                    self.heard_ns.append(at_ns)
            self._played_ns += 480 * 1e9 / RATE


@pytest.fixture
def pulses(tmp_path: Path) -> Path:
    """Write a song with a pulse at each full second."""
    path = tmp_path / "pulses.wav"
    samples = np.zeros(SECONDS * RATE, "<i2")
    for second in range(1, SECONDS):
        samples[second * RATE : second * RATE + 100] = 16000
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(np.repeat(samples, 2).tobytes())
    return path


@pytest.mark.parametrize(("lag_ms", "age_ms"), [(60, 120), (130, 300)])
def test_who_dances_to_what_is_heard_is_seen_with_it(
    lag_ms: int, age_ms: int, pulses: Path
) -> None:
    stage = Stage()
    sound = ProgramSound(
        SoundPlan(performer_return="stage"), SongPlayback(pulses), live=True,
        opener=stage.open, clock=lambda: stage.now_ns,
    )  # fmt: skip
    assert stage.has_opened.wait(60.0)
    sound.begin_run(1, 0, 0)
    program = []
    for number in range(30 * (SECONDS - 1)):
        wall_ns = ORIGIN_NS + number * FRAME_NS
        stage.now_ns = wall_ns + lag_ms * 1_000_000
        stage.play()
        sound.note_frame(number * FRAME_NS, wall_ns, wall_ns - age_ms * 1_000_000)
        program.append(sound.read(RATE // 30))
    ms = sound.status().song_delay_ms
    told = sound.apply(SetSongDelay(50.0)), sound.status().is_song_delay_fixed
    assert told == ("The program hears the song 50 ms after the performers.", True)
    sound.close()
    assert lag_ms + age_ms < ms < lag_ms + age_ms + 200
    mixed = np.concatenate(program, axis=1)[0]
    loud = np.flatnonzero(mixed > 0.2)
    sounds_s = loud[np.diff(loud, prepend=-RATE) > RATE // 2] / RATE
    # The camera sees a step at the moment at which the pulse is heard.
    seen_s = (np.array(stage.heard_ns) + age_ms * 1e6 - ORIGIN_NS) / 1e9
    settled = [at for at in seen_s if 5.0 < at < SECONDS - 2.0]
    assert len(settled) >= 3
    for at in settled:
        assert np.abs(sounds_s - at).min() < 0.020


def test_who_performs_elsewhere_is_heard_with_the_song_and_so_are_those_here(
    pulses: Path, tmp_path: Path
) -> None:
    """A guest hears the song early; the program and the performers here wait for the guest."""
    stage, lag_ms, age_ms, way_ms = Stage(), 60, 120, 450
    guest = MicrophonePlan("mic-1", "Mai", "guest:Mai")
    sound = ProgramSound(
        SoundPlan(performer_return="stage", microphones=(guest,), voices=tmp_path),
        SongPlayback(pulses), live=True, opener=stage.open, clock=lambda: stage.now_ns,
    )  # fmt: skip
    assert stage.has_opened.wait(60.0)
    assert sound.apply(SetGuestWay("Mai", way_ms)) == "The song waits for Mai, 450 ms away."
    sound.begin_run(1, 0, 0)
    program = []
    for number in range(30 * (SECONDS - 1)):
        wall_ns = ORIGIN_NS + number * FRAME_NS
        stage.now_ns = wall_ns + lag_ms * 1_000_000
        stage.play()
        sound.note_frame(number * FRAME_NS, wall_ns, wall_ns - age_ms * 1_000_000)
        program.append(sound.read(RATE // 30))
    ms = sound.status().song_delay_ms
    returned = SharedSamples.open(return_path(tmp_path, "Mai"))
    assert returned is not None
    last = np.zeros(2 * RATE, np.float32)
    end_ns = ORIGIN_NS + (SECONDS - 1) * 1e9
    returned.read(position_at(end_ns - 2e9), last)
    returned.close()
    sound.close()
    assert ms == pytest.approx(way_ms + age_ms, abs=8.0)
    # What the guest hears has no delay: a pulse belongs to its full second of show time.
    first = int(np.flatnonzero(last > 0.2)[0])
    assert first % RATE == pytest.approx(0, abs=RATE // 100)
    # The picture of who performs to it comes when the program's pulse does, and so does the
    # picture of those here, who hear it later.
    mixed = np.concatenate(program, axis=1)[0]
    pulses_at = np.flatnonzero((mixed[1:] > 0.2) & (mixed[:-1] <= 0.2)) / RATE
    newest = pulses_at[pulses_at > SECONDS - 3.0][0]
    assert newest % 1.0 == pytest.approx((way_ms + age_ms) / 1000.0, abs=0.02)
    heard = (stage.heard_ns[-1] - ORIGIN_NS) / 1e9 % 1.0
    assert heard + age_ms / 1000.0 == pytest.approx(newest % 1.0, abs=0.02)


def test_a_guest_hears_everything_but_their_own_voice() -> None:
    voices = tuple(MicrophonePlan(f"mic-{k}", str(k), "null", high_pass_hz=0.0) for k in (1, 2))
    mixer = Mixer(SoundPlan(microphones=voices))
    t = np.arange(BLOCK) / RATE
    heard = {"mic-1": [], "mic-2": []}
    for number in range(40):
        at = t + number * BLOCK / RATE
        mixer.input("song")[:] = 0.1 * np.sin(2.0 * np.pi * 375.0 * at)
        for bus, hertz in (("mic-1", 1125.0), ("mic-2", 1875.0)):
            mixer.input(bus)[:] = 0.2 * np.sin(2.0 * np.pi * hertz * at)
        mixer.mix(BLOCK)
        for bus, blocks in heard.items():
            blocks.append(mixer.mix_minus(bus, BLOCK).copy())

    def level(bus: str, hertz: float) -> float:
        spectrum = np.abs(np.fft.rfft(np.concatenate(heard[bus][-16:])))
        return float(spectrum[round(hertz * 16 * BLOCK / RATE)])

    for own, own_hertz, other_hertz in (("mic-1", 1125.0, 1875.0), ("mic-2", 1875.0, 1125.0)):
        assert level(own, own_hertz) < 0.01 * level(own, other_hertz)
        assert level(own, 375.0) > 0.1 * level(own, other_hertz)
