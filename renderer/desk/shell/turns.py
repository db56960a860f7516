"""Measures the turns of the desk's event loop: how long it works between two waits.

A turn that takes longer than a screen's refresh delays whatever the operator does next. Each
second a line of JSON is appended to a file, so that a desk that dies has told of itself until then.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Final

from PySide6.QtCore import QAbstractEventDispatcher, QCoreApplication, QEvent, QObject

from renderer.errors import DeskError

LONG_TURN_S: Final = 0.008
"""Half a refresh at 60 Hz: a longer turn may cost the operator a frame of response."""

_LINE_EVERY_S: Final = 1.0


class TurnMeter(QObject):
    """Measures turns from its creation to `close`.

    A turn begins with the first event that is delivered after a wait, and ends where the loop is
    about to wait again. The filter that sees the first event is taken off for the rest of the turn,
    so that measuring costs the same for a turn of one event and of a hundred.
    """

    def __init__(self, app: QCoreApplication, path: Path) -> None:
        """Begin to measure.

        Args:
            app: whose event loop is measured.
            path: of the file that lines are appended to.

        Raises:
            DeskError: the file cannot be written, or Qt has no event loop yet.
        """
        super().__init__()
        dispatcher = QAbstractEventDispatcher.instance()
        if dispatcher is None:
            raise DeskError("the desk's event loop", "is not there yet", "make the window first")
        try:
            self._file = path.open("a", encoding="utf-8")
        except OSError as fault:
            raise DeskError(
                f"the file {path}", f"cannot be written ({fault.strerror})", "name another"
            ) from fault
        self._app = app
        self._began = self._origin = self._line_began = time.perf_counter()
        self._is_working = False
        self._turns = self._long = 0
        self._worst = 0.0
        app.installEventFilter(self)
        dispatcher.aboutToBlock.connect(self._end_turn)
        self._dispatcher = dispatcher

    def eventFilter(self, _watched: QObject, _event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Begin a turn; no event is kept from its receiver."""
        if not self._is_working:
            self._is_working = True
            self._began = time.perf_counter()
            self._app.removeEventFilter(self)
        return False

    def close(self) -> None:
        """Stop measuring, and write the last line."""
        self._dispatcher.aboutToBlock.disconnect(self._end_turn)
        self._app.removeEventFilter(self)
        self._write_line(time.perf_counter())
        self._file.close()

    def _end_turn(self) -> None:
        if not self._is_working:
            return
        now = time.perf_counter()
        took = now - self._began
        self._turns += 1
        self._long += took > LONG_TURN_S
        self._worst = max(self._worst, took)
        self._is_working = False
        self._app.installEventFilter(self)
        if now - self._line_began >= _LINE_EVERY_S:
            self._write_line(now)

    def _write_line(self, now: float) -> None:
        line = {
            "t_s": round(now - self._origin, 3),
            "turns": self._turns,
            "long": self._long,
            "worst_ms": round(self._worst * 1e3, 3),
        }
        self._file.write(json.dumps(line) + "\n")
        self._file.flush()
        self._line_began = now
        self._turns = self._long = 0
        self._worst = 0.0
