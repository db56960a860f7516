"""Show the outputs: state, rate, losses with their cause, and what to do about them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from renderer.desk.model import DeskModel
from renderer.desk.panels.outputs.model import OutputRow, OutputsModel
from renderer.desk.panels.outputs.rows import Heads, OutputRows
from renderer.desk.widgets.action_button import ActionButton
from renderer.desk.widgets.chip import ChipView, chip_of
from renderer.desk.widgets.formatting import Level
from renderer.desk.words import tr


class OutputsView(QWidget):
    """The rows; below them, another output is added, also on air."""

    def __init__(self, model: OutputsModel, desk: DeskModel) -> None:
        super().__init__()
        self.setObjectName("inner")
        self._desk, self._model = desk, model
        self._chip = ChipView()
        self.title_widgets = (
            self._chip,
            ActionButton(desk.board, "outputs.live"),
            ActionButton(desk.board, "outputs.off"),
            ActionButton(desk.board, "outputs.record"),
        )
        self.list = OutputRows(model, desk.board)
        self.address = QLineEdit()
        self.address.setPlaceholderText(tr("Add rtmp://, srt://, whip+https:// — starts at once"))
        # It ends in a stream key, which bystanders must not read.
        self.address.setEchoMode(QLineEdit.EchoMode.Password)
        self.address.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.address.setAccessibleName(tr("Address of another output"))
        self.address.returnPressed.connect(self._add)
        self.skips = QCheckBox(tr("Go live without outputs that fail"))
        self.skips.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.skips.setToolTip(
            tr("They are tried again while the others are on air; else one that fails stops all")
        )
        self.skips.toggled.connect(self._skip)
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 6, 12, 8)
        foot.setSpacing(12)
        foot.addWidget(ActionButton(desk.board, "outputs.add"))
        foot.addWidget(self.address, 1)
        foot.addWidget(self.skips)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(Heads(self.list))
        layout.addWidget(self.list, 1)
        layout.addLayout(foot)
        model.rows.watch(self._show)
        desk.selected_output.watch(lambda _: self._show(model.rows.value))
        desk.output_requested.watch(lambda count: self.address.setFocus() if count else None)

    def _show(self, rows: tuple[OutputRow, ...]) -> None:
        self.list.set_rows(rows)
        names = [row.name for row in rows]
        chosen = self._desk.selected_output.value
        place = names.index(chosen) if chosen in names else -1
        self.list.set_chosen(place)
        if place >= 0:
            self.list.keep_in_sight(place)
        self._chip.set_chip(chip_of(*summarize(rows)))

    def _add(self) -> None:
        self._model.add(self.address.text())
        self.address.clear()
        self.address.clearFocus()

    def _skip(self, is_on: bool) -> None:
        self._desk.skips_failed = is_on


def summarize(rows: tuple[OutputRow, ...]) -> tuple[Level, str]:
    """Return the level and the words of all outputs together."""
    running = sum(row.state == "running" for row in rows)
    bad = [row.level for row in rows if row.level in (Level.WARN, Level.BAD)]
    level = (
        Level.BAD
        if Level.BAD in bad
        else Level.WARN
        if bad
        else Level.GOOD
        if running
        else Level.IDLE
    )
    return level, tr("{running} of {count} running", running=running, count=len(rows))
