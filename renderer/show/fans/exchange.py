"""Exchange small records between the fans' endpoint and the engine, through the session's folder.

Each record is a file that both sides map into memory, so that a frame that looks for a newer record
makes no system call. Either side may die and start again, neither waits for the other, and the
newest record is all that a reader wants. A checksum tells a record that is being written.
"""

from __future__ import annotations

import mmap
import os
import struct
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Final, Generic, TypeVar

import msgspec

from renderer.closing import Closing
from renderer.platform import PLATFORM

SUMMARY: Final = "fans.summary"
STATE: Final = "fans.state"
_HEAD: Final = struct.Struct("<QII")
"""Number of the record, its length in bytes, and the CRC-32 of its bytes."""
_SIZE: Final = 65_536

T = TypeVar("T", bound=msgspec.Struct)

_encode: Final = msgspec.msgpack.Encoder().encode


class RecordWriter(Closing):
    """Writes one record; the file is made with the first.

    Args:
        path: of its file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._memory: mmap.mmap | None = None
        self._number = 0

    def write(self, record: msgspec.Struct) -> None:
        """Replace the record.

        Raises:
            OSError: the folder is gone or full, or the record is too long.
        """
        data = _encode(record)
        if len(data) > _SIZE - _HEAD.size:
            raise OSError(f"a record of {len(data)} bytes is too long")
        if self._memory is None:
            self._memory = self._map()
            self._number = _HEAD.unpack_from(self._memory)[0]
        self._number = (self._number + 1) % (1 << 64)
        self._memory[_HEAD.size : _HEAD.size + len(data)] = data
        _HEAD.pack_into(self._memory, 0, self._number, len(data), zlib.crc32(data))

    def close(self) -> None:
        """Unmap the file, which stays. Idempotent."""
        if self._memory is not None:
            self._memory.close()
            self._memory = None

    def _map(self) -> mmap.mmap:
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
        try:
            if os.fstat(descriptor).st_size != _SIZE:
                os.ftruncate(descriptor, _SIZE)
                PLATFORM.reserve_space(descriptor, _SIZE)
            return mmap.mmap(descriptor, _SIZE, access=mmap.ACCESS_WRITE)
        finally:
            os.close(descriptor)


class RecordReader(Closing, Generic[T]):
    """Reads one record whenever it has been replaced.

    Args:
        path: of its file.
        kind: of the record.
    """

    def __init__(self, path: Path, kind: type[T]) -> None:
        self._path = path
        self._decode = msgspec.msgpack.Decoder(kind).decode
        self._memory: mmap.mmap | None = None
        self._read = 0

    def take(self) -> T | None:
        """Return the record if it has been replaced since the last call, and can be read."""
        memory = self._memory or self._find()
        if memory is None:
            return None
        number, length, checksum = _HEAD.unpack_from(memory)
        if number == self._read or length > _SIZE - _HEAD.size:
            return None
        data = memory[_HEAD.size : _HEAD.size + length]
        if zlib.crc32(data) != checksum:
            return None  # It is being written; the next look finds it.
        self._read = number
        with suppress(msgspec.DecodeError):
            return self._decode(data)
        return None

    def close(self) -> None:
        """Unmap the file. Idempotent."""
        if self._memory is not None:
            self._memory.close()
            self._memory = None

    def _find(self) -> mmap.mmap | None:
        with suppress(OSError), self._path.open("rb") as file:
            if os.fstat(file.fileno()).st_size == _SIZE:
                self._memory = mmap.mmap(file.fileno(), _SIZE, access=mmap.ACCESS_READ)
        return self._memory
