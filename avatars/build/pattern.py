"""The picture that all of a figure's clothes wear: bands of stripes, and a map of the trunk.

Each garment has a band, along which u runs from its top to its hem; the band darkens downwards, for
the hollows of pleats. Below the bands lie the trunk's front and back. A second picture
of the same layout says what gives off light.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from avatars.build.geometry import smoothstep
from avatars.build.paint import Colour, Mask, flat
from avatars.build.source import Floats

SIZE = 1024
_TRUNK = 0.5
"""Below this v lies the trunk: its front on the left half, its back on the right."""
_HOLLOW = 0.78
"""Light left in the hollow of a pleat."""
_RIDGE = 0.42
"""Where a pleat's ridge lies across a band; its hollow lies as far from the other edge. They are
near its middle, or from afar one would see the neighbouring bands in narrow pleats."""


@dataclass(frozen=True, slots=True)
class Stripe:
    """Part of a band, from and to a share of its length."""

    low: float
    high: float
    colour: Colour
    glows: bool = False


Lay = Callable[..., None]
"""Puts a colour where a mask of the trunk's half is true: lay(mask, colour, glows=False)."""

TrunkPainter = Callable[[Lay, Floats, Floats, bool], None]
"""Paints half of the trunk: lay, x from −1 to 1, y from 0 at the hem to 1, whether the front."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """What clothes look like.

    Attributes:
        bands: stripes by garment, later ones over earlier ones.
        trunk: the trunk's own colour.
        paint_trunk: what is on it.
    """

    bands: dict[str, tuple[Stripe, ...]]
    trunk: Colour
    paint_trunk: TrunkPainter

    def paint(self) -> tuple[Floats, Floats]:
        """The clothes' colours and their light, (SIZE, SIZE, 3) each."""
        picture, light = flat((SIZE, SIZE), self.trunk), flat((SIZE, SIZE), (0.0, 0.0, 0.0))
        height = _TRUNK * SIZE / len(self.bands)
        for number, stripes in enumerate(self.bands.values()):
            first, last = round(number * height), round((number + 1) * height)
            for stripe in stripes:
                columns = slice(round(stripe.low * SIZE), round(stripe.high * SIZE))
                picture[first:last, columns] = stripe.colour
                light[first:last, columns] = stripe.colour if stripe.glows else 0.0
            across = (np.arange(first, last) + 0.5 - first) / (last - first)
            depth = smoothstep(_RIDGE, 1.0 - _RIDGE, across)
            picture[first:last] *= (1.0 - (1.0 - _HOLLOW) * depth)[:, None, None]
        half = SIZE // 2
        row, column = np.mgrid[0:half, 0:half]
        x = (column + 0.5) / half * 2.0 - 1.0
        y = 1.0 - (row + 0.5) / half
        for start, front in ((0, True), (half, False)):
            side = picture[half:, start : start + half]
            side_light = light[half:, start : start + half]

            def lay(
                where: Mask,
                colour: Colour,
                glows: bool = False,
                side: Floats = side,
                side_light: Floats = side_light,
            ) -> None:
                side[where] = colour
                side_light[where] = colour if glows else 0.0

            self.paint_trunk(lay, x, y, front)
        return picture, light

    def band_uv(self, name: str, along: Floats, hollow: Floats | float = 0.0) -> Floats:
        """The layout (n, 2) of a garment.

        Args:
            along: (n,) from its top, 0, to its hem, 1.
            hollow: (n,) 1 in the hollow of a pleat, 0 on its ridge.
        """
        row = (
            list(self.bands).index(name) + _RIDGE + (1.0 - 2.0 * _RIDGE) * np.asarray(hollow)
        ) / len(self.bands)
        # Half a texel from the ends, or linear filtering would mix in what lies beyond.
        u = np.clip(along, 0.002, 0.998)
        out: Floats = np.stack(np.broadcast_arrays(u, row * _TRUNK), axis=-1)
        return out

    @staticmethod
    def trunk_uv(across: Floats, up: Floats, *, front: bool) -> Floats:
        """The layout (n, 2) of the trunk: `across` from −1 to 1, `up` from 0 to 1."""
        u = 0.25 + 0.245 * np.clip(across, -1.0, 1.0) + (0.0 if front else 0.5)
        v = _TRUNK + (1.0 - _TRUNK) * (0.995 - 0.99 * np.clip(up, 0.0, 1.0))
        return np.column_stack((u, v))


def satin() -> Floats:
    """A matcap (64, 64, 3): a soft light from above, a sheen along the edge."""
    row, column = np.mgrid[0:64, 0:64]
    x, y = (column - 31.5) / 31.5, (31.5 - row) / 31.5
    away = np.hypot(x, y)
    top = np.exp(-(((x + 0.25) / 0.45) ** 2 + ((y - 0.50) / 0.28) ** 2))
    edge = np.clip((away - 0.72) / 0.28, 0.0, 1.0) ** 2 * (0.45 + 0.55 * np.clip(y, 0.0, 1.0))
    sheen = np.clip(0.85 * top + 0.22 * edge, 0.0, 1.0)
    out: Floats = sheen[..., None] * np.array([0.90, 0.95, 1.0])
    return out
