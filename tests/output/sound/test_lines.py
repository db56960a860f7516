"""Test microphones and outputs: clocks that drift, devices that die, picture and voice together."""

from __future__ import annotations

import time
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from renderer.bench.sound.drift import run_drift
from renderer.errors import OutputError
from renderer.output.audio.playback import SongPlayback
from renderer.output.sound.devices import Handler, NullStream, Stream, open_device
from renderer.output.sound.program_sound import ProgramSound
from renderer.output.sound.settings import RATE, MicrophonePlan, SoundPlan, StemPlan
from renderer.protocol.sound import (
    DeviceState,
    MuteBus,
    SetBusGain,
    SetVoiceDelay,
    SoundHealth,
    SwitchTalkback,
)


def plain(device: str, **more: Any) -> MicrophonePlan:
    return MicrophonePlan(
        "mic-1", "Hana", device, high_pass_hz=0.0, gate_db=None, compressor_db=None,
        reverb_db=None, **more,
    )  # fmt: skip


@pytest.fixture
def song(tmp_path: Path) -> Path:
    """Write a quiet tone of 20 s."""
    path = tmp_path / "song.wav"
    t = np.arange(20 * RATE) / RATE
    samples = (3000.0 * np.sin(2.0 * np.pi * 220.0 * t)).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(np.repeat(samples, 2).tobytes())
    return path


class Room:
    """Opens devices whose microphones hear what `heard` says, by the time of its capture."""

    def __init__(self, rate: float = RATE) -> None:
        self._rate = rate
        self.heard: Callable[[np.ndarray], np.ndarray] = np.zeros_like
        self.is_plugged_in = True
        self.played: list[np.ndarray] = []

    def __call__(
        self, handler: Handler, device: str, channels: int, is_input: bool
    ) -> tuple[Stream, int]:
        if not self.is_plugged_in:
            raise OutputError(f"the device {device}", "has been unplugged", "plug it in")

        def hear(block: np.ndarray, t_ns: float) -> None:
            if is_input:
                block[:] = self.heard(t_ns / 1e9 + np.arange(block.shape[1]) / self._rate)
            handler(block, t_ns)
            if not is_input:
                self.played.append(block.copy())

        stream = NullStream(hear, channels, self._rate)
        return stream, RATE


