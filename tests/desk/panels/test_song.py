"""Test the song's panel and the set list: waveform before the show, lengths, over-run."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest

from renderer.desk.connection import ShowConnection
from renderer.desk.model import DeskModel
from renderer.desk.panels.setlist.model import SetlistModel, find_over_run
from renderer.desk.panels.song import waveform
from renderer.desk.panels.song.model import SongModel
from renderer.desk.stand_in.song import LENGTH_S, write_song
from renderer.protocol.document import DocumentContent, DocumentHealth
from renderer.protocol.show import ShowHealth
from renderer.protocol.songs import SongsHealth, SongState
from renderer.protocol.status import Status

RATE = 8000


def write_wave(path: Path, levels: tuple[float, ...]) -> None:
    """Write a second of a tone for each level."""
    tone = np.sin(np.arange(RATE) / RATE * 2 * np.pi * 220)
    samples = np.concatenate([level * tone for level in levels])
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(np.round(samples * 32000).astype("<i2").tobytes())


def read(found: bytes) -> tuple[float, np.ndarray[tuple[int], np.dtype[np.uint8]]]:
    length, _, peaks = found.partition(b"\n")
    return float(length), np.frombuffer(peaks, np.uint8)


def test_a_waveform_is_as_loud_as_its_recording_and_is_measured_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    song = tmp_path / "song.wav"
    write_wave(song, (0.25, 1.0, 0.5))
    length, peaks = read(waveform.measure(song))
    assert length == pytest.approx(3.0, abs=0.1)
    assert len(peaks) == waveform.COLUMNS
    third = len(peaks) // 3
    for place, level in enumerate((0.25, 1.0, 0.5)):
        middle = peaks[place * third + third // 4 : (place + 1) * third - third // 4]
        assert middle == pytest.approx(np.full(len(middle), 255 * level), abs=20)

    def refuse(_path: Path) -> tuple[float, bytes]:
        raise AssertionError("it is in the cache")

    with monkeypatch.context() as patch:
        patch.setattr(waveform, "loudness", refuse)
        assert read(waveform.measure(song))[0] == length
    write_wave(song, (1.0,))
    assert read(waveform.measure(song))[0] < length, "another recording is measured again"


def test_the_first_song_is_seen_before_the_show(tmp_path: Path) -> None:
    write_wave(tmp_path / "two.wav", (1.0,))
    data = {
        "songs": [{"name": "One"}, {"name": "Two", "file": "two.wav"}],
        "set_list": ["Two", "One"],
    }
    model = SongModel(DeskModel(ShowConnection(), tmp_path))
    document = DocumentHealth(1, str(tmp_path / "show.toml"))
    model.update(Status([DocumentContent(1, data), document]))
    state = model.state.value
    assert state.song is not None
    assert state.song.name == "Two"
    assert state.file == tmp_path / "two.wav"
    assert state.seconds < 0, "it does not play"


def test_the_set_list_tells_lengths_and_by_how_much_it_is_late(tmp_path: Path) -> None:
    songs = SongsHealth(
        SongState.PLAYING, "B", "C", 2, ["A", "B", "C"], 30.0, 120.0, lengths_s=[200.0, 120.0, 0.0]
    )
    model = SetlistModel(DeskModel(ShowConnection(), tmp_path))
    model.update(Status([songs, ShowHealth(show_seconds=305.0)]))
    assert [row.length for row in model.rows.value] == ["3:20", "2:00", ""]
    assert [row.state for row in model.rows.value] == ["done", "running", "next"]
    assert model.rows.value[1].left == "01:30 left"
    assert model.over_run.value == "1:15", "305 − 200 − 30 seconds"
    model.update(Status([songs, ShowHealth(show_seconds=231.0)]))
    assert model.over_run.value == "", "a pause between songs is no over-run"
    unknown = SongsHealth(SongState.PLAYING, "B", place=2, lengths_s=[0.0, 120.0])
    assert find_over_run(900.0, unknown) == 0.0


def test_the_stand_in_has_a_song_to_look_at(tmp_path: Path) -> None:
    write_song(tmp_path / "song.wav")
    length, peaks = read(waveform.measure(tmp_path / "song.wav"))
    assert length == pytest.approx(LENGTH_S, abs=0.1)
    assert peaks.max() > 2 * peaks[: waveform.COLUMNS // 20].max(), "the chorus is louder"
