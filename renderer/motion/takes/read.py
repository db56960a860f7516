"""Reads takes, including truncated and damaged ones."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, BinaryIO, Final, cast

import zstandard
from mcap.exceptions import EndOfFile, McapError
from mcap.records import Chunk, DataEnd, Header, McapRecord, Message, Metadata
from mcap.stream_reader import StreamReader, breakup_chunk

from renderer.errors import MotionError, RendererError
from renderer.motion.core.sources import Entry
from renderer.motion.takes.encryption import DecryptedSource, Unlock, read_head, refuse
from renderer.motion.takes.layout import ABOUT, CHANNELS, PROFILE, decode

_MAX_RECORD_BYTES: Final = 1 << 26
"""Bytes of a take's record at most, whatever a damaged length field says."""

_DAMAGE: Final = (
    McapError,
    ValueError,
    struct.error,
    zstandard.ZstdError,
    # A damaged length field that the library trusts.
    OverflowError,
    MemoryError,
)
_MAX_LENGTH_NS: Final = 24 * 3600 * 1_000_000_000
"""A record later than this after a take's beginning has a damaged time stamp."""

_REMEDY: Final = "choose a take (.mcap) that this program recorded"


@dataclass(frozen=True, slots=True)
class Take:
    """A recorded take.

    Attributes:
        path: its file.
        about: metadata from its writer.
        unlock: gives the key if the take is encrypted.
        warnings: what was found wrong with the file, one sentence each, added while `entries` is
            read; counts in a sentence grow in place.
    """

    path: Path
    about: dict[str, str]
    unlock: Unlock = refuse
    warnings: list[str] = field(default_factory=list)

    def name_of(self, performer: int) -> str:
        """Return the name of a performer, by index from 0; empty if the take has none."""
        names = [one.strip() for one in self.about.get("performer", "").split(",")]
        return names[performer] if performer < len(names) else ""

    def entries(self) -> Iterator[Entry]:
        """Yield every readable record in recording order.

        Raises:
            MotionError: nothing in the take can be read.
        """
        self.warnings.clear()
        with _open_log(self.path, self.unlock) as file:
            given = 0
            for entry in _TakeReader(self, file).entries():
                given += 1
                yield entry
        if not given:
            raise MotionError(f"Take {self.path}", "has no readable record", _REMEDY)


def open_take(path: Path, unlock: Unlock = refuse) -> Take:
    """Open a take for reading.

    Args:
        path: its file.
        unlock: gives the key if the take is encrypted.

    Raises:
        MotionError: the file is missing, or is not a take.
        RendererError: it is encrypted and may not be read, or its key is not at hand.
    """
    unlock = _remember_key(unlock)
    with _open_log(path, unlock) as file:
        stream = StreamReader(file, emit_chunks=True, record_size_limit=_MAX_RECORD_BYTES).records
        about: dict[str, str] | None = None
        try:
            header = next(stream, None)
            if not isinstance(header, Header) or header.profile != PROFILE:
                raise MotionError(f"Take {path}", "is an MCAP file of another program", _REMEDY)
            for record in stream:
                if isinstance(record, Metadata) and record.name == ABOUT:
                    about = record.metadata
                if about is not None or isinstance(record, Chunk):
                    break
        except EndOfFile:
            fault = "is empty" if path.stat().st_size == 0 else "breaks off at its beginning"
            raise MotionError(f"Take {path}", fault, _REMEDY) from None
        except _DAMAGE:
            raise MotionError(f"Take {path}", "is not a take, or is damaged", _REMEDY) from None
    return Take(path, about or {}, unlock)


