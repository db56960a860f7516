"""Unit quaternions in xyzw order (glTF's), over arrays of any leading shape.

Every function takes and gives float arrays (..., 4), (..., 3) or (..., 3, 3) and broadcasts.
Formulas: Shoemake, "Animating rotation with quaternion curves", 1985; Diebel, "Representing
attitude", 2006.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.floating]

IDENTITY: npt.NDArray[np.float64] = np.array([0.0, 0.0, 0.0, 1.0])
IDENTITY.flags.writeable = False


def normalise(v: Array) -> Array:
    """Vectors or quaternions scaled to length 1; a zero stays zero. Shape (..., n)."""
    length = np.linalg.norm(v, axis=-1, keepdims=True)
    unit: Array = v / np.where(length > 0.0, length, 1.0)
    return unit


def multiply(a: Array, b: Array) -> Array:
    """Hamilton product a·b: the rotation b, then a. Shapes (..., 4)."""
    ax, ay, az, aw = np.moveaxis(np.asarray(a), -1, 0)
    bx, by, bz, bw = np.moveaxis(np.asarray(b), -1, 0)
    return np.stack(
        (
            aw * bx + ax * bw + ay * bz - az * by,
            aw * by - ax * bz + ay * bw + az * bx,
            aw * bz + ax * by - ay * bx + az * bw,
            aw * bw - ax * bx - ay * by - az * bz,
        ),
        axis=-1,
    )


def inverse(q: Array) -> Array:
    """The opposite rotation: the conjugate of a unit quaternion. Shape (..., 4)."""
    conjugate: Array = np.asarray(q) * np.array([-1.0, -1.0, -1.0, 1.0])
    return conjugate


def rotate(q: Array, v: Array) -> Array:
    """Vectors (..., 3) turned by quaternions (..., 4)."""
    axis, w = np.asarray(q)[..., :3], np.asarray(q)[..., 3:]
    twice = 2.0 * np.cross(axis, v)
    turned: Array = v + w * twice + np.cross(axis, twice)
    return turned


def to_matrix(q: Array) -> Array:
    """Rotation matrices (..., 3, 3), for column vectors, of quaternions (..., 4)."""
    x, y, z, w = np.moveaxis(np.asarray(q), -1, 0)
    rows = (
        (1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)),
        (2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)),
        (2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)),
    )
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)


def from_matrix(m: Array) -> Array:
    """Quaternions (..., 4), w ≥ 0, of rotation matrices (..., 3, 3).

    Bar-Itzhack's eigenvector form would bear noise better; the four-candidate form is exact for
    true rotations and branch-free over arrays: the candidate with the largest square is taken.
    """
    m = np.asarray(m, dtype=np.float64)
    m00, m11, m22 = m[..., 0, 0], m[..., 1, 1], m[..., 2, 2]
    squares = np.stack(
        (1 + m00 - m11 - m22, 1 - m00 + m11 - m22, 1 - m00 - m11 + m22, 1 + m00 + m11 + m22), -1
    )
    xy, xz, yz = (
        m[..., 0, 1] + m[..., 1, 0],
        m[..., 0, 2] + m[..., 2, 0],
        m[..., 1, 2] + m[..., 2, 1],
    )
    wx, wy, wz = (
        m[..., 2, 1] - m[..., 1, 2],
        m[..., 0, 2] - m[..., 2, 0],
        m[..., 1, 0] - m[..., 0, 1],
    )
    candidates = np.stack(
        (
            np.stack((squares[..., 0], xy, xz, wx), -1),
            np.stack((xy, squares[..., 1], yz, wy), -1),
            np.stack((xz, yz, squares[..., 2], wz), -1),
            np.stack((wx, wy, wz, squares[..., 3]), -1),
        ),
        axis=-2,
    )
    best = np.argmax(squares, axis=-1)[..., None, None]
    q = normalise(np.take_along_axis(candidates, best, axis=-2)[..., 0, :])
    return np.where(q[..., 3:] < 0, -q, q)


def from_axis_angle(axis: Array, angle: Array | float) -> Array:
    """Quaternions (..., 4) that turn by angle [rad] (...) about unit axes (..., 3)."""
    half = 0.5 * np.asarray(angle, np.float64)[..., None]
    xyz = np.sin(half) * np.asarray(axis)
    return np.concatenate((xyz, np.broadcast_to(np.cos(half), (*xyz.shape[:-1], 1))), axis=-1)


def between(a: Array, b: Array) -> Array:
    """The shortest rotation (..., 4) that turns unit vectors a (..., 3) onto unit vectors b.

    Opposite vectors turn by π about any axis at right angles to a.
    """
    a, b = np.broadcast_arrays(np.asarray(a, np.float64), np.asarray(b, np.float64))
    dot = np.sum(a * b, axis=-1, keepdims=True)
    q = np.concatenate((np.cross(a, b), 1.0 + dot), axis=-1)
    helper = np.where(np.abs(a[..., :1]) < 0.9, [1.0, 0.0, 0.0], [0.0, 1.0, 0.0])
    opposite = np.concatenate((np.cross(a, helper), np.zeros_like(dot)), axis=-1)
    return normalise(np.where(dot < -1.0 + 1e-9, opposite, q))


def slerp(a: Array, b: Array, t: Array | float) -> Array:
    """The rotation a fraction t (...) of the short way from a to b. Shapes (..., 4)."""
    a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
    dot = np.sum(a * b, axis=-1, keepdims=True)
    b = np.where(dot < 0.0, -b, b)
    angle = np.arccos(np.clip(np.abs(dot), 0.0, 1.0))
    sine = np.sin(angle)
    t = np.asarray(t, np.float64)[..., None]
    near = sine < 1e-6
    safe = np.where(near, 1.0, sine)
    wa = np.where(near, 1.0 - t, np.sin((1.0 - t) * angle) / safe)
    wb = np.where(near, t, np.sin(t * angle) / safe)
    return normalise(wa * a + wb * b)


def angle_between(a: Array, b: Array) -> Array:
    """The angle [rad] (...) of the rotation from a to b. Shapes (..., 4)."""
    relative = multiply(inverse(a), b)
    angle: Array = 2.0 * np.arctan2(
        np.linalg.norm(relative[..., :3], axis=-1), np.abs(relative[..., 3])
    )
    return angle