class Encoder:
    """Reads the program in real time, as the media process does: a frame of 1/30 s at a time."""

    def __init__(self, sound: ProgramSound, age_s: float) -> None:
        self._sound, self._age_s = sound, age_s
        self.origin_s = time.monotonic()
        self.read: list[np.ndarray] = []
        sound.begin_run(1, 0, 0)

    @property
    def samples(self) -> np.ndarray:
        return np.concatenate(self.read, axis=1)

    def run_until(self, true: Callable[[], bool], limit_s: float = 20.0) -> bool:
        """Read on until something is true; return whether it became so."""
        deadline = time.monotonic() + limit_s
        while time.monotonic() < deadline:
            number = len(self.read)
            due = self.origin_s + number / 30.0 + 0.060
            time.sleep(max(0.0, due - time.monotonic()))
            wall = round((self.origin_s + number / 30.0) * 1e9)
            seen = wall - round(self._age_s * 1e9)
            self._sound.note_frame(number * 1_000_000_000 // 30, wall, seen)
            self.read.append(self._sound.read(RATE // 30))
            if true():
                return True
        return False

    def run(self, seconds: float) -> None:
        end = len(self.read) + round(30 * seconds)
        assert self.run_until(lambda: len(self.read) >= end, seconds + 20.0)


@pytest.mark.parametrize("ppm", [-300.0, 0.0, 120.0])
def test_a_microphone_whose_clock_drifts_stays_with_its_picture(ppm: float) -> None:
    drift = run_drift(120.0, ppm)
    assert drift.worst_ms < 2.0
    assert abs(drift.end_ms) < 1.0
    assert drift.drift_ppm == pytest.approx(ppm, abs=25.0)
    assert drift.starved == 0


@pytest.mark.parametrize("age_s", [0.12, 0.3])
def test_a_viewer_sees_and_hears_the_same_moment(age_s: float, song: Path) -> None:
    room = Room(RATE * 1.0002)
    # A pulse at every full second, when the performer claps before the camera.
    room.heard = lambda t: np.where(t % 1.0 < 0.004, 0.5, 0.0)
    sound = ProgramSound(SoundPlan((plain("stage"),)), SongPlayback(None), live=True, opener=room)
    encoder = Encoder(sound, age_s)
    encoder.run(3.5)
    late = sound.status().devices[0].starved
    sound.close()
    loud = np.flatnonzero(encoder.samples[0, 3 * RATE // 2 :] > 0.2) + 3 * RATE // 2
    begins = loud[np.diff(loud, prepend=-RATE) > RATE // 2]
    assert begins.size >= 1, f"nothing was heard; {late} blocks came late"
    # A picture of the clap is shown `age_s` after it.
    offsets = [(encoder.origin_s + at / RATE - age_s + 0.5) % 1.0 - 0.5 for at in begins]
    assert np.abs(np.median(offsets)) < 0.020


def test_a_lost_microphone_is_told_and_comes_back_while_the_song_goes_on(song: Path) -> None:
    room = Room()
    room.heard = lambda t: 0.1 * np.ones_like(t)
    room.is_plugged_in = False
    sound = ProgramSound(SoundPlan((plain("stage"),)), SongPlayback(song), live=True, opener=room)
    encoder = Encoder(sound, 0.1)
    assert encoder.run_until(lambda: "has been unplugged" in str(sound.notes))
    assert "the program goes on" in sound.notes["sound.mic-1"]
    assert sound.status().devices[0].state is DeviceState.LOST
    room.is_plugged_in = True
    assert encoder.run_until(lambda: not sound.notes)
    assert encoder.run_until(lambda: sound.status().buses[1].rms_db > -25.0)
    sound.close()
    t = np.arange(2 * RATE // 10) / RATE
    expected = 3000.0 / 32768.0 * np.sin(2.0 * np.pi * 220.0 * t)
    np.testing.assert_allclose(encoder.samples[0, : len(t)], expected, atol=2e-4)


def test_the_room_hears_the_program_and_the_performers_the_talkback(song: Path) -> None:
    room = Room()
    room.heard = lambda t: 0.25 * np.sin(2.0 * np.pi * 1000.0 * t)
    plan = SoundPlan(talkback="desk", performer_return="stage")
    sound = ProgramSound(plan, SongPlayback(song), live=True, opener=room)
    encoder = Encoder(sound, 0.1)
    assert sound.apply(SwitchTalkback(True)) == "Talkback on."
    loud = lambda: any(np.abs(one).max() > 0.2 for one in room.played[-20:])  # noqa: E731
    assert encoder.run_until(loud)
    sound.close()
    assert np.abs(encoder.samples).max() < 0.1


def test_controls_outlive_the_media_process() -> None:
    plan = SoundPlan((plain("null"),))
    first = ProgramSound(plan, SongPlayback(None), live=False)
    for command in (SetBusGain("song", -6.0), MuteBus("mic-1")):
        first.apply(command)
    second = ProgramSound(plan, SongPlayback(None), live=False)
    second.restore(first.status())
    assert [(one.gain_db, one.is_muted) for one in second.status().buses] == [
        (one.gain_db, one.is_muted) for one in first.status().buses
    ]
    second.restore(SoundHealth(buses=[], devices=[]))


def test_stems_play_in_place_of_the_mix(song: Path, tmp_path: Path) -> None:
    plan = SoundPlan(stems=(StemPlan("stem-band", {"A": song}, song),))
    sound = ProgramSound(plan, SongPlayback(song), live=False)
    both = sound.read(RATE)
    sound.apply(MuteBus("stem-band"))
    sound.read(RATE // 10)
    assert np.abs(both).max() == pytest.approx(3000.0 / 32768.0, rel=0.02)
    assert np.abs(sound.read(RATE // 10)).max() == 0.0
    sound.close()


@pytest.mark.parametrize("ms", [float("nan"), 2001.0, float("inf")])
def test_a_delay_that_is_none_is_refused(ms: float) -> None:
    sound = ProgramSound(SoundPlan((plain("null"),)), SongPlayback(None), live=False)
    with pytest.raises(OutputError, match="give 0 to 2000 ms"):
        sound.apply(SetVoiceDelay("mic-1", ms))
    with pytest.raises(OutputError, match="is no microphone of this show"):
        sound.apply(SetVoiceDelay("song", 1.0))


def test_pulse_voice_is_heard_and_the_show_survives_the_servers_death(
    pulse: Any, song: Path
) -> None:
    plan = SoundPlan((plain("pulse:stage.monitor"),), room="pulse:room")
    playing, _ = open_device(_play, "pulse:stage", channels=2, is_input=False)
    sound = ProgramSound(plan, SongPlayback(song), live=True)
    encoder = Encoder(sound, 0.15)
    assert encoder.run_until(lambda: sound.status().buses[1].rms_db > -30.0), sound.status()
    assert encoder.run_until(lambda: not sound.notes)
    pulse.kill()
    assert encoder.run_until(lambda: len(sound.notes) == 2), sound.status()
    playing.close()
    pulse.start()
    assert encoder.run_until(lambda: not sound.notes), sound.status()
    sound.close()


def _play(block: np.ndarray, _t_ns: float) -> None:
    block[:] = 0.25 * np.sign(np.sin(np.arange(block.shape[1]) / 8.0))


def test_an_unknown_device_is_refused_with_those_there_are(pulse: Any) -> None:
    with pytest.raises(OutputError, match=r"is not among this machine's \(pulse"):
        open_device(_play, "Yeti", channels=1, is_input=True)
    with pytest.raises(OutputError, match="cannot be opened"):
        open_device(_play, "pulse:nowhere", channels=2, is_input=False)
