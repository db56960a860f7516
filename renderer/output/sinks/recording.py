"""Record an MP4 or MOV that is playable at any moment, even after a crash or a disk fault.

While it is written the file is fragmented: every half second completes a fragment, and
players ignore what follows the last complete one. When the recording ends normally, the file is
turned into an ordinary one in place (`hybrid_fragmented`): an index is appended and the start
rewritten, without a copy however long the show was.
"""

from __future__ import annotations

import errno
import io
import struct
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path

import av
import msgspec

from renderer.output.audio.sound import reason
from renderer.output.encode.packets import VIDEO_CLOCK, EncodedPacket, Muxer
from renderer.output.sinks.local_sink import LocalSink
from renderer.output.sinks.target_lock import hold_target
from renderer.output.spec import OutputSpec, next_part
from renderer.protocol.outputs import OutputState, OutputStatus, RecordingPart

OPTIONS = {
    # delay_moov: write the index with the first fragment, when the negative start time of the
    # sound's first packet is known; players then trim it to the sample.
    "movflags": "hybrid_fragmented+frag_keyframe+delay_moov+default_base_moof",
    "frag_duration": "500000",
    "video_track_timescale": "90000",
}


class RecordingFile(io.RawIOBase):
    """A file that refuses every write after one has failed.

    On a full disk libav would still rewrite the start of the file to point at an index that was
    not written, and so destroy a recording that was playable until then.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.open("wb", buffering=0)
        self.broken = False

    def write(self, data: bytes, /) -> int:  # type: ignore[override]  # libav gives bytes
        """Write all of `data`; raise the error of this write or of an earlier one."""
        if self.broken:
            raise OSError(errno.EIO, "the recording has stopped")
        view = memoryview(data)
        try:
            while view:
                view = view[self._file.write(view) or 0 :]
        except OSError:
            self.broken = True
            raise
        return len(data)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Set the file position and return it."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """Return the file position."""
        return self._file.tell()

    def seekable(self) -> bool:
        """Return True."""
        return True

    def writable(self) -> bool:
        """Return True."""
        return True

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()


def trim_recording(path: Path) -> bool:
    """Truncate a file after the last complete fragment; return whether there is one.

    ISO/IEC 14496-12: a box is its size (32 bits, big-endian; 1 means that 64 bits follow the type),
    its type and its content; a fragment is a `moof` box and an `mdat` box.
    """
    whole, found = 0, False
    with path.open("r+b") as file:
        length = file.seek(0, io.SEEK_END)
        start = 0
        while start + 16 <= length:
            file.seek(start)
            size, kind, large = struct.unpack(">I4sQ", file.read(16))
            start += large if size == 1 else max(size, 8)
            if start <= length and kind != b"moof":
                whole = start
                found |= kind == b"mdat"
        file.truncate(whole)
    return found


class Recording(LocalSink[Muxer]):
    """Writes an MP4, or a MOV with alpha.

    Its folder is created if missing; an older file of its name is replaced. If its disk fails or
    fills up, it goes on in its fallback folder under another part's name. That part begins with the
    last keyframe but one before the fault, so that no picture is missing from both together. If
    another encoder goes on with the pictures, it goes on in a further part, too.
    """

    _file: RecordingFile
    _lock: ExitStack

    def __init__(
        self, name: str, spec: OutputSpec, header: bytes, live: bool, keep_trying: bool = False
    ) -> None:
        super().__init__(name, spec, header, live, keep_trying)
        self._path = Path(spec.address)
        self._parts: list[RecordingPart] = []
        self._recent = RecentPackets() if spec.options.fallback else None

    def status(self) -> OutputStatus:
        """Return its status; on its second disk with the name of the file there."""
        status = super().status()
        if not self._parts:
            return status
        shown = replace(self.spec, address=str(self._path)).shown
        return msgspec.structs.replace(status, address=shown, parts=list(self._parts))

    @property
    def _folder(self) -> Path:
        return self._path.parent

    def _open(self) -> Muxer:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with ExitStack() as opened:
            opened.enter_context(hold_target(self._path))
            self._file = RecordingFile(self._path)
            muxer = Muxer(self._file, self._header, self.spec.kind, OPTIONS)
            self._lock = opened.pop_all()
        return muxer

    def _write(self, target: Muxer, packet: EncodedPacket) -> bool:
        if self._recent is not None:
            self._recent.add(packet)
        return target.write(packet)

    def _finish(self, target: Muxer) -> None:
        target.close()
        self._file.close()
        self._lock.close()

    def _abandon(self, target: Muxer) -> str:
        self._file.broken = True
        target.discard()
        is_playable = False
        # The disk may be gone.
        with suppress(OSError):
            self._file.close()
            is_playable = trim_recording(self._path)
        self._lock.close()
        if is_playable:
            return "what was recorded until then can be played"
        return "nothing was recorded"

    def _change_streams(self, target: Muxer) -> Muxer:
        # A file describes its pictures once, in its first bytes: the next part follows.
        begins_s, before = (self._first_ticks or 0) / VIDEO_CLOCK, self._path
        self._finish(target)
        self._parts.append(RecordingPart(str(before), begins_s))
        self._first_ticks, self._bytes = None, 0
        if self._recent is not None:
            self._recent = RecentPackets()
        self._path = next_part(before)
        following = self._open()
        self._enter(OutputState.RUNNING, f"another encoder goes on; {before} is complete")
        return following

    def _go_on(self, target: Muxer, why: str) -> Muxer | None:
        recent, self._recent = self._recent, None
        if recent is None:
            return super()._go_on(target, why)
        begins_s = (self._first_ticks or 0) / VIDEO_CLOCK
        left, before = self._abandon(target), self._path
        self._first_ticks, self._bytes = None, 0
        self._path = next_part(Path(self.spec.options.fallback) / before.name)
        try:
            second = self._open()
            for packet in recent:
                if second.write(packet):
                    self._account(packet)
        except (OSError, av.FFmpegError) as fault:
            self._path = before
            self._queue.close()
            self._fail(f"{why}; its fallback fails too: {reason(fault)}; {left}")
            return None
        self._parts.append(RecordingPart(str(before), begins_s))
        self._enter(OutputState.RUNNING, f"{before} ended ({why}); it goes on here")
        return second


class RecentPackets:
    """Keeps the packets from the last keyframe but one on: twice two seconds."""

    def __init__(self) -> None:
        self._packets: deque[EncodedPacket] = deque()
        self._keyframes = 0

    def __iter__(self) -> Iterator[EncodedPacket]:
        return iter(self._packets)

    def add(self, packet: EncodedPacket) -> None:
        """Add a packet, and forget those that are older than needed."""
        self._packets.append(packet)
        self._keyframes += packet.starts_picture
        while self._keyframes > 2:
            self._packets.popleft()
            # The sound between two pictures belongs to the earlier one.
            while not self._packets[0].starts_picture:
                self._packets.popleft()
            self._keyframes -= 1
