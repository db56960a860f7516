"""Test the day in compressed time: nothing drifts, runs backwards or grows."""

from __future__ import annotations

import json

import pytest

from renderer.bench.onair import day
from renderer.bench.onair.day import run_day


def test_a_short_day_keeps_time_and_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(day, "_AWAY_S", (10, 15))
    monkeypatch.setattr(day, "_STALLED_S", (20, 50))
    steps: list[str] = []
    report = run_day(0.05, steps.append)
    assert len(steps) == 4
    assert 4500 < report.frames < 5400
    assert report.replaced > 50, "while there was no engine"
    assert report.skipped > 0
    assert report.backwards == 0
    assert report.drift_ms == report.av_offset_ms == 0.0
    assert 500 < report.longest_queue <= 600, "the stalled stream's queue is bounded"
    assert json.loads(json.dumps(report.as_dict()))["hours"] == 0.05
    assert "Drift" in report.text()
