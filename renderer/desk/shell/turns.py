"""Measure the turns of the desk's event loop: the working time between two waits.

A turn that takes longer than a screen refresh delays the response to the operator. A line of JSON
is appended to a file each second, so that the measurements survive a crash of the desk.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Final

from PySide6.QtCore import QAbstractEventDispatcher, QCoreApplication, QEvent, QObject

from renderer.errors import DeskError

LONG_TURN_S: Final = 0.008
"""Seconds, half a refresh at 60 Hz: a longer turn may delay the response by a frame."""

_LINE_EVERY_S: Final = 1.0


class TurnMeter(QObject):
    """Measures turns from its creation until `close`.

    A turn begins with the first event that is delivered after a wait, and ends when the loop is
    about to wait again. The event filter that detects the first event is removed for the rest of
    the turn, so that measuring costs the same for one event and for a hundred.
    """

    def __init__(self, app: QCoreApplication, path: Path) -> None:
        """Start measuring.

        Args:
            app: whose event loop is measured.
            path: of the file to append to.

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
        self._turns = self._long = self._long_processor = 0
        self._worst = self._worst_processor = 0.0
        self._used = time.thread_time()
        app.installEventFilter(self)
        dispatcher.aboutToBlock.connect(self._end_turn)
        self._dispatcher = dispatcher

    def eventFilter(self, _watched: QObject, _event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Begin a turn; return False, so that the event is delivered."""
        if not self._is_working:
            self._is_working = True
            self._began, self._used = time.perf_counter(), time.thread_time()
            self._app.removeEventFilter(self)
        return False

    def note_shown(self, is_shown: bool) -> None:
        """Write when the window shows a running show; nothing while it shows none."""
        if is_shown:
            self._file.write(json.dumps({"shown_ns": time.monotonic_ns()}) + "\n")
            self._file.flush()

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
        used = time.thread_time() - self._used
        self._long_processor += used > LONG_TURN_S
        self._worst_processor = max(self._worst_processor, used)
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
            "long_processor": self._long_processor,
            "worst_processor_ms": round(self._worst_processor * 1e3, 3),
        }
        self._file.write(json.dumps(line) + "\n")
        self._file.flush()
        self._line_began = now
        self._turns = self._long = self._long_processor = 0
        self._worst = self._worst_processor = 0.0
