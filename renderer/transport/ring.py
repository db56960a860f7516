"""Frames from one process to another, through shared memory, without a copy.

The pixels lie in memory that both processes map. Everything else travels over a pipe: a header
says "this frame is ready", one byte says "this slot is free again". The pipe is also the memory
barrier, the wake-up and the death notice, so there is no lock that a killed process could keep,
and the memory has no name that a killed process could leave behind.
"""

from __future__ import annotations

import mmap
import struct
from dataclasses import astuple, dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection

import numpy as np
import numpy.typing as npt

from renderer.errors import RendererError
from renderer.platform import PLATFORM
from renderer.transport.shared_file import SharedFile

Frame = npt.NDArray[np.uint8]

_HEADER = struct.Struct("<5q")
_FREE = b"\0"


class PeerGone(RendererError):  # noqa: N818 - it tells of an end, which is not always an error
    """The process at the other end of the ring has closed it or died."""

    @classmethod
    def of(cls, who: str) -> PeerGone:
        """Say that `who` has left."""
        return cls(f"the {who} of the frames", "has ended", "start it again")


@dataclass(frozen=True, slots=True)
class FrameHeader:
    """What is known of a frame beside its pixels.

    Attributes:
        number: of the frame, counted by the producer.
        t_show_ns: show time, from the start of its run.
        t_seen_ns: camera time of the newest performer data in it; 0 if there is none.
        t_render_ns: time.monotonic_ns when the frame was committed.
        run: counts the starts of show time: a rehearsal's frames and the show's differ in it.
    """

    number: int
    t_show_ns: int
    t_seen_ns: int
    t_render_ns: int
    run: int = 0


@dataclass(frozen=True, slots=True)
class RingHandle:
    """The consumer's end, on its way to the process that reads: an argument of a ChildProcess.

    Attributes:
        memory: holds the slots.
        pipe: carries headers to the consumer and freed slots back.
        shape: of one frame, uint8.
        slots: how many there are.
    """

    memory: SharedFile
    pipe: Connection
    shape: tuple[int, ...]
    slots: int


class FrameRing:
    """The producer's end: fill a slot, commit it, in turn.

    Args:
        shape: of one frame, uint8.
        slots: how many frames may be under way. A full ring gives no slot: a producer that can
            wait is held back, one that cannot drops its frame, which `dropped` counts.
    """

    def __init__(self, shape: tuple[int, ...], slots: int) -> None:
        memory = SharedFile(PLATFORM.create_memory(slots * _stride(shape)))
        self._frames = _map_frames(memory.descriptor, shape, slots)
        self._pipe, theirs = Pipe(duplex=True)
        self._handle: RingHandle | None = RingHandle(memory, theirs, shape, slots)
        self._free = self._slots = slots
        self._next = 0
        self.dropped = 0

    @property
    def handle(self) -> RingHandle:
        """The consumer's end, until it has been handed over."""
        if self._handle is None:
            raise PeerGone.of("consumer")
        return self._handle

    def handed_over(self) -> None:
        """Close this process's copy of the consumer's end, so that the consumer's death is seen.

        A ChildProcess that was given the handle has closed it already.
        """
        if self._handle is not None:
            self._handle.pipe.close()
            self._handle.memory.close()
            self._handle = None

    def acquire(self, timeout: float = 0.0) -> Frame | None:
        """Find a free slot.

        Args:
            timeout: seconds to wait for one; 0 drops the frame at once when there is none.

        Returns:
            The slot to fill, of the ring's shape; None if there is none yet.

        Raises:
            PeerGone: the consumer has ended.
        """
        self._collect(0.0)
        if not self._free and timeout > 0.0:
            self._collect(timeout)
        if not self._free:
            self.dropped += timeout <= 0.0
            return None
        return self._frames[self._next]

    def commit(self, header: FrameHeader) -> None:
        """Hand over the slot that was acquired last.

        Raises:
            PeerGone: the consumer has ended.
        """
        try:
            self._pipe.send_bytes(_HEADER.pack(*astuple(header)))
        except OSError as gone:
            raise PeerGone.of("consumer") from gone
        self._free -= 1
        self._next = (self._next + 1) % self._slots

    def close(self) -> None:
        """Say that no frame follows, and free the memory. The consumer still reads what it has."""
        self.handed_over()
        self._pipe.close()
        self._frames = []

    def _collect(self, timeout: float) -> None:
        """Count the slots that came back, waiting at most `timeout` seconds for the first."""
        try:
            while self._pipe.poll(timeout):
                self._pipe.recv_bytes()
                self._free += 1
                timeout = 0.0
        except (EOFError, OSError) as gone:
            raise PeerGone.of("consumer") from gone


class RingReader:
    """The consumer's end: take a frame, use it, release it, in turn."""

    def __init__(self, handle: RingHandle) -> None:
        self._frames = _map_frames(handle.memory.descriptor, handle.shape, handle.slots)
        handle.memory.close()
        self._pipe = handle.pipe
        self._next = 0

    def take(self, timeout: float) -> tuple[FrameHeader, Frame] | None:
        """Wait for the next frame, which stays valid until `release`.

        Args:
            timeout: seconds.

        Raises:
            PeerGone: the producer has ended, and all that it committed has been taken.
        """
        try:
            if not self._pipe.poll(timeout):
                return None
            header = FrameHeader(*_HEADER.unpack(self._pipe.recv_bytes()))
        except (EOFError, OSError) as gone:
            raise PeerGone.of("producer") from gone
        return header, self._frames[self._next]

    def release(self) -> None:
        """Give the slot that was taken last back to the producer."""
        self._next = (self._next + 1) % len(self._frames)
        try:
            self._pipe.send_bytes(_FREE)
        except OSError:
            # A producer that has ended needs no slots; what it committed is still to be read.
            return

    def close(self) -> None:
        """Tell the producer that nobody reads any more, and free the memory."""
        self._pipe.close()
        self._frames = []


def _stride(shape: tuple[int, ...]) -> int:
    """Bytes from one frame to the next, whole pages: encoders like their planes aligned."""
    return -(-int(np.prod(shape)) // mmap.PAGESIZE) * mmap.PAGESIZE


def _map_frames(fd: int, shape: tuple[int, ...], slots: int) -> list[Frame]:
    """Views of every slot. The mapping lives as long as any of them is in use."""
    stride = _stride(shape)
    memory = mmap.mmap(fd, slots * stride)
    return [np.ndarray(shape, np.uint8, memory, slot * stride) for slot in range(slots)]
