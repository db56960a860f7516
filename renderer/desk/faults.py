"""What happens when the desk itself has a fault: it is written down, told, and the desk goes on."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self


class FaultReporter:
    """Takes Python's last-resort hook, through which Qt reports what slots raise.

    The same fault, at the same place, is written once: a fault in a 30 Hz timer would fill a disk.
    """

    def __init__(self, log: Path, tell: Callable[[str], None]) -> None:
        """Prepare; nothing is written before there is a fault.

        Args:
            log: the file that faults are appended to.
            tell: is given a sentence for the operator.
        """
        self._log = log
        self._tell = tell
        self._known: set[tuple[type[BaseException], str, int]] = set()
        self._before = sys.excepthook

    def __enter__(self) -> Self:
        self._before = sys.excepthook
        sys.excepthook = self.report
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        sys.excepthook = self._before

    def report(
        self,
        kind: type[BaseException],
        error: BaseException,
        trace: TracebackType | None,
    ) -> None:
        """Write a fault down and tell of it."""
        if not issubclass(kind, Exception):
            self._before(kind, error, trace)
            return
        frames = traceback.extract_tb(trace)
        place = (kind, frames[-1].filename, frames[-1].lineno or 0) if frames else (kind, "", 0)
        if place in self._known:
            return
        self._known.add(place)
        text = "".join(traceback.format_exception(kind, error, trace))
        told = (
            f"The desk had a fault ({kind.__name__}: {error}) and goes on; the show is not touched"
        )
        try:
            self._log.parent.mkdir(parents=True, exist_ok=True)
            with self._log.open("a", encoding="utf-8") as log:
                log.write(f"{datetime.now().isoformat(timespec='seconds')}\n{text}\n")
            self._tell(f"{told}. It is written down in {self._log}.")
        except OSError as fault:
            sys.stderr.write(text)
            self._tell(f"{told}. It could not be written to {self._log} ({fault.strerror}).")
