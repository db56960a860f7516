"""Test the light for cameras that look from the stage into the hall."""

from __future__ import annotations

import pytest

from renderer.stage.lights.upstage import MOST_DIMMED, dim_back_lights
from renderer.stage.records import Camera, Light

KEY = Light((0.0, 4.0, 6.0), (0.0, 1.0, 0.0), (1.0, 1.0, 1.0))
RIM = Light((0.0, 1.0, -5.0), (0.0, 1.0, 0.0), (1.6, 0.8, 0.4))
FRONT = Light((0.0, 1.0, 9.0), (0.0, 1.0, 0.0), (0.2, 0.2, 0.2))
LIGHTS = (KEY, RIM, FRONT)


def looking(x: float, z: float) -> Camera:
    return Camera((0.0, 1.2, 0.0), (x, 1.5, z), 0.8)


@pytest.mark.parametrize("camera", [looking(0.0, -6.0), looking(4.0, -1.0), looking(5.0, 0.0)])
def test_cameras_that_see_the_front_get_the_lights_as_they_are(camera: Camera) -> None:
    assert dim_back_lights(LIGHTS, camera) == LIGHTS


def test_back_light_is_dimmed_for_a_camera_behind_the_performers() -> None:
    key, rim, front = dim_back_lights(LIGHTS, looking(0.0, 6.0))
    assert (key, front) == (KEY, FRONT)
    assert rim.color == pytest.approx([(1.0 - MOST_DIMMED) * value for value in RIM.color])
    assert (rim.position, rim.target) == (RIM.position, RIM.target)


def test_it_is_dimmed_less_the_more_the_camera_looks_aside() -> None:
    red = [dim_back_lights(LIGHTS, looking(x, 6.0))[1].color[0] for x in (0.0, 3.0, 9.0, 60.0)]
    assert red == sorted(red)
    assert red[-1] == pytest.approx(RIM.color[0], rel=0.1)
