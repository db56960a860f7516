"""Show the tour as a card over the window: it takes no keys, and can be left at any time."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from renderer.desk.tour.model import TourCard, TourModel
from renderer.desk.widgets import theme, tokens
from renderer.desk.words import tr

WIDTH: Final = 400


class TourView(QFrame):
    """The card."""

    def __init__(self, model: TourModel, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setAccessibleName(tr("Tour"))
        self._count = theme.label("label")
        self._title = theme.label("heading")
        self._text = theme.label("text")
        for line in (self._title, self._text):
            line.setWordWrap(True)
        self.leave, self.next, self.do = QPushButton(), QPushButton(), QPushButton()
        self.leave.setText(tr("Leave the tour"))
        self.next.setText(tr("Skip"))
        self.do.setObjectName("main")
        for button, press in (
            (self.leave, model.leave),
            (self.next, model.go_on),
            (self.do, model.press),
        ):
            button.setMinimumHeight(32)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _checked, press=press: press())
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._count)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.leave)
        foot.addStretch(1)
        foot.addWidget(self.next)
        foot.addWidget(self.do)
        layout = self._layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 12)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self._text, 1)
        layout.addLayout(foot)
        self._area = QRect()
        model.card.watch(self._show)

    def follow(self, area: QRect) -> None:
        """Stand in the lower right corner of an area of the window."""
        if area != self._area:
            self._area = area
            self._place()

    def _place(self) -> None:
        area = self._area
        width = min(WIDTH, area.width())
        height = max(self._layout.heightForWidth(width), 150)
        right, bottom = area.right() - tokens.GAP, area.bottom() - tokens.GAP
        self.setGeometry(right - width + 1, bottom - height + 1, width, height)

    def _show(self, card: TourCard) -> None:
        self._count.setText(f"{card.step} / {card.steps}" if card.step else "")
        self._title.setText(card.title)
        self._text.setText(card.text)
        self.do.setText(card.button)
        self.do.setVisible(bool(card.button))
        self.setVisible(bool(card.step))
        if card.step:
            self.raise_()
            self._place()
