"""Test the laws of rotation with arbitrary quaternions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.spatial.transform import Rotation

from avatars.maths.quaternions import (
    IDENTITY,
    about_axis,
    angle_between,
    between,
    from_axis_angle,
    from_matrix,
    inverse,
    multiply,
    power,
    rotate,
    slerp,
    to_matrix,
)
from avatars.maths.vectors import normalise

Array = np.ndarray
_numbers = st.floats(-1.0, 1.0, width=32)
turns = (
    arrays(np.float64, 4, elements=_numbers)
    .filter(lambda q: np.linalg.norm(q) > 0.1)
    .map(normalise)
)
points = arrays(np.float64, 3, elements=st.floats(-10.0, 10.0))
angles = st.floats(-3.0, 3.0)
shares = st.floats(0.0, 1.0)


def same(a: Array, b: Array) -> bool:
    """Return whether two quaternions are the same rotation: q and −q are equal."""
    return bool(np.allclose(np.abs(np.sum(a * b, axis=-1)), 1.0, atol=1e-9))


@given(turns)
def test_a_rotation_and_its_inverse_leave_nothing(q: Array) -> None:
    assert same(multiply(q, inverse(q)), IDENTITY)


@given(turns, turns, points)
def test_a_product_turns_by_the_right_one_first(a: Array, b: Array, v: Array) -> None:
    assert np.allclose(rotate(multiply(a, b), v), rotate(a, rotate(b, v)), atol=1e-9)


@given(turns, turns)
def test_products_agree_with_scipy(a: Array, b: Array) -> None:
    assert same(multiply(a, b), (Rotation.from_quat(a) * Rotation.from_quat(b)).as_quat())


@given(turns)
def test_matrices_go_there_and_back(q: Array) -> None:
    assert same(from_matrix(to_matrix(q)), q)


@given(turns, points)
def test_a_matrix_turns_as_its_quaternion(q: Array, v: Array) -> None:
    assert np.allclose(to_matrix(q) @ v, rotate(q, v), atol=1e-9)


@given(turns)
def test_matrices_agree_with_scipy(q: Array) -> None:
    assert np.allclose(to_matrix(q), Rotation.from_quat(q).as_matrix(), atol=1e-9)


@given(points.filter(lambda v: np.linalg.norm(v) > 0.1), angles)
def test_axis_and_angle_give_that_angle(axis: Array, angle: float) -> None:
    q = from_axis_angle(normalise(axis), angle)
    assert float(angle_between(IDENTITY, q)) == pytest.approx(abs(angle))


@given(st.integers(0, 2), angles)
def test_turns_about_axes_agree_with_those_about_any(axis: int, angle: float) -> None:
    assert same(about_axis(axis, angle), from_axis_angle(np.eye(3)[axis], angle))


@given(points, points)
def test_between_turns_one_onto_the_other(a: Array, b: Array) -> None:
    if min(np.linalg.norm(a), np.linalg.norm(b)) > 0.1:
        a, b = normalise(a), normalise(b)
        assert np.allclose(rotate(between(a, b), a), b, atol=1e-4)


def test_between_opposites_is_half_a_turn() -> None:
    axis = np.eye(3)
    assert np.allclose(rotate(between(axis, -axis), axis), -axis)


@given(turns, turns, shares)
def test_slerp_goes_its_share_of_the_short_way(a: Array, b: Array, t: float) -> None:
    whole = float(angle_between(a, b))
    part = float(angle_between(a, slerp(a, b, t)))
    assert part == pytest.approx(t * whole, abs=1e-7)


@given(turns, shares)
def test_a_power_and_the_rest_make_the_whole(q: Array, t: float) -> None:
    assert same(multiply(power(q, t), power(q, 1.0 - t)), q)


@pytest.mark.parametrize("shape", [(), (1,), (5,), (2, 3)])
def test_kernels_take_any_leading_shape(shape: tuple[int, ...]) -> None:
    random = np.random.default_rng(2)
    a, b = (normalise(random.normal(size=(*shape, 4))) for _ in range(2))
    v = random.normal(size=(*shape, 3))
    flat = a.reshape(-1, 4), b.reshape(-1, 4), v.reshape(-1, 3)
    for kernel, one, many in (
        (multiply, (a, b), flat[:2]),
        (rotate, (a, v), flat[::2]),
        (
            between,
            (normalise(v), normalise(v[..., ::-1])),
            (normalise(flat[2]), normalise(flat[2][:, ::-1])),
        ),
    ):
        assert np.allclose(kernel(*one).reshape(len(flat[0]), -1), kernel(*many))
    assert to_matrix(a).shape == (*shape, 3, 3)
    assert same(from_matrix(to_matrix(a)), a)
    assert slerp(a, b, np.full(shape, 0.5)).shape == a.shape
    # One quaternion is broadcast over all the others.
    assert multiply(IDENTITY, a).shape == a.shape
