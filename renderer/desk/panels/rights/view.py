"""Show the verdicts: may this idol be here, and why; in the licence's own words."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from renderer.desk.model import DeskModel
from renderer.desk.panels.rights.model import Rights, RightsCard, RightsLine, RightsModel
from renderer.desk.widgets import theme, tokens
from renderer.desk.widgets.chip import ChipView, chip_of
from renderer.desk.widgets.formatting import Level
from renderer.desk.words import tr

_TWO_FROM: Final = 700
"""Width from which two cards stand side by side, pixels."""


class LinesView(QScrollArea):
    """Lines, wrapped: a clause is never cut.

    Args:
        empty: shown without lines, a sentence.
    """

    def __init__(self, empty: str) -> None:
        super().__init__()
        self._empty = empty
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        inner = QWidget()
        inner.setObjectName("inner")
        self._lines = QVBoxLayout(inner)
        self._lines.setContentsMargins(12, 6, 12, 12)
        self._lines.setSpacing(6)
        self._lines.addStretch(1)
        self.setWidget(inner)

    def show_lines(self, lines: tuple[RightsLine, ...]) -> None:
        """Show lines in the place of those before."""
        self._replace([_make_label(line) for line in lines or (RightsLine(self._empty),)])

    def _replace(self, widgets: list[QWidget]) -> None:
        while self._lines.count() > 1:
            item = self._lines.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()  # It is deleted only when the event loop turns.
                widget.deleteLater()
        for place, widget in enumerate(widgets):
            self._lines.insertWidget(place, widget)


class RightsView(LinesView):
    """A card for each idol, two side by side where there is room; the other terms below them."""

    def __init__(self, model: RightsModel, _desk: DeskModel) -> None:
        super().__init__(tr("No show is judged yet. Its avatars' licences are shown here."))
        self._rights, self._columns = Rights(), 0
        model.rights.watch(self._show)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Have as many columns as there is room for."""
        super().resizeEvent(event)
        if self._columns != self._count_columns():
            self._show(self._rights)

    def _count_columns(self) -> int:
        return 2 if self.width() >= _TWO_FROM else 1

    def _show(self, rights: Rights) -> None:
        self._rights, self._columns = rights, self._count_columns()
        if not rights.cards:
            self.show_lines(rights.lines)
            return
        cards = QWidget()
        cards.setObjectName("inner")
        grid = QGridLayout(cards)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(tokens.GAP)
        for place, card in enumerate(rights.cards):
            grid.addWidget(CardView(card), place // self._columns, place % self._columns)
        for column in range(self._columns):
            grid.setColumnStretch(column, 1)
        self._replace([cards, *map(_make_label, rights.lines)])


class CardView(QFrame):
    """One idol: who it is, who performs it, the verdict, and the clauses that decide."""

    def __init__(self, card: RightsCard) -> None:
        super().__init__()
        self.setObjectName("verdict")
        self.setAccessibleName(f"{card.avatar}: {card.word}")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(12, 8, 12, 10)
        whole.setSpacing(4)
        head = QHBoxLayout()
        head.setSpacing(8)
        name = theme.label("title", card.avatar)
        name.setWordWrap(True)
        head.addWidget(name, 1)
        chip = ChipView()
        chip.set_chip(chip_of(card.level, card.word))
        head.addWidget(chip, 0, Qt.AlignmentFlag.AlignTop)
        whole.addLayout(head)
        who = theme.label("label", tr("performed by {who}", who=card.performer))
        who.setWordWrap(True)
        whole.addWidget(who)
        for place, clause in enumerate(card.clauses):
            level = card.level if place == 0 and card.level is not Level.GOOD else Level.IDLE
            whole.addWidget(_make_label(RightsLine(clause, level)))
        whole.addStretch(1)


def _make_label(line: RightsLine) -> QLabel:
    """Return a line as a label that wraps, and whose text can be copied."""
    text: QLabel = theme.label("title" if line.is_heading else "text", line.text)
    text.setWordWrap(True)
    text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    text.setContentsMargins(0, 6 if line.is_heading else 0, 0, 0)
    theme.set_level(text, line.level)
    return text
