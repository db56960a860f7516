"""Compute with vectors over arrays of any leading shape, fast on small batches.

NumPy's own cross and norm take tens of microseconds on a few vectors, which matters because a solve
calls them often. Every function takes float arrays (..., 3) and broadcasts.
"""

from __future__ import annotations

from math import cos, sin
from typing import overload

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.floating]

# Arrays, because NumPy takes longer to convert a float than to compute on a few numbers.
_SHORTEST = np.array(1e-12)
"""Length below which a vector has no direction: rounding errors are 1e-16 for vectors of a metre,
and the smallest triangle of a model has an edge product of 1e-9."""
_TWO, _THREE = np.array(2.0), np.array(3.0)
_NONE, _ALL = np.array(0.0), np.array(1.0)
_LOST = 1e-6
_YZX = np.array([1, 2, 0])
_ZXY = np.array([2, 0, 1])


def dot(a: Array, b: Array) -> Array:
    """Return dot products (..., 1) of vectors (..., n); the last axis is kept for scaling."""
    product: Array = np.vecdot(a, b)[..., None]
    return product


def length(v: Array) -> Array:
    """Return lengths (..., 1) of vectors (..., n)."""
    if v.shape[-1] == 1:
        return np.abs(v)
    out: Array = np.sqrt(np.vecdot(v, v))[..., None]
    return out


def normalise(v: Array) -> Array:
    """Scale vectors or quaternions (..., n) to length 1; zero vectors stay zero."""
    out: Array = v / np.maximum(np.sqrt(np.vecdot(v, v)), _SHORTEST)[..., None]
    return out


def cross(a: Array, b: Array) -> Array:
    """Return cross products (..., 3) of vectors (..., 3)."""
    return a.take(_YZX, -1) * b.take(_ZXY, -1) - a.take(_ZXY, -1) * b.take(_YZX, -1)


def basis(primary: Array, secondary: Array) -> Array:
    """Return rotation matrices (..., 3, 3) whose columns are p, s, p × s.

    p is `primary`, normalised; s is the normalised component of `secondary` perpendicular to p, or
    an arbitrary perpendicular where that component is zero.
    """
    p = normalise(primary)
    s: Array = secondary - dot(secondary, p) * p
    size = length(s)
    if np.fmin.reduce(size, axis=None) < _LOST:
        helper = np.where(np.abs(p[..., :1]) < 0.9, (1.0, 0.0, 0.0), (0.0, 1.0, 0.0))
        s = np.where(size < _LOST, helper - dot(helper, p) * p, s)
        size = length(s)
    out = np.empty((*p.shape, 3))
    s = s / size
    out[..., 0], out[..., 1], out[..., 2] = p, s, cross(p, s)
    return out


def clamp(x: Array, low: Array | float, high: Array | float) -> Array:
    """Limit x to [low, high]; np.clip takes several times as long on a few numbers."""
    return np.minimum(np.maximum(x, low), high)


@overload
def smoothstep(x: float, low: float, high: float) -> float: ...
@overload
def smoothstep(x: Array, low: float, high: float) -> Array: ...
def smoothstep(x: Array | float, low: float, high: float) -> Array | float:
    """Return 0 at or below `low`, 1 at or above `high`, and 3u² − 2u³ between them."""
    if isinstance(x, float):
        part = min(max((x - low) / (high - low), 0.0), 1.0)
        return part * part * (3.0 - 2.0 * part)
    u = clamp((x - low) / (high - low), _NONE, _ALL)
    step: Array = u * u * (_THREE - _TWO * u)
    return step


def rotation_about_vertical(angle: float) -> Array:
    """Return the matrix (3, 3) that rotates row vectors by an angle [rad] about +Y."""
    c, s = cos(angle), sin(angle)
    return np.array([[c, 0.0, -s], [0.0, 1.0, 0.0], [s, 0.0, c]])
