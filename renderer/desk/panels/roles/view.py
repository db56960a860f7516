"""Show the crew: who may do what, and who sits at this desk."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from renderer.desk.document_roles import OperatorRow, role_text, role_word
from renderer.desk.model import DeskModel
from renderer.desk.panels.roles.model import RolesModel
from renderer.desk.widgets import theme, tokens
from renderer.desk.widgets.action_button import ActionButton
from renderer.desk.widgets.rows import RowsView
from renderer.desk.widgets.text import draw_text
from renderer.desk.words import tr
from renderer.protocol.roles import Role

_ROW = 40


class RolesView(QWidget):
    """The operators; below them, the chosen one gets another role."""

    def __init__(self, model: RolesModel, desk: DeskModel) -> None:
        super().__init__()
        self.setObjectName("inner")
        self._desk, self._model = desk, model
        self.list = RowsView[OperatorRow](
            self._draw_row,
            lambda row: f"{row.name}: {role_text(row.role)}",
            tr("Everybody may do everything. Name the crew in the document: [[operators]]."),
            model.choose,
            row=_ROW,
            fewest=2,
        )
        buttons = QHBoxLayout()
        buttons.setContentsMargins(10, 4, 10, 8)
        buttons.setSpacing(6)
        for role in Role:
            buttons.addWidget(ActionButton(desk.board, f"roles.{role.value}", shows_key=False), 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.list, 1)
        layout.addLayout(buttons)
        model.rows.watch(self._show)
        desk.selected_operator.watch(lambda _: self._show(model.rows.value))

    def _show(self, rows: tuple[OperatorRow, ...]) -> None:
        self.list.set_rows(rows)
        names = [row.name for row in rows]
        chosen = self._desk.selected_operator.value
        self.list.set_chosen(names.index(chosen) if chosen in names else -1)

    def _draw_row(self, painter: QPainter, box: QRectF, row: OperatorRow, _chosen: bool) -> None:
        wide = box.width() - 24
        name = f"{row.name} ({tr('this desk')})" if row.name == self._desk.operator else row.name
        line = QRectF(12, box.y() + 1, wide, box.height() / 2)
        draw_text(painter, line, name, theme.HI)
        draw_text(painter, line, role_word(row.role), theme.HI, weight=600, right=True)
        foot = line.translated(0, box.height() / 2 - 2)
        draw_text(painter, foot, role_text(row.role), theme.DIM, size=tokens.SMALL)
