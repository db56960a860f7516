"""Write the two playlists of an HLS folder: the whole show, and the live edge with low latency.

RFC 8216 and its second edition (draft-pantos-hls-rfc8216bis), appendix B: a low-latency playlist
lists the parts of the newest segments, which a player can have before the segment is complete.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

TARGET_S: Final = 2
"""Seconds of a segment: the interval of keyframes."""
PART_TARGET_S: Final = 0.4
"""Longest part in seconds: twelve frames at 30 frames per second."""
HOLD_BACK_PARTS: Final = 3
"""Parts that a player stays behind the live edge; appendix B recommends three, so 1.2 s."""
LISTED: Final = 60
"""Segments in the live playlist: two minutes, in which a viewer can go back."""
PARTED: Final = 4
"""Newest segments whose parts are listed and kept; appendix B asks for three target durations."""


@dataclass(slots=True)
class Part:
    """A part of a segment: its file, its seconds, and whether decoding can start there."""

    name: str
    length: float
    is_independent: bool


@dataclass(slots=True)
class Segment:
    """A segment.

    Attributes:
        name: of its file.
        length: seconds.
        header: lines before it: its initialisation segment and discontinuity, where they change.
        parts: while they are kept.
    """

    name: str
    length: float
    header: list[str] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)


def read_segments(text: str) -> list[Segment]:
    """Return the segments of a whole-show playlist, from the first one with a header on."""
    segments: list[Segment] = []
    header: list[str] = []
    length = 0.0
    for line in text.splitlines():
        if line.startswith(("#EXT-X-MAP", "#EXT-X-DISCONTINUITY")):
            header.append(line)
        elif line.startswith("#EXTINF:"):
            length = float(line.removeprefix("#EXTINF:").rstrip(","))
        elif line and not line.startswith("#") and (segments or header):
            segments.append(Segment(line, length, header))
            header = []
    return segments


def write_whole(segments: list[Segment], ended: bool) -> bytes:
    """Return the playlist of everything so far, in which a viewer can seek to the start."""
    lines = [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        f"#EXT-X-TARGETDURATION:{_target(segments)}",
        "#EXT-X-MEDIA-SEQUENCE:0",
        "#EXT-X-PLAYLIST-TYPE:EVENT",
        "#EXT-X-INDEPENDENT-SEGMENTS",
    ]
    for segment in segments:
        lines += [*segment.header, f"#EXTINF:{segment.length:.6f},", segment.name]
    return _encode(lines, ended)


def write_live(
    segments: list[Segment], header: list[str], parts: list[Part], hint: str, ended: bool
) -> bytes:
    """Return the playlist of the live edge.

    Args:
        segments: all complete segments.
        header: lines before the segment that is being written.
        parts: of that segment.
        hint: file of the next part.
        ended: whether nothing follows.
    """
    first = max(0, len(segments) - LISTED)
    shown = segments[first:]
    longest = max((part.length for one in shown for part in one.parts), default=0.0)
    longest = max([PART_TARGET_S, longest, *(part.length for part in parts)])
    before = [line for segment in segments[:first] for line in segment.header]
    lines = [
        "#EXTM3U",
        "#EXT-X-VERSION:9",
        f"#EXT-X-TARGETDURATION:{_target(segments)}",
        f"#EXT-X-PART-INF:PART-TARGET={longest:.6f}",
        "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,"
        f"PART-HOLD-BACK={HOLD_BACK_PARTS * longest:.6f}",
        f"#EXT-X-MEDIA-SEQUENCE:{first}",
        f"#EXT-X-DISCONTINUITY-SEQUENCE:{before.count('#EXT-X-DISCONTINUITY')}",
        "#EXT-X-INDEPENDENT-SEGMENTS",
        *[line for line in before if line.startswith("#EXT-X-MAP")][-1:],
    ]
    for segment in shown:
        lines += [*segment.header, *map(_write_part, segment.parts)]
        lines += [f"#EXTINF:{segment.length:.6f},", segment.name]
    lines += [*header, *map(_write_part, parts)]
    if not ended:
        lines.append(f'#EXT-X-PRELOAD-HINT:TYPE=PART,URI="{hint}"')
    return _encode(lines, ended)


def end_text(text: str) -> str:
    """Return a playlist that a dead process has left, with an end mark and without loose parts."""
    lines = text.splitlines()
    while lines and lines[-1].startswith(("#EXT-X-PART:", "#EXT-X-PRELOAD-HINT")):
        lines.pop()
    return "\n".join([*lines, "#EXT-X-ENDLIST", ""])


def list_stale(segments: list[Segment]) -> Iterator[Part]:
    """Yield the parts that are no longer to be listed, and remove them from their segments."""
    for segment in segments[max(0, len(segments) - PARTED - 2) : -PARTED]:
        yield from segment.parts
        segment.parts.clear()


def _write_part(part: Part) -> str:
    independent = ",INDEPENDENT=YES" if part.is_independent else ""
    return f'#EXT-X-PART:DURATION={part.length:.6f},URI="{part.name}"{independent}'


def _target(segments: list[Segment]) -> int:
    return max([TARGET_S, *(math.floor(segment.length + 0.5) for segment in segments)])


def _encode(lines: list[str], ended: bool) -> bytes:
    return "\n".join([*lines, *(["#EXT-X-ENDLIST"] if ended else []), ""]).encode()
