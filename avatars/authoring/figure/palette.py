"""Define named palettes: the colours of hair, eyes and clothes that distinguish group members."""

from __future__ import annotations

from dataclasses import dataclass, replace

from avatars.authoring.figure.paint import Colour


@dataclass(frozen=True, slots=True)
class Palette:
    """A figure's colours, sRGB 0 to 1.

    Attributes:
        cloth: main colour of the jacket.
        dark: contrast colour.
        accent: bow, lining and placket.
        metal: trim and buttons.
        sequin: sequined panels.
        glow: emissive lines.
        legs: tights or trousers.
        hair_root, hair_tip: ends of the hair's gradient, from crown to tips.
        iris: dark, middle and light colour, from the iris's upper to its lower edge.
    """

    cloth: Colour
    dark: Colour
    accent: Colour
    metal: Colour
    sequin: Colour
    glow: Colour
    legs: Colour
    hair_root: Colour
    hair_tip: Colour
    iris: tuple[Colour, Colour, Colour]


_NIGHT = Palette(
    cloth=(0.965, 0.96, 0.98),
    dark=(0.145, 0.17, 0.38),
    accent=(0.98, 0.44, 0.46),
    metal=(0.93, 0.74, 0.38),
    sequin=(0.22, 0.34, 0.86),
    glow=(0.45, 0.93, 1.0),
    legs=(0.13, 0.12, 0.20),
    hair_root=(0.23, 0.22, 0.50),
    hair_tip=(0.42, 0.64, 0.97),
    iris=((0.08, 0.10, 0.34), (0.14, 0.33, 0.78), (0.40, 0.82, 0.97)),
)

PALETTES: dict[str, Palette] = {
    "night": _NIGHT,
    "rose": replace(
        _NIGHT,
        cloth=(0.97, 0.56, 0.71),
        dark=(0.52, 0.10, 0.30),
        accent=(0.99, 0.97, 0.98),
        metal=(0.94, 0.80, 0.74),
        sequin=(0.92, 0.22, 0.52),
        glow=(1.0, 0.60, 0.86),
        legs=(0.27, 0.08, 0.17),
        hair_root=(0.42, 0.18, 0.26),
        hair_tip=(0.92, 0.52, 0.62),
        iris=((0.36, 0.08, 0.22), (0.80, 0.26, 0.46), (1.0, 0.72, 0.80)),
    ),
    "leaf": replace(
        _NIGHT,
        cloth=(0.84, 0.95, 0.88),
        dark=(0.05, 0.31, 0.24),
        accent=(0.20, 0.66, 0.46),
        metal=(0.95, 0.85, 0.50),
        sequin=(0.06, 0.55, 0.40),
        glow=(0.62, 1.0, 0.66),
        legs=(0.07, 0.16, 0.14),
        hair_root=(0.13, 0.27, 0.23),
        hair_tip=(0.42, 0.74, 0.55),
        iris=((0.05, 0.25, 0.18), (0.16, 0.58, 0.38), (0.72, 0.95, 0.60)),
    ),
    "sun": replace(
        _NIGHT,
        cloth=(0.99, 0.86, 0.42),
        dark=(0.42, 0.19, 0.08),
        accent=(0.99, 0.97, 0.90),
        metal=(0.90, 0.62, 0.24),
        sequin=(0.96, 0.62, 0.12),
        glow=(1.0, 0.90, 0.50),
        legs=(0.24, 0.12, 0.07),
        hair_root=(0.62, 0.40, 0.16),
        hair_tip=(0.98, 0.84, 0.52),
        iris=((0.36, 0.16, 0.06), (0.78, 0.46, 0.12), (1.0, 0.88, 0.46)),
    ),
    "violet": replace(
        _NIGHT,
        cloth=(0.66, 0.54, 0.90),
        dark=(0.22, 0.10, 0.36),
        accent=(0.44, 0.24, 0.72),
        metal=(0.88, 0.88, 0.96),
        sequin=(0.46, 0.20, 0.82),
        glow=(0.86, 0.66, 1.0),
        legs=(0.14, 0.08, 0.22),
        hair_root=(0.26, 0.14, 0.34),
        hair_tip=(0.70, 0.52, 0.90),
        iris=((0.20, 0.08, 0.34), (0.52, 0.28, 0.78), (0.88, 0.74, 1.0)),
    ),
    "ember": replace(
        _NIGHT,
        cloth=(0.24, 0.21, 0.29),
        dark=(0.10, 0.09, 0.13),
        accent=(0.80, 0.13, 0.20),
        metal=(0.86, 0.84, 0.88),
        sequin=(0.17, 0.15, 0.21),
        glow=(1.0, 0.42, 0.30),
        legs=(0.19, 0.17, 0.235),
        hair_root=(0.27, 0.13, 0.17),
        hair_tip=(0.78, 0.25, 0.26),
        iris=((0.22, 0.03, 0.06), (0.64, 0.11, 0.12), (0.98, 0.50, 0.26)),
    ),
}
"""Palettes by the name given to `encore avatar build --palette`. Jackets differ most, because the
audience in the last row distinguishes the members of a group by them."""
