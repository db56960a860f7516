"""Test that a tongue over the chin is seen in the picture, in any light."""

from __future__ import annotations

import numpy as np
import pytest

from renderer.capture.trackers.mouth_picture import measure_tongue

_SKINS = ((224, 172, 140), (198, 134, 100), (120, 78, 58))


def face() -> np.ndarray:
    """Return landmarks of a face in a picture of 200 by 200; only lip, chin and eyes count."""
    points = np.full((478, 3), 0.5, np.float32)
    for row, x, y in ((17, 100, 130), (152, 100, 180), (263, 140, 60), (33, 60, 60)):
        points[row, :2] = x / 200, y / 200
    return points


def picture(skin: tuple[int, int, int], tongue: bool, light: float) -> np.ndarray:
    """Return a plain skin, lit from one side, and over its chin a tongue that is redder."""
    out = np.empty((200, 200, 3))
    out[:] = skin
    if tongue:
        out[120:150, 85:115] = np.array(skin) * (1.05, 0.75, 0.9)
    out *= np.linspace(light, 1.0, 200)[:, None]
    return np.clip(out, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("skin", _SKINS)
@pytest.mark.parametrize("light", [1.0, 0.4])
def test_a_tongue_is_redder_than_the_skin_beside_it(
    skin: tuple[int, int, int], light: float
) -> None:
    none = measure_tongue(picture(skin, False, light), face())
    out = measure_tongue(picture(skin, True, light), face())
    assert none == pytest.approx(0.25, abs=0.06)
    assert out > none + 0.25


def test_a_face_at_the_border_is_measured_without_a_fault() -> None:
    points = face()
    points[:, :2] += 0.8
    assert 0.0 <= measure_tongue(picture(_SKINS[0], True, 1.0), points) <= 1.0
