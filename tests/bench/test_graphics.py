"""Test what the graphics benchmark measures, and its results as text and as data."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from avatars.load import load_avatar
from renderer.bench import graphics
from renderer.bench.graphics_live import LiveRate
from renderer.bench.graphics_python import PythonCost, measure_python_ms
from renderer.bench.graphics_scene import concert_frame, variants
from renderer.bench.peers.turns import Ratio
from renderer.graphics.quality import FULL, SOFTWARE
from renderer.paths import IDOL
from renderer.stage.records import Grade


def test_variants_differ_by_the_effect_that_they_name() -> None:
    frame = concert_frame([load_avatar(IDOL)])
    states = variants(frame)
    assert states["all"] == frame
    assert states["plain"].grade == Grade()
    assert not states["without beams"].beams
    assert states["without beams"].grade == frame.grade
    assert states["beams alone"].beams == frame.beams
    assert states["beams alone"].grade == Grade()
    assert states["without defocus"].camera.focus is None


def test_figures_cover_every_variant_and_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graphics, "SIZE", (64, 36))
    monkeypatch.setattr(graphics, "ROUNDS", 1)
    # What these two need is by far the longest to compile, and adds no figure.
    full = replace(FULL, penumbra=False, probe=False)
    monkeypatch.setattr(graphics, "LEVELS", (SOFTWARE, full))
    absent = Ratio(None, "no peer is here")
    monkeypatch.setattr(graphics, "measure_python_ms", lambda count: PythonCost(None, None, "no"))
    monkeypatch.setattr(graphics, "measure_threevrm", lambda samples, notify: absent)
    monkeypatch.setattr(
        graphics, "measure_before", lambda notify: Ratio(0.4, "", 40.0, 100.0, 0.45)
    )
    monkeypatch.setattr(
        graphics, "measure_live_rate", lambda: LiveRate(16.0, {"the floor's reflection": 12.0})
    )
    told: list[str] = []
    report = graphics.measure_graphics(told.append)
    figures = json.loads(json.dumps(report.as_dict()))
    assert figures["threevrm_720p"] is None
    assert figures["threevrm_720p_4x"] is None
    assert figures["details"]["threevrm_720p"]["reason"] == "no peer is here"
    assert figures["kagra_720p"] is None
    assert figures["details"]["kagra_720p"]["reason"]
    assert figures["demo_vs_before"] == 0.4
    assert figures["details"]["demo_vs_before"]["processor_ratio"] == 0.45
    assert figures["live_fps_two_cores"] == 16.0
    for level in figures["levels"].values():
        assert all(spent > 0.0 for spent in level["frame_ms"].values())
        assert level["processor_ms"].keys() == level["frame_ms"].keys()
        assert level["pass_ms"]["grade"] > 0.0
        assert {"mirror", "floor", "beams", "bloom", "defocus"} <= set(level["pass_ms"])
    text = report.text()
    assert "without bloom" in text
    assert "no peer is here" in text
    assert "the floor's reflection for 12 s" in text
    assert told
    assert figures["levels"].keys() == {"software", "full"}


def test_python_alone_is_measured_with_a_driver_that_draws_nothing() -> None:
    cost = measure_python_ms(1, frames=8)
    if cost.whole_ms is None or cost.draw_ms is None:
        pytest.skip(cost.reason)
    assert cost.whole_ms > cost.draw_ms > 0.0
