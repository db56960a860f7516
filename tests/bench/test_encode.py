"""Test that the encoding benchmark runs against both peers and reports its results."""

from __future__ import annotations

import json
import shutil

import pytest

from renderer.bench import encode


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Use a few small frames."""
    for name, value in (("SIZE", (128, 96)), ("FRAMES", 20), ("ROUNDS", 1)):
        monkeypatch.setattr(encode, name, value)


@pytest.mark.parametrize("has_command", [True, False])
def test_it_measures_both_ways_against_a_named_peer(
    has_command: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not has_command:
        monkeypatch.setattr(shutil, "which", lambda _name: None)
    elif shutil.which("ffmpeg") is None:
        pytest.skip("the ffmpeg command is not installed")
    steps: list[str] = []
    report = encode.measure_encoding(steps.append)
    figures = json.loads(json.dumps(report.as_dict()))
    ours, peers = (figures["offline"][who][0] for who in ("ours", "peers"))
    assert figures["offline_ratio"] == pytest.approx(peers["clock_s"] / ours["clock_s"])
    assert figures["offline_processor_ratio"] > 0.0
    assert figures["live_ratio"] > 0.0
    assert figures["peer"].startswith("ffmpeg version" if has_command else "PyAV")
    assert figures["machine"]["cores"] >= 1
    assert steps == ["offline, round 1 of 1", "live, round 1 of 1"]
    assert report.peer in report.text()
