"""Small functions of numbers for compiled kernels, which are `compiled_with` this file."""

from __future__ import annotations

from math import sqrt

from avatars.compile import compiled
from avatars.maths.vectors import Array


@compiled
def smooth_step(x: float, low: float, high: float) -> float:
    """Return 0 at or below `low`, 1 at or above `high`, and 3u² − 2u³ between them."""
    u = min(max((x - low) / (high - low), 0.0), 1.0)
    return u * u * (3.0 - 2.0 * u)


@compiled
def rotation_vector(a: Array, b: Array) -> tuple[float, float, float]:
    """Return the rotation vector, to second order, from rotation b (4,), xyzw, to a (4,)."""
    x = b[3] * a[0] - a[3] * b[0] - a[1] * b[2] + a[2] * b[1]
    y = b[3] * a[1] - a[3] * b[1] - a[2] * b[0] + a[0] * b[2]
    z = b[3] * a[2] - a[3] * b[2] - a[0] * b[1] + a[1] * b[0]
    w = a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3]
    double = 2.0 if w >= 0.0 else -2.0
    return double * x, double * y, double * z


@compiled
def dot3(a: Array, b: Array) -> float:
    """Return the dot product of two vectors (3,)."""
    product: float = a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
    return product


@compiled
def cross3(a: Array, b: Array, out: Array) -> None:
    """Write the cross product of two vectors (3,) to a third array."""
    x, y, z = (
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    )
    out[0], out[1], out[2] = x, y, z


@compiled
def normalise_in_place(v: Array) -> None:
    """Scale a vector (3,) to length 1; a zero vector stays zero."""
    size = max(sqrt(dot3(v, v)), 1e-12)
    for k in range(3):
        v[k] /= size


@compiled
def make_basis(primary: Array, secondary: Array, out: Array) -> None:
    """Write the rotation matrix (3, 3) whose columns are p, s, p × s, as `vectors.basis` does."""
    size = max(sqrt(dot3(primary, primary)), 1e-12)
    for k in range(3):
        out[k, 0] = primary[k] / size
    share = dot3(secondary, out[:, 0])
    for k in range(3):
        out[k, 1] = secondary[k] - share * out[k, 0]
    size = sqrt(dot3(out[:, 1], out[:, 1]))
    if size < 1e-6:
        axis = 0 if abs(out[0, 0]) < 0.9 else 1
        share = out[axis, 0]
        for k in range(3):
            out[k, 1] = (1.0 if k == axis else 0.0) - share * out[k, 0]
        size = sqrt(dot3(out[:, 1], out[:, 1]))
    for k in range(3):
        out[k, 1] /= size
    cross3(out[:, 0], out[:, 1], out[:, 2])
