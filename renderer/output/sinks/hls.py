"""Write the program as HTTP Live Streaming into a folder, to be watched in a browser.

Segments are fragmented MP4 from one keyframe to the next (two seconds). `live.m3u8` lists all of
them: a viewer can seek back to the start, and after the show the folder contains the whole show.
`low_latency.m3u8` lists the live edge with the parts of the newest segments. libav's own HLS muxer
does not report a full disk, and empties the playlist; so libav produces only the fragments here,
one for each packet, and Python assembles parts and segments and writes the files.
"""

from __future__ import annotations

import contextlib
import errno
import struct
from collections import deque
from contextlib import ExitStack
from pathlib import Path

from renderer.output.encode.format import ProgramFormat
from renderer.output.encode.packets import AUDIO_CLOCK, VIDEO_CLOCK, EncodedPacket, Muxer
from renderer.output.sinks import hls_playlist
from renderer.output.sinks.hls_playlist import PART_TARGET_S, Part, Segment
from renderer.output.sinks.hls_variants import describe_variant, list_variant
from renderer.output.sinks.local_sink import LocalSink
from renderer.output.sinks.target_lock import hold_target
from renderer.output.spec import LIVE_PLAYLIST, PLAYLIST, OutputSpec
from renderer.protocol.outputs import OutputState

INIT = "init.mp4"
OPTIONS = {
    # One fragment for each packet, no trailer, and each fragment written at once.
    "movflags": "frag_every_frame+empty_moov+default_base_moof+skip_trailer",
    "flush_packets": "1",
    "avoid_negative_ts": "make_non_negative",
}
LEAD_TICKS = 1024 * VIDEO_CLOCK // AUDIO_CLOCK
"""Length of the packet that primes the decoder of sound, before the first picture."""
_VIDEO_TRACK, _SOUND_TRACK = 1, 2
"""Track numbers: the order of a Muxer's streams."""


class SegmentFolder:
    """Splits a fragmented MP4 into parts and segments while it is written.

    ISO/IEC 14496-12: a box is its size (32 bits, big-endian), its type and its content. The boxes
    up to `moov` are the initialisation segment; each pair of `moof` and `mdat` is a fragment.

    Args:
        folder: must exist.
        origin_ticks: time of the program at which the folder's show began, in ticks of VIDEO_CLOCK,
            to append to the segments of a media process that died, after a discontinuity; None to
            begin with the first picture, and remove the files of an earlier show.
    """

    def __init__(self, folder: Path, origin_ticks: int | None = None) -> None:
        self._folder, self._origin_ticks = folder, origin_ticks
        self._segments = [] if origin_ticks is None else _read_earlier(folder)
        maps = [
            line for one in self._segments for line in one.header if line.startswith("#EXT-X-MAP")
        ]
        self._maps = len(maps)
        self._begin_map()
        if not maps:
            for name in (PLAYLIST, LIVE_PLAYLIST, "init*.mp4", "segment_*.m4s", "segment_*.c2pa"):
                for old in folder.glob(name):
                    old.unlink()
        self._bytes = bytearray()
        self._boxes = bytearray()
        self._expected: dict[int, deque[EncodedPacket]] = {
            _VIDEO_TRACK: deque(),
            _SOUND_TRACK: deque(),
        }
        self._whole = bytearray()
        self._part = bytearray()
        self._parts: list[Part] = []
        self._part_began: EncodedPacket | None = None
        self._segment_began: EncodedPacket | None = None
        self._end = 0
        self._broken = False

    def expect(self, packet: EncodedPacket) -> None:
        """Record a packet that the muxer has received; its fragment comes with the next ones."""
        if self._origin_ticks is None:
            self._origin_ticks = packet.pts
        self._expected[_VIDEO_TRACK if packet.is_video else _SOUND_TRACK].append(packet)

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

    def change_streams(self) -> None:
        """Complete the segment, and go on with the streams of another muxer.

        Raises:
            OSError: what is left cannot be written.
        """
        if self._part_began is not None:
            self._end_part()
        if self._segment_began is not None:
            self._end_segment()
        self._bytes.clear()
        self._boxes.clear()
        for expected in self._expected.values():
            expected.clear()
        self._begin_map()

    @property
    def begun(self) -> bool:
        """Return whether there is anything to play."""
        return bool(self._segments)

    def end(self) -> None:
        """Complete the last segment, as far as it was written, and mark the playlists as ended."""
        for part in self._folder.glob("segment_*.*.m4s"):
            part.unlink()  # This makes room on a full disk.
        if self._part_began is not None and not self._broken:
            self._whole += self._part
        elif self._part_began is not None:
            self._end = self._part_began.pts
        if self._whole:
            self._end_segment()
        for segment in self._segments:
            segment.parts.clear()
        self._store(PLAYLIST, hls_playlist.write_whole(self._segments, ended=True))
        self._list_live(ended=True)

    def _begin_map(self) -> None:
        """Name the next initialisation segment, which follows others after a discontinuity."""
        self._init = f"init_{self._maps + 1}.mp4" if self._maps else INIT
        self._header = ["#EXT-X-DISCONTINUITY"] if self._maps else []
        self._header.append(f'#EXT-X-MAP:URI="{self._init}"')
        self._maps += 1

    def _take(self, kind: bytes) -> None:
        """Take a box: an initialisation segment or a fragment is complete with some of them."""
        if kind == b"moov":
            self._store(self._init, bytes(self._boxes))
        elif kind == b"mdat":
            packet = self._expected[_track(self._boxes)].popleft()
            self._set_time(packet)
            if packet.is_video:
                self._place(packet)
            self._part += self._boxes
        else:
            return
        self._boxes.clear()

    def _set_time(self, packet: EncodedPacket) -> None:
        """Write a packet's time into its fragment, since libav's are wrong for single packets.

        `tfdt` is version and flags, then the time in ticks of the track: 64 bits in version 1.
        """
        origin = (self._origin_ticks or 0) - LEAD_TICKS
        at = self._boxes.find(b"tfdt")
        ticks = packet.pts - origin * packet.clock // VIDEO_CLOCK
        struct.pack_into(">Q" if self._boxes[at + 4] else ">I", self._boxes, at + 8, ticks)

    def _place(self, packet: EncodedPacket) -> None:
        """Begin the part or segment that a picture begins."""
        began = self._part_began
        if began is not None:
            length = (packet.pts + packet.duration - began.pts) / VIDEO_CLOCK
            is_full = length > PART_TARGET_S + 1 / VIDEO_CLOCK
            if packet.is_keyframe or is_full:
                self._end = packet.pts
                self._end_part()
            if packet.is_keyframe:
                self._end_segment()
            elif is_full:
                self._list_live(ended=False)
        self._part_began = self._part_began or packet
        self._segment_began = self._segment_began or packet
        self._end = packet.pts + packet.duration

    def _end_part(self) -> None:
        began = self._part_began
        assert began is not None
        name = self._next_part
        self._store(name, bytes(self._part))
        length = (self._end - began.pts) / VIDEO_CLOCK
        self._parts.append(Part(name, length, began.is_keyframe))
        self._whole += self._part
        self._part.clear()
        self._part_began = None

    def _end_segment(self) -> None:
        began = self._segment_began
        assert began is not None
        name = _segment(len(self._segments))
        self._store(name, bytes(self._whole))
        length = (self._end - began.pts) / VIDEO_CLOCK
        self._segments.append(Segment(name, length, self._header, self._parts))
        self._whole.clear()
        self._header, self._parts, self._segment_began = [], [], None
        for stale in hls_playlist.list_stale(self._segments):
            (self._folder / stale.name).unlink(missing_ok=True)
        self._store(PLAYLIST, hls_playlist.write_whole(self._segments, ended=False))
        self._list_live(ended=False)

    @property
    def _next_part(self) -> str:
        return f"{Path(_segment(len(self._segments))).stem}.{len(self._parts)}.m4s"

    def _list_live(self, ended: bool) -> None:
        text = hls_playlist.write_live(
            self._segments,
            [] if ended else self._header,
            [] if ended else self._parts,
            self._next_part,
            ended,
        )
        self._store(LIVE_PLAYLIST, text)

    def _store(self, name: str, content: bytes) -> None:
        """Write a file atomically, so that viewers never see an incomplete one."""
        path, partial = self._folder / name, self._folder / f".{name}.part"
        try:
            partial.write_bytes(content)
            partial.replace(path)
        except OSError:
            partial.unlink(missing_ok=True)
            raise


