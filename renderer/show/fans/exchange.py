"""Exchange small records between the fans' endpoint and the engine, through the session's folder.

Each record is a file that is replaced as a whole. Either side may die and start again, neither
waits for the other, and the newest record is all that a reader wants.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, Generic, TypeVar

import msgspec

SUMMARY: Final = "fans.summary"
STATE: Final = "fans.state"
_MOST_BYTES: Final = 65_536

T = TypeVar("T", bound=msgspec.Struct)

_encode: Final = msgspec.msgpack.Encoder().encode


class RecordWriter:
    """Writes one record.

    Args:
        path: of its file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._next = path.with_name(f"{path.name}.next")

    def write(self, record: msgspec.Struct) -> None:
        """Replace the record.

        Raises:
            OSError: the folder is gone or full.
        """
        self._next.write_bytes(_encode(record))
        self._next.replace(self._path)


class RecordReader(Generic[T]):
    """Reads one record whenever it has been replaced.

    Args:
        path: of its file.
        kind: of the record.
    """

    def __init__(self, path: Path, kind: type[T]) -> None:
        self._path = path
        self._decode = msgspec.msgpack.Decoder(kind).decode
        self._read: tuple[int, int] = (0, 0)

    def take(self) -> T | None:
        """Return the record if it has been replaced since the last call, and can be read."""
        try:
            found = self._path.stat()
            now = found.st_mtime_ns, found.st_ino
            if now == self._read or found.st_size > _MOST_BYTES:
                return None
            self._read = now
            return self._decode(self._path.read_bytes())
        except (OSError, msgspec.DecodeError):
            return None
