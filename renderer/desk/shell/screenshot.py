"""Save a picture of the desk: for manuals, and to inspect a show from a terminal."""

from __future__ import annotations

import os
import time
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from renderer.desk.connection import Contact, ShowConnection
from renderer.desk.model import DeskModel
from renderer.desk.shell.app import application, recordings_folder
from renderer.desk.shell.window import REFRESH_MS, DeskWindow
from renderer.errors import DeskError
from renderer.platform import PLATFORM
from renderer.protocol.show import ShowDocument


def take_screenshot(path: Path, session: str | None = None, wait_seconds: float = 3.0) -> None:
    """Save a picture of the desk of a running show, or of a desk that waits for one.

    Args:
        path: PNG or JPEG.
        session: name of the show; the newest by default.
        wait_seconds: timeout for the show's status and pictures.

    Raises:
        DeskError: the picture cannot be written.
    """
    if not PLATFORM.has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    app = application()
    with ShowConnection(session) as connection:
        window = DeskWindow(DeskModel(connection, recordings_folder()))
        # Qt lays out a window completely only when it is shown.
        window.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        window.show()
        try:
            _settle(app, window, connection, time.monotonic() + wait_seconds)
            if not window.grab().save(str(path)):
                raise DeskError(
                    f"the picture {path}",
                    "cannot be written",
                    "name a .png file in a folder of your own",
                )
        finally:
            window.close()


def _settle(
    app: QApplication, window: DeskWindow, connection: ShowConnection, until: float
) -> None:
    """Refresh until the show's status and pictures are complete, or the timeout expires."""
    while True:
        window.refresh()
        app.processEvents()
        # Sections come one by one; the document names the program picture and the target rate.
        status = connection.status
        is_known = status is not None and status.has(ShowDocument)
        good = connection.situation.contact is Contact.GOOD and is_known
        views = [(window.program, connection.program)]
        pictures = [tile.picture for tile in window.cameras.tiles]
        views += zip(pictures, connection.cameras, strict=False)
        whole = all(view.has_picture or not feed.is_there for view, feed in views)
        none = connection.situation.contact is Contact.NONE
        if none or (good and whole) or time.monotonic() > until:
            app.processEvents()  # Lay out the new data.
            return
        time.sleep(REFRESH_MS / 1000)
