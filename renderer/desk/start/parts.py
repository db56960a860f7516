"""Make the parts of the start page: frames, lines, buttons, fields, and how rows are drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from renderer.desk.start.model import FoundRow, ShowRow
from renderer.desk.widgets import theme, tokens
from renderer.desk.widgets.chip import chip_of
from renderer.desk.widgets.elided import ElidedLabel
from renderer.desk.widgets.formatting import Level
from renderer.desk.widgets.shapes import draw_shape
from renderer.desk.widgets.text import draw_text

ROW: Final = 46
"""Height of a row of two lines, pixels."""


def make_panel(title: str, *content: QWidget, beside: QWidget | None = None) -> QFrame:
    """Return a frame with a title over its content, and perhaps a widget beside the title."""
    frame = QFrame()
    frame.setObjectName("panel")
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(10, 8, 10, 10)
    layout.setSpacing(8)
    if title:
        head = QHBoxLayout()
        head.addWidget(ElidedLabel("title", title), 1)
        if beside is not None:
            head.addWidget(beside)
        layout.addLayout(head)
    for widget in content:
        layout.addWidget(widget)
    return frame


def make_line(*content: QWidget) -> QWidget:
    """Return widgets side by side, equally wide."""
    line = QWidget()
    line.setObjectName("inner")
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    for widget in content:
        row.addWidget(widget, 1)
    return line


def make_button(text: str, press: Callable[[], None]) -> QPushButton:
    """Return a button that calls a function."""
    button = QPushButton(text)
    button.setMinimumHeight(34)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.clicked.connect(lambda _: press())
    return button


def make_field(words: str) -> QLineEdit:
    """Return a field that says what belongs into it."""
    field = QLineEdit()
    field.setPlaceholderText(words)
    field.setAccessibleName(words)
    return field


def draw_show(painter: QPainter, box: QRectF, row: ShowRow, _is_chosen: bool) -> None:
    """Draw a show: title over where it is."""
    half = box.height() / 2
    wide = box.width() - 24
    draw_text(painter, QRectF(12, box.y() + 3, wide, half - 2), row.title, theme.HI, weight=600)
    detail = QRectF(12, box.y() + half - 1, wide, half - 2)
    draw_text(painter, detail, row.detail, theme.DIM, size=tokens.SMALL)


def draw_found(painter: QPainter, box: QRectF, row: FoundRow, _is_chosen: bool) -> None:
    """Draw what was found: a device with its option, or a point of the check with its remedy."""
    wide, high, top = box.width(), box.height(), box.y()
    if row.is_heading:
        draw_text(painter, QRectF(12, top, wide, high), row.name, theme.DIM, size=tokens.SMALL)
        return
    is_tall = high >= ROW - 4
    chip = chip_of(row.level, row.word or ("" if row.level is Level.IDLE else " "))
    left = 12.0
    if is_tall:
        mark = QRectF(left, top + high / 2 - 8, 16, 16)
        draw_shape(painter, chip.shape, mark, chip.color)
        left = 40
        half = high / 2
        room = QRectF(left, top + 2, wide - left - 10, half)
        draw_text(painter, room, f"{row.name}: {row.text}" if row.text else row.name, theme.HI)
        foot = QRectF(left, top + half - 1, wide - left - 10, half - 2)
        draw_text(painter, foot, row.remedy, theme.DIM, size=tokens.SMALL)
        return
    side = chip.width() if chip.word else 0
    if not row.word:
        draw_text(painter, QRectF(left, top, wide - 24, high), row.name, theme.DIM)
        return
    draw_text(painter, QRectF(left, top, wide * 0.5, high), row.name)
    option = QRectF(wide * 0.52, top, wide * 0.48 - side - 18, high)
    draw_text(painter, option, row.remedy or row.text, theme.DIM, size=tokens.SMALL)
    if side:
        chip.draw(painter, QRectF(wide - side - 10, top, side, high))
