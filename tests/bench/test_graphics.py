"""The measurement of drawing measures what it says, and gives its figures as text and as data."""

from __future__ import annotations

import json

import pytest

from avatars.load import load_avatar
from renderer.bench import graphics
from renderer.bench.graphics_python import measure_python_ms
from renderer.bench.graphics_scene import concert_frame, variants
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
    monkeypatch.setattr(graphics, "measure_python_ms", lambda count: (None, "not here"))
    told: list[str] = []
    report = graphics.measure_graphics(told.append)
    figures = json.loads(json.dumps(report.as_dict()))
    assert figures["threevrm_720p"] is None
    assert figures["threevrm_720p_reason"]
    for level in figures["levels"].values():
        assert all(spent > 0.0 for spent in level["frame_ms"].values())
        assert level["processor_ms"].keys() == level["frame_ms"].keys()
        assert level["pass_ms"]["grade"] > 0.0
        assert {"mirror", "floor", "beams", "bloom", "defocus"} <= set(level["pass_ms"])
    text = report.text()
    assert "without bloom" in text
    assert "not here" in text
    assert told


def test_python_alone_is_measured_with_a_driver_that_draws_nothing() -> None:
    spent, reason = measure_python_ms(1)
    if spent is None:
        pytest.skip(reason)
    assert spent > 0.0
