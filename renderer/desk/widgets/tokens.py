"""Define the desk's design tokens: colours, sizes, spaces. No Qt.

Red means on air and nothing else; a fault is solid amber; good is quiet. Every state has a shape
and a word besides its colour. docs/desk.md says what each token is for.
"""

from __future__ import annotations

from typing import Final

COLORS: Final = {
    "bg0": "#0b0e12",
    "bg1": "#13171d",
    "bg2": "#1c222a",
    "bg3": "#27303a",
    "line": "#2b343f",
    "edge": "#667485",
    "hi": "#f3f6f9",
    "text": "#d2d9e1",
    "dim": "#9aa7b5",
    "air": "#d81e34",
    "airline": "#ff4154",
    "next": "#3fd6c6",
    "warn": "#ffc847",
    "sel": "#79b0ff",
}
"""sRGB by token. Text on its ground has a contrast of 5 or more by WCAG 2."""

LATIN_FAMILIES: Final = ("Inter", "Noto Sans")
FAMILIES: Final = (*LATIN_FAMILIES, "Noto Sans CJK KR", "Noto Sans CJK JP", "DejaVu Sans")
"""Font families in the order in which they are looked for."""
FIRST_FAMILIES: Final = {"ko": ("Noto Sans CJK KR",), "ja": ("Noto Sans CJK JP",)}
"""By language, those that come before others after the Latin ones."""

SMALL: Final = 13
"""Height of labels, units, chips, keys and second lines, pixels."""
BODY: Final = 15
LARGE: Final = 20
CLOCK: Final = 40
CLOCK_SMALL: Final = 32

GAP: Final = 8
"""Space between panels, pixels."""
CORNER: Final = 4
LARGE_FROM: Final = 1800
"""Window width from which the large layout is used, pixels."""
TIGHT_BELOW: Final = 1340
"""Window width below which content is left out a third time, pixels."""

PICTURE_SHARE: Final = 0.82
"""Brightness of cameras' pictures, so that a white studio wall does not blind the operator."""
