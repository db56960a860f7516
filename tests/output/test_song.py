"""Test songs whose format changes, that are corrupt, or that end early."""

from __future__ import annotations

import io
import struct
import wave
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
from av.audio.frame import AudioFrame
from showing import RATE, play, send

from renderer.errors import OutputError
from renderer.output.audio.conversion import StereoConverter, UnconvertibleError
from renderer.output.audio.playback import SongPlayback
from renderer.output.audio.sound import Samples, Song
from renderer.output.encode.packets import AUDIO_CLOCK
from renderer.output.media import MediaProcess
from renderer.output.spec import OutputSpec


def tone(hertz: float, seconds: float, rate: int, channels: int) -> np.ndarray:
    times = np.arange(round(seconds * rate)) / rate
    return np.tile(0.5 * np.sin(2 * np.pi * hertz * times), (channels, 1)).astype(np.float32)


def mp3(hertz: float, seconds: float, rate: int, layout: str) -> bytes:
    memory = io.BytesIO()
    with av.open(memory, "w", format="mp3") as file:
        stream = file.add_stream("libmp3lame", rate=rate, layout=layout)
        samples = tone(hertz, seconds, rate, 1 if layout == "mono" else 2)
        frame = AudioFrame.from_ndarray(np.ascontiguousarray(samples), "fltp", layout)
        frame.sample_rate = rate
        file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return memory.getvalue()


def wav(path: Path, samples: np.ndarray, rate: int) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(samples.shape[0])
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((samples.T * 32767).astype("<i2").tobytes())


def read_all(path: Path) -> tuple[Samples, str]:
    song = Song(path)
    parts = []
    while (block := song.read(10_000)).size:
        parts.append(block)
    song.close()
    return np.concatenate(parts, axis=1), song.fault


def pitch(samples: Samples) -> float:
    """Return the loudest frequency, Hz."""
    power = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(power.argmax() * AUDIO_CLOCK / len(samples))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((44_100, "stereo"), (48_000, "stereo")),
        ((44_100, "stereo"), (44_100, "mono")),
        ((32_000, "mono"), (44_100, "stereo")),
        ((48_000, "stereo"), (32_000, "mono")),
    ],
)
def test_a_song_whose_format_changes_plays_on(
    first: tuple[int, str], second: tuple[int, str], tmp_path: Path
) -> None:
    path = tmp_path / "song.mp3"
    path.write_bytes(mp3(440, 2.0, *first) + mp3(660, 2.0, *second))
    samples, fault = read_all(path)
    assert fault == ""
    assert samples.shape[1] == pytest.approx(4 * AUDIO_CLOCK, abs=0.2 * AUDIO_CLOCK)
    for channel in samples:
        assert pitch(channel[24_000:72_000]) == pytest.approx(440, abs=2)
        assert pitch(channel[120_000:168_000]) == pytest.approx(660, abs=2)


