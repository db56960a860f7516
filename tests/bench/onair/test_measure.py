"""Test the measures of the on-air benchmark on recordings whose gaps are known."""

from __future__ import annotations

import json
import time
from pathlib import Path

import av
import numpy as np
import pytest

from renderer.bench.faults.clock_step import step_clock
from renderer.bench.onair import bench
from renderer.bench.onair.measure import (
    count_missing,
    invert,
    longest_silence,
    read_recording,
    widen,
)
from renderer.bench.onair.records import AirFault, AirReport
from renderer.bench.onair.schedule import SCHEDULE, choose_faults
from renderer.cli import USAGE_STATUS, main
from renderer.errors import OutputError, ShowError

TIMES = [0.0, 0.05, 0.10, 0.30, 0.35, 2.35, 2.40]
"""At 20 frames per second, 3 frames are missing after 0.10 s, and 39 after 0.35 s."""


def test_missing_frames_are_counted_within_their_spans() -> None:
    assert count_missing(TIMES, 20.0, [(0.0, 2.4)]) == 42
    assert count_missing(TIMES, 20.0, [(0.0, 0.2)]) == 3
    assert count_missing(TIMES, 20.0, [(1.0, 1.1)]) == 39
    assert count_missing(TIMES, 20.0, [(0.31, 0.34)]) == 0
    assert count_missing([], 20.0, [(0.0, 1.0)]) == 0
    # A frame that is half a frame late is none.
    assert count_missing([0.0, 0.07501, 0.10], 20.0, [(0.0, 1.0)]) == 0


def test_the_longest_silence_is_what_exceeds_a_packets_length() -> None:
    sound = [0.0, 0.5, 1.0, 1.75, 2.25, 2.75]
    assert longest_silence(sound, [(0.9, 1.1)]) == 0.25
    assert longest_silence(sound, [(2.0, 3.0)]) == 0.0
    assert longest_silence([], [(0.0, 1.0)]) == 0.0


def test_the_time_outside_the_faults_is_what_is_left() -> None:
    assert widen(5.0, 7.0) == (4.0, 8.0)
    assert invert([(1.0, 2.0), (1.5, 3.0), (6.0, 9.0)], 8.0) == [(0.0, 1.0), (3.0, 6.0)]
    assert invert([], 4.0) == [(0.0, 4.0)]


def test_a_recording_is_read_with_its_gaps(tmp_path: Path) -> None:
    path = tmp_path / "show.mp4"
    with av.open(str(path), "w") as file:
        stream = file.add_stream("libx264", rate=20, options={"bf": "0"})
        stream.width = stream.height = 64
        stream.pix_fmt = "yuv420p"
        sound = file.add_stream("aac", rate=48_000, layout="stereo")
        for number in (0, 1, 2, 10, 11):
            frame = av.VideoFrame(64, 64, "yuv420p")
            frame.pts = number
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
        silence = av.AudioFrame.from_ndarray(np.zeros((2, 4096), "f4"), "fltp", "stereo")
        silence.sample_rate = 48_000
        file.mux(sound.encode(silence))
        file.mux(sound.encode(None))
    recording = read_recording(path)
    assert count_missing(recording.pictures, 20.0, [(0.0, 1.0)]) == 7
    assert longest_silence(recording.sound, [(0.0, 1.0)]) < 0.001
    path.write_bytes(b"no film")
    with pytest.raises(OutputError, match=r"show\.mp4"):
        read_recording(path)


def test_every_process_is_killed_and_stopped_on_the_schedule() -> None:
    names = [one.name for one in SCHEDULE]
    assert len(set(names)) == len(names)
    assert {
        "sound device lost for 8 s", "disk full", "clock set back by 30 s", "GPU lost",
    } <= set(names)  # fmt: skip
    for part in ("engine", "media", "capture", "relay", "watch", "desk"):
        assert {f"{part} killed", f"{part} stopped for 8 s"} <= set(names)


@pytest.mark.parametrize(("survived", "leftovers", "status"), [(True, [], 0), (False, [], 1),
                                                                (True, ["media"], 1)])  # fmt: skip
def test_the_exit_status_and_the_fields(
    survived: bool, leftovers: list[str], status: int, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    file = tmp_path / "onair.json"
    fault = AirFault("engine killed", 5.2 if survived else None, 3, 0.021)
    report = AirReport("a machine", 2.0, [fault], survived, 4, 0.2, 0, 1.5, leftovers)
    monkeypatch.setattr(bench, "run_air_bench", lambda *_: report)
    assert main(["bench", "onair", "--minutes", "2", "--json", str(file)]) == status
    kept = json.loads(file.read_text())
    assert {"faults", "survived", "memory_growth_pct", "leftovers"} <= kept.keys()
    assert {"fault", "recovered_s", "frames_missing", "sound_gap_s"} <= kept["faults"][0].keys()
    assert ("5.2 s" if survived else "never") in capsys.readouterr().out
    assert main(["bench", "onair", "--minutes", "0"]) == USAGE_STATUS


def test_a_clock_is_stepped_back_and_forth(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 1000.0)
    monkeypatch.setattr(time, "time_ns", lambda: 10**12)
    step_clock(-30.0)
    assert (time.time(), time.time_ns()) == (970.0, 97 * 10**10)
    step_clock(30.0)
    assert (time.time(), time.time_ns()) == (1000.0, 10**12)


def test_the_engines_absence_is_that_of_its_alarm() -> None:
    alarms = [
        {"id": "camera.1", "raised_at": 100.5, "cleared_at": 101.0},
        {"id": "engine", "raised_at": 10.0, "cleared_at": 15.0},
        {"id": "engine", "raised_at": 100.2, "cleared_at": 104.7},
        {"id": "engine", "raised_at": 200.0},
    ]
    assert bench._find_engine_away(alarms, 100.0, 110.0) == 4.5
    assert bench._find_engine_away(alarms, 20.0, 50.0) is None
    assert bench._find_engine_away(alarms, 199.0, 300.0) is None


def test_faults_are_chosen_by_the_beginning_of_their_names() -> None:
    assert choose_faults("") == list(SCHEDULE)
    assert [one.name for one in choose_faults("engine")] == [
        "engine killed", "engine stopped for 8 s",
    ]  # fmt: skip
    with pytest.raises(ShowError, match="name one of engine killed"):
        choose_faults("lightning")
