"""Test that a picture covers the stage in its view, beneath the titles, in its own shape."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avatars.model import Avatar
from renderer.graphics.passes.full_picture import MOST, find_extent
from renderer.graphics.renderer import StageRenderer
from renderer.stage.records import FullPicture, PosedAvatar, StageState
from renderer.stage.sets.stage_set import StageSet

Make = Callable[..., StageRenderer]
RED, BLUE = (200, 20, 30), (10, 30, 220)
SIDES = st.integers(1, 4000)


def halves(height: int, width: int) -> np.ndarray:
    """Return a picture whose upper half is red and whose lower half is blue."""
    pixels = np.empty((height, width, 3), np.uint8)
    pixels[: height // 2], pixels[height // 2 :] = RED, BLUE
    return pixels


@settings(deadline=None)
@given(SIDES, SIDES, SIDES, SIDES)
def test_a_picture_keeps_its_shape_and_touches_two_sides(a: int, b: int, c: int, d: int) -> None:
    for fit in ("fit", "fill"):
        wide, high = find_extent((a, b), (c, d), fit)
        # A side of the picture in the view, pixels.
        drawn = a / wide, b / high
        assert drawn[0] / drawn[1] == pytest.approx(c / d, rel=1e-6)
        bounds = max(wide, high) if fit == "fill" else min(wide, high)
        assert bounds == pytest.approx(1.0)
    assert find_extent((a, b), (c, d), "stretch") == (1.0, 1.0)


def test_a_picture_replaces_the_stage_in_its_view_alone(
    renderer: Make, stage: Callable[..., StageSet], state: Callable[..., StageState],
    pillar: Avatar, pillar_pose: PosedAvatar,
) -> None:  # fmt: skip
    drawing = renderer(64, 32, stage(((0.0, 0.8, -1.0), 4.0, 0.5, 0.0)), [pillar], latency=0)
    drawing.open_view("preview", 64, 32)
    plain = replace(state(pillar_pose), view_cameras={"preview": state(pillar_pose).camera})
    drawing.draw(plain)
    assert drawing.collect() is not None and drawing.collect("preview") is not None
    before = drawing.picture("preview").copy()

    def show(picture: FullPicture) -> np.ndarray:
        assert drawing.draw(replace(plain, pictures={"program": picture})) == ()
        assert drawing.collect() is not None and drawing.collect("preview") is not None
        np.testing.assert_array_equal(drawing.picture("preview"), before)
        return drawing.picture().copy()

    seen = show(FullPicture("a", halves(16, 16), 1, "fit"))
    assert np.all(seen[:, :16] == 0) and np.all(seen[:, 48:] == 0), "bars"
    np.testing.assert_allclose(seen[4, 20:44].astype(int) - RED, 0, atol=1)
    np.testing.assert_allclose(seen[28, 20:44].astype(int) - BLUE, 0, atol=1)
    seen = show(FullPicture("a", halves(16, 16), 1, "fill"))
    np.testing.assert_allclose(seen[2].astype(int) - RED, 0, atol=1)
    # The same stamp is the same picture; another one is drawn, in another size too.
    changed = np.full((16, 16, 3), 90, np.uint8)
    assert np.all(show(FullPicture("a", changed, 1, "stretch"))[2, :, 0] > 150)
    assert np.all(np.abs(show(FullPicture("a", changed, 2)).astype(int)[:, 20:44] - 90) <= 1)
    bigger = np.full((31, 63, 3), 40, np.uint8)
    assert np.all(np.abs(show(FullPicture("a", bigger, 3, "fill")).astype(int) - 40) <= 1)
    for number in range(2 * MOST):
        level = 60 + number
        seen = show(FullPicture(f"s{number}", np.full((8, 8, 3), level, np.uint8), 1, "stretch"))
        assert np.all(np.abs(seen.astype(int) - level) <= 1)
    assert drawing.draw(plain) == ()
    assert drawing.collect() is not None and drawing.collect("preview") is not None
    np.testing.assert_array_equal(drawing.picture(), before)
