"""Lay out titles in a picture of any aspect ratio: rectangles, colours, animation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
import numpy.typing as npt

from renderer.graphics.text.shaping import shape_line
from renderer.graphics.titles.atlas import Atlas, Key, LogoKey, Region
from renderer.graphics.titles.page import LABEL_ABOVE, LABEL_BELOW, LABEL_PAD, Line, Page
from renderer.stage.text.lyrics import SungLine
from renderer.stage.text.titles import LowerThird, TitlePlan, Titles

MOST_QUADS: Final = 24
"""Maximum number of rectangles in a frame: 2 for lyrics, 4 for a lower third, 1 for a logo, 9 for a
label, and some in reserve."""
QUAD_FLOATS: Final = 20

_PLATE, _TEXT, _PICTURE = 0.0, 1.0, 2.0
_WHITE: Final = (1.0, 1.0, 1.0, 1.0)
_SUNG: Final = (1.0, 0.76, 0.20, 1.0)
"""Colour of sung text, which differs from white in lightness, too."""
_ROLE: Final = (0.80, 0.88, 0.96, 1.0)
_NIGHT: Final = (0.02, 0.03, 0.07, 0.86)
_NIGHT_END: Final = (0.02, 0.03, 0.07, 0.0)
_ACCENT: Final = (1.0, 0.76, 0.20, 1.0)
_LABEL: Final = (0.0, 0.0, 0.0, 0.62)
"""Plate of the label: gives white text over a white picture a contrast of 6.0:1; WCAG 2.2 requires
4.5:1."""

F32 = npt.NDArray[np.float32]
Rgba = tuple[float, float, float, float]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom, pixels from the picture's upper left."""


class TitleLayout:
    """The rectangles of one frame's titles, in drawing order.

    Attributes:
        quads: (MOST_QUADS, QUAD_FLOATS) float32: box; texture box; colour; colour of the left
            part; right end of the left part, opacity, kind, unused.
        count: of valid rows.
    """

    def __init__(self, atlas: Atlas) -> None:
        self._atlas = atlas
        self.quads: F32 = np.zeros((MOST_QUADS, QUAD_FLOATS), np.float32)
        self.count = 0

    def prepare(self, plan: TitlePlan, sizes: Iterable[tuple[int, int]]) -> None:
        """Rasterise a plan's lyrics in advance for pictures of these sizes."""
        pages = [Page(*size) for size in sizes]
        rows = [
            (line.begin_s, number, line.text)
            for number, lyrics in enumerate(plan.lyrics[:2])
            for line in lyrics.lines
        ]
        self._atlas.prepare(
            page.lyric(SungLine(text, 0.0), number).key
            for _, number, text in sorted(rows)
            for page in pages
        )

    def arrange(self, titles: Titles, size: tuple[int, int], *, has_label: bool = True) -> None:
        """Fill `quads`.

        Args:
            titles: of the frame.
            size: of the picture, pixels.
            has_label: whether the disclosure label stands in this frame.
        """
        self.count = 0
        has_logo = titles.logo is not None
        page = Page(*size, titles.disclosure, titles.label, has_logo=has_logo)
        lyrics = [(sung, page.lyric(sung, row)) for row, sung in enumerate(titles.lyrics[:2])]
        third = titles.lower_third
        name = page.third_name(third) if third is not None and third.shown > 0.0 else None
        role = page.third_role(third) if third is not None and name and third.role else None
        logo = LogoKey(titles.logo, page.logo_height) if titles.logo is not None else None
        # The other titles leave its place free also while it does not stand there.
        label = page.label if has_label else ()
        lines = [line for _, line in lyrics] + [one for one in (name, role) if one]
        keys: list[Key] = [line.key for line in (*lines, *label)]
        if logo is not None:
            keys.append(logo)
        self._atlas.require(keys)
        if third is not None and name is not None:
            self._add_third(page, third, name, role)
        for row, (sung, line) in enumerate(lyrics):
            sung_to = line.x + shape_line(sung.text).offset_at(sung.place) * line.key.size
            self._add_text(line, _WHITE, _SUNG, sung_to, sung.opacity * (1.0 if row == 0 else 0.95))
        if logo is not None and (region := self._atlas.get(logo)) is not None:
            left, top = page.width - page.side - region.width, page.top
            box = (left, top, left + region.width, top + region.height)
            self._add(box, region, _WHITE, _WHITE, 0.0, 1.0, _PICTURE)
        if label:
            self._add_label(label)

    def _add_label(self, label: tuple[Line, ...]) -> None:
        """Add the disclosure label: its lines on one plate."""
        size = label[0].key.size
        box = (
            min(line.x for line in label) - LABEL_PAD * size,
            label[0].y - LABEL_ABOVE * size,
            max(line.x + line.width for line in label) + LABEL_PAD * size,
            label[-1].y + LABEL_BELOW * size,
        )
        self._add(box, None, _LABEL, _LABEL, 0.0, 1.0, _PLATE)
        for line in label:
            self._add_text(line, _WHITE, _WHITE, 0.0, 1.0)

    def _add_third(self, page: Page, third: LowerThird, name: Line, role: Line | None) -> None:
        """Add a lower third: the bar grows, the plate follows, then the text appears."""
        bar = _ease(third.shown / 0.4)
        plate = _ease((third.shown - 0.15) / 0.6)
        text = _ease((third.shown - 0.45) / 0.55)
        size = name.key.size
        top = name.y - 1.22 * size
        bottom = (role.y + 0.62 * role.key.size) if role is not None else name.y + 0.45 * size
        middle, half = 0.5 * (top + bottom), 0.5 * (bottom - top) * bar
        left = page.side
        thick = max(0.12 * size, 2.0)
        right = max(name.x + name.width, role.x + role.width if role else 0.0) + 2.2 * size
        end = left + thick + (right - left - thick) * plate
        self._add((left + thick, top, end, bottom), None, _NIGHT, _NIGHT_END, 0.0, plate, _PLATE)
        box = (left, middle - half, left + thick, middle + half)
        self._add(box, None, _ACCENT, _ACCENT, 0.0, 1.0, _PLATE)
        slide = (text - 1.0) * 0.6 * size
        self._add_text(name, _WHITE, _WHITE, 0.0, text, slide)
        if role is not None:
            self._add_text(role, _ROLE, _ROLE, 0.0, text, slide)

    def _add_text(
        self, line: Line, color: Rgba, sung: Rgba, sung_to: float, opacity: float, dx: float = 0.0
    ) -> None:
        region = self._atlas.get(line.key)
        if region is None:
            return
        # Whole pixels, so that texels align with pixels.
        left = round(line.x + dx) - region.origin[0]
        top = round(line.y) - region.origin[1]
        box = (left, top, left + region.width, top + region.height)
        self._add(box, region, color, sung, sung_to, opacity, _TEXT)

    def _add(
        self,
        box: Box,
        region: Region | None,
        color: Rgba,
        other: Rgba,
        edge: float,
        opacity: float,
        kind: float,
    ) -> None:
        if self.count == MOST_QUADS or opacity <= 0.0:
            return
        row = self.quads[self.count]
        row[0:4] = box
        if region is not None:
            row[4:8] = (
                region.left,
                region.top,
                region.left + region.width,
                region.top + region.height,
            )
        row[8:12] = color
        row[12:16] = other
        row[16:20] = edge, opacity, kind, 0.0
        self.count += 1


def _ease(share: float) -> float:
    """Return an eased-out share: fast at first, slow at the end."""
    rest = 1.0 - min(max(share, 0.0), 1.0)
    return 1.0 - rest * rest * rest
