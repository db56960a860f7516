"""Paint textures in object space.

Per-vertex values such as positions are rasterised into the UV layout, so that each texel knows its
point on the surface; colours are then computed from 3D coordinates.
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
    """Per-vertex values rasterised into a square texture.

    Attributes:
        values: (size, size, k) interpolated values.
        covered: (size, size) whether a triangle covers the texel.
    """

    values: Floats
    covered: Mask


def carry(uv: Floats, triangles: Ints, values: Floats, height: Floats, size: int) -> Canvas:
    """Rasterise per-vertex values into a UV layout, interpolating over the triangles.

    Args:
        uv: (n, 2) texture coordinates, v downwards.
        triangles: (m, 3) vertex indices.
        values: (n, k) values to interpolate.
        height: (n,) priority per vertex: where triangles overlap, the highest one is kept.
        size: width and height of the texture, texels.
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
    """Blend a colour over a picture (h, w, 3) with opacity `amount` (h, w), 0 to 1."""
    share = amount[..., None]
    out: Floats = picture * (1.0 - share) + np.asarray(colour) * share
    return out


def flat(size: tuple[int, int], colour: Colour) -> Floats:
    """Return a picture (h, w, 3) filled with one colour."""
    return np.broadcast_to(np.array(colour), (*size, 3)).copy()


def spread(picture: Floats, covered: Mask, steps: int) -> Floats:
    """Dilate the covered texels into the background, so that filtering does not bleed at seams.

    Args:
        picture: (h, w, 3).
        covered: (h, w) texels that are painted.
        steps: distance, texels.
    """
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
    """Convert a picture (h, w, 3), sRGB 0 to 1, row 0 at the top, to an opaque texture."""
    pixels = np.full((*picture.shape[:2], 4), 255, np.uint8)
    pixels[..., :3] = np.round(np.clip(picture, 0.0, 1.0) * 255.0).astype(np.uint8)
    pixels.flags.writeable = False
    return Texture(name, pixels, ("clamp", "clamp"))


def linear(colour: Colour) -> tuple[float, float, float]:
    """Convert an sRGB colour to linear light (IEC 61966-2-1), rounded to six decimals."""

    def channel(c: float) -> float:
        return round(c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4, 6)

    return channel(colour[0]), channel(colour[1]), channel(colour[2])
