"""Share the newest picture between processes that are otherwise independent.

A file, mapped into memory by both sides, holds three slots. The writer fills them in turn; a reader
copies the newest. Publication n is in slot n mod 3, guarded by that slot's sequence number:

    writer: sequence[slot] ← 2n − 1, fence, pixels, fence, sequence[slot] ← 2n, fence, newest ← n
    reader: n ← newest, fence, pixels, fence, and sequence[slot] must be 2n before and after

so that a reader detects a picture that was overwritten during the copy, and copies again. The
writer never waits. A plain file is used because `multiprocessing.shared_memory` belongs to the
process tree that created it: its resource tracker would remove it when a desk ends.
"""

from __future__ import annotations

import mmap
import os
import struct
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from renderer.closing import Closing
from renderer.errors import DeskError
from renderer.platform import PLATFORM

U8 = npt.NDArray[np.uint8]

_MAGIC: Final = b"ENCPIC01"
_HEAD: Final = struct.Struct("<8sII")
_SLOTS: Final = 3
_NEWEST, _SEQUENCE, _TIME = 0, 1, 1 + _SLOTS
_COUNTERS: Final = 1 + 2 * _SLOTS
_PIXELS_AT: Final = 4096
"""Offset of the pixels in bytes: a page, so that they meet any alignment that a copy prefers."""
_LARGEST_SIDE: Final = 16384
_TRIES: Final = 8

_fence_lock = threading.Lock()


def _fence() -> None:
    """Order all memory accesses before this call before all accesses after it.

    Releasing a lock orders what came before, acquiring it what comes after, and a release is
    never reordered with a later acquisition; hence twice. x86 hardly needs it, ARM does.
    """
    with _fence_lock:
        pass
    with _fence_lock:
        pass


def _file_size(width: int, height: int) -> int:
    return _PIXELS_AT + _SLOTS * width * height * 3


