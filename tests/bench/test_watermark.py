"""Test that the benchmark of the mark changes pictures in every way, and searches unmarked ones."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from renderer.bench.rights.demo_clips import scale_pictures
from renderer.bench.rights.watermark import measure_watermark
from renderer.bench.rights.watermark_unmarked import cut_randomly, measure_unmarked

Pictures = NDArray[np.uint8]


@pytest.fixture(scope="module")
def clip() -> Pictures:
    """Twelve pictures of drifting clouds, (12, 180, 320)."""
    noise = np.random.default_rng(1).normal(0.0, 1.0, (180, 360)).astype(np.float32)
    clouds = cv2.GaussianBlur(noise, (0, 0), 6.0)
    clouds = 128.0 + 60.0 * clouds / np.abs(clouds).max()
    return np.array([clouds[:, 2 * k : 320 + 2 * k] for k in range(12)]).astype(np.uint8)


def test_every_change_is_measured_at_both_sizes(clip: Pictures) -> None:
    figures = measure_watermark({"clouds": clip}, 2, lambda _: None)
    assert min(figures.psnr_db.values()) >= 44.0
    for size, shares in figures.found.items():
        assert set(shares.values()) == {1.0}, (size, shares)
    assert figures.bits == 1.0
    text = "\n".join(figures.lines())
    assert all(name in text for name in ("half size", "360 lines", "720 lines", "at most"))


def test_unmarked_cuts_are_not_believed(clip: Pictures) -> None:
    figures = measure_unmarked([clip], 4, lambda _: None)
    assert (figures.searches, figures.believed) == (4, 0)
    assert figures.bound <= 1e-6


def test_cuts_differ_and_stay_pictures(clip: Pictures) -> None:
    chosen = np.random.default_rng(2)
    grain = chosen.standard_normal(2 * clip[0].size, dtype=np.float32)
    shapes = set()
    for _ in range(20):
        cut = cut_randomly(clip, grain, chosen)
        assert cut.dtype == np.uint8 and 1 <= len(cut) <= 12
        shapes.add(cut.shape)
    assert len(shapes) > 10
    assert scale_pictures(clip, 90).shape == (12, 90, 160)
