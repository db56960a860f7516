"""Lay out titles in a picture of any aspect ratio: sizes, positions in the safe area, colours.

Sizes are relative to the height of a wide picture, or to 1.2 times the width of an upright one, so
that text in an upright picture is legible on a telephone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from renderer.graphics.text.shaping import shape_line
from renderer.graphics.titles.atlas import Atlas, Key, LogoKey, Region, TextKey
from renderer.stage.text.lyrics import SungLine
from renderer.stage.text.titles import LowerThird, TitlePlan, Titles

MOST_QUADS: Final = 16
"""Maximum number of rectangles in a frame: 2 for lyrics, 4 for a lower third, 1 for a logo, 2 for a
label, and some in reserve."""
QUAD_FLOATS: Final = 20
SAFE: Final = 0.05
"""Margin at each side, as a fraction of the picture: EBU R 95, graphics safe area of 16:9."""
LABEL_TOP: Final = 0.035
"""Margin above the disclosure label, as a fraction of the picture: EBU R 95, action safe area. The
label uses the headroom of the cameras."""
UPRIGHT_TOP: Final = 0.06
"""Top margin of an upright picture, as a fraction of its height, for a telephone's status line."""
UPRIGHT_BOTTOM: Final = 0.17
"""Bottom margin of an upright picture, as a fraction of its height, for a telephone's buttons."""
SMALLEST: Final = 12
"""Minimum em at which Hangul is legible, pixels."""

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
_LABEL_ABOVE: Final = 1.15
_LABEL_BELOW: Final = 0.45
"""Height of the label's plate above and below the baseline, em: ascents and descents of Hangul."""

F32 = npt.NDArray[np.float32]
Rgba = tuple[float, float, float, float]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom, pixels from the picture's upper left."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of text and its position: the start of its baseline, pixels."""

    key: TextKey
    x: float
    y: float
    width: float


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
        pages = [_Page(*size) for size in sizes]
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

    def arrange(self, titles: Titles, size: tuple[int, int]) -> None:
        """Fill `quads` for a picture size, pixels."""
        self.count = 0
        page = _Page(*size)
        lyrics = [(sung, page.lyric(sung, row)) for row, sung in enumerate(titles.lyrics[:2])]
        third = titles.lower_third
        name = page.third_name(third) if third is not None and third.shown > 0.0 else None
        role = page.third_role(third) if third is not None and name and third.role else None
        logo = LogoKey(titles.logo, page.logo_height) if titles.logo is not None else None
        label = page.label(titles.disclosure) if titles.disclosure.strip() else None
        lines = [line for _, line in lyrics] + [one for one in (name, role, label) if one]
        keys: list[Key] = [line.key for line in lines]
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
        if label is not None:
            pad = 0.55 * label.key.size
            box = (
                label.x - pad, label.y - _LABEL_ABOVE * label.key.size,
                label.x + label.width + pad, label.y + _LABEL_BELOW * label.key.size,
            )  # fmt: skip
            self._add(box, None, _LABEL, _LABEL, 0.0, 1.0, _PLATE)
            self._add_text(label, _WHITE, _WHITE, 0.0, 1.0)

    def _add_third(self, page: _Page, third: LowerThird, name: _Line, role: _Line | None) -> None:
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
        self, line: _Line, color: Rgba, sung: Rgba, sung_to: float, opacity: float, dx: float = 0.0
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


class _Page:
    """The positions of titles in a picture of one size, pixels."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._is_upright = is_upright = height > width
        self._unit = 1.2 * width if is_upright else float(height)
        self.side = SAFE * width
        self.top = (UPRIGHT_TOP if is_upright else SAFE) * height
        self._label_top = (UPRIGHT_TOP if is_upright else LABEL_TOP) * height
        self._bottom = height - (UPRIGHT_BOTTOM if is_upright else SAFE) * height
        self._first, self._second = self._em(0.062), self._em(0.036)
        self._name, self._role = self._em(0.052), self._em(0.028)
        # Baselines from the bottom up: a descent above the margin, then line by line.
        self._second_y = self._bottom - 0.30 * self._second
        self._first_y = self._second_y - 1.05 * self._second - 0.30 * self._first
        self._role_y = self._first_y - 1.50 * self._first - 0.62 * self._role
        self.logo_height = max(round(0.085 * self._unit), SMALLEST)

    def lyric(self, sung: SungLine, row: int) -> _Line:
        """Return a centred line of lyrics: the upper one (row 0) or the smaller one beneath."""
        line = self._fit(sung.text, self._second if row else self._first, self._free())
        y = self._second_y if row else self._first_y
        return _Line(line.key, 0.5 * (self.width - line.width), y, line.width)

    def third_name(self, third: LowerThird) -> _Line:
        """Return the name of a lower third.

        It takes the place of the lyrics, or is above them; above the lyrics of an upright picture
        are hips, so there it is smaller, and under the label.
        """
        size, role, y = self._place_third(third)
        line = self._fit(third.name, size, 0.7 * self._free())
        return _Line(line.key, self.side + 0.65 * size, y - 1.55 * role, line.width)

    def third_role(self, third: LowerThird) -> _Line:
        """Return the role beneath the name."""
        name, size, y = self._place_third(third)
        line = self._fit(third.role, size, 0.7 * self._free())
        return _Line(line.key, self.side + 0.65 * name, y, line.width)

    def _place_third(self, third: LowerThird) -> tuple[int, int, float]:
        """Return a lower third's em of name and role, and the role's baseline from the top."""
        if third.is_low:
            return self._name, self._role, self._bottom - 0.62 * self._role
        if self._is_upright:
            name, role = self._em(0.032), self._em(0.021)
            label = (_LABEL_ABOVE + _LABEL_BELOW + 0.6) * self._em(0.021)
            return name, role, self._label_top + label + 1.22 * name + 1.55 * role
        return self._name, self._role, self._role_y

    def label(self, text: str) -> _Line:
        """Return the disclosure label, at the upper left."""
        # The logo is at its right.
        line = self._fit(text, self._em(0.021), 0.66 * self._free())
        size = line.key.size
        return _Line(
            line.key, self.side + 0.55 * size, self._label_top + _LABEL_ABOVE * size, line.width
        )

    def _em(self, share: float) -> int:
        return max(round(share * self._unit), SMALLEST)

    def _free(self) -> float:
        return self.width - 2.0 * self.side

    def _fit(self, text: str, size: int, room: float) -> _Line:
        """Return a line at a size, or at a smaller one at which it fits."""
        width = shape_line(text).width
        if width * size > room:
            size = max(int(room / width), 6)
        return _Line(TextKey(text, size), 0.0, 0.0, width * size)


def _ease(share: float) -> float:
    """Return an eased-out share: fast at first, slow at the end."""
    rest = 1.0 - min(max(share, 0.0), 1.0)
    return 1.0 - rest * rest * rest
