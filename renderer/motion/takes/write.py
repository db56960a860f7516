"""Writes a take during a performance.

A separate thread encodes, compresses and writes, so that the show's tick only puts records into a
queue. What the queue cannot hold is lost and counted; the show must report the loss.
"""

from __future__ import annotations

import os
import queue
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Final, Protocol, Self, cast

from mcap.writer import CompressionType, Writer

from renderer.errors import MotionError
from renderer.motion.core.sources import Entry, Event, Record, Source
from renderer.motion.takes.encryption import ByteSink
from renderer.motion.takes.layout import ABOUT, CHANNELS, PERFORMERS, PROFILE, SCHEMAS, encode

QUEUE_RECORDS: Final = 4096
"""Length of the queue in records: twenty seconds of one singer, three of four with phones and
suits."""

_CHUNK_BYTES: Final = 1 << 18
"""Bytes of an MCAP chunk before compression."""

_FLUSH_S: Final = 0.5
"""Seconds between flushes: a killed program loses at most these."""

_SYNC_S: Final = 5.0
"""Seconds between fsyncs: a power loss costs at most these."""


class _Log(Protocol):
    """The part of mcap's Writer that lacks type annotations."""

    def flush(self) -> None: ...

    def finish(self) -> None: ...


class TakeWriter:
    """Writes one take. `put` may be called by one thread and never blocks.

    Args:
        path: of the new file, usually `….mcap`.
        about: metadata for readers: performer, input, video, song.
        encrypt: returns what encrypts the new file; None for a plain take.

    Raises:
        MotionError: the file exists already or cannot be created.
    """

    def __init__(
        self,
        path: Path,
        about: Mapping[str, str],
        encrypt: Callable[[BinaryIO], ByteSink] | None = None,
    ) -> None:
        self._path = path
        plain = _create_file(path)
        self._queue: queue.Queue[Entry | None] = queue.Queue(QUEUE_RECORDS)
        self._lost = 0
        self._failure = ""
        self._closed = False
        self._is_empty = True
        try:
            self._file: ByteSink = plain if encrypt is None else encrypt(plain)
            # mcap writes to anything that writes, tells and flushes.
            output = cast(BinaryIO, self._file)
            self._writer = Writer(output, chunk_size=_CHUNK_BYTES, compression=CompressionType.ZSTD)
            self._log: _Log = self._writer
            self._write_header(about)
        except OSError as error:
            plain.close()
            raise MotionError(
                f"Take {path}", f"cannot be written ({error.strerror or error})", "free some space"
            ) from error
        self._thread = threading.Thread(target=self._write, name="take", daemon=True)
        self._thread.start()

    @property
    def fault(self) -> MotionError | None:
        """What has been lost so far, and why; None while nothing is lost."""
        if self._failure:
            return MotionError(
                f"Take {self._path}",
                f"stopped being written ({self._failure}); {self._lost} records are lost",
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
        """Queue a record, which must not change any more. Never blocks.

        Args:
            source: where it comes from.
            record: the record.
            performer: whose, 0 to 3.

        Raises:
            ValueError: there is no such performer.
        """
        if not 0 <= performer < PERFORMERS:
            raise ValueError(f"performer {performer} is not one of {PERFORMERS}")
        self._is_empty &= isinstance(record, Event)
        try:
            self._queue.put_nowait(Entry(source, performer, record))
        except queue.Full:
            self._lost += 1

    def close(self) -> None:
        """Write all queued records and finish the file; may be called twice.

        A take without any observation leaves no file: the show did not begin, and may be tried
        again.

        Raises:
            MotionError: records were lost.
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

    def _write_header(self, about: Mapping[str, str]) -> None:
        """Write header, metadata, schemas and channels."""
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
        """Write queued records until the end marker; the writer thread's main loop."""
        flush_at = sync_at = time.monotonic()
        while True:
            try:
                entry = self._queue.get(timeout=_FLUSH_S)
            except queue.Empty:
                self._flush(sync=False)
                continue
            if entry is None:
                break
            self._add_entry(entry)
            now = time.monotonic()
            if now >= flush_at:
                self._flush(sync=now >= sync_at)
                flush_at = now + _FLUSH_S
                sync_at = now + _SYNC_S if now >= sync_at else sync_at
        self._finish()

    def _add_entry(self, entry: Entry) -> None:
        """Write one entry; after a failure count it as lost."""
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

    def _flush(self, sync: bool) -> None:
        """Flush the file, and fsync it if `sync`; a failure is stored."""
        if self._failure:
            return
        try:
            self._log.flush()
            if sync:
                os.fsync(self._file.fileno())
        except OSError as error:
            self._failure = error.strerror or str(error)

    def _finish(self) -> None:
        """Finish and close the file; remove it if no observation was recorded."""
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
            f"Take {path}", "exists already", "name a new file, so that no take is lost"
        ) from error
    except OSError as error:
        raise MotionError(
            f"Take {path}",
            f"cannot be created ({error.strerror or error})",
            "name a file in a writable folder",
        ) from error
