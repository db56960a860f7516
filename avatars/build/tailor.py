"""Garments cut out of the source's loose suit: the part of it where a field is positive, swollen.

What hangs free (skirts, tails, ribbons) is made in `hanging`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from avatars.build.body import Body
from avatars.build.geometry import Piece, compacted, cut, smoothstep
from avatars.build.paint import Mask
from avatars.build.pattern import Pattern
from avatars.build.source import Floats
from avatars.build.thinning import thinned


@dataclass(frozen=True, slots=True)
class Levels:
    """Heights and widths that the cut is measured by, metres."""

    neck: float
    waist: float
    crotch: float
    knee: float
    ankle: float
    boot: float
    shoulder: float
    wrist: float

    @classmethod
    def of(cls, body: Body) -> Levels:
        """A body's."""
        ankle, knee = float(body.head("leftFoot")[1]), float(body.head("leftLowerLeg")[1])
        return cls(
            neck=float(body.head("neck")[1]),
            waist=float(body.head("spine")[1]) + 0.02,
            crotch=float(body.head("leftUpperLeg")[1]) - 0.045,
            knee=knee,
            ankle=ankle,
            boot=ankle + 0.86 * (knee - ankle),
            shoulder=float(body.head("leftUpperArm")[0]),
            wrist=float(body.head("leftHand")[0]),
        )

    def on_arm(self, position: Floats) -> Mask:
        """Which points (n, 3) lie beyond the shoulders."""
        out: Mask = (np.abs(position[:, 0]) > self.shoulder) & (position[:, 1] > self.waist)
        return out

    def edge(self, suit: Piece, height: float, ahead: float) -> Floats:
        """The suit's foremost (ahead = 1) or hindmost (−1) point in the middle, (3,)."""
        p = suit.position
        near = p[(np.abs(p[:, 0]) < 0.03) & (np.abs(p[:, 1] - height) < 0.025)]
        return np.array([0.0, height, float((near[:, 2] * ahead).max()) * ahead])

    def section(self, suit: Piece, height: float, within: float = 1.0) -> Floats:
        """Half width, half depth and middle (3,) of the trunk at a height.

        Args:
            within: metres to the sides that count.
        """
        p = suit.position[~self.on_arm(suit.position)]
        near = p[(np.abs(p[:, 1] - height) < 0.02) & (np.abs(p[:, 0]) < within)]
        low, high = near[:, 2].min(), near[:, 2].max()
        return np.array([np.abs(near[:, 0]).max(), (high - low) / 2.0, (high + low) / 2.0])


def shown_skin(body: Body) -> Floats:
    """(19158,) positive where the clothes leave skin to be seen: neck and hands."""
    at = Levels.of(body)
    x, y = np.abs(body.position[:, 0]), body.position[:, 1]
    neck = np.where(x < at.shoulder, y - (at.neck - 0.045), -1.0)
    return np.maximum(neck, x - (at.wrist - 0.03))


def jacket(suit: Piece, at: Levels, pattern: Pattern, puff: float, flare: float) -> list[Piece]:
    """Sleeves, and the trunk's front and back, from the waist to the collar's foot.

    Args:
        puff, flare: metres that the sleeve swells by at the shoulder and at the cuff.
    """
    x, y = np.abs(suit.position[:, 0]), suit.position[:, 1]
    hem, collar, cuff = at.waist - 0.015, at.neck + 0.002, at.wrist - 0.01
    on_arm = x > at.shoulder + 0.02
    trunk_field = np.where(on_arm, 1.0, np.minimum(y - hem, collar - y))
    field = np.where(y < at.crotch, -1.0, np.minimum(trunk_field, cuff - x))
    whole = thinned(cut(suit, field), 2600)
    x, y = np.abs(whole.position[:, 0]), whole.position[:, 1]
    sleeve = (x - at.shoulder) / (cuff - at.shoulder)
    swell = puff * smoothstep(-0.02, 0.08, sleeve) * smoothstep(0.30, 0.20, sleeve)
    swell += flare * smoothstep(0.80, 1.0, sleeve)
    # The suit hangs wide about the arms.
    swell -= 0.007 * smoothstep(0.05, 0.20, sleeve)
    whole = whole.grown(0.004 + 0.004 * smoothstep(0.0, 0.06, y - hem) + swell)
    centre = x[whole.triangles].mean(axis=1)
    ahead = whole.normal[:, 2][whole.triangles].mean(axis=1) > 0.0
    trunk = centre < at.shoulder + 0.015
    across, up = whole.position[:, 0] / (at.shoulder + 0.03), (y - hem) / (collar - hem)
    return [
        _part(whole, ~trunk, pattern.band_uv("sleeve", sleeve)),
        _part(whole, trunk & ahead, pattern.trunk_uv(across, up, front=True)),
        _part(whole, trunk & ~ahead, pattern.trunk_uv(across, up, front=False)),
    ]


def _part(piece: Piece, triangles: Mask, uv: Floats) -> Piece:
    """Some of a piece's triangles, with a layout of their own."""
    used, renumbered = compacted(piece.triangles[triangles])
    return Piece(
        piece.position[used], piece.normal[used], uv[used], piece.weights[used], renumbered
    )


def legwear(
    suit: Piece, at: Levels, pattern: Pattern, foot: float, loose: float, count: int
) -> Piece:
    """Tights or trousers, from the waist down to a height.

    Args:
        foot: metres over the ground.
        loose: metres that they stand off the leg at the foot.
        count: of triangles.
    """
    y = suit.position[:, 1]
    on_arm = at.on_arm(suit.position)
    piece = thinned(cut(suit, np.where(on_arm, -1.0, np.minimum(at.waist - y, y - foot))), count)
    x, y, _ = piece.position.T
    down = (at.waist - y) / (at.waist - foot)
    piece = piece.grown(0.003 + loose * smoothstep(0.15, 0.55, down))
    # The outer seam, where a stripe may run, is the band's hollow.
    outside = piece.normal[:, 0] * np.sign(x) > 0.86
    return replace(piece, uv=pattern.band_uv("legs", down, outside.astype(np.float64)))


def boots(suit: Piece, at: Levels, pattern: Pattern, top: float, sole: float) -> Piece:
    """Boots or shoes.

    Args:
        top: metres over the ground at which they end.
        sole: their soles' thickness, metres.
    """
    y = suit.position[:, 1]
    piece = thinned(cut(suit, np.where(at.on_arm(suit.position), -1.0, top - y)), 1100)
    up = piece.position[:, 1] / top
    tall = top > 2.0 * at.ankle
    piece = piece.grown(0.006 + (0.008 if tall else 0.003) * smoothstep(0.85, 1.0, up))
    position = piece.position.copy()
    low = smoothstep(0.022, 0.008, position[:, 1])
    position[:, 1] -= sole * low
    along = np.where(low > 0.5, 0.999, 0.97 * (1.0 - up))
    return replace(piece, position=position, uv=pattern.band_uv("boots", along)).with_normals()
