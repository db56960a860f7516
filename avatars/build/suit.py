"""His stage suit: a tailcoat with a standing collar, a cravat, trousers and shoes."""

from __future__ import annotations

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
    ring,
)
from avatars.build.palette import Palette
from avatars.build.pattern import Lay, Pattern, Stripe
from avatars.build.rigging import Rigging
from avatars.build.source import Floats
from avatars.build.tailor import Levels, boots, jacket, legwear


class Tailcoat:
    """Cut to a body.

    Args:
        suit: the source's loose suit on it, with normals.
    """

    def __init__(self, body: Body, suit: Piece, palette: Palette) -> None:
        self._suit = suit
        self._at = at = Levels.of(body)
        self.pattern = _pattern(palette)
        self._skirts = tuple(
            around_hips(suit, at, name, drop, chains, stiffness=1.1)
            for name, drop, chains in (
                # Two tails behind, and the coat's short fronts, which leave the belt's middle free.
                ("tailLeft", self._tail(128.0, 178.5, 0.44), 3),
                ("tailRight", self._tail(181.5, 232.0, 0.44), 3),
            )
        )

    def _tail(self, start: float, end: float, fall: float) -> Drop:
        at = self._at
        return Drop(start, end, 14, 10, at.waist + 0.01, at.crotch - fall, 0.010, 0.040)

    def sheets(self) -> tuple[Sheet, ...]:
        """What hangs on chains of its own."""
        return self._skirts

    def pieces(self, rigging: Rigging) -> list[Piece]:
        """All garments."""
        at, suit, pattern = self._at, self._suit, self.pattern
        throat = at.edge(suit, at.neck - 0.045, 1.0) + np.array([0.0, 0.0, 0.018])
        return [
            *jacket(suit, at, pattern, puff=0.006, flare=0.008),
            legwear(suit, at, pattern, at.ankle * 0.8, 0.014, 1700),
            boots(suit, at, pattern, at.ankle * 1.25, 0.014),
            ring(suit, pattern, "collar", collar_path(suit, at, 0.026), opening=20.0, dip=0.018),
            ring(suit, pattern, "belt", belt_path(suit, at, 0.045)),
            *bow(suit, pattern, throat, 0.055, 1.0),
            *(s.piece(rigging, plain_uv(s, pattern, "tail")) for s in self._skirts),
        ]


def _pattern(p: Palette) -> Pattern:
    def trunk(lay: Lay, x: Floats, y: Floats, front: bool) -> None:
        if front:
            # The shirt between lapels that meet low, and a row of buttons.
            opening = 0.46 * np.clip((y - 0.30) / 0.70, 0.0, 1.0)
            lapel = opening + 0.26 * np.clip((y - 0.26) / 0.40, 0.0, 1.0)
            lay(np.abs(x) < lapel + 0.03, p.metal)
            lay(np.abs(x) < lapel, p.dark)
            lay(np.abs(np.abs(x) - lapel + 0.05) < 0.012, p.glow, True)
            lay(np.abs(x) < opening, p.accent)
            for button in (0.10, 0.20):
                lay(np.hypot(np.abs(x) - 0.10, (y - button) * 1.3) < 0.04, p.metal)
            lay((np.abs(x) < 0.012) & (y < 0.28), p.metal)
        else:
            lay(np.abs(y - 0.70 - 0.16 * np.abs(x)) < 0.016, p.metal)
            lay(np.abs(x) < 0.010, p.dark)
        lay(y > 0.94, p.dark)

    bands = {
        "sleeve": (
            Stripe(0.0, 1.0, p.cloth),
            Stripe(0.14, 0.165, p.metal),
            Stripe(0.82, 1.0, p.dark),
            Stripe(0.80, 0.825, p.metal),
            Stripe(0.90, 0.915, p.glow, True),
        ),
        "tail": (
            Stripe(0.0, 1.0, p.cloth),
            Stripe(0.86, 0.88, p.glow, True),
            Stripe(0.92, 1.0, p.metal),
        ),
        "legs": (Stripe(0.0, 1.0, p.legs), Stripe(0.975, 1.0, p.dark)),
        "boots": (
            Stripe(0.0, 1.0, p.dark),
            Stripe(0.0, 0.12, p.metal),
            Stripe(0.97, 1.0, p.legs),
        ),
        "collar": (Stripe(0.0, 1.0, p.dark), Stripe(0.0, 0.16, p.metal)),
        "belt": (Stripe(0.0, 1.0, p.dark), Stripe(0.0, 0.2, p.metal), Stripe(0.8, 1.0, p.metal)),
        "bow": (Stripe(0.0, 1.0, p.accent), Stripe(0.88, 1.0, p.metal)),
        "jewel": (Stripe(0.0, 1.0, p.metal), Stripe(0.30, 0.70, p.glow, True)),
    }
    return Pattern(bands, p.cloth, trunk)
