"""Test beat grids: laws of the conversion, and grids from taps and MIDI tempo maps."""

from __future__ import annotations

import builtins
from itertools import pairwise
from pathlib import Path

import mido
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderer.cli import main
from renderer.errors import SetupError, ShowError
from renderer.faults import FaultCollector
from renderer.show.document.entries.songs import BeatEntry, TempoChange
from renderer.show.document.read import read_show
from renderer.show.document.template import write_template
from renderer.show.songs.detect import detect_grid
from renderer.show.songs.grid import BeatGrid, Position, as_entry, parse_position
from renderer.show.songs.midi import grid_from_midi
from renderer.show.songs.taps import grid_from_taps

STEADY = st.builds(
    BeatEntry,
    bpm=st.floats(20, 400),
    first=st.floats(-10, 100),
    beats_per_bar=st.integers(1, 12),
)
TIMES = st.lists(st.floats(0.1, 2.0), min_size=2, max_size=30).map(
    lambda steps: BeatEntry(times=tuple(sum(steps[: n + 1]) for n in range(len(steps))))
)
CHANGES = st.lists(st.tuples(st.floats(0.25, 40), st.floats(20, 400)), min_size=1, max_size=10).map(
    lambda parts: BeatEntry(
        changes=tuple(
            TempoChange(beat=sum(p[0] for p in parts[:n]), bpm=part[1])
            for n, part in enumerate(parts)
        )
    )
)


@given(st.one_of(STEADY, TIMES, CHANGES), st.floats(-20, 300))
@settings(max_examples=300, deadline=None)
def test_time_and_beat_are_inverse_and_rise_together(entry: BeatEntry, seconds: float) -> None:
    grid = BeatGrid(entry)
    beat = grid.beat_at(seconds)
    assert grid.seconds_at(beat) == pytest.approx(seconds, abs=1e-6)
    assert grid.beat_at(seconds + 0.01) > beat
    assert grid.rate_at(seconds) > 0
    position = grid.position_at(seconds)
    assert 1.0 <= position.beat <= grid.beats_per_bar + 1  # Rounded in the last bit.
    assert grid.time_ns(position) / 1e9 == pytest.approx(seconds, abs=1e-6)


def test_bars_and_beats_count_from_one() -> None:
    grid = BeatGrid(BeatEntry(bpm=120, first=0.5))
    assert grid.position_at(0.5) == Position(1, 1.0)
    assert grid.time_ns(parse_position("3:2")) == 5_000_000_000
    assert grid.time_ns(parse_position("1:1")) == 500_000_000
    for word in ("0:1", "1:0", "x", "1:x", "", "-1:2", "1:nan"):
        with pytest.raises(ShowError, match="12:3"):
            parse_position(word)


def test_a_tempo_map_holds_its_tempos() -> None:
    changes = (TempoChange(beat=0, bpm=120), TempoChange(beat=4, bpm=60))
    grid = BeatGrid(BeatEntry(changes=changes, first=1.0))
    assert [grid.seconds_at(beat) for beat in (-2, 0, 4, 6)] == [0.0, 1.0, 3.0, 5.0]


@given(
    st.floats(60, 200), st.integers(8, 64), st.sets(st.integers(1, 60), max_size=5),
    st.sets(st.integers(0, 60), max_size=5),
    st.lists(st.floats(-0.02, 0.02), min_size=64, max_size=64),
)  # fmt: skip
@settings(max_examples=100, deadline=None)
def test_taps_of_people_give_the_tempo(
    bpm: float, count: int, missed: set[int], bounced: set[int], errors: list[float]
) -> None:
    """Taps that are off by 20 ms, missed or doubled give the tempo within 2 %."""
    missed = {n for n in missed if 0 < n < count - 1 and n - 1 not in missed}
    taps = []
    for number in range(count):
        if number in missed:
            continue
        taps.append(10.0 + 60.0 / bpm * number + errors[number])
        if number in bounced:
            taps.append(taps[-1] + 0.03)
    if len(taps) - len(bounced) < 6:
        return
    entry = grid_from_taps(taps)
    grid = BeatGrid(entry)
    span = grid.seconds_at(count - 1) - grid.seconds_at(0)
    assert span == pytest.approx(60.0 / bpm * (count - 1), abs=0.06)


