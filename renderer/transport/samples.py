"""Share one channel of sound between processes that are otherwise independent.

A file, mapped into memory by both sides, holds the newest samples of a channel. A sample's place in
it is its number by the machine's monotonic clock at 48 kHz, so that either side may begin again and
both still mean the same moment. The writer never waits, and may write a moment more than once.
"""

from __future__ import annotations

import hashlib
import mmap
import os
import struct
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from renderer.closing import Closing
from renderer.errors import OutputError
from renderer.platform import PLATFORM

F32 = npt.NDArray[np.float32]

RATE: Final = 48_000
"""Samples per second."""
LENGTH: Final = 1 << 17
"""Samples that are kept: 2.7 s."""
_MAGIC: Final = b"ENCSMP01"
_HEAD: Final = struct.Struct("<8s")
_SAMPLES_AT: Final = 4096
_SIZE: Final = _SAMPLES_AT + LENGTH * 4
_BEGIN, _END = 0, 1


def samples_path(folder: Path, name: str) -> Path:
    """Return the file of a channel, whose name may have any characters."""
    return folder / f"voice-{hashlib.blake2b(name.encode(), digest_size=12).hexdigest()}"


def position_at(t_ns: float) -> int:
    """Return the number of the sample at a monotonic time, nanoseconds."""
    return round(t_ns * RATE / 1e9)


class SharedSamples(Closing):
    """One side of a channel; made by `create` (the writer) or `open` (readers)."""

    def __init__(self, memory: mmap.mmap) -> None:
        self._memory = memory
        self._range = np.frombuffer(memory, np.int64, 2, _HEAD.size)
        self._data = np.frombuffer(memory, np.float32, LENGTH, _SAMPLES_AT)

    @classmethod
    def create(cls, path: Path) -> Self:
        """Become the only writer of a channel; one that is there goes on with what it holds.

        Raises:
            OutputError: the file cannot be created.
        """
        try:
            if not _is_whole(path):
                handle, made = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
                with os.fdopen(handle, "r+b") as file:
                    file.truncate(_SIZE)
                    PLATFORM.reserve_space(file.fileno(), _SIZE)
                    file.write(_HEAD.pack(_MAGIC))
                Path(made).replace(path)
            return cls(_map(path, mmap.ACCESS_WRITE))
        except OSError as fault:
            raise OutputError(
                f"the shared sound {path}",
                f"cannot be made ({fault.strerror or fault})",
                "free some space in the folder of running shows",
            ) from fault

    @classmethod
    def open(cls, path: Path) -> Self | None:
        """Return a channel for reading; None if nobody has created it yet."""
        with suppress(OSError):
            if _is_whole(path):
                return cls(_map(path, mmap.ACCESS_READ))
        return None

    @property
    def end(self) -> int:
        """Return the number of the sample after the newest; 0 before any."""
        return int(self._range[_END])

    def write(self, position: int, samples: F32) -> None:
        """Write samples (n,), n at most LENGTH, from a position on.

        What lies between the newest sample and a later position is silence.
        """
        begin, end = int(self._range[_BEGIN]), self.end
        after = position + len(samples)
        if not end or position > end + LENGTH or after < end - LENGTH:
            begin = end = position
            self._range[_END] = end
        self._range[_BEGIN] = max(begin, after - LENGTH)
        if position > end:
            self._put(end, np.zeros(position - end, np.float32))
        self._put(position, samples)
        self._range[_END] = max(end, after)

    def read(self, position: int, out: F32) -> int:
        """Fill (n,) with the samples from a position on; return how many of them were there."""
        out[:] = 0.0
        begin, end = int(self._range[_BEGIN]), self.end
        first, last = max(position, begin), min(position + len(out), end)
        if last <= first:
            return 0
        at, count = first % LENGTH, last - first
        head = min(count, LENGTH - at)
        target = out[first - position : last - position]
        target[:head] = self._data[at : at + head]
        target[head:] = self._data[: count - head]
        return count

    def close(self) -> None:
        """Unmap the memory; the file stays for the other side. Idempotent."""
        self._range = np.zeros(2, np.int64)
        self._data = np.zeros(LENGTH, np.float32)
        with suppress(BufferError):
            self._memory.close()

    def _put(self, position: int, samples: F32) -> None:
        at, count = position % LENGTH, len(samples)
        head = min(count, LENGTH - at)
        self._data[at : at + head] = samples[:head]
        self._data[: count - head] = samples[head:]


def _is_whole(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return (
                file.read(_HEAD.size) == _HEAD.pack(_MAGIC)
                and os.fstat(file.fileno()).st_size == _SIZE
            )
    except OSError:
        return False


def _map(path: Path, access: int) -> mmap.mmap:
    with path.open("rb" if access == mmap.ACCESS_READ else "r+b") as file:
        return mmap.mmap(file.fileno(), _SIZE, access=access)
