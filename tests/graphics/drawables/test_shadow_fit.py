"""Test that a fitted shadow map contains every caster, has smaller texels, and is stable."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderer.graphics.gpu.lights import limit_shadows
from renderer.graphics.gpu.matrices import light_matrix
from renderer.graphics.gpu.shadow_fit import fit_shadow_view
from renderer.stage.records import Light

SPOT = Light((-2.0, 5.4, 6.2), (0.0, 0.9, 0.0), (1.0, 1.0, 1.0), (0.3, 0.5), casts_shadow=True)
SUN = Light((-2.0, 5.4, 6.2), (0.0, 0.9, 0.0), (1.0, 1.0, 1.0), casts_shadow=True)
TEXELS = 640
sphere = st.tuples(
    st.floats(-0.8, 0.8), st.floats(0.1, 1.6), st.floats(-0.6, 0.6), st.floats(0.05, 0.3)
)


def clip(matrix: np.ndarray, points: np.ndarray) -> np.ndarray:
    placed = np.concatenate((points, np.ones((len(points), 1))), axis=1) @ matrix.T
    return placed[:, :3] / placed[:, 3:]


@pytest.mark.parametrize("light", [SPOT, SUN], ids=["spot", "directional"])
@settings(deadline=None, max_examples=50)
@given(spheres=st.lists(sphere, min_size=1, max_size=8))
def test_every_caster_is_in_the_view(
    light: Light, spheres: list[tuple[float, float, float, float]]
) -> None:
    rows = np.array(spheres, np.float32)
    matrix = fit_shadow_view(light, rows, TEXELS).matrix
    random = np.random.default_rng(1)
    out = random.normal(size=(200, 3))
    out /= np.linalg.norm(out, axis=1, keepdims=True)
    for row in rows:
        seen = clip(matrix, row[:3] + row[3] * out)
        assert np.abs(seen).max() <= 1.0


def test_texels_are_smaller_than_the_cones() -> None:
    rows = np.array([(0.0, 0.9, 0.0, 0.6)], np.float32)
    points = np.array([(0.0, 0.9, 0.0), (0.1, 0.9, 0.0)])
    fitted = np.ptp(clip(fit_shadow_view(SPOT, rows, TEXELS).matrix, points)[:, 0])
    whole = np.ptp(clip(light_matrix(SPOT), points)[:, 0])
    assert fitted > 3.0 * whole


def test_the_view_moves_in_whole_texels() -> None:
    still = np.array([(0.3, 1.0, 0.1)])
    places = []
    for step in np.linspace(0.0, 0.05, 26):
        rows = np.array([(step, 0.9, 0.0, 0.6)], np.float32)
        places.append(clip(fit_shadow_view(SPOT, rows, TEXELS).matrix, still)[0, :2])
    moved = np.diff(np.array(places), axis=0) * TEXELS / 2.0
    assert np.abs(moved - np.round(moved)).max() < 0.02
    assert (np.abs(moved).max(axis=1) < 0.02).any()


def test_without_casters_or_with_one_at_the_lens_the_whole_cone_is_kept() -> None:
    near = np.array([(*SPOT.position, 0.5)], np.float32)
    for rows in (np.zeros((0, 4), np.float32), near):
        np.testing.assert_allclose(fit_shadow_view(SPOT, rows, TEXELS).matrix, light_matrix(SPOT))


def test_lights_beyond_the_limit_shine_without_a_shadow() -> None:
    plain = Light((0.0, 3.0, 3.0), (0.0, 0.0, 0.0), (1.0, 1.0, 1.0))
    limited = limit_shadows((plain, SPOT, SPOT, SUN), 2)
    assert [one.casts_shadow for one in limited] == [False, True, True, False]
    assert all(one.color == (1.0, 1.0, 1.0) for one in limited)
    assert math.isinf(limited[-1].range_m)