@pytest.mark.parametrize("name", ["song_rate_change.mp3", "song_stereo_to_mono.mp3"])
def test_the_files_that_ended_shows_play_on(name: str, shared_data: Path) -> None:
    path = shared_data.parent / "cases" / name
    if not path.exists():
        pytest.skip("the case is not beside this checkout")
    samples, fault = read_all(path)
    assert fault == ""
    assert samples.shape[1] > 4 * AUDIO_CLOCK
    assert np.abs(samples[:, -AUDIO_CLOCK // 2 : -AUDIO_CLOCK // 4]).max() > 0.05


def test_a_change_in_mid_song_ends_no_show(
    start: Callable[..., MediaProcess], tmp_path: Path
) -> None:
    song, path = tmp_path / "song.mp3", tmp_path / "show.mp4"
    song.write_bytes(mp3(440, 1.0, 44_100, "stereo") + mp3(440, 1.0, 32_000, "mono"))
    media = start(False, song)
    media.add(OutputSpec("mp4", str(path)))
    for number in range(2 * RATE):
        assert send(media, number)
    report = media.finish()
    assert [output.state for output in report.outputs] == ["ended"]
    assert not report.notes
    seen = play(path)
    assert seen.sound_until == pytest.approx(2.0, abs=0.03)


def audio_frame(samples: np.ndarray, layout: str, rate: int) -> AudioFrame:
    frame = AudioFrame.from_ndarray(np.ascontiguousarray(samples), "fltp", layout)
    frame.sample_rate = rate
    return frame


def test_no_sample_is_lost_at_a_change() -> None:
    converter = StereoConverter()
    blocks: list[Samples] = []
    for rate, layout, channels in [(48_000, "stereo", 2), (24_000, "mono", 1), (96_000, "5.1", 6)]:
        samples = tone(100, 0.5, rate, channels)
        for at in range(0, samples.shape[1], 1000):
            frame = audio_frame(samples[:, at : at + 1000], layout, rate)
            blocks += converter.convert(frame)
    blocks += converter.flush()
    assert sum(block.shape[1] for block in blocks) == pytest.approx(1.5 * AUDIO_CLOCK, abs=64)
    assert {block.shape[0] for block in blocks} == {2}


def test_unconvertible_sound_is_reported_and_the_rest_is_played(tmp_path: Path) -> None:
    converter = StereoConverter()
    # The layout of nine channels is undefined.
    wav(tmp_path / "nine.wav", tone(100, 0.1, 48_000, 9), 48_000)
    with av.open(str(tmp_path / "nine.wav")) as file:
        for strange in file.decode(audio=0):
            with pytest.raises(UnconvertibleError, match="9 channels at 48000 Hz"):
                list(converter.convert(strange))
    blocks = list(converter.convert(audio_frame(tone(100, 0.01, 48_000, 2), "stereo", 48_000)))
    assert sum(block.shape[1] for block in blocks) == 480


def test_a_song_that_cannot_be_converted_is_an_error_before_the_show(tmp_path: Path) -> None:
    path = tmp_path / "song.wav"
    wav(path, tone(100, 0.5, 48_000, 9), 48_000)
    with pytest.raises(OutputError, match=r"cannot be converted \(9 channels at 48000 Hz\)"):
        Song(path)


def test_silence_takes_the_place_of_what_is_broken(tmp_path: Path) -> None:
    path = tmp_path / "song.m4a"
    with av.open(str(path), "w") as file:
        stream = file.add_stream("aac", rate=44_100, layout="stereo")
        frame = audio_frame(tone(440, 4.0, 44_100, 2), "stereo", 44_100)
        file.mux(stream.encode(frame) + stream.encode(None))
    whole, _ = read_all(path)
    with av.open(str(path)) as file:
        packet = [packet for packet in file.demux(audio=0) if packet.size][80]
        assert packet.pos is not None
    content = bytearray(path.read_bytes())
    content[packet.pos : packet.pos + packet.size] = b"\xff" * packet.size
    path.write_bytes(content)
    playback = SongPlayback(path)
    playback.read(AUDIO_CLOCK)
    assert playback.notes == {}
    playback.read(AUDIO_CLOCK)
    assert playback.notes["song.fault"].endswith("is broken in places"), "long before its end"
    playback.close()
    damaged, fault = read_all(path)
    assert fault == "is broken in places"
    assert damaged.shape[1] == pytest.approx(whole.shape[1], abs=48)


@pytest.mark.parametrize("suffix", ["flac", "m4a", "mka"])
def test_a_song_that_is_not_whole_is_reported(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"song.{suffix}"
    codec = "flac" if suffix == "flac" else "aac"
    options = {"movflags": "faststart"} if suffix == "m4a" else {}
    with av.open(str(path), "w", options=options) as file:
        stream = file.add_stream(codec, rate=48_000, layout="stereo")
        noise = np.random.default_rng(1).normal(0, 0.1, (2, 10 * 48_000)).astype(np.float32)
        packed = "s16" if suffix == "flac" else "fltp"
        resampler = av.AudioResampler(format=packed, layout="stereo", rate=48_000)
        for frame in resampler.resample(audio_frame(noise, "stereo", 48_000)):
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    content = path.read_bytes()
    assert read_all(path)[1] == ""
    path.write_bytes(content[: len(content) // 2])
    samples, fault = read_all(path)
    assert 3.5 * AUDIO_CLOCK < samples.shape[1] < 6.5 * AUDIO_CLOCK
    assert fault.startswith(
        ("ends at 0:0", "breaks off at 0:0", "is broken in places; ends at 0:0")
    )


@pytest.mark.parametrize("name", ["take:1.wav", "http:song.wav", "concat:a|b.wav", "data:x.wav"])
def test_a_song_may_be_called_as_a_protocol(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / name
    wav(path, tone(440, 0.5, 48_000, 2), 48_000)
    monkeypatch.chdir(tmp_path)
    samples, fault = read_all(Path(name))
    assert (samples.shape[1], fault) == (AUDIO_CLOCK // 2, "")


def test_a_wav_whose_header_lies_about_its_channels_does_not_raise(tmp_path: Path) -> None:
    path = tmp_path / "song.wav"
    wav(path, tone(440, 0.5, 48_000, 2), 48_000)
    content = bytearray(path.read_bytes())
    struct.pack_into("<H", content, 22, 3)
    path.write_bytes(content)
    try:
        read_all(path)
    except OutputError as told:
        assert "\n" not in str(told)
