"""Find the installed fonts, and order them by preference for a text's language.

System fonts are used: a font that covers Korean, Japanese and Latin takes 20 MB, so this package
contains none. run.py installs Noto Sans CJK (SIL Open Font License); without it, other system fonts
are used, and characters that none of them has are drawn as boxes and logged.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

import freetype
import uharfbuzz

JAPANESE: Final = "JP"
KOREAN: Final = "KR"
"""Regions, as in the family names of Noto Sans CJK, which differ in the forms of Han characters."""

FONTS: Final = (
    Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc"),
    Path("/usr/share/fonts/noto-cjk/NotoSansCJK-Bold.ttc"),
    Path("/usr/share/fonts/google-noto-cjk/NotoSansCJK-Bold.ttc"),
    Path("/Library/Fonts/NotoSansCJK-Bold.ttc"),
    Path("/System/Library/Fonts/AppleSDGothicNeo.ttc"),
    Path("/System/Library/Fonts/ヒラギノ角ゴシック W6.ttc"),
    Path("C:/Windows/Fonts/malgunbd.ttf"),
    Path("C:/Windows/Fonts/YuGothB.ttc"),
    Path("C:/Windows/Fonts/segoeuib.ttf"),
    Path("/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf"),
    Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"),
)
"""Fonts in order of preference: a character is drawn in the first font that has it."""

REMEDY: Final = "install fonts-noto-cjk"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Font:
    """One face of a font file.

    Attributes:
        name: family name, for messages.
        characters: Unicode code points that it has glyphs for.
        shaper: HarfBuzz's font, scaled to font units.
        outlines: FreeType's face, from which glyphs are rasterised.
        units: font units in an em.
        ascent, descent: distance from the baseline to the top and to the bottom of a line, em,
            both positive.
    """

    name: str
    characters: frozenset[int] = field(repr=False)
    shaper: uharfbuzz.Font
    outlines: freetype.Face
    units: int
    ascent: float
    descent: float


def fonts_for(text: str) -> tuple[Font, ...]:
    """Return the installed fonts, those of the text's language first; empty if there are none."""
    return _fonts_of_region(JAPANESE if _is_japanese(text) else KOREAN)


def _is_japanese(text: str) -> bool:
    """Return whether a text has kana; Han characters without kana take the Korean forms."""
    return any(0x3040 <= ord(character) <= 0x30FF for character in text)


@lru_cache(maxsize=2)
def _fonts_of_region(region: str) -> tuple[Font, ...]:
    fonts = []
    for path in FONTS:
        if not path.is_file():
            continue
        try:
            fonts.append(_open(path, region))
        except (OSError, freetype.FT_Exception, uharfbuzz.HarfBuzzError, ValueError) as error:
            _log.warning("font %s cannot be read (%s)", path, error)
    if not fonts:
        _log.warning("no font is installed for lyrics and titles; %s", REMEDY)
    return tuple(fonts)


def _open(path: Path, region: str) -> Font:
    index = _index_of(path, region)
    shaper_face = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path)), index)
    shaper = uharfbuzz.Font(shaper_face)
    shaper.scale = shaper_face.upem, shaper_face.upem
    outlines = freetype.Face(str(path), index)
    units = int(shaper_face.upem)
    return Font(
        (outlines.family_name or b"").decode("utf-8", "replace") or path.stem,
        frozenset(shaper_face.unicodes),
        shaper,
        outlines,
        units,
        outlines.ascender / units,
        -outlines.descender / units,
    )


def _index_of(path: Path, region: str) -> int:
    """Return the index in a font collection of the first face of a region; 0 without one."""
    for index in range(freetype.Face(str(path)).num_faces):
        words = (freetype.Face(str(path), index).family_name or b"").decode("utf-8", "replace")
        if words.split()[-1:] == [region]:
            return index
    return 0
