"""Build the stage suit: tailcoat with sequined lapels, waistcoat, trousers, gloves and shoes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from avatars.authoring.costume.cloth import Rise, Sheet
from avatars.authoring.costume.fabric import CLOTH, METAL, PATENT, SEQUIN_TILE, SEQUINS, Garments
from avatars.authoring.costume.footwear import Last, footwear
from avatars.authoring.costume.hanging import (
    LEGS,
    Drop,
    around_hips,
    belt,
    bow,
    collar_path,
    fold_uv,
    ring,
)
from avatars.authoring.costume.ornaments import buckle, chain, dome, epaulette
from avatars.authoring.costume.pattern import Panel, Pattern, Stripe
from avatars.authoring.costume.tailor import (
    Levels,
    armhole,
    edging,
    gloves,
    sleeves,
    split_bands,
    trunk_part,
    upper_suit,
)
from avatars.authoring.costume.trousers import TrouserCut, trousers
from avatars.authoring.figure.body import Body
from avatars.authoring.figure.geometry import Piece, cut, smoothstep
from avatars.authoring.figure.palette import Palette
from avatars.authoring.figure.rigging import Feel, Rigging
from avatars.authoring.figure.source import Floats
from avatars.authoring.figure.thinning import thin_layers
from avatars.maths.vectors import normalise

_SHOES = Last(
    heel=0.022, platform=0.010, toe=0.06, point=0.80, top=0.0, gap=0.000, cuff=0.0, block=0.94
)
_LIFT = Rise(share=0.62, around=150.0, reach=75.0)
_SWING = Feel(stiffness=1.1, drag=0.40, gravity=0.22, hit_radius=0.048, heeds=LEGS)
_TAIL_TRIANGLES = 24
"""Triangles of a coat tail, and of its lining, at the low level of detail."""
_LEGS = TrouserCut(ease=0.003, hem=0.030, width=0.051, crease=0.006, slant=0.050)


class Tailcoat:
    """The stage suit fitted to a body.

    Args:
        suit: the source's close-fitting suit on that body, with normals.
        skin: the body's surface.
        fine: whether to build the full level of detail.
    """

    bare_hands = False

    def __init__(
        self, body: Body, suit: Piece, skin: Piece, palette: Palette, *, fine: bool
    ) -> None:
        self._body, self._suit, self._skin, self._fine = body, suit, skin, fine
        self._at = at = Levels.of(body)
        self.pattern = _pattern(palette)
        columns, rows = (20, 12) if fine else (8, 6)
        self._drops = {
            name: Drop(
                start, end, columns, rows, at.waist + 0.01, at.crotch - 0.40, 0.012, 0.055,
                folds=10, depth=0.009,
            )
            for name, start, end in (("tailLeft", 118.0, 178.0), ("tailRight", 182.0, 242.0))
        }  # fmt: skip
        self._tails = tuple(
            replace(_sweep(around_hips(suit, at, name, drop, 3, _SWING), 0.42), lift=_LIFT)
            for name, drop in self._drops.items()
        )

    def sheets(self) -> tuple[Sheet, ...]:
        """Return the sheets with spring chains; each lining uses its tail's."""
        return self._tails

    def garments(self, rigging: Rigging) -> Garments:
        """Return the meshes of all garments by fabric."""
        at, suit, pattern, fine = self._at, self._suit, self.pattern, self._fine
        upper = upper_suit(suit, at, fine=fine)
        throat = at.edge(suit, at.neck - 0.040, 1.0) + np.array([0.0, 0.0, 0.016])
        shoes, soles = footwear(
            self._body, suit, pattern, replace(_SHOES, top=at.ankle + 0.10), fine=fine
        )
        cravat, jewel = bow(suit, pattern, throat, 0.046, 1.0, fine=fine)
        coat, trim, lapels = self._coat(upper)
        garments: Garments = {
            CLOTH: [
                *coat,
                *trousers(suit, at, pattern, _LEGS, fine=fine),
                ring(
                    suit, pattern, "collar", collar_path(suit, at, 0.034), opening=24.0, dip=0.014
                ),
                *cravat,
                *self._coat_tails(rigging),
            ],
            METAL: [*trim, jewel],
            PATENT: [
                *shoes,
                *soles,
                belt(suit, at, pattern, 0.040, 0.013),
                gloves(self._skin, at, pattern, 0.045, fine=fine),
            ],
            SEQUINS: lapels,
        }
        if fine:
            garments[METAL] += self._bright()
        for side in (1.0, -1.0):
            garments[METAL] += epaulette(suit, at, pattern, side, 0.050, fine=fine)
        if fine:
            garments[METAL] += self._chains()
        return garments

    def _coat_tails(self, rigging: Rigging) -> list[Piece]:
        """Return each tail and its lining."""
        pieces = []
        for tail, drop in zip(self._tails, self._drops.values(), strict=True):
            layers = [
                tail.piece(rigging, fold_uv(tail, self.pattern, "tail", drop)),
                _lining(tail).piece(rigging, fold_uv(tail, self.pattern, "lining", drop)),
            ]
            # Simplified one by one, their triangles would cross.
            pieces += layers if self._fine else thin_layers(layers, _TAIL_TRIANGLES)
        return pieces

    def _bright(self) -> list[Piece]:
        at, suit, pattern = self._at, self._suit, self.pattern
        middle = at.edge(suit, at.waist + 0.020, 1.0) + np.array([0.0, 0.0, 0.016])
        out = [buckle(suit, pattern, middle, 0.030, 0.022)]
        for height in (0.08, 0.20, 0.32):
            y = at.waist + height * (at.neck - at.waist)
            for side in (1.0, -1.0):
                x = side * 0.040
                near = suit.position[
                    (np.abs(suit.position[:, :2] - (x, y)).max(axis=1) < 0.025)
                    & (suit.position[:, 2] > 0.0)
                ]
                centre = np.array([x, y, float(near[:, 2].mean()) + 0.012])
                out.append(dome(suit, pattern, "metal", centre, 0.009))
        return out

    def _chains(self) -> list[Piece]:
        at = self._at
        start = np.array([at.shoulder - 0.03, at.top + 0.015, 0.05])
        end = np.array([0.060, at.waist + 0.50 * (at.neck - at.waist), 0.12])
        return [chain(self._suit, self.pattern, start, end, sag, 16) for sag in (0.035, 0.065)]

    def _coat(self, upper: Piece) -> tuple[list[Piece], list[Piece], list[Piece]]:
        """Return the coat with sleeves and waistcoat, its metal edging, and the lapels."""
        at, pattern = self._at, self.pattern
        rise, x = at.rise(upper.position), np.abs(upper.position[:, 0])
        ahead = upper.normal[:, 2] > -0.1
        facing = smoothstep(-0.3, 0.3, upper.normal[:, 2])
        opening = x - _opening(rise) + 0.2 * (1.0 - facing)
        # The front hem rises to both sides of the middle, which leaves two points.
        hem = 0.02 + 0.10 * facing * smoothstep(0.02, 0.10, x)
        field = np.minimum(opening, 0.4 * (rise - hem))
        coat = trunk_part(upper, at, pattern, field, 0.0095)
        off_arm = -armhole(at, upper.position)
        reach = 0.058 * smoothstep(0.28, 0.62, rise) * smoothstep(1.06, 0.86, rise) + 0.004
        lapel_field = np.minimum(np.minimum(opening, reach - opening), off_arm)
        lapel_field = np.minimum(lapel_field, np.where(ahead, (rise - 0.26) * 0.4, -1.0))
        lapel = cut(upper.grow(0.0135), lapel_field)
        uv = np.column_stack((lapel.position[:, 0], -lapel.position[:, 1])) / SEQUIN_TILE
        edge = edging(upper, field, off_arm, 0.005, 0.0145)
        beside = np.minimum(off_arm, np.where(ahead, (rise - 0.26) * 0.4, -1.0))
        rim = edging(upper, reach + 0.0045 - opening, beside, 0.0045, 0.0150)
        shown = np.where(ahead, np.minimum(0.03 - opening, 0.3 * rise), -1.0)
        waistcoat = trunk_part(upper, at, pattern, shown, 0.0035)
        return (
            [*coat, *waistcoat, sleeves(upper, at, pattern, 0.004)],
            [split_bands(edge, pattern, "metal"), split_bands(rim, pattern, "metal")],
            [replace(lapel, uv=uv)],
        )


