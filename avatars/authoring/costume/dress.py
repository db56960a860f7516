"""Build the stage dress: cropped jacket, sequined bodice, layered skirt, tights and boots."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from avatars.authoring.costume.cloth import Rise, Sheet
from avatars.authoring.costume.fabric import CLOTH, METAL, PATENT, SEQUIN_TILE, SEQUINS, Garments
from avatars.authoring.costume.footwear import Last, footwear
from avatars.authoring.costume.hanging import (
    Drop,
    around_hips,
    belt,
    bow,
    collar_path,
    fold_uv,
    plain_uv,
    ring,
)
from avatars.authoring.costume.ornaments import buckle, dome, epaulette
from avatars.authoring.costume.pattern import Panel, Pattern, Stripe
from avatars.authoring.costume.tailor import (
    Levels,
    armhole,
    edging,
    sleeves,
    split_bands,
    tights,
    trunk_part,
    upper_suit,
)
from avatars.authoring.figure.body import Body
from avatars.authoring.figure.geometry import Piece, cut, smoothstep
from avatars.authoring.figure.palette import Palette
from avatars.authoring.figure.rigging import Feel, Rigging
from avatars.authoring.figure.source import Floats

_LIFT = Rise(share=0.95, around=38.0, reach=60.0, least=0.34)
"""Lift shares and angles in degrees; with smaller values the leg penetrates the skirt."""
_HEEDS = ("leftThigh", "rightThigh", "leftLowerLeg", "rightLowerLeg")
_SWING = Feel(stiffness=1.5, drag=0.28, gravity=0.42, hit_radius=0.056, heeds=_HEEDS)
"""Spring parameters; drag is low because with more the skirt lags behind a falling body and
rises around it."""
_BOOTS = Last(
    heel=0.052, platform=0.016, toe=0.035, point=0.86, top=0.0, gap=0.005, cuff=0.008, block=0.80
)
_TUCK = 0.012
"""Width of the bodice under the jacket's edge at the low level of detail, metres. Two layers that
are thinned separately intersect where they overlap, and show through each other in blotches."""
_MIDDLE = 0.032
"""Half width of the strip in the middle where the bodice always exists, metres."""


class Dress:
    """The stage dress fitted to a body.

    Args:
        suit: the source's close-fitting suit on that body, with normals.
        skin: the body's surface.
        fine: whether to build the full level of detail.
    """

    bare_hands = True

    def __init__(
        self, body: Body, suit: Piece, skin: Piece, palette: Palette, *, fine: bool
    ) -> None:
        self._body, self._suit, self._skin, self._fine = body, suit, skin, fine
        self._at = at = Levels.of(body)
        self.pattern = _pattern(palette, at.shoulder + 0.01)
        columns, rows = (84, 10) if fine else (42, 5)
        self._over = Drop(
            44.0, 316.0, columns - 18 if fine else 32, rows, at.waist + 0.014, at.crotch - 0.060,
            0.013, 0.100, folds=14, depth=0.017, back=0.150,
        )  # fmt: skip
        self._under = Drop(
            0.0, 360.0, columns, rows, at.waist + 0.012, at.crotch - 0.115, 0.008, 0.075,
            folds=14, depth=0.016, back=0.012,
        )  # fmt: skip
        self._frill = Drop(
            0.0, 360.0, columns, 3, at.crotch - 0.02, at.crotch - 0.150, 0.004, 0.052,
            folds=28, depth=0.007, back=0.012,
        )  # fmt: skip
        under = around_hips(suit, at, "skirt", self._under, 16, _SWING)
        self._skirt = replace(under, lift=_LIFT)
        length = self._under.seam - self._under.hem
        frill = around_hips(suit, at, "skirt", self._frill, 16, _SWING)
        self._ruffle = replace(
            frill,
            span=(
                (self._under.seam - self._frill.seam) / length,
                (self._under.seam - self._frill.hem) / length,
            ),
        )
        train = around_hips(suit, at, "skirt", self._over, 16, _SWING)
        self._train = replace(
            train,
            closed=True,
            span=(0.0, (self._over.seam - self._over.hem) / length),
            around=(self._over.start / 360.0, self._over.end / 360.0),
        )
        self._ribbons = tuple(_lay_on(self._train, middle) for middle in (168.0, 192.0))

    def sheets(self) -> tuple[Sheet, ...]:
        """Return the sheets with spring chains; frill, train and ribbons use the skirt's."""
        return (self._skirt,)

    def garments(self, rigging: Rigging) -> Garments:
        """Return the meshes of all garments by fabric."""
        at, suit, pattern, fine = self._at, self._suit, self.pattern, self._fine
        upper = upper_suit(suit, at, fine=fine)
        legs = tights(suit, at, pattern, at.boot - 0.04, fine=fine)
        boots, soles = footwear(self._body, suit, pattern, replace(_BOOTS, top=at.boot), fine=fine)
        front = at.edge(suit, at.neck - 0.070, 1.0)
        bows, jewel = bow(suit, pattern, front + np.array([0.0, 0.0, 0.020]), 0.062, 1.0, fine=fine)
        behind = at.edge(suit, at.waist + 0.03, -1.0) + np.array([0.0, 0.0, -0.026])
        sash, knot = bow(suit, pattern, behind, 0.135, -1.0, fine=fine)
        jacket, trim, bodice = self._jacket(upper)
        garments: Garments = {
            CLOTH: [
                *jacket,
                legs,
                ring(
                    suit, pattern, "collar", collar_path(suit, at, 0.032), opening=14.0, dip=0.022
                ),
                belt(suit, at, pattern, 0.052, 0.007),
                *bows,
                *sash,
                self._skirt.piece(rigging, fold_uv(self._skirt, pattern, "skirt", self._under)),
                self._ruffle.piece(rigging, fold_uv(self._ruffle, pattern, "frill", self._frill)),
                self._train.piece(rigging, fold_uv(self._train, pattern, "train", self._over)),
                *(r.piece(rigging, plain_uv(r, pattern, "ribbon")) for r in self._ribbons),
            ],
            METAL: [*trim, jewel, knot],
            PATENT: [*boots, *soles],
            SEQUINS: bodice,
        }
        if fine:
            garments[METAL] += self._bright()
        for side in (1.0, -1.0):
            garments[METAL] += epaulette(suit, at, pattern, side, 0.042, fine=fine)
        return garments

    def _bright(self) -> list[Piece]:
        at, suit, pattern = self._at, self._suit, self.pattern
        middle = at.edge(suit, at.waist + 0.026, 1.0) + np.array([0.0, 0.0, 0.014])
        out = [buckle(suit, pattern, middle, 0.034, 0.026)]
        for height in (0.34, 0.50, 0.66):
            y = at.waist + height * (at.neck - at.waist)
            for side in (1.0, -1.0):
                x = side * (_opening(np.array([height]))[0] + 0.036)
                near = suit.position[
                    (np.abs(suit.position[:, :2] - (x, y)).max(axis=1) < 0.02)
                    & (suit.position[:, 2] > 0.0)
                ]
                if len(near):
                    centre = np.array([x, y, float(near[:, 2].mean()) + 0.010])
                    out.append(dome(suit, pattern, "metal", centre, 0.0085))
        return out

    def _jacket(self, upper: Piece) -> tuple[list[Piece], list[Piece], list[Piece]]:
        """Return the jacket's meshes, its metal edging, and the bodice under it."""
        at, pattern = self._at, self.pattern
        rise = at.rise(upper.position)
        x = np.abs(upper.position[:, 0])
        # The hem curves: it is higher near the front opening than at the sides.
        ahead = smoothstep(-0.3, 0.3, upper.normal[:, 2])
        hem = 0.14 + 0.12 * ahead * smoothstep(0.11, 0.04, x)
        opening = x - _opening(rise) + 0.2 * (1.0 - ahead)
        field = np.minimum(opening, 0.4 * (rise - hem))
        jacket = trunk_part(upper, at, pattern, field, 0.0085)
        edge = edging(upper, field, -armhole(at, upper.position), 0.0065, 0.0100)
        # A thinned jacket is no exact cover near the narrow end of its opening.
        shown = None if self._fine else np.maximum(_TUCK - field, _MIDDLE - x)
        bodice = _bodice(upper, at, shown)
        waist = trunk_part(upper, at, pattern, 0.30 - rise, 0.003)
        return (
            [*jacket, *waist, sleeves(upper, at, pattern, 0.006)],
            [split_bands(edge, pattern, "metal")],
            [bodice],
        )


