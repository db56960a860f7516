"""Opens the desk's window and keeps it open."""

from __future__ import annotations

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
from renderer.desk.shell.faults import FaultReporter
from renderer.desk.shell.turns import TurnMeter
from renderer.desk.shell.window import DeskWindow
from renderer.errors import DeskError
from renderer.platform import PLATFORM

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
    """Return Qt's application: the one there is, or a new one."""
    there = QApplication.instance()
    if isinstance(there, QApplication):
        return there
    app = QApplication([sys.argv[0] if sys.argv else "encore"])
    app.setApplicationName("encore")
    app.setApplicationDisplayName("Encore desk")
    app.setStyle("Fusion")  # The style sheet is drawn alike on every platform.
    return app


def recordings_folder() -> Path:
    """Return where the desk has recordings put: the user's films."""
    films = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.MoviesLocation)
    return Path(films or Path.home()) / "Encore"


def run_desk(
    session: str | None = None,
    turns: Path | None = None,
    poll: Callable[[], bool] | None = None,
) -> int:
    """Open the desk and stay until its window is closed.

    Args:
        session: name of the show to follow; the newest by default, waited for if there is none.
        turns: file that the event loop's turns are measured into; not measured if None.
        poll: called twice a second; closes the window where it returns True.

    Returns:
        The process's exit status.

    Raises:
        DeskError: if there is no display.
    """
    # Without a display Qt would abort the process.
    if not PLATFORM.has_display():
        raise DeskError(
            "the desk's window",
            "has no display to open on",
            "open it on a screen, or take its picture with “encore desk --screenshot FILE”",
        )
    app = application()
    model = DeskModel(ShowConnection(session), recordings_folder())
    qInstallMessageHandler(_log_qt)
    with FaultReporter(model.tell_fault), model.connection:
        window = DeskWindow(model)
        # The window's timer lets Python look at signals often enough.
        before = signal.signal(signal.SIGINT, lambda _number, _frame: window.close() and None)
        window.start()
        window.show()
        meter = TurnMeter(app, turns) if turns is not None else None
        timer = QTimer()
        if poll is not None:
            timer.timeout.connect(lambda: window.close() if poll() else None)
            timer.start(_POLL_MS)
        try:
            return app.exec()
        finally:
            timer.stop()
            if meter is not None:
                meter.close()
            signal.signal(signal.SIGINT, before)
            window.close()


def _log_qt(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    _log.log(_LEVELS.get(kind, logging.WARNING), "%s", text)
