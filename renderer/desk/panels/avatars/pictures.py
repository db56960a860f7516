"""Read avatars' pictures once in each size in which they are drawn."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap

from renderer.desk.widgets import theme, tokens


class Portraits:
    """Pictures of avatars, scaled once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int], QPixmap] = {}

    def find(self, file: str, size: int, scale: float) -> QPixmap:
        """Return a picture; a null one if there is none.

        Args:
            file: of the picture; empty for none.
            size: of its longer side, pixels of the widget.
            scale: pixels of the screen for one of the widget.
        """
        key = file, round(size * scale)
        if key not in self._known:
            picture = QPixmap(file) if file else QPixmap()
            if not picture.isNull():
                picture = picture.scaled(
                    key[1], key[1], Qt.AspectRatioMode.KeepAspectRatio,
                    Qt.TransformationMode.SmoothTransformation,
                )  # fmt: skip
                picture.setDevicePixelRatio(scale)
            self._known[key] = picture
        return self._known[key]

    def draw(self, painter: QPainter, box: QRectF, file: str) -> None:
        """Draw a picture in a square box, darker as cameras are; its ground until it is there."""
        device = painter.device()
        scale = 1.0 if device is None else device.devicePixelRatioF()
        picture = self.find(file, int(box.width()), scale)
        if picture.isNull():
            painter.fillRect(box, theme.BG3)
            return
        painter.fillRect(box, theme.BG0)
        painter.setOpacity(tokens.PICTURE_SHARE)
        painter.drawPixmap(box.topLeft(), picture)
        painter.setOpacity(1.0)
