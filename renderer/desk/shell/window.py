"""Define the desk's window: its frame, the perspectives, and the timer that refreshes them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from renderer.desk.actions.desk_actions import PERSPECTIVES
from renderer.desk.model import DeskModel
from renderer.desk.panels.alarms.view import AlarmDrawer
from renderer.desk.prompt.model import PromptModel
from renderer.desk.prompt.view import PromptScreen
from renderer.desk.shell.bottom_row import BottomRow
from renderer.desk.shell.keys import KeyBindings
from renderer.desk.shell.palette import CommandPalette
from renderer.desk.shell.perspective import Perspective
from renderer.desk.shell.perspectives import LAYOUTS, own_layout
from renderer.desk.shell.rail import Rail
from renderer.desk.shell.top_bar import TopBar
from renderer.desk.start.view import StartPage
from renderer.desk.tour.model import TourModel
from renderer.desk.tour.view import TourView
from renderer.desk.widgets import theme, tokens
from renderer.desk.widgets.banner import Banner
from renderer.desk.words import tr

REFRESH_MS: Final = 33
_TOP, _BOTTOM = 60, 52


class DeskWindow(QMainWindow):
    """The window of one show. It only displays and sends commands; the show runs without it.

    Top bar, rail and bottom row lie outside the perspectives, so that no layout can hide them.

    Attributes:
        is_reopening: whether it closes to be opened again in another language.
    """

    def __init__(self, desk: DeskModel, shows: Path | None = None) -> None:
        """Build the window.

        Args:
            desk: what it shows.
            shows: folder for new shows; Encore in the user's home by default.
        """
        super().__init__()
        self.desk = desk
        self.setWindowTitle(tr("Encore desk"))
        self.resize(1366, 768)
        self.setMinimumSize(1280, 720)
        self.setStyleSheet(theme.style_sheet())
        self.top = TopBar(desk)
        self.rail = Rail(desk)
        self.bottom = BottomRow(desk)
        self.stack = QStackedWidget()
        self.pages = QStackedWidget()
        self.start_page = StartPage(desk, shows or Path.home() / "Encore")
        self._perspectives: dict[str, Perspective] = {}
        self.banner = BannerView()
        self._lay_out()
        self.palette_view = CommandPalette(desk, self)
        self.drawer = AlarmDrawer(desk, self)
        folder = desk.recordings / "first-light"
        self.tour = TourModel(desk, self.start_page.start_first_light, folder)
        self.tour_view = TourView(self.tour, self)
        self.prompt = PromptModel(desk)
        self.prompt_screen = PromptScreen(self.prompt, desk)
        self.keys = KeyBindings(desk, self, [self.palette_view])
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocus()
        desk.banner.watch(lambda _: self._show_banner())
        self.pages.currentChanged.connect(lambda _: self._show_banner())
        desk.perspective.watch(self.show_perspective)
        desk.palette_requested.watch(lambda count: self.palette_view.open() if count else None)
        desk.start_requested.watch(self._turn_page)
        desk.in_contact.watch(self._follow_show)
        desk.tour_requested.watch(lambda count: self.tour.begin() if count else None)
        desk.shows_alarms.watch(self._show_drawer)
        desk.shows_prompt.watch(self._show_prompt)
        desk.is_locked.watch(self._keep_layout)
        self.is_reopening = False
        self._language = desk.language.value
        desk.language.watch(self._change_language)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        # Twice as often: what the show says and its pictures take turns, which stay short.
        self._timer.setInterval(REFRESH_MS // 2)
        self._timer.timeout.connect(self._tick)
        self._is_pictures_turn = False
        self._seconds = 0

    @property
    def perspective(self) -> Perspective:
        """Return the perspective in front."""
        front = self.stack.currentWidget()
        assert isinstance(front, Perspective)
        return front

    def start(self) -> None:
        """Start following the show."""
        self._timer.start()

    def refresh(self) -> None:
        """Show what has changed since the last call."""
        self._follow()
        self.perspective.refresh()

    def _tick(self) -> None:
        self._is_pictures_turn = not self._is_pictures_turn
        if self._is_pictures_turn:
            self.perspective.refresh()
        else:
            self._follow()

    def _follow(self) -> None:
        """Show what the show says."""
        self.desk.poll()
        self.tour.look()
        if self.tour_view.isVisible():
            self.tour_view.follow(self._page_area())
        self._seconds += REFRESH_MS
        if self._seconds >= 300:
            self._seconds = 0
            self.top.refresh()

    def show_perspective(self, id: str) -> None:
        """Bring a perspective to the front; it is made when it is first needed."""
        known = {one for one, _, _ in PERSPECTIVES}
        id = id if id in known else "director"
        if id not in self._perspectives:
            own = own_layout(tuple(self.desk.settings.own_panels))
            made = Perspective(id, LAYOUTS.get(id, own), self.desk)
            self._perspectives[id] = made
            self.stack.addWidget(made)
        front = self._perspectives[id]
        self.stack.setCurrentWidget(front)
        self.pages.setCurrentWidget(self.stack)
        self.desk.show_panels([self.top.model, self.prompt, *front.models.values()])

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Keep the drawer in its place."""
        super().resizeEvent(event)
        self._show_drawer(self.desk.shows_alarms.value)

    def _change_language(self, language: str) -> None:
        """Close the window, to be opened again in another language; the show is not affected."""
        if language != self._language:
            self.is_reopening = True
            # Not while the choice that was made is still being handled.
            QTimer.singleShot(0, self, self.close)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Close the connection; the show is not affected."""
        self._timer.stop()
        self.start_page.close_processes()
        self.prompt_screen.close()
        for perspective in self._perspectives.values():
            for view in perspective.views.values():
                view.close()
        self.desk.connection.close()
        super().closeEvent(event)

    def _lay_out(self) -> None:
        self.top.setFixedHeight(_TOP)
        self.bottom.setFixedHeight(_BOTTOM)
        middle = QVBoxLayout()
        middle.setContentsMargins(tokens.GAP, tokens.GAP, tokens.GAP, tokens.GAP)
        middle.setSpacing(tokens.GAP)
        middle.addWidget(self.banner)
        self.pages.addWidget(self.stack)
        self.pages.addWidget(self.start_page)
        middle.addWidget(self.pages, 1)
        across = QHBoxLayout()
        across.setSpacing(0)
        across.addWidget(self.rail)
        across.addLayout(middle, 1)
        body = QWidget()
        whole = QVBoxLayout(body)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.top)
        whole.addLayout(across, 1)
        whole.addWidget(self.bottom)
        self.setCentralWidget(body)

    def _page_area(self) -> QRect:
        """Return where perspectives and start page are, in the window."""
        return QRect(self.pages.mapTo(self, QPoint()), self.pages.size())

    def show_start(self) -> None:
        """Show the start page; a running show goes on."""
        self.pages.setCurrentWidget(self.start_page)
        self.start_page.look()

    def _turn_page(self, asked: int) -> None:
        if not asked:
            return
        if self.pages.currentWidget() is self.start_page:
            self.pages.setCurrentWidget(self.stack)
        else:
            self.show_start()

    def _show_banner(self) -> None:
        """Say what is wrong with the connection; the start page says what to do by itself."""
        is_start = self.pages.currentWidget() is self.start_page
        self.banner.show_banner(Banner() if is_start else self.desk.banner.value)

    def _follow_show(self, in_contact: bool) -> None:
        """Leave the start page when a show answers."""
        if in_contact:
            self.pages.setCurrentWidget(self.stack)

    def _show_drawer(self, is_open: bool) -> None:
        if not is_open:
            self.drawer.hide()
            return
        area = self.stack.geometry()
        # Over the song, never over a monitor, GO or the bottom row.
        height = max(area.height() * 2 // 7, 180)
        song = self.perspective.views.get("song")
        width = round(area.width() * 0.6) if song is None else song.width() + 2
        self.drawer.setGeometry(area.x(), area.bottom() - height + 1, width, height)
        self.drawer.show()
        self.drawer.raise_()

    def _show_prompt(self, is_open: bool) -> None:
        if is_open:
            self.prompt_screen.open(self)
        else:
            self.prompt_screen.close()

    def _keep_layout(self, is_locked: bool) -> None:
        if is_locked and hasattr(self, "_timer"):
            self.perspective.keep()


class BannerView(QFrame):
    """Says that no show answers, and what to do; hidden while one does."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.title, self.text = theme.label("heading"), theme.label("small")
        self.text.setWordWrap(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 12, 6)
        row.setSpacing(16)
        row.addWidget(self.title)
        row.addWidget(self.text, 1)

    def show_banner(self, banner: Banner) -> None:
        """Show a banner; an empty one hides it."""
        self.title.setText(banner.title)
        self.text.setText(banner.text)
        self.setVisible(bool(banner.title))
