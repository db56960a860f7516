"""Show the library of avatars with its pictures, who performs whom, and the card of one."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from renderer.desk.model import DeskModel
from renderer.desk.panels.avatars.card_view import CardView
from renderer.desk.panels.avatars.library import LibraryView
from renderer.desk.panels.avatars.model import AvatarRow, AvatarsModel
from renderer.desk.panels.avatars.performers import PerformersView
from renderer.desk.panels.avatars.pictures import Portraits
from renderer.desk.panels.avatars.reader import CardReader
from renderer.desk.widgets import theme, tokens
from renderer.desk.widgets.action_button import ActionButton
from renderer.desk.widgets.elided import ElidedLabel
from renderer.desk.widgets.formatting import Level
from renderer.desk.words import tr


class AvatarsView(QWidget):
    """Library at the left; performers and card at the right."""

    def __init__(self, model: AvatarsModel, desk: DeskModel) -> None:
        super().__init__()
        self.setObjectName("inner")
        self._model, self._desk = model, desk
        self._reader = CardReader(model, self)
        self.title_widgets = tuple(
            ActionButton(desk.board, id)
            for id in ("avatars.colors", "avatars.wear", "avatars.assign")
        )
        portraits = Portraits()
        self.library = LibraryView(model.choose, portraits)
        self.performers = PerformersView(model, desk, portraits)
        self.card = CardView()
        self.place = QLineEdit()
        self.place.setPlaceholderText(tr("Add an avatar or a folder of them (.vrm)"))
        self.place.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.place.setAccessibleName(tr("File or folder of avatars"))
        self.place.returnPressed.connect(self._add)
        self._fault = ElidedLabel("label")
        theme.set_level(self._fault, Level.WARN)
        foot = QHBoxLayout()
        foot.setContentsMargins(10, 6, 10, 8)
        foot.setSpacing(8)
        foot.addWidget(self.place, 2)
        foot.addWidget(self._fault, 1)
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(self.library, 1)
        left.addLayout(foot)
        who = theme.label("label", tr("Drag an avatar to a performer, or press Assign"))
        who.setContentsMargins(12, 0, 12, 4)
        right = QVBoxLayout()
        right.setSpacing(4)
        right.addWidget(who)
        right.addWidget(self.performers)
        right.addSpacing(4)
        right.addWidget(self.card, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(tokens.GAP)
        row.addLayout(left, 5)
        row.addLayout(right, 6)
        model.rows.watch(self._show_rows)
        model.chosen.watch(lambda _: self._show_rows(model.rows.value))
        model.blocks.watch(self.card.show_blocks)
        model.fault.watch(self._fault.set_words)

    @property
    def is_busy(self) -> bool:
        """Return whether avatars are being read."""
        return self._reader.is_busy

    def refresh(self) -> None:
        """Read the avatars' cards when the list or the show has changed."""
        self._reader.refresh()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """End what still reads avatars."""
        self._reader.close()
        super().closeEvent(event)

    def _add(self) -> None:
        self._model.add(self.place.text())
        if not self._model.fault.value:
            self.place.clear()

    def _show_rows(self, rows: tuple[AvatarRow, ...]) -> None:
        files = [row.file for row in rows]
        chosen = self._model.chosen.value
        self.library.set_rows(rows, files.index(chosen) if chosen in files else -1)
