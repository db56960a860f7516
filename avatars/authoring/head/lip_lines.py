"""The lines of the lips: a dark ribbon along each lip's rim.

A line painted on the skin is torn by the coarse mesh of an opening mouth. Ribbons go with the rims
in every shape, lie on one another while the mouth is closed, and frame it when it opens.
"""

from __future__ import annotations

import numpy as np

from avatars.authoring.figure.body import Body
from avatars.authoring.figure.geometry import Piece, join, smoothstep
from avatars.authoring.figure.mouth import LOWER_RIM, UPPER_RIM
from avatars.authoring.figure.source import BODY, Floats, Ints, Source
from avatars.authoring.head.locks import curved
from avatars.names import ARKIT_INDEX, BONE_INDEX

_SMOOTHED = 3
"""How often a rim is drawn to its neighbours' mean."""

_BEFORE = 0.072
"""How far the lines lie before the lips, eye distances."""

_GOES_BACK = {"jawOpen": 0.055, "mouthFunnel": 0.02}
"""How far shapes that open the mouth let the lines back to the rims, eye distances: closed lips
swell before their rims, and parted ones do not."""

_CORNER_RISES = 0.036
"""How far the corners are drawn up, eye distances: a faint smile."""


def lip_lines(source: Source, body: Body, unit: float, thick: float) -> Piece:
    """Make the lines of both lips, without a layout.

    Args:
        unit: an eye distance, metres.
        thick: half the height of each line in the middle, eye distances.
    """
    pieces = []
    for half, way in ((UPPER_RIM, 1.0), (LOWER_RIM, -1.0)):
        rows = _whole_rim(source, half)
        both = np.concatenate((body.position[None, rows], body.shapes[:, rows]))
        for _ in range(_SMOOTHED):
            both[:, 1:-1] = 0.25 * both[:, :-2] + 0.5 * both[:, 1:-1] + 0.25 * both[:, 2:]
        fine = np.stack([curved(values, 2) for values in both])
        for name, back in _GOES_BACK.items():
            fine[1 + ARKIT_INDEX[name], :, 2] -= back * unit
        pieces.append(_ribbon(fine[0], fine[1:], way, thick * unit, unit))
    return join(pieces)


def _whole_rim(source: Source, half: tuple[int, ...]) -> Ints:
    """The source's vertices (k,) along a lip's rim, from its right corner to its left."""
    left = np.array(half)
    mirrored = source.base.position[left] * np.array([-1.0, 1.0, 1.0])
    between = np.linalg.norm(source.base.position[BODY][None] - mirrored[:, None], axis=2)
    right = between.argmin(axis=1)
    whole: Ints = np.concatenate((right[:0:-1], left))
    return whole


def _ribbon(rim: Floats, shapes: Floats, way: float, thick: float, unit: float) -> Piece:
    """A line from a rim (k, 3) up (1) or down (−1) over the lip, thin at the corners."""
    count = len(rim)
    across = np.abs(np.linspace(-1.0, 1.0, count))
    full = thick * (0.12 + 0.88 * smoothstep(1.0, 0.84, across))
    root = rim + np.array([0.0, 0.0, _BEFORE]) * unit
    root[:, 1] += _CORNER_RISES * unit * across**3
    # Over the rim on both sides, where the lip turns into the mouth.
    none = np.zeros(count)
    inner = root - np.stack((none, 1.3 * way * full, none), axis=1)
    outer = root + np.stack((none, way * full, none), axis=1)
    a = np.arange(count - 1)
    triangles = np.concatenate(
        (np.stack((a, a + 1, a + count + 1), 1), np.stack((a, a + count + 1, a + count), 1))
    )
    weights = np.zeros((2 * count, 55))
    weights[:, BONE_INDEX["head"]] = 1.0
    return Piece(
        np.concatenate((inner, outer)),
        np.tile([0.0, 0.0, 1.0], (2 * count, 1)),
        np.full((2 * count, 2), 0.5),
        weights,
        triangles,
        np.concatenate((shapes, shapes), axis=1),
    )
