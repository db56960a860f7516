"""Show the song: waveform, sections, cues, beats and lyrics: where in the song, what comes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import numpy as np
from PySide6.QtCore import QLineF, QProcess, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QCloseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from renderer.desk.model import DeskModel
from renderer.desk.panels.song.model import SongModel, SongState
from renderer.desk.widgets import formatting, theme, tokens
from renderer.desk.widgets.badge import Badge
from renderer.desk.widgets.text import draw_text, text_width
from renderer.desk.words import tr

_PAD: Final = 12
_HEAD: Final = 28
_SECTIONS: Final = 22
_FOOT: Final = 24
_NOBODY: Final = SongState()


class SongView(QWidget):
    """The song, painted: the wave is cached per width, the playhead drawn over it."""

    is_bare = False

    def __init__(self, model: SongModel, _desk: DeskModel) -> None:
        super().__init__()
        self._state = _NOBODY
        self._length = 0.0
        self._peaks: np.ndarray[tuple[int], np.dtype[np.uint8]] | None = None
        self._still = Badge()
        self._drawn: tuple[object, ...] = ()
        self._file: Path | None = None
        self._process: QProcess | None = None
        self.setObjectName("inner")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(400, 70)
        model.state.watch(self._show)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size in a small window."""
        return QSize(856, 120)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the song: what stands still as one picture, the playhead over it."""
        painter = QPainter(self)
        painter.setClipRegion(event.region())
        painter.fillRect(event.rect(), theme.BG1)
        state = self._state
        if state.song is None:
            draw_text(
                painter, QRectF(_PAD, 4, self.width() - 2 * _PAD, 24),
                tr("No song plays. Give the show's document [[songs]] with a file and its beat."),
                theme.DIM,
            )  # fmt: skip
            painter.end()
            return
        self._still.draw(painter, self.rect(), self._still_of(state), self._draw_still)
        if (head := self._playhead(state)) is not None:
            painter.fillRect(head, theme.HI)
        self._draw_position(painter, state)
        painter.end()

    def _still_of(self, state: SongState) -> tuple[object, ...]:
        """Return what decides over everything but the playhead and the position."""
        passed = sum(flag.at_s <= state.seconds for flag in state.flags)
        return (
            state.song, state.section, state.flags, passed, state.line, state.next_line,
            self._find_length(), id(self._peaks), self._process is None,
        )  # fmt: skip

    def _room(self) -> tuple[int, int, bool]:
        """Return top and bottom of the wave, and whether lyrics stand under it."""
        is_sung = self._state.song is not None and bool(self._state.song.lyrics)
        has_foot = is_sung and self.height() > _HEAD + _SECTIONS + _FOOT + 30
        has_sections = self.height() > _HEAD + _SECTIONS + 34
        top = _HEAD + (_SECTIONS + 2 if has_sections else 0)
        return top, self.height() - (_FOOT if has_foot else 4), has_foot

    def _playhead(self, state: SongState) -> QRect | None:
        """Return where the playhead is drawn; None while no song plays."""
        if state.seconds < 0:
            return None
        top, bottom, _ = self._room()
        wide = self.width() - 2 * _PAD
        x = _PAD + round(wide * min(state.seconds / self._find_length(), 1.0))
        return QRect(x - 1, top, 2, bottom - top)

    def _draw_still(self, painter: QPainter, _box: QRectF) -> None:
        """Draw name, sections, wave, cues and lyrics."""
        painter.fillRect(self.rect(), theme.BG1)
        state = self._state
        self._draw_head(painter, state)
        left, wide = _PAD, self.width() - 2 * _PAD
        length = self._find_length()
        top, bottom, has_foot = self._room()
        if top > _HEAD:
            self._draw_sections(painter, state, left, wide, length)
        self._draw_wave(painter, QRectF(left, top, wide, bottom - top))
        free_from = 0.0
        for flag in sorted(state.flags, key=lambda one: one.at_s):
            x = left + wide * flag.at_s / length
            is_past = flag.at_s <= state.seconds
            color = theme.EDGE if is_past else theme.NEXT
            style = Qt.PenStyle.SolidLine if is_past else Qt.PenStyle.DashLine
            painter.setPen(QPen(color, 1, style))
            painter.drawLine(QLineF(x, top, x, bottom))
            if x >= free_from:  # Numbers that would lie on each other are left out.
                free_from = x + text_width(flag.number, tokens.SMALL) + 6
                room = QRectF(x + 3, bottom - 16, 44, 16)
                draw_text(painter, room, flag.number, color, size=tokens.SMALL)
        if has_foot:
            room = QRectF(left, bottom, wide * 0.6, _FOOT)
            draw_text(painter, room, state.line or "…", theme.HI, weight=600)
            after = QRectF(left + wide * 0.6, bottom, wide * 0.4, _FOOT)
            words = tr("next: {line}", line=state.next_line) if state.next_line else ""
            draw_text(painter, after, words, theme.DIM, right=True)

    def _draw_head(self, painter: QPainter, state: SongState) -> None:
        assert state.song is not None
        wide = self.width()
        beat = f"{state.song.bpm:g} BPM · {state.song.beats_per_bar}/4"
        draw_text(
            painter, QRectF(_PAD, 2, wide * 0.4, _HEAD - 4), state.song.name, theme.HI, weight=600
        )
        draw_text(painter, QRectF(wide * 0.42, 2, 140, _HEAD - 4), beat, theme.DIM, size=13)

    def _draw_position(self, painter: QPainter, state: SongState) -> None:
        draw_text(
            painter, self._position_room(), self._position_words(state), theme.HI, weight=600,
            right=True,
        )  # fmt: skip

    def _position_room(self) -> QRectF:
        return QRectF(self.width() * 0.6, 2, self.width() * 0.4 - _PAD, _HEAD - 4)

    def _position_words(self, state: SongState) -> str:
        bar = state.position.replace(":", ".") or formatting.NOTHING
        left = self._find_length() - max(state.seconds, 0.0)
        return tr("Bar {bar} · left {left}", bar=bar, left=formatting.time_code(left)[3:])

    def _draw_sections(
        self, painter: QPainter, state: SongState, left: int, wide: int, length: float
    ) -> None:
        assert state.song is not None
        parts = state.song.sections
        for place, part in enumerate(parts):
            end = parts[place + 1].begin_s if place + 1 < len(parts) else length
            x = left + wide * part.begin_s / length
            box = QRectF(x, _HEAD, max(wide * (end - part.begin_s) / length - 2, 2), _SECTIONS - 2)
            is_now = part.name == state.section and part.begin_s <= state.seconds < end
            painter.fillRect(box, theme.HI if is_now else theme.BG2)
            ink = theme.BG0 if is_now else theme.TEXT
            draw_text(
                painter, box.adjusted(4, 0, -2, 0), tr(part.name), ink, size=tokens.SMALL,
                weight=600 if is_now else 400,
            )  # fmt: skip

    def _draw_wave(self, painter: QPainter, box: QRectF) -> None:
        if box.height() < 4:
            return
        size = box.size().toSize()
        painter.save()
        painter.translate(box.topLeft())
        middle = size.height() / 2
        song = self._state.song
        if song is not None:
            # A line at every bar, where bars are wide enough to tell.
            bar = song.beat_s * song.beats_per_bar
            count = int(self._find_length() / bar)
            if 0 < count < size.width() / 6:
                painter.setPen(QPen(theme.LINE, 1))
                for number in range(count + 1):
                    x = (song.first_s + number * bar) / self._find_length() * size.width()
                    painter.drawLine(QLineF(x, 0, x, size.height()))
        painter.setPen(QPen(theme.DIM, 1))
        if self._peaks is None:
            painter.drawLine(QLineF(0, middle, size.width(), middle))
            words = tr("The waveform comes in a moment.")
            if self._file is None:
                words = tr("Its recording is not on this machine: no waveform.")
            elif self._process is None:
                words = tr("Its recording cannot be read: no waveform.")
            room = QRectF(8, size.height() - 24, size.width() - 16, 20)
            draw_text(painter, room, words, theme.DIM, size=tokens.SMALL)
        else:
            columns = np.interp(
                np.linspace(0, len(self._peaks) - 1, size.width()),
                np.arange(len(self._peaks)),
                self._peaks,
            )
            tall = columns / 255 * (middle - 1)
            painter.drawLines(
                [QLineF(x, middle - one, x, middle + one) for x, one in enumerate(tall) if x % 2]
            )
        painter.restore()

    def _find_length(self) -> float:
        """Return the song's length; without its recording, that of its sections."""
        song = self._state.song
        last = song.sections[-1].begin_s + 8.0 if song is not None and song.sections else 60.0
        flags = max((flag.at_s for flag in self._state.flags), default=0.0)
        return (
            self._length or self._state.length_s or max(last, flags + 4.0, self._state.seconds, 1.0)
        )

    def _show(self, state: SongState) -> None:
        if state.file != self._file:
            self._file, self._peaks, self._length = state.file, None, 0.0
            if state.file is not None:
                self._measure(state.file)
        before, head = self._drawn, self._playhead(self._state)
        self._state = state
        if state.song is None:
            self._drawn = ()
            self.update()
            return
        self._drawn = (self._still_of(state), self._position_words(state))
        if not before or before[0] != self._drawn[0]:
            self.setAccessibleName(" ".join(filter(None, (state.song.name, state.section))))
            self.update()
            return
        if before[1] != self._drawn[1]:
            self.update(self._position_room().toAlignedRect())
        now = self._playhead(state)
        if now != head:
            for place in filter(None, (head, now)):
                self.update(place)

    def _measure(self, file: Path) -> None:
        self._stop_measuring()
        process = QProcess(self)
        process.finished.connect(self._keep_wave)
        self._process = process
        process.start(sys.executable, ["-m", "renderer.desk.panels.song.waveform", str(file)])

    def _stop_measuring(self) -> None:
        """End the process that decodes the song before."""
        process, self._process = self._process, None
        if process is not None:
            process.finished.disconnect()
            process.kill()
            process.waitForFinished(1000)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """End what still decodes the song."""
        self._stop_measuring()
        super().closeEvent(event)

    def _keep_wave(self, status: int, *_: object) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        data = bytes(process.readAllStandardOutput().data())
        process.deleteLater()
        head, _newline, peaks = data.partition(b"\n")
        if status == 0 and peaks:
            self._length = float(head)
            self._peaks = np.frombuffer(peaks, np.uint8)
        self.update()
