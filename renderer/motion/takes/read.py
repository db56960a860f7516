"""Reading takes: also those that were cut off, and those that a disk has damaged."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

import zstandard
from mcap.exceptions import EndOfFile, McapError
from mcap.records import Chunk, DataEnd, Header, McapRecord, Message, Metadata
from mcap.stream_reader import StreamReader, breakup_chunk

from renderer.errors import MotionError, RendererError
from renderer.motion.core.sources import Entry
from renderer.motion.takes.layout import ABOUT, CHANNELS, PROFILE, decode

_LARGEST: Final = 1 << 26
"""Bytes; no record of a take is larger, whatever a damaged length says."""

_DAMAGE: Final = (
    McapError,
    ValueError,
    struct.error,
    zstandard.ZstdError,
    # A damaged length, taken at its word by the library.
    OverflowError,
    MemoryError,
)
_LONGEST_NS: Final = 24 * 3600 * 1_000_000_000
"""What is later than this after a take's beginning has a damaged time, not an age of silence."""

_REMEDY: Final = "choose a take (.mcap) that this program recorded"


@dataclass(frozen=True, slots=True)
class Take:
    """A recorded take.

    Attributes:
        about: what its writer said of it.
        warnings: what is wrong with the file, one sentence each; complete once `entries` has been
            read to its end.
    """

    path: Path
    about: dict[str, str]
    warnings: list[str] = field(default_factory=list)

    def entries(self) -> Iterator[Entry]:
        """Everything readable in it, in the order in which it was put.

        Raises:
            MotionError: nothing in it can be read.
        """
        self.warnings.clear()
        with _open_file(self.path) as file:
            given = 0
            for entry in _Reading(self, file).entries():
                given += 1
                yield entry
        if not given:
            raise MotionError(f"Take {self.path}", "holds nothing that can be read", _REMEDY)


def open_take(path: Path) -> Take:
    """A take, ready to be read.

    Raises:
        MotionError: the file is missing, or is no take.
    """
    with _open_file(path) as file:
        stream = StreamReader(file, emit_chunks=True, record_size_limit=_LARGEST).records
        about: dict[str, str] | None = None
        try:
            header = next(stream, None)
            if not isinstance(header, Header) or header.profile != PROFILE:
                raise MotionError(f"Take {path}", "is a log of something else", _REMEDY)
            for record in stream:
                if isinstance(record, Metadata) and record.name == ABOUT:
                    about = record.metadata
                if about is not None or isinstance(record, Chunk):
                    break
        except EndOfFile:
            fault = "is empty" if path.stat().st_size == 0 else "breaks off at its beginning"
            raise MotionError(f"Take {path}", fault, _REMEDY) from None
        except _DAMAGE:
            raise MotionError(f"Take {path}", "is no take, or is damaged", _REMEDY) from None
    return Take(path, about or {})


class _Reading:
    """One passage through a file."""

    def __init__(self, take: Take, file: BinaryIO) -> None:
        self._path, self._file, self._warnings = take.path, file, take.warnings
        self._ends_ns = _LONGEST_NS + _read_start(take.about)

    def entries(self) -> Iterator[Entry]:
        strange = 0
        for record in self._records():
            if not isinstance(record, Message) or not 1 <= record.channel_id <= len(CHANNELS):
                continue
            source, performer = CHANNELS[record.channel_id - 1]
            try:
                entry = Entry(source, performer, decode(source, record.data))
            except (ValueError, RendererError):
                strange += 1
                continue
            if not -_LONGEST_NS < entry.t_ns < self._ends_ns:
                strange += 1
                continue
            yield entry
        if strange:
            self._warn(
                f"{strange} records are damaged, or of another version of the program, and are "
                "left out"
            )

    def _records(self) -> Iterator[McapRecord]:
        """The records of every sound chunk, up to where the file breaks off."""
        reader = StreamReader(self._file, emit_chunks=True, record_size_limit=_LARGEST)
        stream = reader.records
        damaged, whole = 0, False
        while True:
            try:
                record = next(stream)
            except StopIteration:
                break
            except _DAMAGE:
                if not whole:
                    self._warn("breaks off before its end; what stands before is read")
                break
            if isinstance(record, DataEnd):
                whole = True
            elif isinstance(record, Chunk):
                inner = _unpack_chunk(record)
                damaged += inner is None
                yield from inner or ()
        if damaged:
            self._warn(f"{damaged} parts of it are damaged and are left out")

    def _warn(self, fault: str) -> None:
        self._warnings.append(f"Take {self._path}: {fault}")


def _read_start(about: dict[str, str]) -> int:
    """When a take was begun on its writer's clock, the later of those that its records go by.

    What was seen live is stamped by that clock, what was seen in a file from 0.
    """
    started = about.get("started_monotonic_ns", "")
    return int(started) if started.isascii() and started.isdecimal() and len(started) < 20 else 0


def _unpack_chunk(chunk: Chunk) -> list[McapRecord] | None:
    """The records of a chunk; None if it is damaged."""
    try:
        # A damaged size must not make anyone ask for the memory that it names.
        packed = chunk.compression == "zstd"
        size = zstandard.frame_content_size(chunk.data) if packed else len(chunk.data)
        if not 0 <= size <= _LARGEST:
            return None
        return breakup_chunk(chunk, validate_crc=True)
    except _DAMAGE:
        return None


def _open_file(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except FileNotFoundError as error:
        raise MotionError(f"Take {path}", "is not there", "check the path") from error
    except OSError as error:
        fault = f"cannot be opened ({error.strerror or error})"
        raise MotionError(f"Take {path}", fault, "choose a readable file") from error
