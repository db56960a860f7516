"""Split a disclosure label into lines, so that it keeps its size in a narrow picture."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from renderer.graphics.text.shaping import shape_line

MOST_LINES: Final = 8
"""Maximum number of lines; a longer label is drawn smaller."""
TINIEST: Final = 6
"""Minimum em of a text that does not fit, pixels."""
_SEPARATOR: Final = " · "
"""Between the languages and statements of a label, at which it is split first."""


@lru_cache(maxsize=64)
def split_label(text: str, size: int, least: int, room: float) -> tuple[int, tuple[str, ...]]:
    """Return the em, pixels, and the lines of a label.

    Args:
        text: of the label.
        size: of its em, pixels, if it fits on one line.
        least: em below which it is split instead of drawn smaller, pixels.
        room: width of a line, pixels.
    """
    width = shape_line(text).width
    if width * size > room:
        size = min(size, max(int(room / width), least, TINIEST))
    if least < TINIEST:
        # Nothing that small can be read in as many lines either.
        return size, (text,)
    while True:
        lines: list[str] = []
        for line in _join(text.split(_SEPARATOR), _SEPARATOR, room / size):
            lines += _join_words(line, room / size)
        if len(lines) <= MOST_LINES or size == 1:
            return size, tuple(lines)
        size -= 1


def _join_words(line: str, room: float) -> list[str]:
    """Split a statement that is too wide between words, and where needed between characters."""
    if shape_line(line).width <= room:
        return [line]
    words: list[str] = []
    for word in line.split(" "):
        is_wide = shape_line(word).width > room
        words += _join(word, "", room) if is_wide else [word]
    return _join(words, " ", room)


def _join(parts: Iterable[str], separator: str, room: float) -> list[str]:
    """Return parts joined into lines, each as wide as fits; a single part may be wider."""
    lines: list[str] = []
    for part in parts:
        longer = f"{lines[-1]}{separator}{part}" if lines else part
        if lines and shape_line(longer).width <= room:
            lines[-1] = longer
        else:
            lines.append(part)
    return lines
