"""Draw pictures on the GPU where there is one: a surface that covers a widget and draws for it.

Elsewhere the widget paints itself, by the same function. Pictures are never scaled: they come in
the size in which they are drawn, and are uploaded only when they are new.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from typing import Final

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import (
    QGuiApplication,
    QOffscreenSurface,
    QOpenGLContext,
    QPainter,
    QRegion,
    QSurfaceFormat,
)
from PySide6.QtOpenGLWidgets import QOpenGLWidget
from PySide6.QtWidgets import QWidget

Paint = Callable[[QPainter, QRegion], None]
"""Draws a widget, at least in a region."""

MONITORS: Final = "ENCORE_MONITORS"
"""Environment variable: "painter" or "gpu" instead of what the machine has."""
_WITHOUT_GPU: Final = ("offscreen", "minimal", "vnc")
"""Qt's platforms that show windows without OpenGL."""
_SOFTWARE: Final = ("llvmpipe", "softpipe", "swrast", "software", "swiftshader", "basic render")
"""Words in the names of renderers that draw by the processor."""
_GL_RENDERER: Final = 0x1F01


class GpuSurface(QOpenGLWidget):
    """Covers a widget, and draws in its place; the mouse and the keys stay the widget's."""

    def __init__(self, host: QWidget, paint: Paint) -> None:
        """Cover a widget.

        Args:
            host: the widget.
            paint: draws it.
        """
        super().__init__(host)
        self._paint = paint
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setGeometry(host.rect())
        host.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Follow the size of the widget."""
        if event.type() is QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
        return super().eventFilter(watched, event)

    def paintGL(self) -> None:  # noqa: N802 - Qt's name
        """Draw the widget. What the painter keeps on the GPU goes with a lost context."""
        painter = QPainter(self)
        if painter.isActive():
            self._paint(painter, QRegion(self.rect()))
            painter.end()


class Canvas:
    """Where a widget is drawn: on a surface of the GPU, or on itself.

    Args:
        host: the widget; its `paintEvent` calls `paint_host`.
        paint: draws it.

    Attributes:
        surface: None where the widget paints itself.
    """

    def __init__(self, host: QWidget, paint: Paint) -> None:
        self._host, self._paint = host, paint
        self.surface = GpuSurface(host, paint) if has_gpu() else None

    def update(self, area: QRect | None = None) -> None:
        """Have the widget drawn again, or an area of it."""
        if self.surface is not None:
            self.surface.update()
        elif area is None:
            self._host.update()
        else:
            self._host.update(area)

    def paint_host(self, region: QRegion) -> None:
        """Draw the widget itself, unless a surface covers it."""
        if self.surface is not None:
            return
        painter = QPainter(self._host)
        self._paint(painter, region)
        painter.end()


def prefer_no_waiting() -> None:
    """Have windows not wait for the screen's next refresh; called before the application is made.

    The event loop would stand still for up to a whole refresh with each picture.
    """
    wanted = QSurfaceFormat.defaultFormat()
    wanted.setSwapInterval(0)
    QSurfaceFormat.setDefaultFormat(wanted)


@cache
def has_gpu() -> bool:
    """Return whether pictures are drawn on a GPU: one that is none of software."""
    choice = os.environ.get(MONITORS, "")
    if choice == "painter" or QGuiApplication.platformName() in _WITHOUT_GPU:
        return False
    name = _find_renderer().lower()
    return bool(name) and (choice == "gpu" or not any(word in name for word in _SOFTWARE))


def _find_renderer() -> str:
    """Return the name of what draws OpenGL; empty if nothing does."""
    surface, context = QOffscreenSurface(), QOpenGLContext()
    surface.create()
    try:
        if not (surface.isValid() and context.create() and context.makeCurrent(surface)):
            return ""
        name = context.functions().glGetString(_GL_RENDERER)
        context.doneCurrent()
        return str(name or "")
    finally:
        surface.destroy()
