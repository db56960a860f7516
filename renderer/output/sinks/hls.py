"""Write the program as HTTP Live Streaming into a folder, to be watched in a browser.

Segments are fragmented MP4 from one keyframe to the next (two seconds), with an event playlist (RFC
8216): a viewer joins at the live edge and can seek back to the start; after the show the folder
contains the whole show. libav's own HLS muxer does not report a full disk, and empties the
playlist; so libav produces only the fragments here, and Python writes the files.
"""

from __future__ import annotations

import contextlib
import errno
import struct
from contextlib import ExitStack
from pathlib import Path

from renderer.output.encode.packets import VIDEO_CLOCK, EncodedPacket, Muxer
from renderer.output.sinks.sink import LocalSink
from renderer.output.sinks.target_lock import hold_target
from renderer.output.spec import PLAYLIST

INIT = "init.mp4"
OPTIONS = {
    # One fragment per keyframe, no trailer, and each fragment written at once.
    "movflags": "frag_keyframe+empty_moov+default_base_moof+skip_trailer",
    "flush_packets": "1",
}
TARGET_S = 2


class SegmentFolder:
    """Splits a fragmented MP4 into files while it is written.

    ISO/IEC 14496-12: a box is its size (32 bits, big-endian), its type and its content. The boxes
    up to `moov` are the initialisation segment; each pair of `moof` and `mdat` is a fragment.

    Args:
        folder: must exist; files of an earlier show in it are removed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        for name in (PLAYLIST, INIT, "segment_*.m4s"):
            for old in folder.glob(name):
                old.unlink()
        self._bytes = bytearray()
        self._boxes = bytearray()
        self._keys: list[int] = []
        self._end = 0
        self._lengths: list[float] = []
        self._broken = False

    def expect(self, packet: EncodedPacket) -> None:
        """Record a packet's time before the muxer receives it."""
        if packet.is_video and (self._keys or packet.is_keyframe):
            self._end = packet.pts + packet.duration
            if packet.is_keyframe:
                self._keys.append(packet.pts)

    def write(self, data: bytes, /) -> int:
        """Write part of the stream; raise the error of this write or of an earlier one."""
        if self._broken:
            raise OSError(errno.EIO, "the segments have stopped")
        self._bytes += data
        try:
            while len(self._bytes) >= 8:
                size, kind = struct.unpack_from(">I4s", self._bytes)
                if len(self._bytes) < size:
                    break
                self._boxes += self._bytes[:size]
                del self._bytes[:size]
                self._take(kind)
        except OSError:
            self._broken = True
            raise
        return len(data)

    @property
    def begun(self) -> bool:
        """Return whether there is anything to play."""
        return bool(self._lengths)

    def end(self) -> None:
        """Mark the playlist as ended."""
        self._list(ended=True)

    def _take(self, kind: bytes) -> None:
        """Write the file that a box of this kind completes, if any."""
        if kind == b"moov":
            self._store(INIT, bytes(self._boxes))
        elif kind == b"mdat":
            number = len(self._lengths)
            # The fragment ends where the next begins, whose packet the muxer has just received.
            end = self._keys[number + 1] if number + 1 < len(self._keys) else self._end
            self._store(_segment(number), bytes(self._boxes))
            self._lengths.append((end - self._keys[number]) / VIDEO_CLOCK)
            self._list(ended=False)
        else:
            return
        self._boxes.clear()

    def _list(self, ended: bool) -> None:
        lines = [
            "#EXTM3U",
            "#EXT-X-VERSION:7",
            f"#EXT-X-TARGETDURATION:{max([TARGET_S, *map(round, self._lengths)])}",
            "#EXT-X-MEDIA-SEQUENCE:0",
            "#EXT-X-PLAYLIST-TYPE:EVENT",
            "#EXT-X-INDEPENDENT-SEGMENTS",
            f'#EXT-X-MAP:URI="{INIT}"',
        ]
        for number, length in enumerate(self._lengths):
            lines += [f"#EXTINF:{length:.6f},", _segment(number)]
        if ended:
            lines.append("#EXT-X-ENDLIST")
        self._store(PLAYLIST, "\n".join([*lines, ""]).encode())

    def _store(self, name: str, content: bytes) -> None:
        """Write a file atomically, so that viewers never see an incomplete one."""
        path, partial = self._folder / name, self._folder / f".{name}.part"
        try:
            partial.write_bytes(content)
            partial.replace(path)
        except OSError:
            partial.unlink(missing_ok=True)
            raise


class HlsFolder(LocalSink):
    """Writes playlist and segments; creates the folder if it is missing."""

    _segments: SegmentFolder
    _lock: ExitStack

    def _open(self) -> Muxer:
        folder = Path(self.spec.address)
        folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as opened:
            opened.enter_context(hold_target(folder))
            self._segments = SegmentFolder(folder)
            muxer = Muxer(self._segments, self._header, "mp4", OPTIONS)
            self._lock = opened.pop_all()
        return muxer

    def _write(self, muxer: Muxer, packet: EncodedPacket) -> bool:
        self._segments.expect(packet)
        return super()._write(muxer, packet)

    def _finish(self, muxer: Muxer) -> None:
        muxer.close()
        self._segments.end()
        self._lock.close()

    def _abandon(self, muxer: Muxer) -> str:
        muxer.discard()
        # The segment that did not fit has been removed: there may be room for the playlist.
        with contextlib.suppress(OSError):
            self._segments.end()
        self._lock.close()
        if self._segments.begun:
            return "the segments until then can be played"
        return "nothing was recorded"


def _segment(number: int) -> str:
    return f"segment_{number:05d}.m4s"
