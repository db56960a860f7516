"""Rotations of points for compiled kernels, which are `compiled_with` this file."""

from __future__ import annotations

from math import sqrt

import numpy as np

from avatars.compile import compiled
from avatars.maths.vectors import Array


@compiled
def distance(a: Array, b: Array) -> float:
    """Return the distance of two points (3,)."""
    x, y, z = a[0] - b[0], a[1] - b[1], a[2] - b[2]
    return sqrt(x * x + y * y + z * z)


@compiled
def multiply(a: Array, b: Array) -> Array:
    """Return the product a·b (4,), which rotates by b, then by a."""
    return np.array(
        (
            a[3] * b[0] + a[0] * b[3] + a[1] * b[2] - a[2] * b[1],
            a[3] * b[1] + a[1] * b[3] + a[2] * b[0] - a[0] * b[2],
            a[3] * b[2] + a[2] * b[3] + a[0] * b[1] - a[1] * b[0],
            a[3] * b[3] - a[0] * b[0] - a[1] * b[1] - a[2] * b[2],
        )
    )


@compiled
def invert(q: Array) -> Array:
    """Return the inverse rotation (4,)."""
    return np.array((-q[0], -q[1], -q[2], q[3]))


@compiled
def rotate(q: Array, v: Array) -> Array:
    """Return the vector v (3,) rotated by q (4,)."""
    x = 2.0 * (q[1] * v[2] - q[2] * v[1])
    y = 2.0 * (q[2] * v[0] - q[0] * v[2])
    z = 2.0 * (q[0] * v[1] - q[1] * v[0])
    return np.array(
        (
            v[0] + q[3] * x + q[1] * z - q[2] * y,
            v[1] + q[3] * y + q[2] * x - q[0] * z,
            v[2] + q[3] * z + q[0] * y - q[1] * x,
        )
    )


@compiled
def blend(a: Array, b: Array, share: float) -> Array:
    """Return the unit quaternion (4,) at a share of the way from a to b along the shorter arc."""
    sign = 1.0 if a @ b >= 0.0 else -1.0
    mixed = (1.0 - share) * a + share * sign * b
    size = sqrt(mixed @ mixed)
    unit: Array = mixed / max(size, 1e-9)
    return unit
