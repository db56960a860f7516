from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderer.errors import GraphicsError
from renderer.graphics.gpu.matrices import TO_TEXTURE, camera_matrix, light_matrix, look_at
from renderer.stage.records import Camera, Light

coordinate = st.floats(-20.0, 20.0)
point = st.tuples(coordinate, coordinate, coordinate)


def project(matrix: np.ndarray, at: tuple[float, ...]) -> np.ndarray:
    clip = matrix @ np.array((*at, 1.0))
    return clip[:3] / clip[3]


@settings(max_examples=60, deadline=None)
@given(point, point)
def test_looking_turns_without_stretching_and_puts_the_target_ahead(
    position: tuple[float, float, float], target: tuple[float, float, float]
) -> None:
    distance = math.dist(position, target)
    if distance < 1e-3:
        return
    view = look_at(position, target)
    np.testing.assert_allclose(view[:3, :3] @ view[:3, :3].T, np.eye(3), atol=1e-9)
    assert np.linalg.det(view[:3, :3]) == pytest.approx(1.0)
    np.testing.assert_allclose(view @ (*target, 1.0), (0.0, 0.0, -distance, 1.0), atol=1e-6)


def test_a_camera_shows_its_angle_of_view_and_no_more() -> None:
    camera = Camera((0.0, 0.0, 5.0), (0.0, 0.0, 0.0), math.radians(40.0))
    matrix = camera_matrix(camera, 2.0)
    top = 5.0 * math.tan(math.radians(20.0))
    assert project(matrix, (0.0, top, 0.0))[1] == pytest.approx(1.0)
    assert project(matrix, (2.0 * top, 0.0, 0.0))[0] == pytest.approx(1.0)
    assert project(matrix, (0.0, 0.0, 5.0 - camera.near))[2] == pytest.approx(-1.0)
    assert project(matrix, (0.0, 0.0, 5.0 - camera.far))[2] == pytest.approx(1.0)


@pytest.mark.parametrize("cone", [(0.2, 0.4), None])
def test_a_lights_target_is_in_the_middle_of_its_shadow_map(
    cone: tuple[float, float] | None,
) -> None:
    light = Light((2.0, 6.0, 3.0), (0.5, 0.0, -0.5), (1.0, 1.0, 1.0), cone)
    middle = project(TO_TEXTURE @ light_matrix(light), light.target)
    np.testing.assert_allclose(middle[:2], 0.5)
    assert 0.0 < middle[2] < 1.0


def test_the_edge_of_a_cone_is_the_edge_of_its_shadow_map() -> None:
    light = Light((0.0, 4.0, 0.0), (0.0, 0.0, 0.0), (1.0, 1.0, 1.0), (0.1, 0.5))
    edge = project(light_matrix(light), (4.0 * math.tan(0.5), 0.0, 0.0))
    assert np.abs(edge[:2]).max() == pytest.approx(1.0)


def test_a_camera_that_shows_nothing_is_refused() -> None:
    good = Camera((0.0, 0.0, 5.0), (0.0, 0.0, 0.0), 0.6)
    for bad in (
        replace(good, target=good.position),
        replace(good, fov_y=0.0),
        replace(good, fov_y=math.pi),
        replace(good, near=0.0),
        replace(good, far=0.05),
        replace(good, fov_y=math.nan),
    ):
        with pytest.raises(GraphicsError):
            camera_matrix(bad, 1.5)
