"""Cut garments from the source's close-fitting suit: the part where a field is positive, inflated.

`hanging` builds the loose garments (skirts, tails, ribbons).
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
    """A body's reference dimensions for cutting garments, metres.

    Attributes:
        neck, waist, bust, crotch, knee, ankle: heights.
        boot: height of a boot's top.
        shoulder: x of the shoulder joint, from the middle.
        top: height of the shoulder joint.
        wrist: x of the wrist in the T-pose, from the middle.
    """

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
        """Return a body's dimensions, from its joints at rest."""
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
        """Return a mask (n,) of the points (n, 3) beyond the shoulders, above the waist."""
        out: Mask = (np.abs(position[:, 0]) > self.shoulder) & (position[:, 1] > self.waist)
        return out

    def edge(self, suit: Piece, height: float, ahead: float) -> Floats:
        """Return the suit's foremost (ahead = 1) or rearmost (−1) point on its centre line, (3,).

        Args:
            height: metres.
        """
        p = suit.position
        near = p[(np.abs(p[:, 0]) < 0.03) & (np.abs(p[:, 1] - height) < 0.025)]
        return np.array([0.0, height, float((near[:, 2] * ahead).max()) * ahead])

    def section(self, suit: Piece, height: float, within: float = 1.0) -> Floats:
        """Return half width, half depth and z of the centre, (3,) metres, of the trunk at a height.

        Args:
            within: maximum distance from the middle, metres, of the vertices included.
        """
        p = suit.position[~self.on_arm(suit.position)]
        near = p[(np.abs(p[:, 1] - height) < 0.02) & (np.abs(p[:, 0]) < within)]
        low, high = near[:, 2].min(), near[:, 2].max()
        return np.array([np.abs(near[:, 0]).max(), (high - low) / 2.0, (high + low) / 2.0])

    def rise(self, position: Floats) -> Floats:
        """Return relative heights (n,) of points (n, 3): 0 at the waist, 1 at the collar's base."""
        out: Floats = (position[:, 1] - self.waist) / (self.neck - self.waist)
        return out


def visible_skin(body: Body, *, hands: bool) -> Floats:
    """Return a field (19158,), metres, positive where skin shows: neck and, if bare, hands."""
    at = Levels.of(body)
    x, y = np.abs(body.position[:, 0]), body.position[:, 1]
    neck = np.where(x < at.shoulder, y - (at.neck - 0.045), -1.0)
    return np.maximum(neck, x - (at.wrist - 0.03)) if hands else neck


def upper_suit(suit: Piece, at: Levels, *, fine: bool) -> Piece:
    """Return the suit's upper part, from the waist to the collar's base and the wrists."""
    x, y = np.abs(suit.position[:, 0]), suit.position[:, 1]
    on_arm = x > at.shoulder + 0.02
    trunk = np.where(on_arm, 1.0, np.minimum(y - at.waist + 0.015, at.neck + 0.002 - y))
    field = np.where(y < at.crotch, -1.0, np.minimum(trunk, at.wrist - 0.008 - x))
    piece = cut(suit, field)
    return thin(refine(piece), 9000) if fine else piece


def arm_share(at: Levels, position: Floats) -> Floats:
    """Return positions (n,) of points (n, 3) along an arm: 0 at the shoulder, 1 at the wrist."""
    out: Floats = (np.abs(position[:, 0]) - at.shoulder) / (at.wrist - 0.008 - at.shoulder)
    return out


def armhole(at: Levels, position: Floats) -> Floats:
    """Return a field (n,), metres, positive beyond the seam between trunk and sleeve."""
    x, y = np.abs(position[:, 0]), position[:, 1]
    out: Floats = x - (at.shoulder + 0.004) + 0.25 * np.clip(y - at.top, -0.06, 0.06)
    return out


def sleeves(upper: Piece, at: Levels, pattern: Pattern, flare: float) -> Piece:
    """Return both sleeves as one mesh.

    Args:
        flare: additional radius at the wrist, metres.
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
    """Return a layer of cloth over the trunk: the non-empty ones of its front and back meshes.

    Front and back are mapped to the panels "front" and "back".

    Args:
        field: (n,) at the suit's vertices, positive where the layer exists.
        thickness: offset from the suit along its normals, metres.
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
    """Return a mesh mapped to one point of a band, `along` from 0 to 1, for a uniform colour."""
    return replace(piece, uv=pattern.band_uv(band, np.full(len(piece.position), along)))


def edging(layer: Piece, field: Floats, within: Floats, width: float, thickness: float) -> Piece:
    """Return a strip along the zero line of a field: where the field is between 0 and `width`.

    Args:
        field: (n,) at the layer's vertices, metres.
        within: (n,) a field that is positive where the strip is allowed.
        thickness: offset from the layer along its normals, metres.
    """
    # Cut one edge at a time: a strip narrower than a triangle may not contain any vertex.
    strip = replace(layer.grow(thickness), uv=np.column_stack((field, within)))
    strip = cut(strip, strip.uv[:, 0])
    strip = cut(strip, width - strip.uv[:, 0])
    return cut(strip, strip.uv[:, 1])


def tights(suit: Piece, at: Levels, pattern: Pattern, foot: float, *, fine: bool) -> Piece:
    """Return tights, from the waist down to the height `foot` (metres), close to the skin."""
    y = suit.position[:, 1]
    piece = cut(suit, np.where(at.on_arm(suit.position), -1.0, np.minimum(at.waist - y, y - foot)))
    if fine:
        piece = thin(refine(piece), 2400)
    piece = piece.grow(-0.002)
    y = piece.position[:, 1]
    # Sheer cloth is darker towards a leg's silhouette, so map those parts to the band's dark side.
    aside = np.abs(piece.normal[:, 0])
    down = (at.waist - y) / (at.waist - foot)
    return replace(piece, uv=pattern.band_uv("legs", down, smoothstep(0.55, 1.0, aside)))


def gloves(skin: Piece, at: Levels, pattern: Pattern, cuff: float, *, fine: bool) -> Piece:
    """Return gloves: the skin of the hands, inflated.

    Args:
        skin: the body's surface.
        cuff: distance from the glove's edge to the wrist, metres.
    """
    x = np.abs(skin.position[:, 0])
    hands = cut(skin, np.where(skin.position[:, 1] > at.crotch, x - (at.wrist - cuff), -1.0))
    piece = thin(hands, 3000 if fine else 1100)
    x = np.abs(piece.position[:, 0])
    piece = piece.grow(0.0014 + 0.004 * smoothstep(at.wrist, at.wrist - cuff, x))
    along = np.clip((x - at.wrist + cuff) / 0.24, 0.0, 1.0)
    return replace(piece, uv=pattern.band_uv("gloves", along))
