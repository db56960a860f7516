"""Build the lip lines: a dark ribbon along the rim of each lip, and the lips' colour behind it.

A line painted on the skin would be distorted by the coarse mesh of an opening mouth. The ribbons
follow the rims in every shape, overlap while the mouth is closed, and frame it when it opens. The
colour is hidden behind the dark line at rest and grows with the mouth's shapes: a smile, a frown or
a pucker is visible on a small face without a thick black line on a large one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from avatars.authoring.figure.body import Body
from avatars.authoring.figure.geometry import Piece, join, smoothstep
from avatars.authoring.figure.mouth import LOWER_RIM, UPPER_RIM
from avatars.authoring.figure.source import BODY, Floats, Ints, Source
from avatars.authoring.head.locks import sample_spline
from avatars.names import ARKIT, ARKIT_INDEX, BONE_INDEX

_SMOOTHED = 3
"""Smoothing iterations on a rim."""

_BEFORE, _COLOUR_BEFORE = 0.072, 0.062
"""Distance of the lines, and of the lips' colour, in front of the lips' rims, eye distances."""

_COLOUR_THICK = 0.9
"""Height of the lips' colour at rest, as a share of the lines'."""

_GOES_BACK = {"jawOpen": 0.055, "mouthFunnel": 0.02}
"""Backward displacement of the lines in the shapes that open the mouth, eye distances: closed lips
bulge in front of their rims, parted lips do not."""

_RETREATS = 0.8
"""Part of the height at rest by which the inner edges move outwards in mouthSmile, so that the
lines do not cover the teeth of a slightly open mouth."""

_COMES_FORWARD = {
    "mouthPucker": (0.05, 0.11),
    "mouthFrownLeft": (0.02, 0.03),
    "mouthFrownRight": (0.02, 0.03),
}
"""Forward displacement of a line's inner and outer edge, eye distances, by shape: the lips bulge
in front of their rims."""

_CORNER_RISES = 0.036
"""Upward displacement of the mouth's corners, eye distances: a faint smile."""


@dataclass(frozen=True, slots=True)
class LipGrowth:
    """How lip lines or colour grow with the mouth's shapes, to be visible on a small face.

    Attributes:
        smile, frown: growth of a line's height on a shape's side of the face, as a share of its
            height at rest.
        press: growth likewise as a share; the line becomes straight and firm.
        pucker: outward growth of each line, eye distances; the lips' colour becomes a small round
            mark.
        pucker_width: growth of that mark to each side, eye distances.
        pucker_parts: part of the height at rest by which the inner edges move outwards in
            mouthPucker, so that the line between the lips becomes fine.
    """

    smile: float = 0.4
    frown: float = 0.5
    press: float = 0.5
    pucker: float = 0.0
    pucker_width: float = 0.0
    pucker_parts: float = 0.9


def lip_lines(source: Source, body: Body, unit: float, thick: float, growth: LipGrowth) -> Piece:
    """Build the lines of both lips; all UVs are (0.5, 0.5) and are set by the caller.

    Args:
        unit: the eye distance, metres.
        thick: half the height of each line in the middle, eye distances.
    """
    return _ribbons(source, body, unit, thick, growth, _BEFORE)


def lip_colour(source: Source, body: Body, unit: float, thick: float, growth: LipGrowth) -> Piece:
    """Build the colour of both lips behind their lines; all UVs are (0.5, 0.5).

    Args:
        unit: the eye distance, metres.
        thick: half the height of each line in the middle, eye distances.
    """
    return _ribbons(source, body, unit, _COLOUR_THICK * thick, growth, _COLOUR_BEFORE)


def _ribbons(
    source: Source, body: Body, unit: float, thick: float, growth: LipGrowth, before: float
) -> Piece:
    pieces = []
    for half, way in ((UPPER_RIM, 1.0), (LOWER_RIM, -1.0)):
        rows = _whole_rim(source, half)
        both = np.concatenate((body.position[None, rows], body.shapes[:, rows]))
        for _ in range(_SMOOTHED):
            both[:, 1:-1] = 0.25 * both[:, :-2] + 0.5 * both[:, 1:-1] + 0.25 * both[:, 2:]
        fine = np.stack([sample_spline(values, 2) for values in both])
        for name, back in _GOES_BACK.items():
            fine[1 + ARKIT_INDEX[name], :, 2] -= back * unit
        pieces.append(_ribbon(fine[0], fine[1:], way, thick * unit, unit, growth, before))
    return join(pieces)


def _whole_rim(source: Source, half: tuple[int, ...]) -> Ints:
    """Return the source vertex indices (k,) along a lip's rim, from right to left corner."""
    left = np.array(half)
    mirrored = source.base.position[left] * np.array([-1.0, 1.0, 1.0])
    between = np.linalg.norm(source.base.position[BODY][None] - mirrored[:, None], axis=2)
    right = between.argmin(axis=1)
    whole: Ints = np.concatenate((right[:0:-1], left))
    return whole