def _opening(rise: Floats) -> Floats:
    """Return half the width of the coat's front opening, metres, at heights `rise` (n,)."""
    out: Floats = 0.006 + 0.056 * smoothstep(0.30, 0.86, rise)
    return out


def _sweep(tail: Sheet, share: float) -> Sheet:
    """Return a tail that narrows downwards, its outer edge moved towards the middle of the back.

    Args:
        share: how far the outer edge moves at the hem, as a share of the width.
    """
    points = tail.points.copy()
    down = np.linspace(0.0, 1.0, len(points))[:, None]
    inner = points[:, -1:] if abs(points[0, -1, 0]) < abs(points[0, 0, 0]) else points[:, :1]
    points += (inner - points) * (share * down**1.2)[..., None] * np.array([1.0, 0.0, 1.0])
    return replace(tail, points=points)


def _lining(tail: Sheet) -> Sheet:
    """Return a tail's lining, offset inwards by 6 mm."""
    points = tail.points.copy()
    middle = np.array([0.0, 0.0, float(points[..., 2].max())])
    inwards = (middle - points) * np.array([1.0, 0.0, 1.0])
    points += 0.006 * normalise(inwards)
    return replace(tail, points=points)


def _pattern(p: Palette) -> Pattern:
    def front(panel: Panel) -> None:
        x, y = np.abs(panel.x), panel.y
        panel.lay(1.0 + 0.0 * x, p.cloth)
        opening = _opening(y) / 0.19
        # The waistcoat shows in the coat's opening.
        panel.lay(opening + 0.02 - x, p.accent)
        panel.lay(0.006 - np.abs(x), p.dark)
        panel.shade(0.18 * smoothstep(0.80, 1.0, x))
        seam = np.abs(x - 0.60 + 0.3 * (y - 0.4) ** 2)
        panel.lay(np.minimum(0.006 - seam, 0.62 - y), p.dark)
        panel.shade(0.22 * smoothstep(0.10, 0.0, seam) * (y < 0.62))

    def back(panel: Panel) -> None:
        x, y = np.abs(panel.x), panel.y
        panel.lay(1.0 + 0.0 * x, p.cloth)
        panel.lay(0.018 - np.abs(y - 0.72 - 0.16 * x), p.metal)
        panel.lay(0.006 - np.abs(y - 0.675 - 0.16 * x), p.glow, glows=True)
        panel.lay(np.minimum(0.006 - x, 0.70 - y), p.dark)
        seam = np.abs(x - 0.34 - 0.20 * (y - 0.3))
        panel.lay(np.minimum(0.006 - seam, 0.66 - y), p.dark)
        panel.shade(0.20 * smoothstep(0.10, 0.0, seam) * (y < 0.66))

    def leg(panel: Panel) -> None:
        x, y = panel.x, panel.y
        panel.lay(1.0 + 0.0 * x, p.legs)
        # Darken both sides of the crease, which stays light, and the inner seam.
        panel.shade(0.20 * smoothstep(0.02, 0.16, np.abs(x)) * smoothstep(0.55, 0.25, np.abs(x)))
        panel.shade(0.25 * smoothstep(-0.6, -1.0, x))
        for height, slant in ((0.865, 0.10), (0.845, 0.16), (0.825, 0.24)):
            line = np.abs(y - height + slant * 0.2 * (x + 1.0))
            panel.shade(0.20 * smoothstep(0.016, 0.0, line) * smoothstep(0.1, -0.4, x))
        for height in (0.40, 0.425, 0.45):
            line = np.abs(y - height + 0.02 * np.abs(x))
            panel.shade(0.16 * smoothstep(0.012, 0.0, line) * smoothstep(0.9, 0.4, np.abs(x)))
        panel.lay(x - 0.80, p.metal)
        panel.lay(x - 0.84, p.accent)
        panel.lay(0.012 - y, p.dark)

    def leg_front(panel: Panel) -> None:
        leg(panel)
        x, y = panel.x, panel.y
        # A slanting pocket with its piping.
        pocket = np.abs(x - 0.55 + 2.2 * (y - 0.93))
        panel.lay(np.minimum(0.020 - pocket, 0.06 - np.abs(y - 0.91)), p.metal)

    bands = {
        "sleeve": (
            Stripe(0.0, 1.0, p.cloth),
            Stripe(0.80, 1.0, p.dark),
            Stripe(0.785, 0.80, p.metal),
            Stripe(0.85, 0.865, p.glow, True),
            Stripe(0.97, 1.0, p.metal),
        ),
        "tail": (
            Stripe(0.0, 1.0, p.cloth),
            Stripe(0.90, 0.915, p.glow, True),
            Stripe(0.965, 1.0, p.metal),
        ),
        "lining": (Stripe(0.0, 1.0, p.accent),),
        "boots": (Stripe(0.0, 1.0, p.dark),),
        "sole": (Stripe(0.0, 1.0, p.dark),),
        "gloves": (Stripe(0.0, 1.0, p.dark), Stripe(0.0, 0.06, p.metal)),
        "collar": (Stripe(0.0, 1.0, p.cloth), Stripe(0.0, 0.16, p.metal)),
        "belt": (Stripe(0.0, 1.0, p.dark), Stripe(0.0, 0.12, p.metal), Stripe(0.88, 1.0, p.metal)),
        "bow": (Stripe(0.0, 1.0, p.accent), Stripe(0.88, 1.0, p.metal)),
        "jewel": (Stripe(0.0, 1.0, p.metal), Stripe(0.30, 0.70, p.glow, True)),
        "metal": (Stripe(0.0, 1.0, p.metal),),
        "epaulette": (Stripe(0.0, 1.0, p.dark), Stripe(0.72, 1.0, p.metal)),
        "fringe": (Stripe(0.0, 1.0, p.metal),),
    }
    short = frozenset(
        {"collar", "belt", "bow", "jewel", "metal", "epaulette", "fringe", "sole", "gloves"}
    )
    panels = {"front": front, "back": back, "legsFront": leg_front, "legsBack": leg}
    return Pattern(bands, panels, short)
