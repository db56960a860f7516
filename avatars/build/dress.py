"""Her stage dress: a cropped jacket with a bow, a pleated skirt over a frill, tights and boots."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from avatars.build.body import Body
from avatars.build.cloth import Sheet
from avatars.build.geometry import Piece
from avatars.build.hanging import (
    Drop,
    around_hips,
    belt_path,
    bow,
    collar_path,
    plain_uv,
    pleated_uv,
    ribbon,
    ring,
)
from avatars.build.palette import Palette
from avatars.build.pattern import Lay, Pattern, Stripe
from avatars.build.rigging import Rigging
from avatars.build.source import Floats
from avatars.build.tailor import Levels, boots, jacket, legwear

_LIFT = 0.6
"""Of a thigh's turn that the skirt before it takes; with less the leg comes through."""


class Dress:
    """Cut to a body.

    Args:
        suit: the source's loose suit on it, with normals.
    """

    def __init__(self, body: Body, suit: Piece, palette: Palette) -> None:
        self._suit = suit
        self._at = Levels.of(body)
        self.pattern = _pattern(palette)
        at = self._at
        skirt = Drop(0.0, 360.0, 72, 8, at.waist + 0.012, at.crotch - 0.135, 0.010, 0.105, 0.006)
        frill = Drop(0.0, 360.0, 72, 4, at.crotch + 0.01, at.crotch - 0.165, 0.004, 0.085, 0.009)
        self._skirt = replace(around_hips(suit, at, "skirt", skirt, 16, stiffness=0.9), lift=_LIFT)
        length = skirt.seam - skirt.hem
        self._frill = replace(
            around_hips(suit, at, "skirt", frill, 16, stiffness=0.9),
            span=((skirt.seam - frill.seam) / length, (skirt.seam - frill.hem) / length),
        )
        back = at.edge(suit, at.waist + 0.035, -1.0)
        self._ribbons = tuple(
            ribbon(
                f"ribbon{name}",
                back + np.array([side * 0.015, 0.0, -0.012]),
                back + np.array([side * 0.10, -0.34, -0.20]),
                0.030,
                "spine",
            )
            for name, side in (("Left", 1.0), ("Right", -1.0))
        )

    def sheets(self) -> tuple[Sheet, ...]:
        """What hangs on chains of its own; the frill goes with the skirt."""
        return (self._skirt, *self._ribbons)

    def pieces(self, rigging: Rigging) -> list[Piece]:
        """All garments."""
        at, suit, pattern = self._at, self._suit, self.pattern
        front = at.edge(suit, at.neck - 0.075, 1.0)
        return [
            *jacket(suit, at, pattern, puff=0.011, flare=0.012),
            legwear(suit, at, pattern, at.boot - 0.03, 0.0, 900),
            boots(suit, at, pattern, at.boot, 0.020),
            ring(suit, pattern, "collar", collar_path(suit, at, 0.032), opening=14.0, dip=0.022),
            ring(suit, pattern, "belt", belt_path(suit, at, 0.060)),
            *bow(suit, pattern, front + np.array([0.0, 0.0, 0.022]), 0.085, 1.0),
            *bow(
                suit, pattern, at.edge(suit, at.waist + 0.035, -1.0) + np.array([0.0, 0.0, -0.03]),
                0.13, -1.0,
            ),
            self._skirt.piece(rigging, pleated_uv(self._skirt, pattern, "skirt")),
            self._frill.piece(rigging, pleated_uv(self._frill, pattern, "frill")),
            *(r.piece(rigging, plain_uv(r, pattern, "ribbon")) for r in self._ribbons),
        ]  # fmt: skip


def _pattern(p: Palette) -> Pattern:
    def trunk(lay: Lay, x: Floats, y: Floats, front: bool) -> None:
        lay(y < 0.30, p.dark)
        if front:
            # A placket, narrower downwards, between rows of buttons.
            width = 0.10 + 0.16 * y
            lay(np.abs(x) < width + 0.035, p.metal)
            lay(np.abs(x) < width, p.accent)
            lay(np.abs(np.abs(x) - width * 0.55) < 0.012, p.glow, True)
            for button in (0.28, 0.42, 0.56):
                spot = np.hypot(np.abs(x) - width - 0.14, (y - button) * 1.5)
                lay(spot < 0.045, p.metal)
        else:
            lay(np.abs(y - 0.62 - 0.22 * np.abs(x)) < 0.018, p.metal)
        lay((y > 0.28) & (y < 0.30), p.metal)
        lay(y > 0.93, p.dark)

    bands = {
        "sleeve": (
            Stripe(0.0, 1.0, p.dark),
            Stripe(0.0, 0.29, p.cloth),
            Stripe(0.27, 0.31, p.metal),
            Stripe(0.52, 0.54, p.glow, True),
            Stripe(0.84, 1.0, p.cloth),
            Stripe(0.82, 0.85, p.metal),
            Stripe(0.96, 0.985, p.glow, True),
        ),
        "skirt": (
            Stripe(0.0, 1.0, p.dark),
            Stripe(0.74, 0.765, p.metal),
            Stripe(0.80, 0.90, p.accent),
            Stripe(0.92, 0.95, p.glow, True),
        ),
        "frill": (Stripe(0.0, 1.0, p.cloth), Stripe(0.90, 0.95, p.metal)),
        "legs": (Stripe(0.0, 1.0, p.legs),),
        "boots": (
            Stripe(0.0, 1.0, p.cloth),
            Stripe(0.0, 0.10, p.dark),
            Stripe(0.10, 0.125, p.metal),
            Stripe(0.30, 0.315, p.glow, True),
            Stripe(0.80, 0.82, p.metal),
            Stripe(0.82, 1.0, p.dark),
        ),
        "collar": (Stripe(0.0, 1.0, p.dark), Stripe(0.0, 0.16, p.metal)),
        "belt": (
            Stripe(0.0, 1.0, p.accent),
            Stripe(0.0, 0.16, p.metal),
            Stripe(0.84, 1.0, p.metal),
        ),
        "bow": (Stripe(0.0, 1.0, p.accent), Stripe(0.90, 1.0, p.metal)),
        "jewel": (Stripe(0.0, 1.0, p.metal), Stripe(0.30, 0.70, p.glow, True)),
        "ribbon": (Stripe(0.0, 1.0, p.accent), Stripe(0.86, 0.90, p.metal)),
    }
    return Pattern(bands, p.cloth, trunk)
