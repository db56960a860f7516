"""Turn the design tokens into Qt's colours, fonts and style sheet."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QLabel, QWidget

from renderer.desk.widgets import tokens
from renderer.desk.widgets.formatting import Level

BG0, BG1, BG2, BG3, LINE, EDGE, HI, TEXT, DIM, AIR, AIRLINE, NEXT, WARN, SEL = map(
    QColor, tokens.COLORS.values()
)
LEVEL_COLORS: Final = {
    Level.IDLE: DIM,
    Level.GOOD: TEXT,
    Level.WARN: WARN,
    Level.BAD: WARN,
    Level.LIVE: AIRLINE,
}
SHADE: Final = QColor(11, 14, 18, 224)
"""Ground of words on pictures: bg0 at 88 %."""
LEFT: Final = QColor("#4cc9f0")
RIGHT: Final = QColor("#ff9e64")
TORSO: Final = HI
FACE: Final = QColor(190, 235, 200, 150)


_families = list(tokens.FAMILIES)
_followers: list[Callable[[], None]] = []


def when_fonts_change(forget: Callable[[], None]) -> None:
    """Call a function when other fonts are chosen, such as to forget what was laid out."""
    _followers.append(forget)


def use_language(language: str) -> None:
    """Look for a language's own glyphs first: Korean and Japanese draw the same ones differently.

    Args:
        language: such as "ja"; widgets that were made before keep their fonts.
    """
    first = tokens.FIRST_FAMILIES.get(language, ())
    others = [one for one in tokens.FAMILIES if one not in first]
    # Latin comes before: its digits have one width.
    cut = len(tokens.LATIN_FAMILIES)
    _families[:] = [*others[:cut], *first, *others[cut:]]
    font.cache_clear()
    for forget in _followers:
        forget()


@lru_cache(64)
def font(pixels: int = tokens.BODY, weight: int = 400) -> QFont:
    """Return the desk's font with digits of one width.

    Args:
        pixels: height.
        weight: 400, 600, 700 or 800.
    """
    made = QFont(_families)
    made.setPixelSize(pixels)
    made.setWeight(QFont.Weight(weight))
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


def style_sheet() -> str:
    """Return the text of the style sheet, with the tokens' colours."""
    text = (files("renderer.desk.widgets") / "desk.qss").read_text(encoding="utf-8")
    for name in sorted(tokens.COLORS, key=len, reverse=True):
        text = text.replace(f"@{name}", tokens.COLORS[name])
    families = ", ".join(f'"{family}"' for family in _families)
    return text.replace("@families", families)


def set_level(widget: QWidget, level: Level) -> None:
    """Set the level of a widget, which selects its style."""
    if widget.property("level") == level.value:
        return
    widget.setProperty("level", level.value)
    # Qt evaluates properties in style sheets only when a widget is polished.
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def label(role: str, text: str = "") -> QLabel:
    """Return a label with one of the style sheet's roles; its text is never markup."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("role", role)
    return made
