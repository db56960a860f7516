"""Paint the clothes' texture atlas: bands of stripes in its upper part, panels in its lower part.

Each band has a cell; u runs from the garment's top to its hem, and the cell darkens along v to
shade the valleys of folds. A panel is a separately painted region. A second atlas of the same
layout is the emissive texture.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from avatars.authoring.figure.geometry import smoothstep
from avatars.authoring.figure.paint import Colour, flat
from avatars.authoring.figure.source import Floats

SIZE = 1024
"""Edge length of the atlas, texels."""
_PANELS = 0.3125
"""v of the boundary between the bands (smaller v) and the panels (larger v)."""
_COLUMNS = 4
"""Bands side by side. A band of the atlas's full width would be so narrow that neighbouring bands
would bleed into it at small mipmap levels."""
_HOLLOW = 0.72
"""Brightness factor in the valley of a fold."""
_RIDGE = 0.36
"""Position of a fold's ridge across a band, 0 to 1; its valley is as far from the other edge. Both
are near the middle, because otherwise neighbouring bands bleed into narrow folds at a distance."""
_SHORT = 0.28
"""Share of a band's length that a short garment uses: a belt stretched over the full length would
be sampled from too small a mipmap level."""
_PLACES = (
    # Left, top, width and height of each panel, as shares of the area below the bands.
    (0.0, 0.0, 0.5, 0.56),
    (0.5, 0.0, 0.5, 0.56),
    (0.0, 0.56, 0.25, 0.44),
    (0.25, 0.56, 0.25, 0.44),
    (0.5, 0.56, 0.25, 0.44),
    (0.75, 0.56, 0.25, 0.44),
)


@dataclass(frozen=True, slots=True)
class Stripe:
    """A stripe of a band.

    Attributes:
        low, high: its range as shares of the band's length.
        colour: sRGB, 0 to 1.
        glows: whether it is emissive too.
    """

    low: float
    high: float
    colour: Colour
    glows: bool = False


class Panel:
    """A region of the atlas for painting.

    Attributes:
        x: (h, w) horizontal coordinate, −1 to 1.
        y: (h, w) vertical coordinate, 0 at the bottom to 1 at the top.
    """

    def __init__(self, picture: Floats, light: Floats) -> None:
        self._picture, self._light = picture, light
        height, width = picture.shape[:2]
        row, column = np.mgrid[0:height, 0:width]
        self.x: Floats = (column + 0.5) / width * 2.0 - 1.0
        self.y: Floats = 1.0 - (row + 0.5) / height
        self._texel = 2.0 / width

    def lay(self, depth: Floats, colour: Colour, *, glows: bool = False) -> None:
        """Paint a colour where `depth` (h, w), in units of x, is positive, with antialiasing.

        Args:
            glows: whether to paint it into the emissive texture too.
        """
        share = np.clip(depth / self._texel + 0.5, 0.0, 1.0)[..., None]
        self._picture[:] = self._picture * (1.0 - share) + np.array(colour) * share
        self._light[:] = self._light * (1.0 - share)
        if glows:
            self._light[:] += np.array(colour) * share

    def shade(self, amount: Floats) -> None:
        """Darken the panel by an amount (h, w), 0 to 1."""
        self._picture *= 1.0 - amount[..., None] * np.array((1.0, 0.96, 0.80))


Painter = Callable[[Panel], None]


@dataclass(frozen=True, slots=True)
class Pattern:
    """The contents and layout of the clothes' texture atlas.

    Attributes:
        bands: stripes by garment; later stripes cover earlier ones.
        panels: painters by panel name, up to six; the first two panels are the largest.
        short: the bands that use only `_SHORT` of their length, for short garments.
    """

    bands: dict[str, tuple[Stripe, ...]]
    panels: Mapping[str, Painter]
    short: frozenset[str] = frozenset()

    def paint(self) -> tuple[Floats, Floats]:
        """Return the base colour and emissive textures, (SIZE, SIZE, 3) each, 0 to 1."""
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
        """Return a garment's texture coordinates (n, 2) in its band.

        Args:
            along: (n,) from 0 at its top to 1 at its hem.
            hollow: (n,) 1 in the valley of a fold, 0 on its ridge.
        """
        row, column = divmod(list(self.bands).index(name), _COLUMNS)
        v = (row + _RIDGE + (1.0 - 2.0 * _RIDGE) * np.asarray(hollow)) / self._rows * _PANELS
        # Keep a few texels from the ends, so that filtering does not sample the next band.
        u = np.clip(along, 0.01, 0.99) * (_SHORT if name in self.short else 1.0)
        out: Floats = np.stack(np.broadcast_arrays((column + u) / _COLUMNS, v), axis=-1)
        return out

    @property
    def _rows(self) -> int:
        return -(-len(self.bands) // _COLUMNS)

    def panel_uv(self, name: str, across: Floats, up: Floats) -> Floats:
        """Return texture coordinates (n, 2) in a panel.

        Args:
            across: (n,) −1 to 1.
            up: (n,) 0 at the bottom to 1 at the top.
        """
        left, top, wide, high = _PLACES[list(self.panels).index(name)]
        u = left + wide * (0.5 + 0.49 * np.clip(across, -1.0, 1.0))
        v = top + high * (0.5 + 0.98 * (0.5 - np.clip(up, 0.0, 1.0)))
        out: Floats = np.stack((u, _PANELS + (1.0 - _PANELS) * v), axis=-1)
        return out


def _texel(share: float) -> int:
    """Return the texel row at a share, 0 to 1, of the panel area's height."""
    return round((_PANELS + (1.0 - _PANELS) * share) * SIZE)