def test_taps_that_tell_nothing_are_refused() -> None:
    with pytest.raises(ShowError, match="too few"):
        grid_from_taps([1.0, 1.02, 1.5])
    with pytest.raises(ShowError, match="backwards"):
        grid_from_taps([1.0, 0.5, 2.0, 3.0])


def test_unsteady_beats_keep_their_times() -> None:
    times = [0.0, 0.5, 1.2, 1.6, 2.4]
    entry = as_entry(times, 3)
    assert entry.times == tuple(times)
    steady = as_entry([0.1 + 0.5 * n for n in range(16)], 4)
    assert (steady.bpm, steady.first, steady.times) == (120.0, 0.1, ())


def midi_file(path: Path, *messages: mido.MetaMessage) -> Path:
    file = mido.MidiFile(ticks_per_beat=480)
    file.tracks.append(mido.MidiTrack(messages))
    file.save(path)
    return path


def test_a_midi_tempo_map_is_read(tmp_path: Path) -> None:
    path = midi_file(
        tmp_path / "a.mid",
        mido.MetaMessage("time_signature", numerator=3, denominator=4),
        mido.MetaMessage("set_tempo", tempo=500_000),
        mido.MetaMessage("set_tempo", tempo=1_000_000, time=480 * 8),
    )
    entry = grid_from_midi(path, 0.25)
    assert entry.beats_per_bar == 3
    assert [(one.beat, one.bpm) for one in entry.changes] == [(0.0, 120.0), (8.0, 60.0)]
    grid = BeatGrid(entry)
    assert [grid.seconds_at(beat) for beat in (0, 8, 9)] == [0.25, 4.25, 5.25]


@given(st.binary(max_size=80))
@settings(max_examples=100, deadline=None)
def test_what_is_no_midi_file_is_refused(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.mktemp("midi") / "a.mid"
    for content in (data, b"MThd\x00\x00\x00\x06\x00\x01\x00\x01\x01\xe0MTrk" + data):
        path.write_bytes(content)
        try:
            grid_from_midi(path)
        except ShowError as fault:
            assert str(path) in str(fault)


def test_the_command_keeps_a_grid_in_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "show.toml"
    write_template(file)
    comments = [line for line in file.read_text().splitlines() if line.startswith("#")]
    assert main(["song", "beats", str(file), "--tempo", "117", "--first", "0.35"]) == 0
    assert "117 beats per minute" in capsys.readouterr().out
    faults = FaultCollector()
    read = read_show(file, faults)
    assert read is not None and read.show.songs[0].beat == BeatEntry(bpm=117.0, first=0.35)
    assert [line for line in file.read_text().splitlines() if line.startswith("#")] == comments
    taps = tmp_path / "taps.txt"
    taps.write_text("\n".join(str(1.0 + 0.4 * n) for n in range(9)))
    assert main(["song", "beats", str(file), "--taps", str(taps), "--bar", "3"]) == 0
    read = read_show(file, faults)
    assert read is not None and read.show.songs[0].beat.bpm == 150.0
    for words, part in (
        (["--tempo", "117", "--detect"], "one way at a time"),
        ([], "need a way"),
        (["--song", "Flower Windw", "--tempo", "90"], "did you mean 'Flower Window'?"),
        (["--midi", "none.mid"], "does not exist"),
    ):
        assert main(["song", "beats", str(file), *words]) == 2
        assert part in capsys.readouterr().err


def test_detection_without_its_package_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def refuse(name: str, *rest: object, **more: object) -> object:
        if name.startswith("librosa"):
            raise ImportError(name)
        return real(name, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(SetupError, match="type the tempo"):
        detect_grid(tmp_path / "song.ogg")


def test_steps_of_a_grid_are_the_times_given() -> None:
    grid = BeatGrid(BeatEntry(times=(1.0, 1.5, 2.25)))
    steps = [after - before for before, after in pairwise(map(grid.seconds_at, range(-1, 5)))]
    assert steps == pytest.approx([0.5, 0.5, 0.75, 0.75, 0.75])
