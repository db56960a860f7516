"""The laws of rotation, held against any quaternion."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.spatial.transform import Rotation

from avatars import rotation

ARRAY = np.ndarray
_numbers = st.floats(-1.0, 1.0, width=32)
quaternions = (
    arrays(np.float64, 4, elements=_numbers)
    .filter(lambda q: np.linalg.norm(q) > 0.1)
    .map(rotation.normalise)
)
vectors = arrays(np.float64, 3, elements=st.floats(-10.0, 10.0))
angles = st.floats(-3.0, 3.0)


def same(a: ARRAY, b: ARRAY) -> bool:
    """Equal as rotations: q and −q turn alike."""
    return bool(np.allclose(np.abs(np.sum(a * b, axis=-1)), 1.0, atol=1e-9))


@given(quaternions)
def test_a_rotation_and_its_inverse_leave_nothing(q: ARRAY) -> None:
    assert same(rotation.multiply(q, rotation.inverse(q)), rotation.IDENTITY)


@given(quaternions, quaternions, vectors)
def test_a_product_turns_by_the_right_one_first(a: ARRAY, b: ARRAY, v: ARRAY) -> None:
    one_by_one = rotation.rotate(a, rotation.rotate(b, v))
    assert np.allclose(rotation.rotate(rotation.multiply(a, b), v), one_by_one, atol=1e-9)


@given(quaternions)
def test_matrices_go_there_and_back(q: ARRAY) -> None:
    assert same(rotation.from_matrix(rotation.to_matrix(q)), q)


@given(quaternions, vectors)
def test_a_matrix_turns_as_its_quaternion(q: ARRAY, v: ARRAY) -> None:
    assert np.allclose(rotation.to_matrix(q) @ v, rotation.rotate(q, v), atol=1e-9)


@given(quaternions)
def test_matrices_agree_with_scipy(q: ARRAY) -> None:
    assert np.allclose(rotation.to_matrix(q), Rotation.from_quat(q).as_matrix(), atol=1e-9)


@given(vectors.filter(lambda v: np.linalg.norm(v) > 0.1), angles)
def test_axis_and_angle_give_that_angle(axis: ARRAY, angle: float) -> None:
    q = rotation.from_axis_angle(rotation.normalise(axis), angle)
    assert float(rotation.angle_between(rotation.IDENTITY, q)) == pytest.approx(abs(angle))


@given(vectors, vectors)
def test_between_turns_one_onto_the_other(a: ARRAY, b: ARRAY) -> None:
    if min(np.linalg.norm(a), np.linalg.norm(b)) > 0.1:
        a, b = rotation.normalise(a), rotation.normalise(b)
        assert np.allclose(rotation.rotate(rotation.between(a, b), a), b, atol=1e-4)


def test_between_opposites_is_half_a_turn() -> None:
    axis = np.eye(3)
    assert np.allclose(rotation.rotate(rotation.between(axis, -axis), axis), -axis)


@given(quaternions, quaternions, st.floats(0.0, 1.0))
def test_slerp_goes_its_share_of_the_short_way(a: ARRAY, b: ARRAY, t: float) -> None:
    whole = float(rotation.angle_between(a, b))
    part = float(rotation.angle_between(a, rotation.slerp(a, b, t)))
    assert part == pytest.approx(t * whole, abs=1e-5)
