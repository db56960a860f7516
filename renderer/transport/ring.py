"""Send frames from one process to another through shared memory, without a copy.

The pixels are in memory that both processes map. Everything else goes over a pipe: a header means
"this frame is ready", one byte means "this slot is free again". The pipe also serves as memory
barrier, wake-up signal and detection of a dead peer, so there is no lock that a killed process
could keep, and the memory has no name that a killed process could leave behind.
"""

from __future__ import annotations

import mmap
import struct
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection

import numpy as np
import numpy.typing as npt

from renderer.errors import RendererError
from renderer.platform import PLATFORM
from renderer.transport.pixel_layout import PixelLayout
from renderer.transport.shared_file import SharedFile

Frame = npt.NDArray[np.uint8]

_HEADER = struct.Struct("<6qB")
_LAYOUTS = tuple(PixelLayout)
_FREE = b"\0"
_END = b"\1"
"""Sent instead of a header after the last frame."""


class PeerGone(RendererError):  # noqa: N818 - it tells of an end, which is not always an error
    """The process at the other end of the ring has closed it or died."""

    @classmethod
    def of(cls, who: str) -> PeerGone:
        """Return the error for the end of `who`."""
        return cls(f"the {who} of the frames", "has ended", "start it again")


class EndOfFrames(Exception):  # noqa: N818 - it tells of an end, which is no error
    """The producer has said that no further frame follows."""


@dataclass(frozen=True, slots=True)
class FrameHeader:
    """A frame's metadata.

    Attributes:
        number: frame number, counted by the producer.
        t_show_ns: show time, from the start of its run.
        t_seen_ns: camera time of the newest performer data in it; 0 if there is none.
        t_render_ns: time.monotonic_ns when the frame was committed.
        run: number of starts of show time: distinguishes a rehearsal's frames from the show's.
        layout: of the frame's bytes.
        origin_ns: time.monotonic_ns at show time zero of the run; 0 offline, where frames have no
            time of their own.
    """

    number: int
    t_show_ns: int
    t_seen_ns: int
    t_render_ns: int
    run: int = 0
    layout: PixelLayout = PixelLayout.I420
    origin_ns: int = 0

    def pack(self) -> bytes:
        """Return the header as bytes."""
        times = self.number, self.t_show_ns, self.t_seen_ns, self.t_render_ns
        return _HEADER.pack(*times, self.run, self.origin_ns, _LAYOUTS.index(self.layout))

    @classmethod
    def unpack(cls, data: bytes) -> FrameHeader:
        """Return the header that was packed into `data`."""
        number, t_show_ns, t_seen_ns, t_render_ns, run, origin_ns, layout = _HEADER.unpack(data)
        return cls(number, t_show_ns, t_seen_ns, t_render_ns, run, _LAYOUTS[layout], origin_ns)


@dataclass(frozen=True, slots=True)
class RingHandle:
    """One end of a ring, passed to another process.

    Attributes:
        memory: holds the slots.
        pipe: carries headers to the consumer and freed slots back.
        shape: of one frame, uint8.
        slots: number of slots.
    """

    memory: SharedFile
    pipe: Connection
    shape: tuple[int, ...]
    slots: int

    def close(self) -> None:
        """Close this process's copy of the end."""
        self.pipe.close()
        self.memory.close()


def create_ring(shape: tuple[int, ...], slots: int) -> tuple[RingHandle, RingHandle]:
    """Create a ring, and return its producer's and its consumer's end.

    Args:
        shape: of one frame, uint8.
        slots: number of frames in flight.
    """
    memory = SharedFile(PLATFORM.create_memory(slots * _stride(shape)))
    ours, theirs = Pipe(duplex=True)
    producer = RingHandle(memory, ours, shape, slots)
    return producer, RingHandle(memory.duplicate(), theirs, shape, slots)


class FrameRing:
    """The producer's end: acquire a slot, fill it, commit it, in turn.

    A full ring gives no slot: a producer that can wait is blocked, one that cannot drops its frame,
    which `dropped` counts.

    Args:
        handle: the producer's end; closed here.
    """

    def __init__(self, handle: RingHandle) -> None:
        self._frames = _map_frames(handle.memory.descriptor, handle.shape, handle.slots)
        handle.memory.close()
        self._pipe = handle.pipe
        self._free = self._slots = handle.slots
        self._next = 0
        self.dropped = 0

    def acquire(self, timeout: float = 0.0) -> Frame | None:
        """Return a free slot to fill.

        Args:
            timeout: seconds to wait for one; 0 drops the frame at once when there is none.

        Returns:
            An array of the ring's shape; None if no slot is free.

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
        """Send the slot that was acquired last to the consumer.

        Raises:
            PeerGone: the consumer has ended.
        """
        try:
            self._pipe.send_bytes(header.pack())
        except OSError as gone:
            raise PeerGone.of("consumer") from gone
        self._free -= 1
        self._next = (self._next + 1) % self._slots

    def finish(self) -> None:
        """Say that no further frame follows; the consumer still reads the committed ones."""
        with suppress(OSError):
            self._pipe.send_bytes(_END)

    def close(self) -> None:
        """Close the pipe and free the memory. The consumer still reads the committed frames."""
        self._pipe.close()
        self._frames = []

    def _collect(self, timeout: float) -> None:
        """Count the slots returned, waiting at most `timeout` seconds for the first."""
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
        """Wait for the next frame, which stays valid until it is released.

        Args:
            timeout: seconds.

        Raises:
            EndOfFrames: all frames have been taken, and no further one follows.
            PeerGone: the producer has ended, and all that it committed has been taken.
        """
        try:
            if not self._pipe.poll(timeout):
                return None
            data = self._pipe.recv_bytes()
        except (EOFError, OSError) as gone:
            raise PeerGone.of("producer") from gone
        if data == _END:
            raise EndOfFrames
        frame = self._frames[self._next]
        self._next = (self._next + 1) % len(self._frames)
        return FrameHeader.unpack(data), frame

    def release(self) -> None:
        """Return the oldest slot that was taken and not yet released to the producer."""
        try:
            self._pipe.send_bytes(_FREE)
        except OSError:
            # A producer that has ended needs no slots; frames it committed must still be read.
            return

    def close(self) -> None:
        """Tell the producer that reading has stopped, and free the memory."""
        self._pipe.close()
        self._frames = []


def _stride(shape: tuple[int, ...]) -> int:
    """Return the frame stride in bytes, in whole pages, since encoders prefer aligned planes."""
    return -(-int(np.prod(shape)) // mmap.PAGESIZE) * mmap.PAGESIZE


def _map_frames(fd: int, shape: tuple[int, ...], slots: int) -> list[Frame]:
    """Return a view of every slot. The mapping lives as long as any of them is in use."""
    stride = _stride(shape)
    memory = mmap.mmap(fd, slots * stride)
    return [np.ndarray(shape, np.uint8, memory, slot * stride) for slot in range(slots)]
