"""Build the audience's meshes, as triangle lists for shaders/crowd.vert.glsl."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

F32 = npt.NDArray[np.float32]
Row = tuple[float, float, float, float]
"""A vertex: three numbers whose meaning depends on the part, and the part's number."""

# Part numbers, as in the shader.
_BODY, _HEAD, _UPPER, _FORE, _FIST, _STICK, _OTHER_UPPER, _OTHER_FORE, _OTHER_FIST = range(9)


def build_plain_figure() -> F32:
    """Return the medium-distance figure: body, head, one jointed arm and a stick."""
    return _rows(_body(2), _head(8), _limb(_UPPER), _limb(_FORE), _limb(_STICK))


def build_jointed_figure() -> F32:
    """Return the close-range figure: rounder, with both arms and fists."""
    limbs = [_limb(part) for part in (_UPPER, _OTHER_UPPER)]
    limbs += [_limb(part, _MUSCLE) for part in (_FORE, _OTHER_FORE)]
    fists = [_disc(part, 10) for part in (_FIST, _OTHER_FIST)]
    return _rows(_body(4), _head(20), *limbs, *fists, _limb(_STICK))


def build_simple_figure() -> F32:
    """Return the medium-distance figure for a software rasteriser, with fewer triangles."""
    body = _quad((-0.19, -1.0), (0.19, -1.0), (0.215, -0.42), (-0.215, -0.42), _BODY)
    shoulders = _quad((-0.215, -0.42), (0.215, -0.42), (0.06, -0.25), (-0.06, -0.25), _BODY)
    return _rows(body, shoulders, _head(9), _limb(_UPPER), _limb(_FORE), _limb(_STICK))


def build_distant_figure(neighbours: int) -> F32:
    """Return the far-distance figure: a body with its head, and a stick.

    Args:
        neighbours: on either side, whose sticks alone are drawn with it: where fewer people than
            seats are drawn, their lights still fill the hall.
    """
    body = _quad((-0.19, -1.0, 0.5), (0.19, -1.0, 0.5), (0.09, 0.0, 0.5), (-0.09, 0.0, 0.5), _BODY)
    corners = [(0.0, -1.0), (1.0, -1.0), (1.0, 1.0), (0.0, 1.0)]
    sticks = [
        (*corners[k], float(seat), float(_STICK))
        for seat in range(-neighbours, neighbours + 1)
        for k in (0, 1, 2, 0, 2, 3)
    ]
    return _rows(body, sticks)


def _rows(*parts: list[Row]) -> F32:
    return np.array([row for part in parts for row in part], np.float32)


def _quad(
    a: tuple[float, ...],
    b: tuple[float, ...],
    c: tuple[float, ...],
    d: tuple[float, ...],
    part: int,
) -> list[Row]:
    """Return two triangles; a corner is (x, y) and its fraction around the body's side."""
    rows = [(p[0], p[1], p[2] if len(p) > 2 else math.copysign(0.8, p[0])) for p in (a, b, c, d)]
    return [(*rows[k], float(part)) for k in (0, 1, 2, 0, 2, 3)]


_MUSCLE: Final = (0.0, 0.25, 0.6, 1.0)
"""Where a forearm's contour bends, as fractions of its length."""


def _limb(part: int, along: tuple[float, ...] = (0.0, 1.0)) -> list[Row]:
    """Return an arm or a stick as two strips of triangles, with (along, across) coordinates."""
    rows: list[Row] = []
    for low, high in pairwise(along):
        for left, right in ((-1.0, 0.0), (0.0, 1.0)):
            corners = [(low, left), (high, left), (high, right), (low, right)]
            rows += [(*corners[k], 0.0, float(part)) for k in (0, 1, 2, 0, 2, 3)]
    return rows


# Half widths of a body at heights below the top of its head, metres.
_OUTLINE: Final = ((-1.45, 0.17), (-0.95, 0.19), (-0.44, 0.225), (-0.33, 0.20), (-0.27, 0.085),
                   (-0.20, 0.055))  # fmt: skip


def _body(strips: int) -> list[Row]:
    rows: list[Row] = []
    across = np.linspace(-1.0, 1.0, strips + 1)
    for (low, half_low), (high, half_high) in pairwise(_OUTLINE):
        for u, v in pairwise(across):
            rows += _quad(
                (u * half_low, low, u), (v * half_low, low, v),
                (v * half_high, high, v), (u * half_high, high, u), _BODY,
            )  # fmt: skip
    return rows


def _head(sides: int) -> list[Row]:
    """Return a head that is narrower at the chin."""
    rows: list[Row] = []
    turn = np.linspace(0.0, math.tau, sides + 1)
    for a, b in pairwise(turn):
        ring = [
            (0.088 * math.sin(q) * (1.0 + 0.16 * math.cos(q)), -0.125 + 0.125 * math.cos(q), 1.0)
            for q in (a, b)
        ]
        rows += [(*p, float(_HEAD)) for p in ((0.0, -0.12, 0.0), *ring)]
    return rows


def _disc(part: int, sides: int) -> list[Row]:
    turn = np.linspace(0.0, math.tau, sides + 1)
    return [
        (x, y, 0.0, float(part))
        for a, b in pairwise(turn)
        for x, y in ((0.0, 0.0), (math.sin(a), math.cos(a)), (math.sin(b), math.cos(b)))
    ]
