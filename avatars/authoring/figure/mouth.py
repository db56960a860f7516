"""Rebuild morph targets of the mouth: jawOpen, mouthFunnel, mouthClose, mouthPress, mouthLeft.

The source's shapes come from a scan: the open lips form a triangle, and mouthClose raises the
lower lip by the whole drop of the jaw. Here the rims of the lips open along arcs, the chin drops
less than the lips, and mouthClose moves both lips, the upper one in front of the lower, so that
no inverted surface is visible when mouthClose is applied without jawOpen. The source's mouthPress
draws the corners out and up, which reads as a smile once the lips are a line: here the lips are
pressed onto each other, and the corners are drawn down. mouthLeft and mouthRight carry the lips to
their side as a whole, where the source only draws up one corner.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from avatars.authoring.figure.body import Body
from avatars.authoring.figure.geometry import smoothstep
from avatars.authoring.figure.source import BODY, Floats
from avatars.names import ARKIT_INDEX

UPPER_RIM = (537, 7282, 7283, 7276, 7277, 11961, 7278, 7270, 7269, 7273, 10398, 7271, 7272)
LOWER_RIM = (540, 7279, 7280, 7281, 7275, 7274, 7272)
"""Source vertex indices along the left half of each lip's rim, from the middle to the corner."""

_CHIN_FALLS = 0.68
"""Factor on the chin's displacement in jawOpen."""

_ROUND = 0.27
"""Fraction by which mouthFunnel narrows the mouth."""

_PARTS = (0.07, -0.10)
"""Vertical displacement of the upper and lower lip in mouthFunnel, eye distances."""

_UPPER_CLOSES = 0.30
"""Fraction of the gap that the upper lip closes in mouthClose; the lower lip closes the rest."""

_PRESSED = 0.02
"""Vertical displacement of each lip towards the other in mouthPress, eye distances."""

_CORNER_FALLS = 0.02
"""Downward displacement of the mouth's corner in mouthPress, eye distances."""

_REMOVED = 0.92
"""Fraction of the source's mouthPress that is removed at the lips and around the corner."""

_CORNER_REACH = 0.5
"""Radius around the corner within which it is removed, eye distances."""

_ASIDE = 0.13
"""Displacement of the lips to a side in mouthLeft and mouthRight, in addition to the source's, eye
distances."""

_ASIDE_REACH = np.array([0.62, 0.22])
"""Half width and half height of the region around the lips that moves with them, eye distances."""


@dataclass(frozen=True, slots=True)
class _Rims:
    """Position of the body's vertices relative to the lips.

    Attributes:
        across: (n,) distance from the face's middle, divided by that of the mouth's corner.
        near: (n,) 1 at the lips, decreasing to 0 around them.
        lower: (n,) 1 on the lower lip and below it, 0 on the upper lip.
    """

    across: Floats
    near: Floats
    lower: Floats

    def over(self, upper: Floats, lower: Floats) -> Floats:
        """Extend the values of both rims, (n,) each, to the surrounding vertices, (n,)."""
        share: Floats = self.near * (upper * (1.0 - self.lower) + lower * self.lower)
        return share


def draw_mouth(body: Body, unit: float) -> Body:
    """Return the body with rebuilt shapes of the mouth.

    Args:
        unit: the eye distance, metres.
    """
    shapes = body.shapes.copy()
    jaw, funnel = (shapes[ARKIT_INDEX[name]] for name in ("jawOpen", "mouthFunnel"))
    rims = _rims(body, jaw, unit)
    arch = (1.0 - rims.across**2) ** 0.78
    # Drop of each rim in the middle and at the corner, interpolated along an arc.
    top, bottom = -jaw[UPPER_RIM[0], 1], -jaw[LOWER_RIM[0], 1]
    corner = -jaw[UPPER_RIM[-1], 1]
    upper, lower = top + (corner - top) * (1.0 - arch), corner + (bottom - corner) * arch
    jaw[BODY, 1] -= rims.over(
        upper + _profile(body, jaw, UPPER_RIM, rims), lower + _profile(body, jaw, LOWER_RIM, rims)
    )
    chin = (body.position[BODY, 1] - body.position[LOWER_RIM[0], 1]) / unit
    jaw[BODY] *= 1.0 - (1.0 - _CHIN_FALLS) * smoothstep(-0.20, -0.42, chin)[:, None]
    lifted, dropped = _PARTS
    funnel[BODY, 1] += rims.over(
        lifted * unit * arch - _profile(body, funnel, UPPER_RIM, rims),
        dropped * unit * arch - _profile(body, funnel, LOWER_RIM, rims),
    )
    funnel[BODY, 0] -= _ROUND * rims.near * body.position[BODY, 0]
    gap = lower - upper + (body.position[UPPER_RIM[0], 1] - body.position[LOWER_RIM[0], 1]) * arch
    close = shapes[ARKIT_INDEX["mouthClose"]]
    close[:] = 0.0
    close[BODY, 1] = rims.over(-_UPPER_CLOSES * gap, (1.0 - _UPPER_CLOSES) * gap)
    # The upper lip moves in front of the lower one, which may overlap behind it.
    close[BODY, 2] = rims.over(0.14 * gap, -0.06 * gap)
    for name, sign in (("mouthPressLeft", 1.0), ("mouthPressRight", -1.0)):
        _press(body, shapes[ARKIT_INDEX[name]], rims, sign, unit)
    for name, sign in (("mouthLeft", 1.0), ("mouthRight", -1.0)):
        _carry_aside(body, shapes[ARKIT_INDEX[name]], sign, unit)
    return replace(body, shapes=shapes)


