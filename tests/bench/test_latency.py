"""Test the latency benchmark: its pattern, its judgement, and a run through real servers."""

from __future__ import annotations

import json
import shutil
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderer.bench import rtmp_server
from renderer.bench.latency import pattern, run
from renderer.bench.latency.run import Seen


@settings(max_examples=50)
@given(st.integers(0, 65535), st.booleans(), st.integers(0, 20))
def test_a_number_is_read_from_a_noisy_picture(number: int, flash: bool, noise: int) -> None:
    luma = np.full((180, pattern.WIDTH), 128, np.uint8)
    pattern.draw(luma, number, flash)
    luma += np.random.default_rng(number).integers(0, noise + 1, luma.shape, dtype=np.uint8)
    assert pattern.read(luma) == (number, flash)


def test_a_picture_without_the_pattern_has_no_number() -> None:
    assert pattern.read(np.full((180, pattern.WIDTH), 128, np.uint8)) is None


def test_the_figures_are_those_of_the_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "RATE", 10)
    drawn = {number: number * 10**8 for number in range(100)}
    lines = [
        {"number": n, "seen_ns": drawn[n] + 30_000_000, "at_s": n / 10, "flash": n % 10 < 2}
        for n in range(100)
        if n != 60
    ]
    beeps = [{"beep_s": second + 0.015} for second in range(10)]
    path = tmp_path / "seen.jsonl"
    path.write_text("\n".join(map(json.dumps, [*lines, *beeps])))
    seen = run._judge(path, drawn)
    assert seen.percentile(95) == pytest.approx(30.0)
    assert seen.missing == 1
    assert seen.offset_ms == pytest.approx(15.0)
    assert (Seen().percentile(95), Seen().offset_ms) == (None, None)


@pytest.mark.slow
def test_every_server_that_is_installed_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (
        ("SIZE", (512, 180)),
        ("RATE", 30),
        ("_WARM_UP_S", 1.0),
        ("_STILL_S", 0.25),
        ("HOUR_S", 20.0),
    ):
        monkeypatch.setattr(run, name, value)
    steps: list[str] = []
    figures = json.loads(json.dumps(run.measure_latency(1.5, steps.append).as_dict()))
    assert steps == ["rtmp", "srt", "hls", "whip", "an hour in compressed time"]
    installed = {
        "rtmp": rtmp_server.is_installed(),
        "srt": shutil.which("srt-live-transmit") is not None,
        "hls": True,
        "whip": find_spec("aiortc") is not None,
    }
    for kind, is_there in installed.items():
        assert (figures[f"{kind}_p95_ms"] is not None) == is_there, figures["not_measured"]
        assert (kind in figures["not_measured"]) != is_there
    if installed["srt"]:
        assert figures["srt_p50_ms"] >= run.SRT_LATENCY_MS, "the receiver holds back what it gets"
    assert figures["hls_p50_ms"] > 1000, "a player holds back three parts"
    assert abs(figures["av_offset_ms"]) < 100
    assert abs(figures["av_offset_hour_ms"]) < 20
