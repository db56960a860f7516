"""Place titles in a picture of one size: ems, baselines, margins, the label's lines.

Sizes are relative to the height of a wide picture, or to 1.2 times the width of an upright one, so
that text in an upright picture is legible on a telephone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from renderer.graphics.text.shaping import shape_line
from renderer.graphics.titles.atlas import TextKey
from renderer.graphics.titles.label_lines import TINIEST, split_label
from renderer.stage.text.label import USUAL, LabelStyle
from renderer.stage.text.lyrics import SungLine
from renderer.stage.text.titles import LowerThird

SAFE: Final = 0.05
"""Margin at each side, as a fraction of the picture: EBU R 95, graphics safe area of 16:9."""
LABEL_TOP: Final = 0.035
"""Margin above or below the disclosure label, as a fraction of the picture: EBU R 95, action safe
area. The label uses the headroom of the cameras."""
UPRIGHT_TOP: Final = 0.06
"""Top margin of an upright picture, as a fraction of its height, for a telephone's status line."""
UPRIGHT_BOTTOM: Final = 0.17
"""Bottom margin of an upright picture, as a fraction of its height, for a telephone's buttons."""
SMALLEST: Final = 12
"""Minimum em at which Hangul is legible, pixels."""
LABEL_PAD: Final = 0.55
"""Width of the label's plate beside the text, em."""
LABEL_ABOVE: Final = 1.15
LABEL_BELOW: Final = 0.45
"""Height of the label's plate above and below the baseline, em: ascents and descents of Hangul."""
_LABEL_PITCH: Final = 1.40
"""Distance of the label's baselines, em."""
_LABEL_SHARE: Final = 0.66
"""Width of the label at most, as a fraction of that within the margins: the logo is beside it."""
_LABEL_GAP: Final = 0.6
"""Distance of other titles from the label, em."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text and its position: the start of its baseline, pixels."""

    key: TextKey
    x: float
    y: float
    width: float


class Page:
    """The positions of titles in a picture, pixels.

    Args:
        width, height: of the picture.
        disclosure: text of the label, whose place the other titles leave free; empty for none.
        style: of the label.
        has_logo: whether there is a logo at the upper right.

    Attributes:
        label: lines of the disclosure label.
    """

    def __init__(
        self,
        width: int,
        height: int,
        disclosure: str = "",
        style: LabelStyle = USUAL,
        *,
        has_logo: bool = False,
    ) -> None:
        self.width, self.height = width, height
        self._is_upright = is_upright = height > width
        self._unit = 1.2 * width if is_upright else float(height)
        self.side = SAFE * width
        self.top = (UPRIGHT_TOP if is_upright else SAFE) * height
        self._bottom = height - (UPRIGHT_BOTTOM if is_upright else SAFE) * height
        self.logo_height = max(round(0.085 * self._unit), SMALLEST)
        self._label_em = self._em(style.height)
        self._label_top = (UPRIGHT_TOP if is_upright else LABEL_TOP) * height
        self._under_label = self._label_top + self._label_height(1)
        self.label = self._place_label(disclosure, style, has_logo=has_logo)
        self._first, self._second = self._em(0.062), self._em(0.036)
        self._name, self._role = self._em(0.052), self._em(0.028)
        # Baselines from the bottom up: a descent above the margin, then line by line.
        self._second_y = self._bottom - 0.30 * self._second
        self._first_y = self._second_y - 1.05 * self._second - 0.30 * self._first
        self._role_y = self._first_y - 1.50 * self._first - 0.62 * self._role

    def lyric(self, sung: SungLine, row: int) -> Line:
        """Return a centred line of lyrics: the upper one (row 0) or the smaller one beneath."""
        line = self._fit(sung.text, self._second if row else self._first, self._free())
        y = self._second_y if row else self._first_y
        return Line(line.key, 0.5 * (self.width - line.width), y, line.width)

    def third_name(self, third: LowerThird) -> Line:
        """Return the name of a lower third.

        It takes the place of the lyrics, or is above them; above the lyrics of an upright picture
        are hips, so there it is smaller, and under the label.
        """
        size, role, y = self._place_third(third)
        line = self._fit(third.name, size, 0.7 * self._free())
        return Line(line.key, self.side + 0.65 * size, y - 1.55 * role, line.width)

    def third_role(self, third: LowerThird) -> Line:
        """Return the role beneath the name."""
        name, size, y = self._place_third(third)
        line = self._fit(third.role, size, 0.7 * self._free())
        return Line(line.key, self.side + 0.65 * name, y, line.width)

    def _place_third(self, third: LowerThird) -> tuple[int, int, float]:
        """Return a lower third's em of name and role, and the role's baseline from the top."""
        if third.is_low:
            return self._name, self._role, self._bottom - 0.62 * self._role
        if self._is_upright:
            name, role = self._em(0.032), self._em(0.021)
            return name, role, self._under_label + 1.22 * name + 1.55 * role
        return self._name, self._role, self._role_y

    def _place_label(self, text: str, style: LabelStyle, *, has_logo: bool) -> tuple[Line, ...]:
        """Return the label's lines, and keep their place free from the titles below or above."""
        if not text.strip():
            return ()
        # In a small picture the usual em is larger than the style requires, and may be reduced.
        least = round(style.height * self._unit)
        room = _LABEL_SHARE * self._free()
        size, texts = split_label(text, self._label_em, least, room)
        self._label_em = size
        if style.place.is_low:
            upright_bottom = self._bottom if self._is_upright else self.height * (1.0 - LABEL_TOP)
            top = upright_bottom - self._label_height(len(texts)) + _LABEL_GAP * size
            self._bottom = min(self._bottom, top - _LABEL_GAP * size)
        else:
            top = self._label_top
            if has_logo and not style.place.is_left:
                top = max(top, self.top + self.logo_height + _LABEL_GAP * size)
            bottom = top + self._label_height(len(texts))
            self._under_label = max(self._under_label, bottom)
        lines = []
        for row, one in enumerate(texts):
            width = shape_line(one).width * size
            x = self.side + LABEL_PAD * size
            if not style.place.is_left:
                x = self.width - x - width
            y = top + (LABEL_ABOVE + row * _LABEL_PITCH) * size
            lines.append(Line(TextKey(one, size), x, y, width))
        return tuple(lines)

    def _label_height(self, rows: int) -> float:
        """Return the height of a label's plate, with the distance from other titles."""
        ems = LABEL_ABOVE + LABEL_BELOW + _LABEL_GAP + (rows - 1) * _LABEL_PITCH
        return ems * self._label_em

    def _em(self, share: float) -> int:
        return max(round(share * self._unit), SMALLEST)

    def _free(self) -> float:
        return self.width - 2.0 * self.side

    def _fit(self, text: str, size: int, room: float) -> Line:
        """Return a line at a size, or at a smaller one at which it fits."""
        width = shape_line(text).width
        if width * size > room:
            size = max(int(room / width), TINIEST)
        return Line(TextKey(text, size), 0.0, 0.0, width * size)
