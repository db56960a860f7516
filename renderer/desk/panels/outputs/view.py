"""Show the outputs as a table."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from renderer.desk.model import DeskModel
from renderer.desk.panels.outputs.model import OutputRow
from renderer.desk.widgets import theme

_Index = QModelIndex | QPersistentModelIndex
_COLUMNS: Final = ("Output", "Address", "State", "Packets", "Dropped")
_NUMBERS: Final = 3
"""Index of the first column with numbers."""
_WIDTHS: Final = (104, 0, 104, 78, 78)
_NOWHERE: Final = QModelIndex()


class OutputsModel(QAbstractTableModel):
    """Qt's item model of the rows; only changed rows are updated."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[OutputRow, ...] = ()

    def show(self, rows: tuple[OutputRow, ...]) -> None:
        """Replace the rows."""
        if len(rows) != len(self._rows):
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()
            return
        old, self._rows = self._rows, rows
        for number, (before, after) in enumerate(zip(old, rows, strict=True)):
            if before != after:
                self.dataChanged.emit(self.index(number, 0), self.index(number, len(_COLUMNS) - 1))

    def rowCount(self, parent: _Index = _NOWHERE) -> int:  # noqa: N802 - Qt's name
        """Return the number of outputs."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:  # noqa: N802 - Qt's name
        """Return the number of headings."""
        return 0 if parent.isValid() else len(_COLUMNS)

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return a column's heading."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _COLUMNS[section].upper()
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell's text or formatting."""
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return _cells(row)[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(index.column())
        if role == Qt.ItemDataRole.ForegroundRole and _COLUMNS[index.column()] == "State":
            return theme.LEVEL_COLORS[row.level]
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{row.address}\n{row.size} sent" + (f"\n{row.detail}" if row.detail else "")
        return None


class OutputsView(QTableView):
    """The table."""

    def __init__(self, model: DeskModel) -> None:
        super().__init__()
        self._rows = OutputsModel()
        self.setModel(self._rows)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(26)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        for column, width in enumerate(_WIDTHS):
            if width:
                header.resizeSection(column, width)
            else:
                header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        model.outputs.watch(self._rows.show)


def _cells(row: OutputRow) -> tuple[str, ...]:
    state = f"●  {row.state}"
    # A fault is more important than the address, which the tool tip shows.
    return (row.name, row.detail or row.address, state, row.packets, row.dropped)


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column >= _NUMBERS else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
