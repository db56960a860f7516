"""Log and show faults of the desk itself, and keep the desk running."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Callable
from types import TracebackType
from typing import Self

from renderer.logs.files import log_path

_log = logging.getLogger(__name__)


class FaultReporter:
    """Installs Python's excepthook, through which Qt reports exceptions in slots.

    The same fault at the same place is logged once: a fault in a 30 Hz timer would fill a disk.
    """

    def __init__(self, notify: Callable[[str], None]) -> None:
        """Prepare the reporter.

        Args:
            notify: called with a sentence for the operator.
        """
        self._notify = notify
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
        """Log a fault, and show it to the operator."""
        if not issubclass(kind, Exception) or error is None:
            self._before(kind, error, trace)
            return
        frames = traceback.extract_tb(trace)
        place = (kind, frames[-1].filename, frames[-1].lineno or 0) if frames else (kind, "", 0)
        if place in self._known:
            return
        self._known.add(place)
        _log.error("a fault of the desk", exc_info=(kind, error, trace))
        where = f"It is in the log file {path}." if (path := log_path()) else ""
        if not where:
            traceback.print_exception(kind, error, trace)
        self._notify(
            f"The desk had a fault ({kind.__name__}: {error}) and goes on; "
            f"the show is not touched. {where}".rstrip()
        )
