"""Draw a strip of the mixer: name, meter, fader, gain, mute."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from renderer.desk.panels.mixer.model import HOT_DB, Strip, gain
from renderer.desk.panels.mixer.scale import fader_share, meter_share
from renderer.desk.widgets import theme, tokens
from renderer.desk.widgets.chip import Chip, Ground
from renderer.desk.widgets.formatting import NOTHING
from renderer.desk.widgets.shapes import Shape, draw_shape
from renderer.desk.words import tr

LEAST: Final = 69
"""Width of a strip, pixels."""
MOST: Final = 116
_HEAD: Final = 44
_FOOT: Final = 96
_CAP: Final = 26
_RMS: Final = QColor("#8695a6")
_UNITS_FROM: Final = 84
"""Width from which there is room for the unit of loudness, pixels."""
_TICKS: Final = (0, -6, -12, -24, -48)


@dataclass(frozen=True, slots=True)
class StripPlaces:
    """Where the parts of a strip are drawn."""

    box: QRectF
    meter: QRectF
    groove: QRectF
    mute: QRectF

    def share_at(self, y: float) -> float:
        """Return the share of the fader at a height, 0 to 1."""
        return min(max((self.groove.bottom() - y) / max(self.groove.height(), 1.0), 0.0), 1.0)


def strip_places(box: QRectF) -> StripPlaces:
    """Return where the parts of a strip are drawn in its box."""
    body = box.adjusted(8, _HEAD, -8, -_FOOT)
    meter = QRectF(body.x(), body.y(), body.width() * 0.42, body.height())
    groove = QRectF(body.right() - 22, body.y() + _CAP / 2, 6, body.height() - _CAP)
    mute = QRectF(box.x() + 4, box.bottom() - 40, box.width() - 8, 30)
    return StripPlaces(box, meter, groove, mute)


def draw_strip(painter: QPainter, places: StripPlaces, strip: Strip, *, is_chosen: bool) -> None:
    """Draw a strip."""
    box = places.box
    painter.fillRect(box, theme.BG2)
    _text(painter, QRectF(box.x() + 4, box.y() + 4, box.width() - 8, 20), strip.title, theme.HI)
    ink = theme.WARN if strip.is_hot else theme.DIM
    _text(painter, QRectF(box.x() + 4, box.y() + 22, box.width() - 8, 18), strip.top, ink)
    _draw_meter(painter, places.meter, strip)
    _draw_fader(painter, places.groove, strip)
    foot = QRectF(box.x() + 2, box.bottom() - _FOOT + 4, box.width() - 4, 18)
    _text(painter, foot, gain(strip.gain_db), theme.HI)
    unit = " LUFS" if box.width() >= _UNITS_FROM and strip.loudness != NOTHING else ""
    second = strip.delay or f"{strip.loudness}{unit}"
    _text(painter, foot.translated(0, 18), second, theme.DIM)
    _draw_mute(painter, places.mute, strip)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if is_chosen:
        painter.setPen(QPen(theme.SEL, 2))
        painter.drawRect(box.adjusted(1, 1, -1, -1))


def draw_scale(painter: QPainter, left: float, meter: QRectF) -> None:
    """Draw the levels beside the first meter."""
    painter.setFont(theme.font(tokens.SMALL))
    painter.setPen(theme.DIM)
    for db in _TICKS:
        y = meter.bottom() - meter_share(db) * meter.height()
        box = QRectF(left, y - 9, 32, 18)
        text = str(db).replace("-", "\N{MINUS SIGN}")
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)


def _draw_meter(painter: QPainter, box: QRectF, strip: Strip) -> None:
    painter.fillRect(box, theme.BG0)
    if strip.is_muted or strip.fault:
        return
    for db, color in ((strip.peak_db, theme.TEXT), (strip.rms_db, _RMS)):
        high = meter_share(db) * box.height()
        painter.fillRect(QRectF(box.x(), box.bottom() - high, box.width(), high), color)
    if strip.peak_db > HOT_DB:
        painter.fillRect(QRectF(box.x(), box.y(), box.width(), 6), theme.WARN)
    held = meter_share(strip.held_db)
    if held > 0:
        y = box.bottom() - held * box.height()
        painter.fillRect(QRectF(box.x(), y - 1, box.width(), 2), theme.HI)


def _draw_fader(painter: QPainter, groove: QRectF, strip: Strip) -> None:
    painter.fillRect(groove, theme.BG0)
    zero = groove.bottom() - fader_share(0.0) * groove.height()
    painter.setPen(QPen(theme.EDGE, 1))
    painter.drawLine(round(groove.x() - 6), round(zero), round(groove.right() + 6), round(zero))
    y = groove.bottom() - fader_share(strip.gain_db) * groove.height()
    cap = QRectF(groove.center().x() - 14, y - _CAP / 2, 28, _CAP)
    painter.setPen(QPen(theme.HI, 1))
    painter.setBrush(theme.EDGE)
    painter.drawRoundedRect(cap, 3, 3)
    painter.fillRect(QRectF(cap.x() + 3, cap.center().y() - 1, cap.width() - 6, 2), theme.HI)


def _draw_mute(painter: QPainter, box: QRectF, strip: Strip) -> None:
    if strip.fault:
        Chip(tr("lost"), Shape.OCTAGON, theme.WARN, Ground.FILLED).draw(painter, box)
        return
    edge = theme.SEL if strip.is_muted else theme.EDGE
    painter.setPen(QPen(edge, 2 if strip.is_muted else 1))
    painter.setBrush(theme.BG1)
    painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), tokens.CORNER, tokens.CORNER)
    inner = box
    if strip.is_muted:
        draw_shape(painter, Shape.CROSS, QRectF(box.x() + 5, box.center().y() - 6, 12, 12), edge)
        inner = box.adjusted(14, 0, 0, 0)
    word = tr("muted") if strip.is_muted else tr("Mute")
    _text(painter, inner, word, theme.SEL if strip.is_muted else theme.HI)


def _text(painter: QPainter, box: QRectF, text: str, ink: QColor) -> None:
    painter.setFont(theme.font(tokens.SMALL, 600))
    painter.setPen(ink)
    fits = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(box.width()) + 1)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, fits)
