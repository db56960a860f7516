"""Save a picture of the desk: for manuals, and to inspect a show from a terminal."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage, QRegion
from PySide6.QtWidgets import QApplication, QWidget

from renderer.desk.connection import Contact, ShowConnection
from renderer.desk.model import DeskModel
from renderer.desk.shell.app import application, recordings_folder
from renderer.desk.shell.window import REFRESH_MS, DeskWindow
from renderer.desk.widgets.monitor import Monitor
from renderer.errors import DeskError
from renderer.platform import PLATFORM
from renderer.protocol.show import ShowDocument

SETTLED_S: Final = 0.4
"""Seconds for which no picture is awaited that the show does not draw."""


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
            settle(app, window, time.monotonic() + wait_seconds)
            save_picture(window, path)
        finally:
            window.close()


def save_picture(window: QWidget, path: Path, scale: float = 1.0) -> None:
    """Write a window's picture; a scale of 2 draws it as a screen of twice the density does.

    Raises:
        DeskError: the picture cannot be written.
    """
    image = QImage(window.size() * scale, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    window.render(image, QPoint(), QRegion(), QWidget.RenderFlag.DrawChildren)
    if not image.save(str(path)):
        raise DeskError(
            f"the picture {path}", "cannot be written", "name a .png file in a folder of your own"
        )


def settle(app: QApplication, window: DeskWindow, until: float, *, has_all: bool = False) -> None:
    """Refresh until the show's status and pictures are complete, or the timeout expires.

    Args:
        app: of the window.
        window: refreshed.
        until: timeout, seconds of the monotonic clock.
        has_all: whether the show has every picture that the desk asks for; then what panels read
            by processes of their own is awaited, too.
    """
    connection = window.desk.connection
    good_since = None
    while True:
        window.refresh()
        app.processEvents()
        now = time.monotonic()
        # Sections come one by one; the document names the program picture and the target rate.
        status = connection.status
        is_known = status is not None and status.has(ShowDocument)
        is_good = connection.situation.contact is Contact.GOOD and is_known
        good_since = (good_since or now) if is_good else None
        shown = [one for one in window.perspective.findChildren(Monitor) if one.isVisible()]
        is_whole = all(one.has_picture or not one.is_awaited for one in shown)
        if has_all:
            is_whole &= all(one.has_come for one in connection.views.values())
            views = window.perspective.views.values()
            is_whole &= not any(getattr(view, "is_busy", False) for view in views)
        has_waited = good_since is not None and now > good_since + SETTLED_S
        none = connection.situation.contact is Contact.NONE
        if none or (has_waited and is_whole) or now > until:
            app.processEvents()  # Lay out the new data.
            return
        time.sleep(REFRESH_MS / 1000)
