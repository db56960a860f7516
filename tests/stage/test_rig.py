from __future__ import annotations

import math

import numpy as np
import pytest

from renderer.stage.lights import rig
from renderer.stage.records import Camera

TIMES = (0.0, 3.7, 20.0, 61.0, 3_600.0)


def in_picture(camera: Camera, aspect: float, point: tuple[float, float, float]) -> np.ndarray:
    """Return a point's position in the picture, -1 to 1 both ways, by trigonometry alone."""
    position, target = np.array(camera.position), np.array(camera.target)
    ahead = (target - position) / np.linalg.norm(target - position)
    right = np.cross(ahead, (0.0, 1.0, 0.0))
    right /= np.linalg.norm(right)
    offset = np.array(point) - position
    reach = math.tan(camera.fov_y / 2.0) * (offset @ ahead)
    return np.array((offset @ right / (reach * aspect), offset @ np.cross(right, ahead) / reach))


@pytest.mark.parametrize("seconds", TIMES)
def test_default_lights_are_few_and_one_casts_the_shadow(seconds: float) -> None:
    lights = rig.default_lights(seconds)
    assert len(lights) <= 8
    assert sum(light.casts_shadow for light in lights) == 1
    for light in lights:
        assert min(light.color) >= 0.0
        assert math.dist(light.position, light.target) > 1.0
        assert light.cone is not None
        assert 0.0 < light.cone[0] < light.cone[1] < math.pi / 2


def test_lights_move_slowly() -> None:
    for now in np.arange(0.0, 60.0, 1.7):
        for a, b in zip(rig.default_lights(now), rig.default_lights(now + 1 / 30), strict=True):
            assert math.dist(a.target, b.target) < 0.02
            assert math.dist(a.color, b.color) < 0.02


@pytest.mark.parametrize("aspect", [16 / 9, 4 / 3, 1.0, 9 / 16])
@pytest.mark.parametrize("seconds", TIMES)
def test_an_avatar_is_framed_from_head_to_foot(aspect: float, seconds: float) -> None:
    for height in (1.2, 1.6, 1.9):
        camera = rig.frame_avatar(height, aspect, seconds)
        head = in_picture(camera, aspect, (0.0, height, 0.0))
        foot = in_picture(camera, aspect, (0.0, 0.0, 0.0))
        assert np.abs(head).max() < 0.95
        assert np.abs(foot).max() < 0.95
        for side in (-0.45, 0.45):
            hand = in_picture(camera, aspect, (side * height, 0.8 * height, 0.0))
            assert np.abs(hand).max() < 1.0
        if aspect > 1.3:
            assert head[1] - foot[1] > 1.3
        assert camera.position[1] < 0.6 * height


@pytest.mark.parametrize("aspect", [16 / 9, 1.0])
def test_the_hall_sees_the_whole_stage(aspect: float) -> None:
    camera = rig.default_camera(aspect)
    for x in (-3.5, 3.5):
        assert np.abs(in_picture(camera, aspect, (x, 0.0, 0.0))).max() < 1.0
