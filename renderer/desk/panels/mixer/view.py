"""Show the mixer: a strip for each bus, and what the program sounds like as a whole."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from renderer.desk.model import DeskModel
from renderer.desk.panels.mixer.model import MixerModel, Strip, Totals, gain
from renderer.desk.panels.mixer.scale import fader_gain
from renderer.desk.panels.mixer.strip import (
    LEAST,
    MOST,
    StripPlaces,
    draw_scale,
    draw_strip,
    strip_places,
)
from renderer.desk.widgets import theme
from renderer.desk.widgets.action_button import ActionButton
from renderer.desk.widgets.elided import ElidedLabel
from renderer.desk.words import tr

_SCALE: Final = 40
_GAP: Final = 6
_STEP_DB: Final = 1.0
"""Change of gain by a step of the wheel, dB."""


class MixerView(QWidget):
    """The strips over a line of totals."""

    def __init__(self, model: MixerModel, desk: DeskModel) -> None:
        super().__init__()
        self.setObjectName("inner")
        self.title_widgets = tuple(
            ActionButton(desk.board, id) for id in ("sound.reset", "sound.click", "sound.talkback")
        )
        self.strips = Strips(model, desk)
        self._totals = ElidedLabel("value")
        self._gains = ElidedLabel("label")
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 4, 12, 10)
        foot.setSpacing(16)
        foot.addWidget(self._totals, 3)
        foot.addWidget(self._gains, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.strips, 1)
        layout.addLayout(foot)
        model.totals.watch(self._show)

    def _show(self, totals: Totals) -> None:
        self._totals.set_words(
            tr(
                "{loudness} LUFS now, {whole} whole show, true peak {peak} dB",
                loudness=totals.loudness, whole=totals.whole, peak=totals.true_peak,
            )
            if totals.loudness
            else ""
        )  # fmt: skip
        self._gains.set_words(totals.gains)


class Strips(QWidget):
    """The strips, painted. A drag moves a fader, a double click sets it to 0 dB."""

    def __init__(self, model: MixerModel, desk: DeskModel) -> None:
        super().__init__()
        self._model, self._desk = model, desk
        self._strips: tuple[Strip, ...] = ()
        self._dragged: tuple[str, float] | None = None
        self.setObjectName("inner")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(_SCALE + 2 * LEAST, 240)
        self.setToolTip(tr("Drag a fader; a double click sets it to 0 dB"))
        model.strips.watch(self._show)
        desk.selected_bus.watch(lambda _: self._choose())

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size of eight strips."""
        return QSize(_SCALE + 8 * LEAST, 360)

    def shown(self) -> list[tuple[Strip, StripPlaces]]:
        """Return the strips that fit, with their places; the chosen one is among them."""
        count = max((self.width() - _SCALE - _GAP) // (LEAST + _GAP), 1)
        names = [strip.name for strip in self._strips]
        chosen = self._desk.selected_bus.value
        place = names.index(chosen) if chosen in names else 0
        first = min(max(place - count + 1, 0), max(len(names) - count, 0))
        strips = self._strips[first : first + count]
        room = (self.width() - _SCALE - _GAP) / max(len(strips), 1) - _GAP
        wide = min(room, MOST)
        return [
            (
                strip,
                strip_places(
                    QRectF(_SCALE + k * (wide + _GAP), 2, wide, max(self.height() - 4, 200))
                ),
            )
            for k, strip in enumerate(strips)
        ]

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the strips."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shown = self.shown() if self._strips else []
        for strip, places in shown:
            if event.rect().intersects(places.box.toAlignedRect()):
                is_chosen = strip.name == self._desk.selected_bus.value
                draw_strip(painter, places, self._moved(strip), is_chosen=is_chosen)
        if shown:
            draw_scale(painter, 2, shown[0][1].meter)
        else:
            painter.setFont(theme.font())
            painter.setPen(theme.DIM)
            painter.drawText(
                self.rect().adjusted(12, 8, -12, -8),
                Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap,
                tr(
                    "The show sends its song as it is. Give its document [sound] or microphones "
                    "for faders and meters: docs/sound.md."
                ),
            )
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Choose a bus, mute it, or begin to move its fader."""
        found = self._at(event.position())
        if found is None:
            return
        strip, places = found
        self._desk.selected_bus.set(strip.name)
        if places.mute.contains(event.position()):
            self._model.switch_mute(strip.name)
        elif event.position().x() > places.meter.right():
            self._move(strip.name, places, event.position().y())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Move the fader."""
        if self._dragged is not None:
            name = self._dragged[0]
            for strip, places in self.shown():
                if strip.name == name:
                    self._move(name, places, event.position().y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802, ARG002 - Qt's name
        """Let the show's gain be shown again."""
        self._dragged = None
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Set the fader to 0 dB; a second press on Mute is a press."""
        found = self._at(event.position())
        if found is not None and found[1].mute.contains(event.position()):
            self._model.switch_mute(found[0].name)
        elif found is not None and event.position().x() > found[1].meter.right():
            self._model.set_gain(found[0].name, 0.0)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Change the gain of the bus under the mouse."""
        found = self._at(event.position())
        if found is not None:
            step = _STEP_DB if event.angleDelta().y() > 0 else -_STEP_DB
            self._model.set_gain(found[0].name, found[0].gain_db + step)

    def _at(self, point: QPointF) -> tuple[Strip, StripPlaces] | None:
        return next((one for one in self.shown() if one[1].box.contains(point)), None)

    def _move(self, name: str, places: StripPlaces, y: float) -> None:
        db = fader_gain(places.share_at(y))
        self._dragged = (name, db)
        self._model.set_gain(name, db)
        self.update()

    def _moved(self, strip: Strip) -> Strip:
        """Return a strip with the gain that the hand has set, before the show has answered."""
        if self._dragged is None or self._dragged[0] != strip.name:
            return strip
        return replace(strip, gain_db=self._dragged[1])

    def _show(self, strips: tuple[Strip, ...]) -> None:
        if len(strips) != len(self._strips):
            self._strips = strips
            self.updateGeometry()
            self.update()
            return
        changed = {new.name for old, new in zip(self._strips, strips, strict=True) if old != new}
        self._strips = strips
        for strip, places in self.shown():
            if strip.name in changed:
                self.update(places.box.toAlignedRect())

    def _choose(self) -> None:
        chosen = self._desk.selected_bus.value
        strip = next((one for one in self._strips if one.name == chosen), None)
        words = f"{strip.title} {gain(strip.gain_db)}" if strip is not None else tr("Mixer")
        self.setAccessibleName(words)
        self.update()
