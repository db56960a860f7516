"""Garments cut out of the source's close suit: the part of it where a field is positive, swollen.

What hangs free (skirts, tails, ribbons) is made in `hanging`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from avatars.authoring.costume.pattern import Pattern
from avatars.authoring.figure.body import Body
from avatars.authoring.figure.geometry import Piece, cut, smoothstep
from avatars.authoring.figure.paint import Mask
from avatars.authoring.figure.refining import refine
from avatars.authoring.figure.source import Floats
from avatars.authoring.figure.thinning import thin


@dataclass(frozen=True, slots=True)
class Levels:
    """Heights and widths that the cut is measured by, metres."""

    neck: float
    waist: float
    bust: float
    crotch: float
    knee: float
    ankle: float
    boot: float
    shoulder: float
    top: float
    wrist: float

    @classmethod
    def of(cls, body: Body) -> Levels:
        """A body's."""
        ankle, knee = float(body.head("leftFoot")[1]), float(body.head("leftLowerLeg")[1])
        spine, neck = float(body.head("spine")[1]), float(body.head("neck")[1])
        return cls(
            neck=neck,
            waist=spine + 0.02,
            bust=spine + 0.02 + 0.52 * (neck - spine - 0.02),
            crotch=float(body.head("leftUpperLeg")[1]) - 0.045,
            knee=knee,
            ankle=ankle,
            boot=ankle + 0.86 * (knee - ankle),
            shoulder=float(body.head("leftUpperArm")[0]),
            top=float(body.head("leftUpperArm")[1]),
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

    def rise(self, position: Floats) -> Floats:
        """How far up the trunk points (n, 3) lie: 0 at the waist, 1 at the collar's foot."""
        out: Floats = (position[:, 1] - self.waist) / (self.neck - self.waist)
        return out


def visible_skin(body: Body, *, hands: bool) -> Floats:
    """(19158,) positive where the clothes leave skin to be seen: the neck, and bare hands."""
    at = Levels.of(body)
    x, y = np.abs(body.position[:, 0]), body.position[:, 1]
    neck = np.where(x < at.shoulder, y - (at.neck - 0.045), -1.0)
    return np.maximum(neck, x - (at.wrist - 0.03)) if hands else neck


def upper_suit(suit: Piece, at: Levels, *, fine: bool) -> Piece:
    """The close suit's upper part, from the waist to the collar's foot and the wrists."""
    x, y = np.abs(suit.position[:, 0]), suit.position[:, 1]
    on_arm = x > at.shoulder + 0.02
    trunk = np.where(on_arm, 1.0, np.minimum(y - at.waist + 0.015, at.neck + 0.002 - y))
    field = np.where(y < at.crotch, -1.0, np.minimum(trunk, at.wrist - 0.008 - x))
    piece = cut(suit, field)
    return thin(refine(piece), 9000) if fine else piece


def arm_share(at: Levels, position: Floats) -> Floats:
    """Where along an arm points (n, 3) lie: 0 at the shoulder, 1 at the wrist."""
    out: Floats = (np.abs(position[:, 0]) - at.shoulder) / (at.wrist - 0.008 - at.shoulder)
    return out


def armhole(at: Levels, position: Floats) -> Floats:
    """A field (n,), metres, positive beyond the seam between trunk and sleeve."""
    x, y = np.abs(position[:, 0]), position[:, 1]
    out: Floats = x - (at.shoulder + 0.004) + 0.25 * np.clip(y - at.top, -0.06, 0.06)
    return out


def sleeves(upper: Piece, at: Levels, pattern: Pattern, flare: float) -> Piece:
    """Both sleeves.

    Args:
        flare: metres that they open by at the wrist.
    """
    share = arm_share(at, upper.position)
    swell = 0.0045 - 0.004 * smoothstep(0.10, 0.30, share)
    swell = swell + flare * smoothstep(0.74, 0.80, share)
    piece = upper.grow(swell)
    piece = cut(piece, armhole(at, piece.position) + 0.004)
    return replace(piece, uv=pattern.band_uv("sleeve", arm_share(at, piece.position)))


def trunk_part(
    upper: Piece, at: Levels, pattern: Pattern, field: Floats, thickness: Floats | float
) -> list[Piece]:
    """A layer of cloth over the trunk, its front and its back in panels of their own.

    Args:
        field: (n,) of the suit's points, positive where the layer is.
        thickness: metres off the suit.
    """
    layer = cut(upper.grow(thickness), np.minimum(field, -armhole(at, upper.position)))
    ahead = smoothstep(-0.1, 0.1, layer.normal[:, 2]) - 0.5
    out = []
    for side, name in ((ahead, "front"), (-ahead, "back")):
        half = cut(layer, side)
        across = half.position[:, 0] / (at.shoulder + 0.01)
        out.append(replace(half, uv=pattern.panel_uv(name, across, at.rise(half.position))))
    return [piece for piece in out if len(piece.triangles)]


def split_bands(piece: Piece, pattern: Pattern, band: str, along: float = 0.5) -> Piece:
    """A piece in one colour of a band."""
    return replace(piece, uv=pattern.band_uv(band, np.full(len(piece.position), along)))


def edging(layer: Piece, field: Floats, within: Floats, width: float, thickness: float) -> Piece:
    """A strip along the edge of what was cut by a field: where it is above 0 and below `width`.

    Args:
        within: a field that is positive where the strip may be.
    """
    # One edge after the other: a strip narrower than a triangle would fall between its corners.
    strip = replace(layer.grow(thickness), uv=np.column_stack((field, within)))
    strip = cut(strip, strip.uv[:, 0])
    strip = cut(strip, width - strip.uv[:, 0])
    return cut(strip, strip.uv[:, 1])


def tights(suit: Piece, at: Levels, pattern: Pattern, foot: float, *, fine: bool) -> Piece:
    """Tights, from the waist down to a height over the ground, close to the skin."""
    y = suit.position[:, 1]
    piece = cut(suit, np.where(at.on_arm(suit.position), -1.0, np.minimum(at.waist - y, y - foot)))
    if fine:
        piece = thin(refine(piece), 2400)
    piece = piece.grow(-0.002)
    y = piece.position[:, 1]
    # Towards the outline of a leg, sheer cloth is darker: so is the band's hollow.
    aside = np.abs(piece.normal[:, 0])
    down = (at.waist - y) / (at.waist - foot)
    return replace(piece, uv=pattern.band_uv("legs", down, smoothstep(0.55, 1.0, aside)))


def gloves(skin: Piece, at: Levels, pattern: Pattern, cuff: float, *, fine: bool) -> Piece:
    """Gloves over the body's own hands.

    Args:
        skin: the body's surface.
        cuff: metres before the wrist at which they begin.
    """
    x = np.abs(skin.position[:, 0])
    hands = cut(skin, np.where(skin.position[:, 1] > at.crotch, x - (at.wrist - cuff), -1.0))
    piece = thin(hands, 3000 if fine else 1100)
    x = np.abs(piece.position[:, 0])
    piece = piece.grow(0.0014 + 0.004 * smoothstep(at.wrist, at.wrist - cuff, x))
    along = np.clip((x - at.wrist + cuff) / 0.24, 0.0, 1.0)
    return replace(piece, uv=pattern.band_uv("gloves", along))
