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
from contextlib import ExitStack
from pathlib import Path

from renderer.output.encode.packets import EncodedPacket, Muxer
from renderer.output.sinks.sink import LocalSink
from renderer.output.sinks.target_lock import hold_target

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

    Its folder is created if missing; an older file of its name is replaced.
    """

    _file: RecordingFile
    _lock: ExitStack

    def _open(self) -> Muxer:
        path = Path(self.spec.address)
        path.parent.mkdir(parents=True, exist_ok=True)
        with ExitStack() as opened:
            opened.enter_context(hold_target(path))
            self._file = RecordingFile(path)
            muxer = Muxer(self._file, self._header, self.spec.kind, OPTIONS)
            self._lock = opened.pop_all()
        return muxer

    def _write(self, target: Muxer, packet: EncodedPacket) -> bool:
        return target.write(packet)

    def _finish(self, target: Muxer) -> None:
        target.close()
        self._file.close()
        self._lock.close()

    def _abandon(self, target: Muxer) -> str:
        self._file.broken = True
        target.discard()
        self._file.close()
        is_playable = trim_recording(Path(self.spec.address))
        self._lock.close()
        if is_playable:
            return "what was recorded until then can be played"
        return "nothing was recorded"
