"""Show the take bin: a click puts a take on the chosen limb. No dialog covers the idol."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from renderer.desk.actions.capture_actions import TAKES
from renderer.desk.model import DeskModel
from renderer.desk.panels.take_bin.model import TakeBinModel
from renderer.desk.widgets import theme, tokens
from renderer.desk.widgets.action_button import ActionButton, draw_keys
from renderer.desk.widgets.elided import ElidedLabel
from renderer.desk.widgets.formatting import Level
from renderer.desk.widgets.rows import RowsView
from renderer.desk.widgets.text import draw_text
from renderer.desk.words import tr


class TakeBinView(QWidget):
    """The takes, the newest first."""

    def __init__(self, model: TakeBinModel, desk: DeskModel) -> None:
        super().__init__()
        self.setObjectName("inner")
        self.list = RowsView[str](
            self._draw,
            str,
            tr("No takes. Record one (encore show --take), or add a folder below."),
            model.put,
            fewest=2,
        )
        self.folder = QLineEdit()
        self.folder.setPlaceholderText(tr("Add a folder or a take (.mcap, .vrma, .bvh)"))
        self.folder.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.folder.setAccessibleName(tr("Folder of takes"))
        self._fault = ElidedLabel("label")
        theme.set_level(self._fault, Level.WARN)
        self.title_widgets = (ActionButton(desk.board, "capture.whole"),)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.setContentsMargins(10, 4, 10, 6)
        foot.addWidget(self.folder, 2)
        foot.addWidget(self._fault, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.list, 1)
        layout.addLayout(foot)
        self.folder.returnPressed.connect(lambda: model.add(self.folder.text()))
        model.rows.watch(self.list.set_rows)
        model.fault.watch(self._show_fault)

    def _show_fault(self, text: str) -> None:
        self._fault.set_words(text)
        self._fault.setVisible(bool(text))

    def _draw(self, painter: QPainter, box: QRectF, row: str, _is_chosen: bool) -> None:
        path, place = Path(row), self.list.rows.index(row)
        if place < TAKES:
            draw_keys(painter, (f"Alt {place + 1}",), 62, box.center().y())
        left = 72
        wide = box.width() - left - 150
        draw_text(painter, QRectF(left, box.y(), wide, box.height()), path.name, theme.HI)
        try:
            made = f"{datetime.fromtimestamp(path.stat().st_mtime):%d %b %H:%M}"
        except OSError:
            made = tr("gone")
        side = QRectF(box.right() - 140, box.y(), 130, box.height())
        draw_text(painter, side, made, theme.DIM, size=tokens.SMALL, right=True)