class HlsFolder(LocalSink[Muxer]):
    """Writes playlist and segments; creates the folder if it is missing.

    One of several renditions is also listed in the playlists beside its folder.
    """

    _segments: SegmentFolder
    _lock: ExitStack

    def __init__(
        self,
        name: str,
        spec: OutputSpec,
        header: bytes,
        form: ProgramFormat,
        keep_trying: bool = False,
        continues_s: float | None = None,
    ) -> None:
        super().__init__(name, spec, header, form.live, keep_trying)
        self._form = form
        if continues_s is not None:
            self._origin_ticks = round(continues_s * VIDEO_CLOCK)

    def _open(self) -> Muxer:
        folder = Path(self.spec.address)
        folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as opened:
            opened.enter_context(hold_target(folder))
            self._segments = SegmentFolder(folder, self._origin_ticks)
            muxer = self._begin_streams()
            self._lock = opened.pop_all()
        return muxer

    def _begin_streams(self) -> Muxer:
        muxer = Muxer(self._segments, self._header, "mp4", OPTIONS, self._origin_ticks, LEAD_TICKS)
        names = self.spec.options.variants
        if names:
            variant = describe_variant(self._header, self._form)
            list_variant(Path(self.spec.address), variant, names)
        return muxer

    def _change_streams(self, target: Muxer) -> Muxer:
        target.close()
        self._segments.change_streams()
        self._enter(OutputState.RUNNING, "another encoder goes on after a discontinuity")
        return self._begin_streams()

    def _write(self, target: Muxer, packet: EncodedPacket) -> bool:
        is_used = target.write(packet)
        if is_used:
            self._segments.expect(packet)
        return is_used

    def _finish(self, target: Muxer) -> None:
        target.close()
        self._segments.end()
        self._lock.close()

    def _abandon(self, target: Muxer) -> str:
        target.discard()
        # The segment that did not fit has been removed: there may be room for the playlist.
        with contextlib.suppress(OSError):
            self._segments.end()
        self._lock.close()
        if self._segments.begun:
            return "the segments until then can be played"
        return "nothing was recorded"


def _read_earlier(folder: Path) -> list[Segment]:
    """Return the segments of a folder's playlist; none if it cannot be read."""
    try:
        return hls_playlist.read_segments((folder / PLAYLIST).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ValueError):
        return []


def _track(fragment: bytes | bytearray) -> int:
    """Return the track of a fragment's only `traf`; `tfhd` is version, flags and track number."""
    at = fragment.find(b"tfhd")
    return int.from_bytes(fragment[at + 8 : at + 12], "big") if at >= 0 else 0


def _segment(number: int) -> str:
    return f"segment_{number:05d}.m4s"
