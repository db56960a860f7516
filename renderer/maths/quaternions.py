"""Quaternion kernels for a handful of rotations, many times a frame.

They give what avatars.rotation gives, at a fraction of its cost on small batches: a product is one
outer product and one matrix product with the table of i, j, k; the quaternion of a matrix is read
from a linear map of its elements.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from renderer.maths.vectors import Array, cross, length, unit


def _product_table() -> Array:
    # Rows: (a_x, a_y, a_z, a_w) × (b_x, b_y, b_z, b_w); columns: x, y, z, w of a·b.
    table = np.zeros((4, 4, 4))
    table[3, :, :] += np.eye(4)
    table[:3, 3, :3] += np.eye(3)
    for i, j, k in ((0, 1, 2), (1, 2, 0), (2, 0, 1)):
        table[i, j, k], table[j, i, k] = 1.0, -1.0
        table[i, i, 3] = -1.0
    return table.reshape(16, 4)


def _outer_table() -> tuple[Array, Array]:
    # 4·q·qᵀ of a rotation matrix m is constant + linear in m (Shepperd 1978; Bar-Itzhack 2000).
    linear, constant = np.zeros((3, 3, 4, 4)), np.eye(4)
    for i in range(3):
        signs = -np.ones(4)
        signs[i] = signs[3] = 1.0
        linear[i, i] += np.diag(signs)
    for i, j, k in ((0, 1, 2), (1, 2, 0), (2, 0, 1)):
        for a, b, sign in ((i, j, 1.0), (j, i, 1.0)):
            linear[i, j, a, b] += sign
            linear[j, i, a, b] += sign
        for a, b in ((k, 3), (3, k)):
            linear[j, i, a, b] += 1.0
            linear[i, j, a, b] -= 1.0
    return linear.reshape(9, 16), constant.reshape(16)


_PRODUCT: Final = _product_table()
_OUTER, _OUTER_CONSTANT = _outer_table()
_ONE, _TINY = np.array(1.0), np.array(1e-9)
_CONJUGATE: Final[Array] = np.array([-1.0, -1.0, -1.0, 1.0])


def product(a: Array, b: Array) -> Array:
    """Hamilton product a·b (..., 4): the rotation b, then a."""
    pairs = a[..., :, None] * b[..., None, :]
    turned: Array = pairs.reshape(*pairs.shape[:-2], 16) @ _PRODUCT
    return turned


def rotate(q: Array, v: Array) -> Array:
    """Vectors (n, 3) turned by quaternions (n, 4)."""
    axis = q[:, :3]
    twice = 2.0 * cross(axis, v)
    out: Array = v + q[:, 3:] * twice + cross(axis, twice)
    return out


def conjugate(q: Array) -> Array:
    """The opposite rotations (..., 4) of unit quaternions."""
    return q * _CONJUGATE


def of_matrix(m: Array) -> Array:
    """Quaternions (n, 4), w ≥ 0, of rotation matrices (n, 3, 3).

    Every row of q·qᵀ is q times one of its components; the row of the largest is taken.
    """
    outer = (m.reshape(-1, 9) @ _OUTER + _OUTER_CONSTANT).reshape(-1, 4, 4)
    best = outer.reshape(-1, 16)[:, ::5].argmax(axis=1)
    q = unit(outer[np.arange(len(outer)), best])
    turned: Array = q * np.copysign(_ONE, q[:, 3:])
    return turned


def power(q: Array, t: Array | float) -> Array:
    """The fraction t (...) of the rotations q (..., 4), the short way."""
    axis, cosine = q[..., :3], q[..., 3:]
    sine = length(axis)
    angle = np.arctan2(sine, np.abs(cosine)) * np.asarray(t)[..., None]
    out = np.empty((*angle.shape[:-1], 4))
    # q and −q are one rotation: the short way is that of the positive cosine.
    out[..., :3] = axis * (np.sin(angle) / np.copysign(np.maximum(sine, _TINY), cosine))
    out[..., 3:] = np.cos(angle)
    return out


def between_two(a: Array, b: Array, t: Array | float) -> Array:
    """The rotations a fraction t (...) of the short way from a (..., 4) to b (..., 4)."""
    return product(a, power(product(conjugate(a), b), t))


def about(axis: int, angles: Array) -> Array:
    """Rotations (..., 4) by angles [rad] (...) about one of the axes 0, 1, 2."""
    out = np.zeros((*np.shape(angles), 4))
    half = 0.5 * angles
    out[..., axis] = np.sin(half)
    out[..., 3] = np.cos(half)
    return out
