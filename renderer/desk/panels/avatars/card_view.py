"""Show the card of an avatar: its verdicts, its licence, its checks and its colours, in blocks."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from renderer.desk.panels.avatars.cards import CardBlock, CardLine
from renderer.desk.widgets import theme, tokens
from renderer.desk.widgets.chip import ChipView, chip_of
from renderer.desk.widgets.formatting import Level

_TWO_FROM: Final = 640
"""Width from which blocks stand in two columns, pixels."""


class CardView(QScrollArea):
    """The blocks of a card, in two columns where there is room. Words wrap: none is cut."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._blocks: tuple[CardBlock, ...] = ()
        self._columns = 0

    def show_blocks(self, blocks: tuple[CardBlock, ...]) -> None:
        """Show blocks in the place of those before."""
        if blocks != self._blocks:
            self._blocks = blocks
            self._lay_out()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Have as many columns as there is room for."""
        super().resizeEvent(event)
        if self._count_columns() != self._columns:
            self._lay_out()

    def _count_columns(self) -> int:
        return 2 if self.width() >= _TWO_FROM and len(self._blocks) > 1 else 1

    def _lay_out(self) -> None:
        self._columns = self._count_columns()
        inner = QWidget()
        inner.setObjectName("inner")
        across = QHBoxLayout(inner)
        across.setContentsMargins(0, 0, 8, 8)
        across.setSpacing(tokens.GAP)
        columns = [QVBoxLayout() for _ in range(self._columns)]
        heights = [0] * self._columns
        for block in self._blocks:
            # The shorter column takes the next block.
            place = heights.index(min(heights))
            columns[place].addWidget(_make_block(block))
            heights[place] += 2 + sum(1 + bool(line.detail) for line in block.lines)
        for column in columns:
            column.setSpacing(tokens.GAP)
            column.addStretch(1)
            across.addLayout(column, 1)
        self.setWidget(inner)  # Qt deletes the one before.


def _make_block(block: CardBlock) -> QFrame:
    """Return a block: its title, and its lines with their chips."""
    frame = QFrame()
    frame.setObjectName("verdict")
    frame.setAccessibleName(block.title)
    whole = QVBoxLayout(frame)
    whole.setContentsMargins(12, 8, 12, 10)
    whole.setSpacing(4)
    if block.title:
        whole.addWidget(_make_label("title", block.title))
    for line in block.lines:
        whole.addLayout(_make_line(line))
        if line.detail:
            whole.addWidget(_make_label("label", line.detail))
    return frame


def _make_line(line: CardLine) -> QHBoxLayout:
    """Return a line: its words, and a chip at the right if it has one."""
    row = QHBoxLayout()
    row.setSpacing(8)
    text = _make_label("text", line.text)
    if line.level is Level.BAD and not line.word:
        theme.set_level(text, line.level)
    row.addWidget(text, 1)
    if line.word:
        chip = ChipView()
        chip.set_chip(chip_of(line.level, line.word))
        row.addWidget(chip, 0, Qt.AlignmentFlag.AlignTop)
    return row


def _make_label(role: str, text: str) -> QLabel:
    """Return words that wrap, and that can be copied."""
    label: QLabel = theme.label(role, text)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