class _TakeReader:
    """One pass through a file."""

    def __init__(self, take: Take, file: IO[Any]) -> None:
        self._path, self._file, self._warnings = take.path, file, take.warnings
        self._ends_ns = _MAX_LENGTH_NS + _read_start(take.about)
        self._places: dict[str, int] = {}
        self._rejected = 0

    def entries(self) -> Iterator[Entry]:
        for record in self._records():
            if not isinstance(record, Message) or not 1 <= record.channel_id <= len(CHANNELS):
                continue
            source, performer = CHANNELS[record.channel_id - 1]
            try:
                entry = Entry(source, performer, decode(source, record.data))
            except (ValueError, RendererError):
                self._reject()
                continue
            if not -_MAX_LENGTH_NS < entry.t_ns < self._ends_ns:
                self._reject()
                continue
            yield entry

    def _records(self) -> Iterator[McapRecord]:
        """Yield the records of every intact chunk, up to where the file ends or breaks off."""
        reader = StreamReader(self._file, emit_chunks=True, record_size_limit=_MAX_RECORD_BYTES)
        stream = reader.records
        damaged, whole = 0, False
        while True:
            try:
                record = next(stream)
            except StopIteration:
                break
            except _DAMAGE:
                if not whole:
                    self._warn("end", "breaks off before its end; the part before that is read")
                break
            if isinstance(record, DataEnd):
                whole = True
            elif isinstance(record, Chunk):
                inner = _unpack_chunk(record)
                if inner is None:
                    damaged += 1
                    self._warn("chunks", f"{damaged} chunks are damaged and are left out")
                yield from inner or ()

    def _reject(self) -> None:
        self._rejected += 1
        self._warn(
            "records",
            f"{self._rejected} records are damaged, or of another version of the program, and are "
            "left out",
        )

    def _warn(self, kind: str, fault: str) -> None:
        """Add a warning, or replace the earlier one of its kind."""
        sentence = f"Take {self._path}: {fault}"
        if kind in self._places:
            self._warnings[self._places[kind]] = sentence
        else:
            self._places[kind] = len(self._warnings)
            self._warnings.append(sentence)


def _read_start(about: dict[str, str]) -> int:
    """Return when the take began on its writer's clock; 0 where that is unknown.

    Live records are stamped by that clock, records of a video file from 0, so this is the later of
    both origins.
    """
    started = about.get("started_monotonic_ns", "")
    return int(started) if started.isascii() and started.isdecimal() and len(started) < 20 else 0


def _unpack_chunk(chunk: Chunk) -> list[McapRecord] | None:
    """Return the records of a chunk; None if it is damaged."""
    try:
        # A damaged size must not cause an allocation of that size.
        packed = chunk.compression == "zstd"
        size = zstandard.frame_content_size(chunk.data) if packed else len(chunk.data)
        if not 0 <= size <= _MAX_RECORD_BYTES:
            return None
        return breakup_chunk(chunk, validate_crc=True)
    except _DAMAGE:
        return None


def _remember_key(unlock: Unlock) -> Unlock:
    """Return what asks once for each head, since deriving a key takes a tenth of a second."""
    known: dict[bytes, bytes] = {}

    def recall(head: bytes) -> bytes:
        if head not in known:
            known[head] = unlock(head)
        return known[head]

    return recall


def read_take_head(path: Path) -> bytes | None:
    """Return the readable head of an encrypted take; None for a plain one.

    Raises:
        MotionError: the file is missing, or its head is damaged.
    """
    with _open_file(path) as file:
        try:
            return read_head(file)
        except ValueError as fault:
            raise MotionError(f"Take {path}", f"is damaged ({fault})", _REMEDY) from fault


@contextmanager
def _open_log(path: Path, unlock: Unlock) -> Iterator[IO[Any]]:
    """Open the log in a take's file, decrypted if it is encrypted."""
    with _open_file(path) as file:
        try:
            head = read_head(file)
        except ValueError as fault:
            raise MotionError(f"Take {path}", f"is damaged ({fault})", _REMEDY) from fault
        # mcap reads from anything that reads.
        yield file if head is None else cast(BinaryIO, DecryptedSource(file, head, unlock(head)))


def _open_file(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except FileNotFoundError as error:
        raise MotionError(f"Take {path}", "does not exist", "check the path") from error
    except OSError as error:
        fault = f"cannot be opened ({error.strerror or error})"
        raise MotionError(f"Take {path}", fault, "choose a readable file") from error