class LatestPicture(Closing):
    """One side of a newest-wins picture; made by `create` (the writer) or `open` (readers).

    Attributes:
        width: pixels.
        height: pixels.
    """

    def __init__(self, path: Path, memory: mmap.mmap, width: int, height: int) -> None:
        self.path, self.width, self.height = path, width, height
        self._memory = memory
        self._counters = np.frombuffer(memory, np.int64, _COUNTERS, _HEAD.size)
        self._slots = np.frombuffer(memory, np.uint8, offset=_PIXELS_AT).reshape(
            _SLOTS, height, width, 3
        )
        self._seen = 0

    @classmethod
    def create(cls, path: Path | str, width: int, height: int) -> Self:
        """Create a new file and become its only writer.

        Readers of an older file of that name keep what they had.

        Raises:
            DeskError: the size is invalid or the file cannot be created.
        """
        path = Path(path)
        if not (0 < width <= _LARGEST_SIDE and 0 < height <= _LARGEST_SIDE):
            raise DeskError(
                f"the shared picture {path.name}",
                f"has a size of {width} × {height}",
                f"each side must be 1 to {_LARGEST_SIDE} pixels",
            )
        size = _file_size(width, height)
        made: str | None = None
        try:
            # Write under another name first, so that readers of `path` find the whole file or none.
            handle, made = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
            with os.fdopen(handle, "r+b") as file:
                file.truncate(size)
                PLATFORM.reserve_space(file.fileno(), size)
                file.write(_HEAD.pack(_MAGIC, width, height))
            Path(made).replace(path)
            return cls(path, _map(path, size, mmap.ACCESS_WRITE), width, height)
        except OSError as fault:
            if made is not None:
                Path(made).unlink(missing_ok=True)
            raise DeskError(
                f"the shared picture {path}",
                f"cannot be made ({fault.strerror or fault})",
                "name a folder of your own with room for it",
            ) from fault

    @classmethod
    def take_over(cls, path: Path | str, width: int, height: int) -> Self:
        """Become the only writer after one that has died; create the file if there is none.

        Readers of a file of the same size see the new writer's pictures.

        Raises:
            DeskError: the file cannot be opened or created.
        """
        path, size = Path(path), _file_size(width, height)
        with suppress(OSError, DeskError):
            with path.open("rb") as file:
                head = file.read(_HEAD.size)
                if _read_head(path, head, os.fstat(file.fileno()).st_size) != (width, height):
                    return cls.create(path, width, height)
            return cls(path, _map(path, size, mmap.ACCESS_WRITE), width, height)
        return cls.create(path, width, height)

    @classmethod
    def open(cls, path: Path | str) -> Self:
        """Open a picture that another process created, for reading.

        Raises:
            DeskError: there is no such file or it is not a complete shared picture.
        """
        path = Path(path)
        try:
            with path.open("rb") as file:
                head = file.read(_HEAD.size)
                size = os.fstat(file.fileno()).st_size
            width, height = _read_head(path, head, size)
            return cls(path, _map(path, size, mmap.ACCESS_READ), width, height)
        except OSError as fault:
            raise DeskError(
                f"the shared picture {path}",
                f"cannot be opened ({fault.strerror or fault})",
                "start the show that draws it",
            ) from fault

    def publish(self, pixels: U8, t_ns: int) -> None:
        """Publish a picture as the newest; never waits.

        Args:
            pixels: (height, width, 3) uint8 RGB; copied.
            t_ns: capture time, or any signed 64-bit time that the reader understands.

        Raises:
            DeskError: the array has another shape or type.
        """
        if pixels.shape != (self.height, self.width, 3) or pixels.dtype != np.uint8:
            raise DeskError(
                f"the shared picture {self.path.name}",
                f"was given {pixels.dtype} pixels of shape {pixels.shape}",
                f"it holds uint8 pixels of shape {(self.height, self.width, 3)}",
            )
        counters = self._counters
        number = int(counters[_NEWEST]) + 1
        slot = number % _SLOTS
        counters[_SEQUENCE + slot] = 2 * number - 1
        _fence()
        np.copyto(self._slots[slot], pixels)
        counters[_TIME + slot] = t_ns
        _fence()
        counters[_SEQUENCE + slot] = 2 * number
        _fence()
        counters[_NEWEST] = number

    def read(self, out: U8 | None = None) -> tuple[U8, int] | None:
        """Return the newest picture, if it is newer than the last one read here.

        Args:
            out: (height, width, 3) uint8, C-contiguous, to copy into; None allocates. After a
                None result its content is undefined.

        Returns:
            (height, width, 3) uint8 RGB and its time, or None where nothing new was published.
        """
        counters = self._counters
        for _ in range(_TRIES):
            number = int(counters[_NEWEST])
            if number == self._seen:
                return None
            slot = number % _SLOTS
            _fence()
            if int(counters[_SEQUENCE + slot]) != 2 * number:
                continue
            if out is None:
                out = np.empty((self.height, self.width, 3), np.uint8)
            np.copyto(out, self._slots[slot])
            t_ns = int(counters[_TIME + slot])
            _fence()
            if int(counters[_SEQUENCE + slot]) == 2 * number:
                self._seen = number
                return out, t_ns
        return None

    def close(self) -> None:
        """Unmap the memory; the file stays for the others. Idempotent."""
        # The mapping cannot be closed while an array views it, such as one in a frame of `publish`
        # or `read` that an exception holds; it is then freed with the last such array.
        self._counters = np.zeros(_COUNTERS, np.int64)
        self._slots = np.zeros((_SLOTS, 0, 0, 3), np.uint8)
        with suppress(BufferError):
            self._memory.close()


def _map(path: Path, size: int, access: int) -> mmap.mmap:
    with path.open("rb" if access == mmap.ACCESS_READ else "r+b") as file:
        return mmap.mmap(file.fileno(), size, access=access)


def _read_head(path: Path, head: bytes, size: int) -> tuple[int, int]:
    """Return the picture's (width, height), after checking that the file can hold it."""
    if len(head) < _HEAD.size or not head.startswith(_MAGIC):
        raise DeskError(
            f"the shared picture {path}",
            "is not a shared picture",
            "open the file that a show's status names",
        )
    _, width, height = _HEAD.unpack(head)
    sane = 0 < width <= _LARGEST_SIDE and 0 < height <= _LARGEST_SIDE
    if not sane or size != _file_size(width, height):
        raise DeskError(
            f"the shared picture {path}",
            f"is {size} bytes long, which a picture of {width} × {height} is not",
            "start the show again, which creates it",
        )
    return width, height
