"""Define the desk's look: the style sheet, painter colours, labels and boxes."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QTabWidget, QVBoxLayout, QWidget

from renderer.desk.widgets.formatting import Level

LEVEL_COLORS: Final = {
    Level.IDLE: QColor("#8d97a6"),
    Level.GOOD: QColor("#62c58c"),
    Level.WARN: QColor("#f0b04a"),
    Level.BAD: QColor("#ff7168"),
    Level.LIVE: QColor("#e0242f"),
}
TEXT: Final = QColor("#d9dee6")
QUIET: Final = QColor("#8d97a6")
BAR: Final = QColor("#3f7fae")
BAR_BACK: Final = QColor("#232932")
PICTURE_BACK: Final = QColor("#0b0d10")
PICTURE_EDGE: Final = QColor("#262c36")
SHADE: Final = QColor(8, 10, 13, 190)
LEFT: Final = QColor("#4cc9f0")
RIGHT: Final = QColor("#ff9e64")
TORSO: Final = QColor("#e8ecf2")
FACE: Final = QColor(190, 235, 200, 150)


def style_sheet() -> str:
    """Return the text of the style sheet."""
    return (files("renderer.desk.widgets") / "desk.qss").read_text(encoding="utf-8")


def set_level(widget: QWidget, level: Level) -> None:
    """Set the level of a widget, which selects its style."""
    if widget.property("level") == level.value:
        return
    widget.setProperty("level", level.value)
    # Qt evaluates properties in style sheets only when a widget is polished.
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def label(role: str, text: str = "") -> QLabel:
    """Return a label with one of the style sheet's roles."""
    made = QLabel(text)
    made.setProperty("role", role)
    return made


def tabs(*pages: tuple[str, QWidget]) -> QTabWidget:
    """Return a tab widget: several pages, each with a heading."""
    made = QTabWidget()
    for heading, page in pages:
        frame = QFrame()
        frame.setObjectName("page")
        layout = QVBoxLayout(frame)
        layout.setContentsMargins(13, 9, 13, 9)
        layout.addWidget(page)
        made.addTab(frame, heading.upper())
    return made


def panel(heading: str, *content: QWidget) -> QFrame:
    """Return a box with a title."""
    frame = QFrame()
    frame.setObjectName("panel")
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(14, 10, 14, 12)
    layout.setSpacing(6)
    layout.addWidget(label("heading", heading.upper()))
    for widget in content:
        layout.addWidget(widget)
    return frame


def scroll(lines: QWidget, page: QWidget) -> None:
    """Add a scroll area with lines to an empty page."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(lines)
    layout = QVBoxLayout(page)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(area)