def _ribbon(
    rim: Floats,
    shapes: Floats,
    way: float,
    thick: float,
    unit: float,
    growth: LipGrowth,
    before: float,
) -> Piece:
    """Build a ribbon along a rim, thin at the corners.

    Args:
        rim: (k, 3) points on the rim, metres.
        shapes: (52, k, 3) displacements of the points, metres.
        way: 1 to extend upwards over the lip, −1 downwards.
        thick: half the height in the middle, metres.
        unit: the eye distance, metres.
        before: distance in front of the rim, eye distances.
    """
    count = len(rim)
    across = np.abs(np.linspace(-1.0, 1.0, count))
    full = thick * (0.12 + 0.88 * smoothstep(1.0, 0.70, across))
    root = rim + np.array([0.0, 0.0, before]) * unit
    root[:, 1] += _CORNER_RISES * unit * across**3
    # Extend beyond the rim on both sides, to cover the edge where the lip turns into the mouth.
    none = np.zeros(count)
    inner = root - np.stack((none, 1.3 * way * full, none), axis=1)
    outer = root + np.stack((none, way * full, none), axis=1)
    a = np.arange(count - 1)
    triangles = np.concatenate(
        (np.stack((a, a + 1, a + count + 1), 1), np.stack((a, a + count + 1, a + count), 1))
    )
    both = _move_whole(root, unit, growth)
    weights = np.zeros((2 * count, 55))
    weights[:, BONE_INDEX["head"]] = 1.0
    return Piece(
        np.concatenate((inner, outer)),
        np.tile([0.0, 0.0, 1.0], (2 * count, 1)),
        np.full((2 * count, 2), 0.5),
        weights,
        triangles,
        np.concatenate(
            (
                shapes + both + _move_inner(root, full, way, unit, growth),
                shapes + both + _thicken(root, full, way, unit, growth),
            ),
            axis=1,
        ),
    )


def _move_whole(root: Floats, unit: float, growth: LipGrowth) -> Floats:
    """Compute the displacements (52, k, 3) of a whole line relative to the lip's rim.

    Args:
        root: (k, 3) points along the line, from the right to the left corner, metres.
        unit: the eye distance, metres.
    """
    out = np.zeros((len(ARKIT), len(root), 3))
    across = root[:, 0] / np.abs(root[:, 0]).max()
    for side, sign in (("Left", 1.0), ("Right", -1.0)):
        # The faint smile of the line at rest disappears.
        rise = _CORNER_RISES * unit * np.abs(across) ** 3
        out[ARKIT_INDEX["mouthPress" + side], :, 1] = -rise * _on_side(root, sign)
    out[ARKIT_INDEX["mouthPucker"], :, 0] = growth.pucker_width * unit * across
    return out


def _on_side(root: Floats, sign: float) -> Floats:
    """Return the share (k,) of a side's shape along a line; both sides add up to 1.

    Args:
        root: (k, 3) points along the line, metres.
        sign: 1 for the figure's left, −1 for the right.
    """
    return smoothstep(-0.5, 0.5, sign * root[:, 0] / np.abs(root[:, 0]).max())


def _move_inner(root: Floats, full: Floats, way: float, unit: float, growth: LipGrowth) -> Floats:
    """Compute the displacements (52, k, 3) of a line's inner edge relative to the lip's rim."""
    out = np.zeros((len(ARKIT), len(root), 3))
    for side, sign in (("Left", 1.0), ("Right", -1.0)):
        row = ARKIT_INDEX["mouthSmile" + side]
        out[row, :, 1] = way * _RETREATS * full * _on_side(root, sign)
    out[ARKIT_INDEX["mouthPucker"], :, 1] = way * growth.pucker_parts * full
    for name, (inner, _) in _COMES_FORWARD.items():
        out[ARKIT_INDEX[name], :, 2] = inner * unit
    return out


def _thicken(root: Floats, full: Floats, way: float, unit: float, growth: LipGrowth) -> Floats:
    """Compute the displacements (52, k, 3) of a line's outer edge relative to the lip's rim.

    Args:
        root: (k, 3) points along the line, from the right to the left corner, metres.
        full: (k,) half the line's height at rest, metres.
        way: 1 for the upper lip, −1 for the lower one.
        unit: the eye distance, metres.
    """
    out = np.zeros((len(ARKIT), len(root), 3))
    across = root[:, 0] / np.abs(root[:, 0]).max()
    grown = {"mouthSmile": growth.smile, "mouthFrown": growth.frown, "mouthPress": growth.press}
    for name, share in grown.items():
        for side, sign in (("Left", 1.0), ("Right", -1.0)):
            out[ARKIT_INDEX[name + side], :, 1] = way * share * full * _on_side(root, sign)
    out[ARKIT_INDEX["mouthPucker"], :, 1] = way * growth.pucker * unit * np.sqrt(1.0 - across**2)
    for name, (_, outer) in _COMES_FORWARD.items():
        out[ARKIT_INDEX[name], :, 2] = outer * unit * np.sqrt(1.0 - across**2)
    return out
