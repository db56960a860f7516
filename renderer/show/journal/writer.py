"""Append records to a journal file, and keep those of the last ten minutes if the disk refuses."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections import deque
from contextlib import suppress
from pathlib import Path
from typing import Final

from renderer.closing import Closing
from renderer.show.journal.records import JournalRecord, pack

_KEPT_NS: Final = 600_000_000_000
"""Nanoseconds for which records are kept in memory while they cannot be written: ten minutes."""
_MOST_KEPT: Final = 20_000
"""Records kept at most, about 4 MB, so that a flood does not use up the memory."""
_RETRY_S: Final = 1.0
"""Pause in seconds before a write that failed is tried again."""
_SYNC_S: Final = 0.1
"""Interval in seconds at which written records are forced to the disk, in case the power fails. A
killed process loses none, since the system already has them."""

_log = logging.getLogger(__name__)


class JournalWriter(Closing):
    """Writes one journal; thread-safe, and never raises: a full disk must not end a show.

    Attributes:
        path: of the file; None keeps the last ten minutes in memory alone.
        lost: number of records that could neither be written nor kept.
    """

    def __init__(self, path: Path | None) -> None:
        """Prepare the file, which is created with the first record."""
        self.path = path
        self.lost = 0
        self._lock = threading.Lock()
        self._unwritten: deque[JournalRecord] = deque()
        self._descriptor = -1
        self._retry_at = 0.0
        self._is_torn = False
        self._fault = ""
        self._is_dirty = False
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def fault(self) -> str:
        """Return why records cannot be written now; empty if they can."""
        return self._fault

    @property
    def unwritten(self) -> list[JournalRecord]:
        """Return the records of the last ten minutes that are not in the file."""
        with self._lock:
            return list(self._unwritten)

    def append(self, record: JournalRecord) -> None:
        """Write a record, or keep it until the disk accepts it."""
        with self._lock:
            self._unwritten.append(record)
            self._write_unwritten()
            self._drop_old(record.t_ns)

    def close(self) -> None:
        """Write what is left, force it to the disk, and close the file. Idempotent."""
        self._closing.set()
        if self._thread is not None:
            self._thread.join()
        with self._lock:
            self._retry_at = 0.0
            self._write_unwritten()
            if self._descriptor >= 0:
                with suppress(OSError):
                    _flush(self._descriptor)
                os.close(self._descriptor)
            self._descriptor = -1

    def _write_unwritten(self) -> None:
        if self.path is None or not self._unwritten or time.monotonic() < self._retry_at:
            return
        try:
            if self._descriptor < 0:
                self._open(self.path)
            while self._unwritten:
                self._write(pack(self._unwritten[0]))
                self._unwritten.popleft()
                self._is_dirty = True
        except OSError as fault:
            self._retry_at = time.monotonic() + _RETRY_S
            if not self._fault:
                _log.error("The journal %s cannot be written (%s)", self.path, fault.strerror)
            self._fault = fault.strerror or str(fault)
        else:
            self._fault = ""

    def _open(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        if self._thread is None:
            self._thread = threading.Thread(target=self._sync, name="journal", daemon=True)
            self._thread.start()

    def _write(self, line: bytes) -> None:
        """Write one line whole; after an incomplete one, start on a new line."""
        if self._is_torn:
            line = b"\n" + line
        written = 0
        while written < len(line):
            try:
                written += os.write(self._descriptor, line[written:])
            except OSError:
                self._is_torn |= written > 0
                raise
        self._is_torn = False

    def _drop_old(self, now_ns: int) -> None:
        kept = self._unwritten
        while kept and (len(kept) > _MOST_KEPT or now_ns - kept[0].t_ns > _KEPT_NS):
            kept.popleft()
            # Without a file, forgetting what is older than ten minutes is what was asked for.
            self.lost += self.path is not None

    def _sync(self) -> None:
        """Force records to the disk, and retry those that it refused."""
        while not self._closing.wait(_SYNC_S):
            with self._lock:
                self._write_unwritten()
                is_dirty, self._is_dirty = self._is_dirty, False
            # Only `close` closes the file, after this thread has ended.
            if is_dirty:
                with suppress(OSError):
                    _flush(self._descriptor)


def _flush(descriptor: int) -> None:
    flush = getattr(os, "fdatasync", os.fsync)  # Only Linux has it.
    flush(descriptor)
