"""Test sound files as voices, with faulty sound and unusual names."""

from __future__ import annotations

import os
import threading
import wave
from pathlib import Path

import av
import numpy as np
import pytest

from renderer.bench.voice import MEN, synthesise_vowel
from renderer.capture.audio import voice_process
from renderer.capture.audio.voice_process import (
    EndOfSound,
    HeardWindows,
    SoundLosses,
    VoiceProcess,
    _listen,
    is_microphone,
)
from renderer.capture.audio.vowels import RATE, VowelFrame

SUNG = 0.5 * synthesise_vowel(MEN["aa"], 150.0, 1.0)


def record(path: Path, seconds: float = 1.0) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.resize(SUNG, round(RATE * seconds)) * 30_000).astype("<i2").tobytes())
    return path


def encode(path: Path, rate: int, layout: str, codec: str = "mp2", start_s: float = 0.0) -> bytes:
    """Encode a second of a sung vowel."""
    count = rate
    wave_form = np.interp(np.arange(count) / rate, np.arange(RATE) / RATE, SUNG)
    channels = av.AudioLayout(layout).nb_channels
    with av.open(str(path), "w") as file:
        stream = file.add_stream(codec, rate=rate, layout=layout)
        data = np.tile((wave_form * 30_000).astype(np.int16), (channels, 1)).T.reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(data), "s16", layout)
        frame.sample_rate = rate
        frame.pts = round(start_s * rate)
        file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return path.read_bytes()


def heard_in(voice: VoiceProcess, seconds: float) -> list[VowelFrame]:
    return list(voice.until(round(seconds * 1e9), 20.0))


@pytest.mark.parametrize("second", [(22_050, "stereo"), (44_100, "mono"), (48_000, "mono")])
def test_a_voice_is_read_on_when_rate_or_layout_change(
    tmp_path: Path, second: tuple[int, str]
) -> None:
    path = tmp_path / "joined.mp2"
    kinds = [(44_100, "stereo"), second, (44_100, "stereo")]
    parts = [encode(tmp_path / f"{n}.mp2", *kind) for n, kind in enumerate(kinds)]
    path.write_bytes(b"".join(parts))
    with VoiceProcess(str(path)) as voice:
        heard = heard_in(voice, 10.0)
        assert voice.fault == ""
    for number in range(3):
        part = [h.voice for h in heard if number + 0.3 < h.t_ns * 1e-9 < number + 0.8]
        assert len(part) > 40 and np.mean(part) > 0.8
    assert heard[-1].t_ns == pytest.approx(3.0e9, abs=2e8)


@pytest.mark.parametrize(("gap_s", "later_s"), [(2.0, 2.0), (3600.0, 0.0)])
def test_a_gap_in_a_voice_is_kept_as_its_pictures_keep_it(
    tmp_path: Path, gap_s: float, later_s: float
) -> None:
    path = tmp_path / "gap.ts"
    starts = (10.0, 11.0 + gap_s)
    parts = [encode(tmp_path / f"{t}.ts", 44_100, "mono", start_s=t) for t in starts]
    path.write_bytes(b"".join(parts))
    with VoiceProcess(str(path)) as voice:
        heard = heard_in(voice, 60.0)
    begin_s = heard[0].t_ns * 1e-9
    length_s = heard[-1].t_ns * 1e-9 - begin_s
    assert length_s == pytest.approx(2.0 + later_s, abs=0.3)


def test_a_leap_in_a_voice_is_reported_long_before_its_end(tmp_path: Path) -> None:
    path = tmp_path / "leap.ts"
    starts = [10.0, 3600.0, *(3601.0 + n for n in range(40))]
    parts = [encode(tmp_path / f"{t}.ts", 44_100, "mono", start_s=t) for t in starts]
    path.write_bytes(b"".join(parts))
    with VoiceProcess(str(path)) as voice:
        heard = heard_in(voice, 12.0)
        assert heard[-1].t_ns * 1e-9 < 12.1
        assert voice.losses == {
            "leap": f"Voice {path} has timestamps that leap once by 3589.0 s, which was closed up"
        }
        assert voice.fault == "" and voice.faults == []


class Sent(list[object]):
    """What a voice process sends, in order."""

    send = list.append

    stopping = threading.Event()

    def ready(self) -> None:
        """Do nothing."""


def test_unconvertible_sound_is_reported_with_its_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = av.AudioResampler

    class OneRate:
        def __init__(self, *wanted: object) -> None:
            self._real = real(*wanted)

        def resample(self, frame: av.AudioFrame | None) -> list[av.AudioFrame]:
            if frame is not None and frame.sample_rate == 22_050:
                raise ValueError("no such rate")
            return self._real.resample(frame)

    monkeypatch.setattr(av, "AudioResampler", OneRate)
    path = tmp_path / "joined.mp2"
    rates = (44_100,) * 8 + (22_050, 44_100, 44_100)  # FFmpeg looks some seconds ahead.
    parts = [encode(tmp_path / f"{n}.mp2", rate, "mono") for n, rate in enumerate(rates)]
    path.write_bytes(b"".join(parts))
    sent = Sent()
    _listen(sent, str(path), sent)  # type: ignore[arg-type]
    (found,) = [each for each in sent if isinstance(each, SoundLosses)]
    assert "22050 Hz, mono" in found.texts["conversion"]
    before = [each for each in sent[: sent.index(found)] if isinstance(each, HeardWindows)]
    after = [each for each in sent[sent.index(found) :] if isinstance(each, HeardWindows)]
    assert before[-1].rows[-1, 0] < 8.2e9 < 8.8e9 < after[0].rows[-1, 0]
    assert sent[-1] == EndOfSound("")


def test_damage_in_a_voice_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "voice.mka"
    encode(path, 44_100, "mono", codec="mp2")
    with av.open(str(path)) as file:
        packet = [packet for packet in file.demux(audio=0) if packet.size][10]
    data = path.read_bytes()
    path.write_bytes(data.replace(bytes(packet), b"\xff" * packet.size))
    with VoiceProcess(str(path)) as voice:
        assert len(heard_in(voice, 10.0)) > 50
        assert voice.losses == {
            "damage": f"Voice {path} is damaged in one place, which was left out"
        }


@pytest.mark.parametrize(
    "name",
    ["take:1.wav", "http:song.wav", "concat:x.wav", "mic:1.wav", "data:a.wav", "rtsp:b.wav"],
)
def test_a_voice_may_be_named_like_something_else(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(tmp_path / "made.wav").rename(tmp_path / name)
    monkeypatch.chdir(tmp_path)
    assert not is_microphone(name)
    with VoiceProcess(name) as voice:
        assert np.mean([heard.voice for heard in heard_in(voice, 0.8)[30:]]) > 0.8


def test_a_voice_without_data_or_end_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pipe whose writer has stopped, like a device that hangs: its reader waits."""
    monkeypatch.setattr(voice_process, "_STALLED_S", 1.0)
    path, whole = tmp_path / "voice.wav", record(tmp_path / "whole.wav", 20.0).read_bytes()
    os.mkfifo(path)
    feed = os.open(path, os.O_RDWR)
    writer = threading.Thread(target=os.write, args=(feed, whole), daemon=True)
    writer.start()
    try:
        with VoiceProcess(str(path)) as voice:
            heard = []
            while not voice.faults:
                heard += voice.until(10**12, 1.5)
            assert "gave no sound for 1 s" in voice.faults[0]
            assert len(heard) > 100
    finally:
        os.close(feed)
