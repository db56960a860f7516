"""Writing a take while it is performed.

A thread of its own encodes, compresses and writes, so that the show's tick only puts records into a
queue. What the queue cannot hold is lost, and loss is a fault of the take that its show must tell.
"""

from __future__ import annotations

import os
import queue
import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Final, Protocol, Self

from mcap.writer import CompressionType, Writer

from renderer.errors import MotionError
from renderer.motion.core.sources import Entry, Event, Record, Source
from renderer.motion.takes.layout import ABOUT, CHANNELS, PERFORMERS, PROFILE, SCHEMAS, encode

QUEUE: Final = 4096
"""Records: twenty seconds of one singer, three of four who wear phones and suits."""

_CHUNK_BYTES: Final = 1 << 18
_FLUSH_S: Final = 0.5
"""A killed program leaves everything but the last half second."""

_SYNC_S: Final = 5.0
"""A machine that loses its power leaves everything but the last five."""


class _Log(Protocol):
    """The part of mcap's Writer that its authors left without types."""

    def flush(self) -> None: ...

    def finish(self) -> None: ...


class TakeWriter:
    """Writes one take. `put` belongs to one thread, which never waits.

    Args:
        path: of the new file, usually `….mcap`.
        about: what a reader should know of the take: performer, input, video, song.

    Raises:
        MotionError: the file is there already or cannot be made.
    """

    def __init__(self, path: Path, about: Mapping[str, str]) -> None:
        self._path = path
        self._file = _create_file(path)
        self._queue: queue.Queue[Entry | None] = queue.Queue(QUEUE)
        self._lost = 0
        self._failure = ""
        self._closed = False
        self._is_empty = True
        self._writer = Writer(self._file, chunk_size=_CHUNK_BYTES, compression=CompressionType.ZSTD)
        self._log: _Log = self._writer
        try:
            self._begin(about)
        except OSError as error:
            self._file.close()
            raise MotionError(
                f"Take {path}", f"cannot be written ({error.strerror or error})", "free some space"
            ) from error
        self._thread = threading.Thread(target=self._write, name="take", daemon=True)
        self._thread.start()

    @property
    def fault(self) -> MotionError | None:
        """What has been lost so far, and why; None while all is kept."""
        if self._failure:
            return MotionError(
                f"Take {self._path}",
                f"could not be written to its end ({self._failure}), and {self._lost} records "
                "after that are lost",
                "free some space, and record a new take",
            )
        if self._lost:
            return MotionError(
                f"Take {self._path}",
                f"{self._lost} records came faster than they could be written and are lost",
                "record to a faster disk",
            )
        return None

    def put(self, source: Source, record: Record, performer: int = 0) -> None:
        """Hand over a record, which must not change any more. Never waits.

        Args:
            performer: whose, 0 to 3.
        """
        if not 0 <= performer < PERFORMERS:
            raise ValueError(f"performer {performer} is not one of {PERFORMERS}")
        self._is_empty &= isinstance(record, Event)
        try:
            self._queue.put_nowait(Entry(source, performer, record))
        except queue.Full:
            self._lost += 1

    def close(self) -> None:
        """Write everything that was handed over and finish the file; may be called twice.

        Nothing seen or heard leaves no file: the show did not begin, and may be tried again.

        Raises:
            MotionError: something was lost.
        """
        if self._closed:
            return
        self._closed = True
        self._queue.put(None)
        self._thread.join()
        if self.fault is not None:
            raise self.fault

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _begin(self, about: Mapping[str, str]) -> None:
        self._writer.start(profile=PROFILE, library="encore")
        own = {
            "started": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "started_monotonic_ns": str(time.monotonic_ns()),
        }
        self._writer.add_metadata(ABOUT, {**own, **about})
        schemas = {
            source: self._writer.register_schema(name, "", b"") for source, name in SCHEMAS.items()
        }
        for source, performer in CHANNELS:
            encoding = "json" if source is Source.SHOW else "encore"
            topic = f"/performer/{performer}/{source.value}"
            self._writer.register_channel(topic, encoding, schemas[source])
        self._file.flush()

    def _write(self) -> None:
        flush_at = sync_at = time.monotonic()
        while True:
            try:
                entry = self._queue.get(timeout=_FLUSH_S)
            except queue.Empty:
                self._guarded_flush(sync=False)
                continue
            if entry is None:
                break
            self._guarded_add(entry)
            now = time.monotonic()
            if now >= flush_at:
                self._guarded_flush(sync=now >= sync_at)
                flush_at = now + _FLUSH_S
                sync_at = now + _SYNC_S if now >= sync_at else sync_at
        self._finish()

    def _guarded_add(self, entry: Entry) -> None:
        if self._failure:
            self._lost += 1
            return
        channel = CHANNELS.index((entry.source, entry.performer)) + 1
        t_ns = max(entry.t_ns, 0)
        try:
            self._writer.add_message(channel, t_ns, encode(entry.record), t_ns)
        except OSError as error:
            self._failure = error.strerror or str(error)
            self._lost += 1

    def _guarded_flush(self, sync: bool) -> None:
        if self._failure:
            return
        try:
            self._log.flush()
            if sync:
                os.fsync(self._file.fileno())
        except OSError as error:
            self._failure = error.strerror or str(error)

    def _finish(self) -> None:
        try:
            if not self._failure:
                self._log.finish()
            self._file.close()
            if self._is_empty:
                self._path.unlink(missing_ok=True)
        except OSError as error:
            self._failure = self._failure or error.strerror or str(error)


def _create_file(path: Path) -> BinaryIO:
    try:
        return path.open("xb")
    except FileExistsError as error:
        raise MotionError(
            f"Take {path}", "is there already", "name a new file, so that no take is lost"
        ) from error
    except OSError as error:
        raise MotionError(
            f"Take {path}",
            f"cannot be made ({error.strerror or error})",
            "name a file in a folder that can be written to",
        ) from error
