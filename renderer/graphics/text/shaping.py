"""Shape a line of text: choose fonts, and select, order and place its glyphs with HarfBuzz."""

from __future__ import annotations

import logging
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

import uharfbuzz

from renderer.graphics.text.fonts import REMEDY, Font, fonts_for

LINES_KEPT: Final = 256
"""Maximum number of shaped lines in the cache: those of a song in two languages, and titles."""
_REPORTED: Final = 256
"""Maximum number of texts whose missing characters are remembered as reported."""
_JOINERS: Final = frozenset({0x200D, *range(0xFE00, 0xFE10)})
"""Zero width joiner and variation selectors: they use the font of the preceding character."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Glyph:
    """A placed glyph.

    Attributes:
        font: of the glyph.
        index: in the font; 0 is the box for a missing character.
        x, y: of its origin from the line's start on the baseline, em, y up.
    """

    font: Font
    index: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Cluster:
    """Characters that are drawn together, such as a letter and its accent.

    Attributes:
        start, end: of its characters in the text, indices of code points.
        left, right: its extent along the line, em.
    """

    start: int
    end: int
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class ShapedLine:
    """A shaped line of text.

    Attributes:
        glyphs: from left to right.
        clusters: from left to right; they cover the text without gap or overlap.
        width: em.
        ascent, descent: of its fonts, em, both positive.
        missing: characters that no installed font has.
    """

    glyphs: tuple[Glyph, ...]
    clusters: tuple[Cluster, ...]
    width: float
    ascent: float
    descent: float
    missing: str

    def offset_at(self, place: float) -> float:
        """Return the distance from the line's start to a place in the text, em.

        Args:
            place: in code points: 2.5 is the middle of the third character. A cluster's characters
                share its extent evenly, so the result grows steadily with the place.
        """
        if not self.clusters or place <= 0.0:
            return 0.0
        number = bisect_right(self.clusters, place, key=lambda one: float(one.start)) - 1
        cluster = self.clusters[max(number, 0)]
        share = min((place - cluster.start) / (cluster.end - cluster.start), 1.0)
        return cluster.left + share * (cluster.right - cluster.left)


@lru_cache(maxsize=LINES_KEPT)
def shape_line(text: str) -> ShapedLine:
    """Return a text's glyphs and clusters on one line, written from left to right.

    Without any installed font the line has no glyphs, and every character is missing. Control
    characters, such as a line break, are drawn as spaces. Missing characters are logged once per
    text.
    """
    text = "".join(" " if ord(one) < 0x20 or ord(one) == 0x7F else one for one in text)
    fonts = fonts_for(text)
    if not fonts:
        return ShapedLine((), (), 0.0, 1.0, 0.25, text)
    glyphs: list[Glyph] = []
    clusters: list[Cluster] = []
    x = 0.0
    used = []
    for font, start, end in _runs(text, fonts):
        used.append(font)
        x = _shape_run(font, text, start, end, x, glyphs, clusters)
    known = frozenset().union(*(font.characters for font in fonts))
    missing = "".join(
        dict.fromkeys(c for c in text if ord(c) not in known and ord(c) not in _JOINERS)
    )
    if missing:
        _report_missing(missing)
    used = used or [fonts[0]]
    return ShapedLine(
        tuple(glyphs),
        tuple(clusters),
        x,
        max(font.ascent for font in used),
        max(font.descent for font in used),
        missing,
    )


def _runs(text: str, fonts: tuple[Font, ...]) -> Iterator[tuple[Font, int, int]]:
    """Yield the parts of a text that share a script and a font: font, first character, end."""
    for first, last in _script_runs(text):
        start, current = first, None
        for grapheme_start, grapheme_end in _graphemes(text, first, last):
            needed = {ord(one) for one in text[grapheme_start:grapheme_end]} - _JOINERS
            font = next((one for one in fonts if needed <= one.characters), fonts[0])
            if current is not None and font is not current:
                yield current, start, grapheme_start
                start = grapheme_start
            current = font
        if current is not None:
            yield current, start, last


def _script_runs(text: str) -> Iterator[tuple[int, int]]:
    """Yield the parts of a text that share a script, which selects HarfBuzz's shaper.

    Characters without a script, such as spaces and accents, belong to the preceding part.
    """
    start, current = 0, None
    for number, character in enumerate(text):
        script = _script_of(character)
        if script is None or script == current:
            continue
        if current is not None:
            yield start, number
            start = number
        current = script
    if text:
        yield start, len(text)


@lru_cache(maxsize=4096)
def _script_of(character: str) -> str | None:
    """Return the ISO 15924 code of a character's script; None for characters of any script."""
    buffer = uharfbuzz.Buffer()
    buffer.add_codepoints([ord(character)])
    buffer.guess_segment_properties()
    return str(buffer.script) if buffer.script else None


def _graphemes(text: str, first: int, last: int) -> Iterator[tuple[int, int]]:
    """Yield the graphemes of a part: a character with its marks, or the jamo of a syllable.

    These are the clusters into which HarfBuzz merges characters, even without a font.
    """
    # Otherwise invisible characters, such as a soft hyphen, are removed where a font has no space.
    infos = _shape(text[first:last], _empty_font(), keep_invisible=True).glyph_infos
    starts = sorted({first + info.cluster for info in infos})
    yield from pairwise([*starts, last])


def _shape(text: str, font: uharfbuzz.Font, *, keep_invisible: bool = False) -> uharfbuzz.Buffer:
    buffer = uharfbuzz.Buffer()
    if keep_invisible:
        buffer.flags = uharfbuzz.BufferFlags.PRESERVE_DEFAULT_IGNORABLES
    buffer.add_codepoints([ord(one) for one in text])
    buffer.guess_segment_properties()
    buffer.direction = "ltr"
    uharfbuzz.shape(font, buffer)
    return buffer


@lru_cache(maxsize=1)
def _empty_font() -> uharfbuzz.Font:
    return uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob(b"")))


def _shape_run(
    font: Font,
    text: str,
    start: int,
    end: int,
    x: float,
    glyphs: list[Glyph],
    clusters: list[Cluster],
) -> float:
    """Append a run's glyphs and clusters; return the line's width after it, em."""
    buffer = _shape(text[start:end], font.shaper)
    placed: list[tuple[int, float, float]] = []
    for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        origin = x + place.x_offset / font.units
        glyphs.append(Glyph(font, info.codepoint, origin, place.y_offset / font.units))
        advance = place.x_advance / font.units
        if placed and placed[-1][0] == info.cluster:
            placed[-1] = (info.cluster, placed[-1][1], x + advance)
        else:
            placed.append((info.cluster, x, x + advance))
        x += advance
    ends = [first for first, _, _ in placed[1:]] + [end - start]
    clusters += [
        Cluster(start + first, start + last, left, max(right, left))
        for (first, left, right), last in zip(placed, ends, strict=True)
    ]
    return x


@lru_cache(maxsize=_REPORTED)
def _report_missing(missing: str) -> None:
    """Log characters that are drawn as boxes, once."""
    named = " ".join(f"{one} (U+{ord(one):04X})" for one in missing[:8])
    _log.warning("no installed font has %s: boxes are drawn; %s", named, REMEDY)
