"""Show the outputs: state, rate, losses, and what to do about them."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from renderer.desk.model import DeskModel
from renderer.desk.panels.outputs.model import OutputRow, OutputsModel
from renderer.desk.widgets import theme, tokens
from renderer.desk.widgets.action_button import ActionButton
from renderer.desk.widgets.chip import ChipView, chip_of
from renderer.desk.widgets.formatting import Level
from renderer.desk.widgets.rows import RowsView, draw_text
from renderer.desk.words import tr
from renderer.protocol.outputs import GoLive

_ROW: Final = 48
_HEADS: Final = (
    ("Output", 0.0),
    ("State", 0.36),
    ("kbit/s", 0.58),
    ("Dropped", 0.7),
    ("Sent", 0.8),
    ("Time", 0.9),
)
"""Headings with the share of the width at which each begins."""


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
        self.list = RowsView[OutputRow](
            draw_row,
            lambda row: "\n".join(filter(None, (row.address, row.detail))),
            tr("Nothing goes out yet. Type an address below, or plan outputs in the document."),
            model.choose,
            row=_ROW,
            fewest=3,
        )
        self.address = QLineEdit()
        self.address.setPlaceholderText(tr("Add rtmp://, srt://, whip+https:// — starts at once"))
        # It ends in a stream key, which bystanders must not read.
        self.address.setEchoMode(QLineEdit.EchoMode.Password)
        self.address.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
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
        foot.addWidget(self.address, 1)
        foot.addWidget(self.skips)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(Heads())
        layout.addWidget(self.list, 1)
        layout.addLayout(foot)
        model.rows.watch(self._show)
        desk.selected_output.watch(lambda _: self._show(model.rows.value))

    def _show(self, rows: tuple[OutputRow, ...]) -> None:
        self.list.set_rows(rows)
        names = [row.name for row in rows]
        chosen = self._desk.selected_output.value
        self.list.set_chosen(names.index(chosen) if chosen in names else -1)
        running = sum(row.state == "running" for row in rows)
        bad = [row for row in rows if row.level in (Level.WARN, Level.BAD)]
        level = bad[0].level if bad else Level.GOOD if running else Level.IDLE
        self._chip.set_chip(
            chip_of(level, tr("{running} of {count} running", running=running, count=len(rows)))
        )

    def _add(self) -> None:
        address = self.address.text().strip()
        if address:
            self._desk.ask(GoLive(address, without_failed=True))
            self.address.clear()

    def _skip(self, is_on: bool) -> None:
        self._desk.skips_failed = is_on


class Heads(QWidget):
    """The headings of the columns."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("inner")
        self.setFixedHeight(22)

    def paintEvent(self, event: object) -> None:  # noqa: N802, ARG002 - Qt's name
        """Draw the headings."""
        painter = QPainter(self)
        for title, share in _HEADS:
            x = 12 + share * (self.width() - 20)
            draw_text(painter, QRectF(x, 0, 120, 22), tr(title), theme.DIM, size=tokens.SMALL)
        painter.end()


def draw_row(painter: QPainter, box: QRectF, row: OutputRow, _is_chosen: bool) -> None:
    """Draw an output: name over address, state, rate, losses."""
    wide, top, high = box.width() - 20, box.y(), box.height()
    at = [12 + share * wide for _, share in _HEADS]
    half = high / 2
    name = QRectF(at[0], top + 3, at[1] - at[0] - 8, half - 2)
    draw_text(painter, name, row.name, theme.HI)
    # A fault is more important than the address, which the tool tip shows.
    words = row.detail or row.address
    ink = theme.WARN if row.detail and row.level is not Level.GOOD else theme.DIM
    draw_text(
        painter, QRectF(at[0], top + half - 1, at[1] - at[0] - 8, half - 2), words, ink,
        size=tokens.SMALL,
    )  # fmt: skip
    chip_of(row.level, row.state).draw(painter, QRectF(at[1], top, at[2] - at[1] - 8, high))
    values = ((2, row.rate), (3, row.dropped), (4, row.size), (5, row.time))
    for column, text in values:
        end = at[column + 1] if column + 1 < len(at) else box.width()
        is_loss = column == 3 and row.dropped != "0"
        draw_text(
            painter, QRectF(at[column], top, end - at[column] - 6, high), text,
            theme.WARN if is_loss else theme.TEXT, size=tokens.SMALL,
        )  # fmt: skip
