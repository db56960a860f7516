"""Painting textures by where a texel lies on the figure.

A position map says for each texel of a piece's UV layout which point of the surface it colours;
painting is then done in space, where features have natural coordinates.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from avatars.authoring.figure.source import Floats, Ints
from avatars.model import Texture

Mask = npt.NDArray[np.bool_]
Colour = tuple[float, float, float]
"""sRGB, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Canvas:
    """Texels of a square picture and what lies under them.

    Attributes:
        values: (size, size, k) per-vertex values carried over the triangles.
        covered: (size, size) whether a triangle lies there.
    """

    values: Floats
    covered: Mask


def carry(uv: Floats, triangles: Ints, values: Floats, height: Floats, size: int) -> Canvas:
    """Carry per-vertex values (n, k) over the triangles of a UV layout (n, 2).

    Args:
        height: (n,) where the layout overlaps itself, the higher surface is the one painted.
    """
    out = np.zeros((size, size, values.shape[1]))
    top = np.full((size, size), -np.inf)
    covered = np.zeros((size, size), bool)
    texel = uv * size - 0.5
    for triangle in triangles:
        a, b, c = texel[triangle]
        low = np.maximum(np.ceil(np.minimum(np.minimum(a, b), c)), 0).astype(int)
        high = np.minimum(np.floor(np.maximum(np.maximum(a, b), c)), size - 1).astype(int)
        area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
        if np.any(high < low) or abs(area) < 1e-12:
            continue
        x, y = np.meshgrid(np.arange(low[0], high[0] + 1), np.arange(low[1], high[1] + 1))
        wb = ((x - a[0]) * (c[1] - a[1]) - (y - a[1]) * (c[0] - a[0])) / area
        wc = ((b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0])) / area
        wa = 1.0 - wb - wc
        hit = (wa >= -1e-9) & (wb >= -1e-9) & (wc >= -1e-9)
        weights = np.stack((wa[hit], wb[hit], wc[hit]), axis=1)
        row, column, above = y[hit], x[hit], weights @ height[triangle]
        wins = above > top[row, column]
        row, column = row[wins], column[wins]
        top[row, column] = above[wins]
        out[row, column] = weights[wins] @ values[triangle]
        covered[row, column] = True
    return Canvas(out, covered)


def mix(picture: Floats, colour: Colour | Floats, amount: Floats) -> Floats:
    """A picture (h, w, 3) with a colour laid over it by an amount (h, w), 0 to 1."""
    share = amount[..., None]
    out: Floats = picture * (1.0 - share) + np.asarray(colour) * share
    return out


def flat(size: tuple[int, int], colour: Colour) -> Floats:
    """A picture (h, w, 3) of one colour."""
    return np.broadcast_to(np.array(colour), (*size, 3)).copy()


def spread(picture: Floats, covered: Mask, steps: int) -> Floats:
    """The picture with its covered texels grown outwards, so that seams do not bleed."""
    out, known = picture.copy(), covered.copy()
    around = [(dy, dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1) if (dy, dx) != (0, 0)]
    for _ in range(steps):
        total, count = np.zeros_like(out), np.zeros(known.shape)
        for shift in around:
            near = np.roll(known, shift, (0, 1))
            total += np.roll(out, shift, (0, 1)) * near[..., None]
            count += near
        fresh = ~known & (count > 0)
        out[fresh] = total[fresh] / count[fresh][:, None]
        known |= fresh
    return out


def texture(name: str, picture: Floats) -> Texture:
    """A picture (h, w, 3), sRGB 0 to 1, row 0 at the top, as an opaque texture."""
    pixels = np.full((*picture.shape[:2], 4), 255, np.uint8)
    pixels[..., :3] = np.round(np.clip(picture, 0.0, 1.0) * 255.0).astype(np.uint8)
    pixels.flags.writeable = False
    return Texture(name, pixels, ("clamp", "clamp"))


def linear(colour: Colour) -> tuple[float, float, float]:
    """An sRGB colour as linear light (IEC 61966-2-1), to six digits."""

    def channel(c: float) -> float:
        return round(c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4, 6)

    return channel(colour[0]), channel(colour[1]), channel(colour[2])
