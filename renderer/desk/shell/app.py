"""Open the desk's window and run its event loop."""

from __future__ import annotations

import gc
import logging
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import (
    QMessageLogContext,
    QStandardPaths,
    QTimer,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication

from renderer.desk.connection import ShowConnection
from renderer.desk.model import DeskModel
from renderer.desk.settings import SettingsFile
from renderer.desk.shell.faults import FaultReporter
from renderer.desk.shell.turns import TurnMeter
from renderer.desk.shell.window import DeskWindow
from renderer.desk.translations.load import install_language
from renderer.desk.widgets import theme
from renderer.desk.widgets.surface import prefer_no_waiting
from renderer.errors import DeskError
from renderer.platform import PLATFORM
from renderer.transport.session import find_sessions

_POLL_MS: Final = 500
_LEVELS: Final = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}
_log = logging.getLogger("qt")


def application() -> QApplication:
    """Return the QApplication, created if there is none."""
    there = QApplication.instance()
    if isinstance(there, QApplication):
        return there
    prefer_no_waiting()
    app = QApplication([sys.argv[0] if sys.argv else "encore"])
    app.setApplicationName("encore")
    app.setApplicationDisplayName("Encore desk")
    app.setStyle("Fusion")  # The style sheet looks the same on every platform.
    app.setFont(theme.font())
    return app


def recordings_folder() -> Path:
    """Return the folder for the desk's recordings: the user's videos."""
    films = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.MoviesLocation)
    return Path(films or Path.home()) / "Encore"


def run_desk(
    session: str | None = None,
    turns: Path | None = None,
    poll: Callable[[], bool] | None = None,
    operator: str = "",
    size: tuple[int, int] | None = None,
) -> int:
    """Open the desk and run it until its window is closed.

    Args:
        session: name of the show to follow; by default the newest, waiting for one if necessary.
        turns: file for measurements of the event loop's turns; not measured if None.
        poll: called twice a second; closes the window when it returns True.
        size: of the window, width and height in pixels.
        operator: the operator's name; the last one's if empty.

    Returns:
        The process's exit status.

    Raises:
        DeskError: there is no display.
    """
    # Without a display Qt would abort the process.
    if not PLATFORM.has_display():
        raise DeskError(
            "the desk's window",
            "has no display to open on",
            "open it on a screen, or take its picture with “encore desk --screenshot FILE”",
        )
    app = application()
    qInstallMessageHandler(_log_qt)
    meter = None
    try:
        while True:
            files = SettingsFile()
            operator = operator or files.studio.operator
            install_language(files.operator(operator).language)
            app.setFont(theme.font())
            model = DeskModel(
                ShowConnection(session), recordings_folder(), settings=files, operator=operator
            )
            with FaultReporter(model.show_fault), model.connection:
                window = DeskWindow(model)
                if size is not None:
                    window.resize(*size)
                window.show()
                if turns is not None and meter is None:
                    meter = TurnMeter(app, turns)
                    model.in_contact.watch(meter.note_shown)
                # What stands now stays: a full collection that walks it takes a frame or more.
                gc.collect()
                gc.freeze()
                try:
                    status = _run_window(app, window, poll)
                finally:
                    gc.unfreeze()
            if not window.is_reopening:
                return status
            operator, size = model.operator, (window.width(), window.height())
    finally:
        if meter is not None:
            meter.close()


def _run_window(app: QApplication, window: DeskWindow, poll: Callable[[], bool] | None) -> int:
    """Run a window until it is closed."""
    # The window's timer runs Python often enough to handle signals.
    before = signal.signal(signal.SIGINT, lambda _number, _frame: window.close() and None)
    timer = QTimer()
    try:
        window.start()
        if not find_sessions():
            window.show_start()
            window.tour.offer()
        if poll is not None:
            timer.timeout.connect(lambda: window.close() if poll() else None)
            timer.start(_POLL_MS)
        return app.exec()
    finally:
        timer.stop()
        signal.signal(signal.SIGINT, before)
        window.close()


def _log_qt(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    _log.log(_LEVELS.get(kind, logging.WARNING), "%s", text)
