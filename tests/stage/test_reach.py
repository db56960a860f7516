"""Test that a light that does not reach a sphere contributes nothing to any of its points."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from renderer.stage.lights.reach import lights_reach
from renderer.stage.records import Light

coordinate = st.floats(-8.0, 8.0)
point = st.tuples(coordinate, coordinate, coordinate)
SPOT = Light((0.0, 4.0, 0.0), (0.0, 0.0, 0.0), (1.0, 1.0, 1.0), (0.1, 0.3))
START = np.zeros(1, np.intp)


def reaches(light: Light, center: tuple[float, ...], radius: float) -> bool:
    return bool(lights_reach([light], np.float32([[*center, radius]]), START)[0, 0])


@settings(max_examples=300, deadline=None)
@given(
    point, point, st.floats(0.02, math.pi), st.floats(0.5, 20.0), point, st.floats(0.01, 4.0),
    st.integers(0, 2**32 - 1),
)  # fmt: skip
def test_no_lit_point_is_in_a_sphere_that_a_light_does_not_reach(
    position: tuple[float, float, float], target: tuple[float, float, float], outer: float,
    range_m: float, center: tuple[float, float, float], radius: float, seed: int,
) -> None:  # fmt: skip
    if math.dist(position, target) < 1e-2:
        return
    light = Light(position, target, (1.0, 0.5, 0.2), (outer / 2.0, outer), range_m=range_m)
    if reaches(light, center, radius):
        return
    random = np.random.default_rng(seed)
    offset = random.normal(size=(200, 3))
    offset *= (
        radius
        * random.uniform(size=(200, 1)) ** (1 / 3)
        / np.linalg.norm(offset, axis=1, keepdims=True)
    )
    towards = np.asarray(center) + offset - position
    axis = np.subtract(target, position) / math.dist(position, target)
    distance = np.linalg.norm(towards, axis=1)
    inside = (towards @ axis > distance * (math.cos(outer) + 1e-6)) & (distance < range_m - 1e-6)
    assert not inside.any()


def test_what_stands_clear_of_a_cone_is_not_reached() -> None:
    edge = 4.0 * math.tan(0.3)
    assert reaches(SPOT, (edge, 0.0, 0.0), 0.1)
    assert reaches(SPOT, (edge + 0.2, 0.0, 0.0), 0.25)
    assert not reaches(SPOT, (edge + 0.2, 0.0, 0.0), 0.1)
    assert not reaches(SPOT, (0.0, 6.0, 0.0), 1.0)


def test_a_point_light_reaches_as_far_as_its_range() -> None:
    lamp = replace(SPOT, cone=(math.pi, math.pi), range_m=3.0)
    assert reaches(lamp, (0.0, 6.5, 0.0), 0.1)
    assert reaches(lamp, (0.0, 4.0, 3.05), 0.1)
    assert not reaches(lamp, (0.0, 4.0, 3.2), 0.1)


def test_a_black_light_reaches_nothing_and_a_directional_one_everything() -> None:
    assert not reaches(replace(SPOT, color=(0.0, 0.0, 0.0)), (0.0, 0.0, 0.0), 5.0)
    assert reaches(replace(SPOT, cone=None), (90.0, 50.0, -90.0), 0.1)


def test_a_part_is_reached_by_what_reaches_one_of_its_spheres() -> None:
    spheres = np.float32([[9, 0, 0, 0.1], [0, 0, 0, 0.1], [9, 0, 9, 0.1]])
    starts = np.array([0, 2], np.intp)
    np.testing.assert_array_equal(lights_reach([SPOT], spheres, starts), [[True, False]])
    assert lights_reach([], spheres, starts).shape == (0, 2)
