"""Determine from their files what outputs contain after their media process has died.

Nothing here uses libav, because the engine calls it and does not load libav.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

from renderer.output.sinks.hls_playlist import end_text
from renderer.output.spec import LIVE_PLAYLIST, PLAYLIST, OutputSpec, list_images
from renderer.protocol.outputs import OutputState, OutputStatus

END_MARK: Final = "#EXT-X-ENDLIST"
_SEGMENT_LENGTH: Final = re.compile(r"^#EXTINF:([0-9.]+),", re.MULTILINE)
_CONTAINERS: Final = (b"trak", b"mdia", b"traf")
"""Boxes inside `moov` and `moof` that contain timing boxes, at most two levels deep."""
_LEAVES: Final = (b"tkhd", b"mdhd", b"tfhd", b"tfdt", b"trun")


def settle_interrupted(spec: OutputSpec, status: OutputStatus) -> OutputStatus:
    """Return the final status of an output that the media process could not finish.

    An HLS playlist gets its end mark, so that players stop waiting for more.

    Args:
        spec: of the output.
        status: its last known status.

    Returns:
        The same status if the output had ended; otherwise an interrupted one, with the bytes and
        seconds that its files contain.
    """
    if status.state.is_over:
        return status
    seconds, size, detail = status.seconds, status.bytes, "the server has seen the stream end"
    try:
        if spec.is_recording:
            path = status.all_parts[-1].path if status.parts else spec.address
            seconds, size = _measure_recording(Path(path))
            detail = "what was recorded until then can be played"
        elif spec.is_images:
            sizes = [file.stat().st_size for file in list_images(Path(spec.address))]
            size = sum(sizes)
            seconds, detail = seconds if sizes else 0.0, f"the {len(sizes)} images are complete"
        elif spec.kind == "hls":
            seconds, size = _end_playlist(Path(spec.address))
            detail = "the segments until then can be played"
        if not spec.is_stream and not seconds:
            detail = "nothing was recorded"
    except FileNotFoundError:
        detail = "nothing was recorded"
    except (OSError, UnicodeDecodeError) as fault:
        why = fault.strerror if isinstance(fault, OSError) else "its playlist is no text"
        detail = f"what was written could not be finished ({why})"
    return msgspec.structs.replace(
        status,
        state=OutputState.INTERRUPTED,
        detail=f"the media process died; {detail}",
        seconds=seconds,
        bytes=size,
    )


def _end_playlist(folder: Path) -> tuple[float, int]:
    """Mark the playlist as ended; return the seconds and bytes that it lists."""
    text = (folder / PLAYLIST).read_text()
    for path in (folder / PLAYLIST, folder / LIVE_PLAYLIST):
        left = path.read_text() if path.is_file() else END_MARK
        if END_MARK not in left:
            partial = path.with_name(f".{path.name}.part")
            partial.write_text(end_text(left))
            partial.replace(path)
    names = [line for line in text.splitlines() if line and not line.startswith("#")]
    size = sum(file.stat().st_size for name in names if (file := folder / name).is_file())
    return sum(map(float, _SEGMENT_LENGTH.findall(text))), size


def _measure_recording(path: Path) -> tuple[float, int]:
    """Return the seconds and bytes of the complete fragments of a fragmented MP4.

    ISO/IEC 14496-12: a track fragment's decode time (`tfdt`) and its samples' durations (`tfhd`'s
    default or `trun`'s own) are in ticks of the track's timescale (`mdhd`).
    """
    ends: dict[int, float] = {}
    begins: dict[int, float] = {}
    whole = 0
    # Data after the last complete fragment was being written and may be invalid.
    with path.open("rb") as file, suppress(struct.error, IndexError):
        length = file.seek(0, 2)
        scales: dict[int, int] = {}
        fragment: list[tuple[int, int, int]] = []
        for kind, start, end in _boxes(file, 0, length):
            if end > length:
                break
            if kind == b"moov":
                scales = dict(_timescales(file, start, end))
            elif kind == b"moof":
                fragment = list(_track_fragments(file, start, end))
            elif kind == b"mdat":
                whole = end
                for track, begin, ticks in fragment:
                    scale = scales.get(track) or 1
                    begins.setdefault(track, begin / scale)
                    ends[track] = (begin + ticks) / scale
    longest = max((ends[track] - begins[track] for track in ends), default=0.0)
    return longest, whole


def _boxes(file: BinaryIO, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield type and content range of each box; the last one may extend past the end."""
    while start + 8 <= end:
        file.seek(start)
        size, kind = struct.unpack(">I4s", file.read(8))
        header = 8
        if size == 1:
            (size,) = struct.unpack(">Q", file.read(8))
            header = 16
        if size < header:
            return
        yield kind, start + header, start + size
        start += size


def _leaves(file: BinaryIO, start: int, end: int, depth: int = 2) -> Iterator[tuple[bytes, bytes]]:
    """Yield type and content of the timing boxes."""
    for kind, begin, stop in _boxes(file, start, end):
        if kind in _CONTAINERS and depth:
            yield from _leaves(file, begin, stop, depth - 1)
        elif kind in _LEAVES:
            file.seek(begin)
            yield kind, file.read(stop - begin)


def _timescales(file: BinaryIO, start: int, end: int) -> Iterator[tuple[int, int]]:
    track = 0
    for kind, content in _leaves(file, start, end):
        wide = content[0] == 1
        if kind == b"tkhd":
            (track,) = struct.unpack_from(">I", content, 20 if wide else 12)
        elif kind == b"mdhd":
            (scale,) = struct.unpack_from(">I", content, 20 if wide else 12)
            yield track, scale


def _track_fragments(file: BinaryIO, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Yield track, decode time and duration in ticks of each run of samples."""
    track = begin = default = 0
    for kind, content in _leaves(file, start, end):
        flags = int.from_bytes(content[1:4], "big")
        if kind == b"tfhd":
            (track,) = struct.unpack_from(">I", content, 4)
            at = 8 + 8 * bool(flags & 0x1) + 4 * bool(flags & 0x2)
            default = struct.unpack_from(">I", content, at)[0] if flags & 0x8 else 0
        elif kind == b"tfdt":
            (begin,) = struct.unpack_from(">Q" if content[0] == 1 else ">I", content, 4)
        elif kind == b"trun":
            ticks = _run_ticks(content, flags, default)
            yield track, begin, ticks
            begin += ticks


def _run_ticks(content: bytes, flags: int, default: int) -> int:
    count = int.from_bytes(content[4:8], "big")
    if not flags & 0x100:
        return count * default
    at = 8 + 4 * bool(flags & 0x1) + 4 * bool(flags & 0x4)
    stride = 4 * sum(bool(flags & bit) for bit in (0x100, 0x200, 0x400, 0x800))
    ticks = 0
    for sample in range(min(count, (len(content) - at) // stride)):
        ticks += int.from_bytes(content[at + sample * stride : at + sample * stride + 4], "big")
    return ticks
