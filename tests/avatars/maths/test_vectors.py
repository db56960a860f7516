"""Test the vector kernels against NumPy's slower functions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from avatars.maths.vectors import basis, clamp, cross, dot, length, normalise, smoothstep

Array = np.ndarray
points = arrays(np.float64, (4, 3), elements=st.floats(-10.0, 10.0))


@given(points, points)
def test_products_agree_with_numpy(a: Array, b: Array) -> None:
    assert np.allclose(cross(a, b), np.cross(a, b))
    assert np.allclose(dot(a, b)[:, 0], np.sum(a * b, axis=1))
    assert np.allclose(length(a)[:, 0], np.linalg.norm(a, axis=1))


@given(points)
def test_what_has_a_direction_gets_length_1(v: Array) -> None:
    lengths = np.linalg.norm(normalise(v), axis=1)
    known = np.linalg.norm(v, axis=1) > 1e-9
    assert np.allclose(lengths[known], 1.0)
    assert (lengths[~known] <= 1.0 + 1e-9).all()


def test_zero_stays_zero_and_rounding_noise_gets_no_direction() -> None:
    assert not normalise(np.zeros((2, 3))).any()
    noise = np.full((1, 3), 1e-16)
    assert np.abs(normalise(noise)).max() < 1e-3


@given(points, points)
def test_a_basis_is_a_rotation_along_its_first_vector(a: Array, b: Array) -> None:
    known = np.linalg.norm(a, axis=1) > 1e-3
    if known.any():
        m = basis(a[known], b[known])
        assert np.allclose(m.transpose(0, 2, 1) @ m, np.eye(3), atol=1e-6)
        assert np.allclose(np.linalg.det(m), 1.0, atol=1e-6)
        assert np.allclose(m[..., 0], normalise(a[known]), atol=1e-9)


@pytest.mark.parametrize(
    ("x", "wanted"), [(-1.0, 0.0), (0.0, 0.0), (1.0, 0.5), (2.0, 1.0), (9.0, 1.0)]
)
def test_a_smooth_step(x: float, wanted: float) -> None:
    assert smoothstep(x, 0.0, 2.0) == pytest.approx(wanted)
    assert smoothstep(np.array([x]), 0.0, 2.0)[0] == pytest.approx(wanted)


def test_limits() -> None:
    assert clamp(np.array([-2.0, 0.5, 3.0]), 0.0, 1.0).tolist() == [0.0, 0.5, 1.0]
