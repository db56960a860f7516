"""Rasterise a line of text in any script, for LED walls.

HarfBuzz shapes the text (selects, orders and places glyphs), through Pillow and raqm. The font is
Noto Sans CJK if it is installed, which run.py does.
"""

from __future__ import annotations

import logging
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont, features

LINE_SIZE: Final = (2048, 64)
"""Size of a line's picture, texels; longer text is scaled down."""
_HEIGHT: Final = 46
"""Font size, texels."""
_GAP: Final = 3 * _HEIGHT
"""Gap between repetitions of the text, texels."""

FONTS: Final = (
    Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc"),
    Path("/usr/share/fonts/noto-cjk/NotoSansCJK-Bold.ttc"),
    Path("/Library/Fonts/NotoSansCJK-Bold.ttc"),
    Path("/System/Library/Fonts/AppleSDGothicNeo.ttc"),
    Path("C:/Windows/Fonts/malgunbd.ttf"),
    Path("/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf"),
    Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"),
)
"""Fonts in order of preference; all but the last two cover Korean and Latin."""
_LATIN_ONLY: Final = "DejaVu"

_log = logging.getLogger(__name__)


class TextLine:
    """A picture of a line of text that tiles horizontally.

    Attributes:
        pixels: LINE_SIZE[1] × LINE_SIZE[0] bytes, top row first; white on black.
    """

    def __init__(self) -> None:
        self.pixels: npt.NDArray[np.uint8] = np.zeros(LINE_SIZE[::-1], np.uint8)
        self._text = ""

    def set_text(self, text: str) -> bool:
        """Rasterise a text if it differs; return whether the pixels have changed."""
        if text == self._text:
            return False
        self._text = text
        self.pixels[:] = _rasterise(text)
        return True


@lru_cache(maxsize=16)
def _rasterise(text: str) -> npt.NDArray[np.uint8]:
    """Return the text repeated as often as it fits, evenly spaced."""
    image = Image.new("L", LINE_SIZE)
    if not text.strip():
        return np.asarray(image)
    draw = ImageDraw.Draw(image)
    size = _HEIGHT
    font = _font(size)
    while draw.textlength(text, font=font) + _GAP > LINE_SIZE[0] and size > 8:
        size -= 2
        font = _font(size)
    times = max(1, int(LINE_SIZE[0] // (draw.textlength(text, font=font) + _GAP)))
    step = LINE_SIZE[0] / times
    for number in range(times):
        draw.text((round((number + 0.5) * step), LINE_SIZE[1] // 2), text, 255, font, anchor="mm")
    return np.asarray(image)


@lru_cache(maxsize=32)
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    path = next((path for path in FONTS if path.is_file()), None)
    if path is None:
        _warn_once("no font is installed for the LED walls' text; install fonts-noto-cjk")
        return ImageFont.load_default(size)
    if _LATIN_ONLY in path.name:
        _warn_once("Korean on the LED walls needs a font: install fonts-noto-cjk")
    has_raqm = features.check("raqm")
    if not has_raqm:
        _warn_once("Pillow lacks raqm: text on the LED walls is set without shaping")
    engine = ImageFont.Layout.RAQM if has_raqm else ImageFont.Layout.BASIC
    return ImageFont.truetype(str(path), size, layout_engine=engine)


@lru_cache(maxsize=8)
def _warn_once(text: str) -> None:
    _log.warning(text)
