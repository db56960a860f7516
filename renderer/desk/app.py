"""Opens the desk's window and keeps it open."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QApplication

from renderer.desk.connection import ShowConnection
from renderer.desk.faults import FaultReporter
from renderer.desk.model import DeskModel
from renderer.desk.turns import TurnMeter
from renderer.desk.window import DeskWindow
from renderer.errors import DeskError


def application() -> QApplication:
    """Qt's application: the one there is, or a new one."""
    there = QApplication.instance()
    if isinstance(there, QApplication):
        return there
    app = QApplication([sys.argv[0] if sys.argv else "encore"])
    app.setApplicationName("encore")
    app.setApplicationDisplayName("Encore desk")
    app.setStyle("Fusion")  # The style sheet is drawn alike on every platform.
    return app


def has_display() -> bool:
    """Whether a window can be opened; without a display Qt would abort the process."""
    if not sys.platform.startswith("linux"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def recordings_folder() -> Path:
    """Where the desk has recordings put: the user's films."""
    films = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.MoviesLocation)
    return Path(films or Path.home()) / "Encore"


def log_path() -> Path:
    """Where the desk's own faults are written."""
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppLocalDataLocation)
    return Path(place or Path.home()) / "desk.log"


def run_desk(session: str | None = None, turns: Path | None = None) -> int:
    """Open the desk and stay until its window is closed.

    Args:
        session: name of the show to follow; the newest by default, waited for if there is none.
        turns: file that the event loop's turns are measured into; not measured if None.

    Returns:
        The process's exit status.

    Raises:
        DeskError: if there is no display.
    """
    if not has_display():
        raise DeskError(
            "the desk's window",
            "has no display to open on",
            "open it on a screen, or take its picture with “encore desk --screenshot FILE”",
        )
    app = application()
    model = DeskModel(ShowConnection(session), recordings_folder())
    with FaultReporter(log_path(), model.tell_fault), model.connection:
        window = DeskWindow(model)
        # The window's timer lets Python look at signals often enough.
        before = signal.signal(signal.SIGINT, lambda _number, _frame: window.close() and None)
        window.start()
        window.show()
        meter = TurnMeter(app, turns) if turns is not None else None
        try:
            return app.exec()
        finally:
            if meter is not None:
                meter.close()
            signal.signal(signal.SIGINT, before)
            window.close()