def _press(body: Body, shape: Floats, rims: _Rims, sign: float, unit: float) -> None:
    """Rebuild one side's mouthPress in place.

    Args:
        shape: (n, 3) displacements, metres.
        sign: 1 for the figure's left, −1 for the right.
    """
    corner = body.position[UPPER_RIM[-1]]
    own = body.position[BODY] * np.array([sign, 1.0, 1.0])
    side = smoothstep(-0.3, 0.3, own[:, 0] / corner[0])
    away = np.linalg.norm((own - corner)[:, :2], axis=1) / unit
    removed = np.maximum(rims.near, np.exp(-((away / _CORNER_REACH) ** 2)))
    shape[BODY] *= 1.0 - _REMOVED * removed[:, None]
    arch = (1.0 - rims.across**2) * side
    lips = _PRESSED * unit * arch
    shape[BODY, 1] += rims.over(-lips, lips) - _CORNER_FALLS * unit * (
        rims.near * side * rims.across**2
    )
    # The upper lip stays in front of the lower one, which may overlap behind it.
    shape[BODY, 2] += rims.over(0.5 * lips, -lips)


def _carry_aside(body: Body, shape: Floats, sign: float, unit: float) -> None:
    """Carry the lips to a side in one side's mouthLeft or mouthRight, in place.

    Args:
        shape: (n, 3) displacements, metres.
        sign: 1 for the figure's left, −1 for the right.
    """
    position = body.position[BODY]
    middle = (body.position[UPPER_RIM[0]] + body.position[LOWER_RIM[0]]) / 2.0
    away = (position - middle) / unit
    share = np.exp(-((away[:, :2] / _ASIDE_REACH) ** 2).sum(axis=1))
    shape[BODY, 0] += sign * _ASIDE * unit * share * smoothstep(-0.9, -0.4, away[:, 2])


def _rims(body: Body, jaw: Floats, unit: float) -> _Rims:
    position = body.position[BODY]
    corner = position[UPPER_RIM[-1]]
    width = float(corner[0])
    across = np.abs(position[:, 0]) / width
    rim = position[np.array(UPPER_RIM)]
    line = np.column_stack([np.interp(across, rim[:, 0] / width, rim[:, i]) for i in (1, 2)])
    away = (position[:, 1:] - line) / unit
    beside = np.maximum(np.abs(position[:, 0]) - width, 0.0) / unit
    near = np.exp(-((away[:, 0] / 0.20) ** 2) - (away[:, 1] / 0.40) ** 2 - (beside / 0.08) ** 2)
    falls = [
        np.interp(across, position[np.array(rows), 0] / width, -jaw[np.array(rows), 1])
        for rows in (UPPER_RIM, LOWER_RIM)
    ]
    between = (-jaw[BODY, 1] - falls[0]) / np.maximum(falls[1] - falls[0], 0.01 * unit)
    return _Rims(np.minimum(across, 1.0), near, smoothstep(0.3, 0.7, between))


def _profile(body: Body, shape: Floats, rows: tuple[int, ...], rims: _Rims) -> Floats:
    """Interpolate a shape's vertical displacement of a rim, (n,), by distance from the middle."""
    rim = body.position[np.array(rows)]
    out: Floats = np.interp(rims.across, rim[:, 0] / rim[-1, 0], shape[np.array(rows), 1])
    return out
