"""Show the verdicts: may this idol be here, and why; in the licence's own words."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from renderer.desk.model import DeskModel
from renderer.desk.panels.rights.model import RightsLine, RightsModel
from renderer.desk.widgets import theme
from renderer.desk.widgets.chip import ChipView, chip_of
from renderer.desk.words import tr


class LinesView(QScrollArea):
    """Lines, wrapped: a clause is never cut.

    Args:
        empty: shown without lines, a sentence.
    """

    def __init__(self, empty: str) -> None:
        super().__init__()
        self._empty = empty
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
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
        while self._lines.count() > 1:
            item = self._lines.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()  # It is deleted only when the event loop turns.
                widget.deleteLater()
        for place, line in enumerate(lines or (RightsLine(self._empty),)):
            self._lines.insertWidget(place, LineView(line))


class RightsView(LinesView):
    """The verdicts and terms."""

    def __init__(self, model: RightsModel, _desk: DeskModel) -> None:
        super().__init__(tr("No show is judged yet. Its avatars' licences are shown here."))
        model.lines.watch(self.show_lines)


class LineView(QWidget):
    """One line with its verdict."""

    def __init__(self, line: RightsLine) -> None:
        super().__init__()
        self.setObjectName("inner")
        row = QHBoxLayout(self)
        row.setContentsMargins(0 if line.is_heading else 16, 6 if line.is_heading else 0, 0, 0)
        text: QLabel = theme.label("title" if line.is_heading else "text", line.text)
        text.setWordWrap(True)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        theme.set_level(text, line.level)
        row.addWidget(text, 1)
        if line.word:
            chip = ChipView()
            chip.set_chip(chip_of(line.level, line.word))
            row.addWidget(chip, 0, Qt.AlignmentFlag.AlignTop)
