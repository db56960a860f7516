"""Test what the capture benchmark measures, but not this machine's speed."""

from __future__ import annotations

from pathlib import Path

import pytest

from renderer.bench import capture as bench


@pytest.fixture
def report(dancer: Path, models: Path, monkeypatch: pytest.MonkeyPatch) -> bench.CaptureReport:
    monkeypatch.setattr(bench, "_ALONE", 8)
    monkeypatch.setattr(bench, "_WARM_S", 0.5)
    monkeypatch.setattr(bench, "_WINDOW_S", 2.0)
    # Pytest captures output through the files that this would close.
    monkeypatch.setattr(bench, "quieten_libraries", lambda: None)
    return bench.run_capture_bench(dancer, lambda _: None)


def test_one_and_two_performers_are_seen_and_held_to_the_goals(
    report: bench.CaptureReport,
) -> None:
    assert set(report.alone) == {bench.AS_PUBLISHED, "body", "face", "one hand"}
    for cost in report.alone.values():
        assert 0 < cost.p50_ms <= cost.p95_ms
        assert cost.processor_ms > 0
    for live, performers in ((report.one, 1), (report.two, 2)):
        assert len(live.seen) == performers
        assert min(live.seen) > 0.9
        assert live.frames > 0
        assert 0 < live.p50_ms <= live.p95_ms
    goals = report.as_dict()["goals"]
    assert isinstance(goals, dict)
    assert set(goals) == set(bench.GOALS)
    assert goals["latency"]["met"] == (report.latency <= 1.3)
    assert report.latency <= report.latency_of_used
    for name in ("one performer", "two performers", "body", "goal fps_two"):
        assert name in report.text()