def _lay_on(train: Sheet, middle: float) -> Sheet:
    """Return a ribbon along the outside of the train.

    It widens and its distance to the train grows towards the forked end.

    Args:
        middle: azimuth of its centre line around the hips, degrees.
    """
    rows, columns = train.points.shape[:2]
    first, last = (360.0 * share for share in train.around)
    down = np.linspace(0.0, 1.08, rows)
    points, turns = np.empty((rows, 3, 3)), (middle - 4.0, middle, middle + 4.0)
    for i, turn in enumerate(turns):
        place = (middle + (turn - middle) * (0.7 + 0.8 * down) - first) / (last - first)
        column = np.clip(place * (columns - 1), 0, columns - 1)
        row = down * (rows - 1) - (1.0 if i == 1 else 0.0) * np.clip(down - 0.9, 0, 1) * rows / 3.0
        nearest = np.clip(row, 0, rows - 1).astype(int)
        for number, (line, at) in enumerate(zip(nearest, column, strict=True)):
            low = min(int(at), columns - 2)
            share = at - low
            points[number, i] = (
                train.points[line, low] * (1.0 - share) + train.points[line, low + 1] * share
            )
        beyond = np.clip(row - (rows - 1), 0.0, None) / (rows - 1)
        points[:, i, 1] -= beyond * float(np.ptp(train.points[:, columns // 2, 1]))
    away = np.array([0.0, 0.0, -1.0]) * (0.016 + 0.022 * down)[:, None, None]
    around = (middle - 6.0) / 360.0, (middle + 6.0) / 360.0
    return replace(train, points=points + away, around=around)


def _bodice(upper: Piece, at: Levels, shown: Floats | None) -> Piece:
    """Return the mesh of the sequined front, with tiling texture coordinates.

    Args:
        shown: (n,) a field at the vertices of `upper` that is positive where it may be; None
            for everywhere.
    """
    rise = at.rise(upper.position)
    ahead = upper.normal[:, 2]
    field = np.minimum(np.minimum(rise - 0.02, 1.1 - rise) * 0.4, 0.2 * (ahead - 0.05))
    field = np.minimum(field, at.shoulder - np.abs(upper.position[:, 0]))
    if shown is not None:
        field = np.minimum(field, shown)
    piece = cut(upper.grow(0.0045), field)
    uv = np.column_stack((piece.position[:, 0], -piece.position[:, 1])) / SEQUIN_TILE
    return replace(piece, uv=uv)


def _opening(rise: Floats) -> Floats:
    """Return half the width of the jacket's front opening, metres, at heights `rise` (n,)."""
    out: Floats = 0.018 + 0.050 * smoothstep(0.30, 0.62, rise) * smoothstep(1.02, 0.72, rise)
    return out


def _pattern(p: Palette, wide: float) -> Pattern:
    def front(panel: Panel) -> None:
        x, y = np.abs(panel.x), panel.y
        panel.lay(1.0 + 0.0 * x, p.cloth)
        # A border along the jacket's edge, with an emissive line in it.
        border = x - _opening(y) / wide
        panel.lay(0.24 - border, p.dark)
        panel.lay(0.016 - np.abs(border - 0.185), p.glow, glows=True)
        # A seam from the armhole to the hem and the shadow of its dart.
        seam = np.abs(x - 0.62 + 0.25 * (y - 0.5) ** 2)
        panel.lay(0.006 - seam, p.dark)
        panel.shade(0.16 * smoothstep(0.10, 0.0, seam) * smoothstep(0.78, 0.66, y))
        panel.shade(0.20 * smoothstep(0.80, 1.0, x))

    def back(panel: Panel) -> None:
        x, y = np.abs(panel.x), panel.y
        panel.lay(1.0 + 0.0 * x, p.cloth)
        panel.lay(0.024 - np.abs(y - 0.66 - 0.22 * x), p.metal)
        panel.lay(0.007 - np.abs(y - 0.60 - 0.22 * x), p.glow, glows=True)
        panel.lay(0.16 - y, p.dark)
        seam = np.abs(x - 0.40 - 0.22 * (y - 0.3))
        panel.lay(np.minimum(0.006 - seam, 0.62 - y), p.dark)
        panel.shade(0.14 * smoothstep(0.10, 0.0, seam) * (y < 0.62))
        panel.lay(np.minimum(0.005 - x, 0.64 - y), p.dark)

    bands = {
        "sleeve": (
            Stripe(0.0, 1.0, p.cloth),
            Stripe(0.30, 0.315, p.metal),
            Stripe(0.325, 0.333, p.glow, True),
            Stripe(0.74, 1.0, p.dark),
            Stripe(0.73, 0.755, p.metal),
            Stripe(0.80, 0.82, p.glow, True),
            Stripe(0.965, 1.0, p.metal),
        ),
        "skirt": (
            Stripe(0.0, 1.0, p.accent),
            Stripe(0.80, 0.825, p.metal),
            Stripe(0.87, 0.895, p.glow, True),
        ),
        "train": (
            Stripe(0.0, 1.0, p.dark),
            Stripe(0.87, 0.905, p.glow, True),
            Stripe(0.945, 1.0, p.metal),
        ),
        "frill": (Stripe(0.0, 1.0, p.cloth), Stripe(0.90, 0.95, p.metal)),
        "legs": (Stripe(0.0, 1.0, p.legs),),
        "boots": (
            Stripe(0.0, 1.0, p.cloth),
            Stripe(0.0, 0.10, p.dark),
            Stripe(0.10, 0.125, p.metal),
            Stripe(0.28, 0.292, p.glow, True),
            Stripe(0.655, 0.675, p.metal),
            Stripe(0.92, 1.0, p.dark),
            Stripe(0.905, 0.92, p.metal),
        ),
        "sole": (Stripe(0.0, 1.0, p.dark), Stripe(0.30, 0.36, p.glow, True)),
        "collar": (Stripe(0.0, 1.0, p.dark), Stripe(0.0, 0.16, p.metal)),
        "belt": (
            Stripe(0.0, 1.0, p.dark),
            Stripe(0.0, 0.12, p.metal),
            Stripe(0.46, 0.54, p.glow, True),
            Stripe(0.88, 1.0, p.metal),
        ),
        "bow": (Stripe(0.0, 1.0, p.accent), Stripe(0.90, 1.0, p.metal)),
        "jewel": (Stripe(0.0, 1.0, p.metal), Stripe(0.30, 0.70, p.glow, True)),
        "ribbon": (Stripe(0.0, 1.0, p.accent), Stripe(0.86, 0.90, p.metal)),
        "metal": (Stripe(0.0, 1.0, p.metal),),
        "epaulette": (Stripe(0.0, 1.0, p.dark), Stripe(0.72, 1.0, p.metal)),
        "fringe": (Stripe(0.0, 1.0, p.metal),),
    }
    short = frozenset(
        {"collar", "belt", "bow", "jewel", "metal", "epaulette", "fringe", "sole", "frill"}
    )
    return Pattern(bands, {"front": front, "back": back}, short)
