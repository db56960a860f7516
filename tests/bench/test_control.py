"""Test that the bench of show control measures: it finds what is wrong, and finds nothing else."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from renderer.bench.control import dmx, lips, run
from renderer.bench.control.document import as_toml, make_show
from renderer.bench.control.run import (
    ControlFigures,
    count_jump_mismatches,
    count_undo_mismatches,
    measure_go,
    measure_song_time,
)
from renderer.bench.control.timecode import measure_timecode
from renderer.cli import main
from renderer.show.cues.runner import CueRunner
from renderer.show.cues.sheet import CueSheet, compile_sheet
from renderer.show.document import editor
from renderer.show.document.editor import validate
from renderer.show.guests import voice_playout

DATA = make_show(2, 24)


def sheet_of() -> CueSheet:
    return compile_sheet(validate(DATA))


def test_the_large_show_is_one() -> None:
    show = validate(make_show())
    assert len(show.songs) == 20 and len(show.cue_lists[0].cues) == 400
    kinds = {type(cue.trigger).__name__ for cue in show.cue_lists[0].cues}
    assert kinds == {"OnGo", "OnTime", "OnBeat", "OnFollow", "OnAuto"}
    assert as_toml(DATA).count("# A list of cues.") == 2


def test_a_true_engine_has_no_mismatch() -> None:
    frames, milliseconds = measure_go(DATA)
    assert frames == 1 and milliseconds > 0
    off, wrong = measure_song_time(sheet_of())
    assert off <= 1.0 and wrong == 0
    off, wrong = measure_timecode()
    assert off <= 1.0 and wrong == 0
    assert count_jump_mismatches(sheet_of(), 200) == 0
    assert count_undo_mismatches(DATA, 60) == 0


def test_a_guests_voice_is_with_the_lips_and_one_that_is_not_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert lips.measure_lips(5.0) <= 40.0
    monkeypatch.setattr(voice_playout, "DELAY_NS", -120_000_000)
    assert lips.measure_lips(5.0) > 80.0


def test_what_is_wrong_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        real = CueRunner.state_before
        patch.setattr(
            CueRunner,
            "state_before",
            lambda self, row, place: replace(real(self, row, place), look="wrong"),
        )
        assert count_jump_mismatches(sheet_of(), 50) == 50
    with monkeypatch.context() as patch:
        patch.setattr(CueRunner, "advance", lambda self, now_ns: None)
        assert measure_song_time(sheet_of())[1] > 0
    with monkeypatch.context() as patch:
        kept = editor.apply_all

        def forget(data: Any, edits: Any) -> Any:
            changed, inverses = kept(data, edits)
            return changed, inverses[:0]

        patch.setattr(editor, "apply_all", forget)
        assert count_undo_mismatches(DATA, 20) > 0


def test_levels_reach_the_light(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dmx, "CHANGES", 2)
    assert 1 <= dmx.measure_frames() < dmx.RATE_HZ, "how many depends on the machine's load"


def test_the_command_keeps_every_field(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    figures = ControlFigures(2, 24, 1, 0.1, 0.5, 0, 10, 0, 10, 0)
    monkeypatch.setattr(run, "run_control_bench", lambda notify: figures)
    file = tmp_path / "control.json"
    assert main(["bench", "control", "--json", str(file)]) == 0
    kept = json.loads(file.read_text())
    assert {
        "go_frames", "timecode_error_frames", "double_fires", "jump_mismatches", "dmx_core_share",
        "dmx_frames", "fans_ms", "guest_step_ratio", "undo_mismatches",
    } <= set(kept)  # fmt: skip
    assert kept["fans_ms"] is None and kept["go_frames"] == 1
