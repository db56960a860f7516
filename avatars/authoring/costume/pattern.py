"""The picture that a figure's clothes wear: bands of stripes above, painted panels below.

Each garment of bands has a cell, along which u runs from its top to its hem; the cell darkens
downwards, for the hollows of folds. A panel is a picture of its own. A second picture of the same
layout says what gives off light.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from avatars.authoring.figure.geometry import smoothstep
from avatars.authoring.figure.paint import Colour, flat
from avatars.authoring.figure.source import Floats

SIZE = 1024
_PANELS = 0.3125
"""Above this v lie the bands."""
_COLUMNS = 4
"""Bands side by side. One as long as the picture would be as narrow as a line, and drawn from afar,
from a small version of the picture, its neighbours would run into it."""
_HOLLOW = 0.72
"""Light left in the hollow of a fold."""
_RIDGE = 0.36
"""Where a fold's ridge lies across a band; its hollow lies as far from the other edge. They are
near its middle, or from afar one would see the neighbouring bands in narrow folds."""
_SHORT = 0.28
"""Of a band's length that a short garment takes: a belt stretched over all of it would be drawn
from too small a version of the picture as well."""
_PLACES = (
    # Left, top, width and height of each panel, in shares of what lies below the bands.
    (0.0, 0.0, 0.5, 0.56),
    (0.5, 0.0, 0.5, 0.56),
    (0.0, 0.56, 0.25, 0.44),
    (0.25, 0.56, 0.25, 0.44),
    (0.5, 0.56, 0.25, 0.44),
    (0.75, 0.56, 0.25, 0.44),
)


@dataclass(frozen=True, slots=True)
class Stripe:
    """Part of a band, from and to a share of its length."""

    low: float
    high: float
    colour: Colour
    glows: bool = False


class Panel:
    """A panel being painted.

    Attributes:
        x: (h, w) from −1 to 1, or whatever the garment lays across it.
        y: (h, w) from 0 at its foot to 1.
    """

    def __init__(self, picture: Floats, light: Floats) -> None:
        self._picture, self._light = picture, light
        height, width = picture.shape[:2]
        row, column = np.mgrid[0:height, 0:width]
        self.x: Floats = (column + 0.5) / width * 2.0 - 1.0
        self.y: Floats = 1.0 - (row + 0.5) / height
        self._texel = 2.0 / width

    def lay(self, depth: Floats, colour: Colour, *, glows: bool = False) -> None:
        """Put a colour where `depth` (h, w), in units of x, is positive, with a smooth edge."""
        share = np.clip(depth / self._texel + 0.5, 0.0, 1.0)[..., None]
        self._picture[:] = self._picture * (1.0 - share) + np.array(colour) * share
        self._light[:] = self._light * (1.0 - share)
        if glows:
            self._light[:] += np.array(colour) * share

    def shade(self, amount: Floats) -> None:
        """Darken by an amount (h, w), 0 to 1."""
        self._picture *= 1.0 - amount[..., None] * np.array((1.0, 0.96, 0.80))


Painter = Callable[[Panel], None]


@dataclass(frozen=True, slots=True)
class Pattern:
    """What clothes look like.

    Attributes:
        bands: stripes by garment, later ones over earlier ones.
        panels: by name, up to six; the first two are the largest.
        short: the bands of garments no longer than a hand.
    """

    bands: dict[str, tuple[Stripe, ...]]
    panels: Mapping[str, Painter]
    short: frozenset[str] = frozenset()

    def paint(self) -> tuple[Floats, Floats]:
        """The clothes' colours and their light, (SIZE, SIZE, 3) each."""
        picture, light = flat((SIZE, SIZE), (0.5, 0.5, 0.5)), flat((SIZE, SIZE), (0.0, 0.0, 0.0))
        width, height = SIZE // _COLUMNS, _PANELS * SIZE / self._rows
        for number, (name, stripes) in enumerate(self.bands.items()):
            row, column = divmod(number, _COLUMNS)
            length = width * (_SHORT if name in self.short else 1.0)
            rows = slice(round(row * height), round((row + 1) * height))
            start = column * width
            for stripe in stripes:
                end = width if stripe.high == 1.0 else round(stripe.high * length)
                columns = slice(start + round(stripe.low * length), start + end)
                picture[rows, columns] = stripe.colour
                light[rows, columns] = stripe.colour if stripe.glows else 0.0
            across = (np.arange(rows.start, rows.stop) + 0.5 - rows.start) / height
            depth = smoothstep(_RIDGE, 1.0 - _RIDGE, across)
            cell = picture[rows, start : start + width]
            cell *= (1.0 - (1.0 - _HOLLOW) * depth)[:, None, None]
        for (left, top, wide, high), painter in zip(_PLACES, self.panels.values(), strict=False):
            rows = slice(_texel(top), _texel(top + high))
            columns = slice(round(left * SIZE), round((left + wide) * SIZE))
            painter(Panel(picture[rows, columns], light[rows, columns]))
        return picture, light

    def band_uv(self, name: str, along: Floats, hollow: Floats | float = 0.0) -> Floats:
        """The layout (n, 2) of a garment.

        Args:
            along: (n,) from its top, 0, to its hem, 1.
            hollow: (n,) 1 in the hollow of a fold, 0 on its ridge.
        """
        row, column = divmod(list(self.bands).index(name), _COLUMNS)
        v = (row + _RIDGE + (1.0 - 2.0 * _RIDGE) * np.asarray(hollow)) / self._rows * _PANELS
        # A few texels from the ends, or filtering would mix in what lies beyond.
        u = np.clip(along, 0.01, 0.99) * (_SHORT if name in self.short else 1.0)
        out: Floats = np.stack(np.broadcast_arrays((column + u) / _COLUMNS, v), axis=-1)
        return out

    @property
    def _rows(self) -> int:
        return -(-len(self.bands) // _COLUMNS)

    def panel_uv(self, name: str, across: Floats, up: Floats) -> Floats:
        """The layout (n, 2) of a panel: `across` from −1 to 1, `up` from 0 to 1."""
        left, top, wide, high = _PLACES[list(self.panels).index(name)]
        u = left + wide * (0.5 + 0.49 * np.clip(across, -1.0, 1.0))
        v = top + high * (0.5 + 0.98 * (0.5 - np.clip(up, 0.0, 1.0)))
        out: Floats = np.stack((u, _PANELS + (1.0 - _PANELS) * v), axis=-1)
        return out


def _texel(share: float) -> int:
    """The row at a share of the way down the panels."""
    return round((_PANELS + (1.0 - _PANELS) * share) * SIZE)
