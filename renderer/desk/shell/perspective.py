"""Arrange the panels of a perspective as docks, locked while a show runs."""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Any

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QDockWidget,
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from renderer.desk.model import DeskModel
from renderer.desk.panels.base import PanelKind, PanelModel
from renderer.desk.panels.find import find_panels
from renderer.desk.shell.perspectives import Place, Split
from renderer.desk.widgets import theme, tokens
from renderer.desk.words import tr

_ACROSS, _DOWN = Qt.Orientation.Horizontal, Qt.Orientation.Vertical


class Perspective(QMainWindow):
    """Panels in docks. Their models are updated only while it is in front.

    Attributes:
        models: of the panels, by id.
        views: of the panels, by id.
    """

    def __init__(self, id: str, layout: Split, desk: DeskModel) -> None:
        super().__init__()
        self.setWindowFlags(Qt.WindowType.Widget)
        self.setDockNestingEnabled(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.id, self._layout, self._desk = id, layout, desk
        self.models: dict[str, PanelModel] = {}
        self.views: dict[str, QWidget] = {}
        self._docks: dict[str, QDockWidget] = {}
        self._is_arranged = False
        known = find_panels()
        panels = [panel for panel in layout.panels() if panel in known]
        for panel in panels:
            self._docks[panel] = self._make_dock(known[panel])
        self._place(layout, None)
        state = desk.settings.layouts.get(id, "")
        if state and self.restoreState(QByteArray(b64decode(state))):
            self._is_arranged = True
        desk.is_locked.watch(self._lock)

    def refresh(self) -> None:
        """Show new pictures: called at every tick while the perspective is in front."""
        for view in self.views.values():
            tick = getattr(view, "refresh", None)
            if tick is not None:
                tick()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Keep the shares of the panels, unless the operator has moved them."""
        super().resizeEvent(event)
        for place in self._layout.places():
            dock = self._docks.get(place.panel)
            if dock is not None and place.wide_from:
                dock.setVisible(self.width() >= place.wide_from)
        if not self._is_arranged:
            self._resize(self._layout, self.width(), self.height())

    def keep(self) -> None:
        """Keep the layout that the operator has made."""
        self._is_arranged = True
        state = b64encode(self.saveState().data()).decode()
        self._desk.keep(layouts={**self._desk.settings.layouts, self.id: state})

    def _make_dock(self, kind: PanelKind) -> QDockWidget:
        model: Any = kind.model(self._desk)
        view: QWidget = kind.view(model, self._desk)
        self.models[kind.id], self.views[kind.id] = model, view
        if kind.title:
            _name_controls(view, tr(kind.title))
        dock = QDockWidget(tr(kind.title), self)
        dock.setObjectName(kind.id)
        dock.setTitleBarWidget(QWidget())  # The panel has its own.
        dock.setWidget(PanelFrame(tr(kind.title), view))
        dock.setAccessibleName(tr(kind.title) or kind.id)
        return dock

    def _place(self, split: Split, before: QDockWidget | None) -> None:
        """Place the parts of a split; `before` is the dock whose room the split takes."""
        leaves = [(part, self._first(part)) for part in split.parts]
        shown = [(part, dock) for part, dock in leaves if dock is not None]
        orientation = _ACROSS if split.is_across else _DOWN
        for number, (_, dock) in enumerate(shown):
            if number == 0:
                if before is None:
                    self.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, dock, orientation)
            else:
                self.splitDockWidget(shown[number - 1][1], dock, orientation)
        for part, dock in shown:
            if isinstance(part, Split):
                self._place(part, dock)

    def _first(self, part: Place | Split) -> QDockWidget | None:
        names = [part.panel] if isinstance(part, Place) else list(part.panels())
        return next((self._docks[name] for name in names if name in self._docks), None)

    def _resize(self, split: Split, width: int, height: int) -> None:
        shown = [
            (part, dock)
            for part in split.parts
            if (dock := self._first(part)) is not None
            and not (isinstance(part, Place) and self.width() < part.wide_from)
        ]
        whole = sum(part.share for part, _ in shown) or 1.0
        along = (width if split.is_across else height) - tokens.GAP * (len(shown) - 1)
        sizes = [max(1, round(along * part.share / whole)) for part, _ in shown]
        if len(shown) > 1:
            orientation = _ACROSS if split.is_across else _DOWN
            self.resizeDocks([dock for _, dock in shown], sizes, orientation)
        for (part, _), size in zip(shown, sizes, strict=True):
            if isinstance(part, Split):
                self._resize(part, *((size, height) if split.is_across else (width, size)))

    def _lock(self, is_locked: bool) -> None:
        features = QDockWidget.DockWidgetFeature
        for dock in self._docks.values():
            if is_locked:
                dock.setFeatures(features.NoDockWidgetFeatures)
            else:
                dock.setFeatures(features.DockWidgetMovable)
            # Qt's own title bar is the handle by which a panel is moved.
            dock.setTitleBarWidget(QWidget() if is_locked else None)  # type: ignore[arg-type]


def _name_controls(view: QWidget, name: str) -> None:
    """Name what can have the focus and has no words of its own, for screen readers."""
    for one in (view, *view.findChildren(QWidget)):
        has_words = one.accessibleName() or getattr(one, "text", str)()
        if one.focusPolicy() & Qt.FocusPolicy.TabFocus and not has_words:
            one.setAccessibleName(name)


class PanelFrame(QFrame):
    """The frame of a panel: its title with what belongs beside it, and its view."""

    def __init__(self, title: str, view: QWidget) -> None:
        super().__init__()
        is_bare = getattr(view, "is_bare", False)
        self.setObjectName("bare" if is_bare else "panel")
        layout = QVBoxLayout(self)
        margin = 0 if is_bare else 1
        layout.setContentsMargins(margin, margin, margin, margin)
        layout.setSpacing(0)
        extras: list[QWidget] = list(getattr(view, "title_widgets", ()))
        if title:
            row = QHBoxLayout()
            row.setContentsMargins(11, 3, 7, 3)
            row.setSpacing(8)
            name = theme.label("title", title)
            name.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
            row.addWidget(name)
            row.addStretch(1)
            for extra in extras:
                row.addWidget(extra)
            bar = QWidget()
            bar.setObjectName("inner")
            bar.setLayout(row)
            bar.setMinimumHeight(38)
            layout.addWidget(bar)
        layout.addWidget(view, 1)
