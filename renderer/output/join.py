"""Join the parts of a recording into one file, without encoding again.

A recording has parts if its media process died and another one went on with it. Each part keeps its
place in the program: between two parts is the gap in which nothing was recorded.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Final

import av
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.stream import Stream

from renderer.errors import OutputError
from renderer.output.sinks.target_lock import hold_target
from renderer.processes.child import Child
from renderer.protocol.outputs import RecordingPart

_OPTIONS: Final = {"video_track_timescale": "90000"}


def run_join(child: Child, parts: Sequence[RecordingPart]) -> None:
    """Join a recording's parts in a process of its own.

    Raises:
        OutputError: they cannot be joined; all of them are kept.
    """
    child.ready()
    join_parts(parts)


def join_parts(parts: Sequence[RecordingPart]) -> None:
    """Write all parts into one file, and remove the parts.

    The file has the first part's name. Where that one's disk has no room, because the recording
    went on on another, it is in the last part's folder.

    Raises:
        OutputError: they cannot be joined; all of them are kept.
    """
    first = Path(parts[0].path)
    elsewhere = Path(parts[-1].path).with_name(first.name)
    try:
        try:
            _join_into(first, parts)
        except (OSError, av.FFmpegError):
            if elsewhere.parent == first.parent or elsewhere.exists():
                raise
            _join_into(elsewhere, parts)
            with suppress(OSError):
                first.unlink()
    except (OSError, ValueError, IndexError, av.FFmpegError) as fault:
        names = ", ".join(Path(part.path).name for part in parts)
        raise OutputError(
            f"the recording {first}",
            f"stays in parts ({getattr(fault, 'strerror', None) or fault}): {names}",
            "join them in a video editor; each of them can be played",
        ) from fault
    for part in parts[1:]:
        with suppress(OSError):
            Path(part.path).unlink()


def _join_into(path: Path, parts: Sequence[RecordingPart]) -> None:
    """Write all parts into a file, which then replaces that of its name."""
    joined = path.with_name(f".{path.name}.joining")
    try:
        with hold_target(path):
            _write(parts, joined)
            with joined.open("rb") as file:
                os.fsync(file.fileno())
            joined.replace(path)
    except BaseException:
        joined.unlink(missing_ok=True)
        raise


def _write(parts: Sequence[RecordingPart], path: Path) -> None:
    container = Path(parts[0].path).suffix.lower().removeprefix(".")
    with av.open(str(path), "w", format=container, options=_OPTIONS) as target:
        streams: dict[str, Stream] = {}
        ends: dict[str, int] = {}
        headers: dict[str, bytes | None] = {}
        for part in parts:
            with av.open(part.path) as source:
                if not streams:
                    for given in (source.streams.video[0], source.streams.audio[0]):
                        streams[given.type] = target.add_stream_from_template(given)
                        headers[given.type] = given.codec_context.extradata
                _append(source, target, streams, headers, ends, part.begins_s - parts[0].begins_s)


def _append(
    source: InputContainer,
    target: OutputContainer,
    streams: dict[str, Stream],
    headers: dict[str, bytes | None],
    ends: dict[str, int],
    offset_s: float,
) -> None:
    """Append a part's packets at its place in the program."""
    givens = [source.streams.video[0], source.streams.audio[0]]
    for given in givens:
        if given.codec_context.extradata != headers[given.type]:
            raise ValueError("they were encoded by different encoders")
    for packet in _read_whole(source.demux(givens)):
        if packet.dts is None or packet.pts is None or packet.time_base is None:
            continue
        kind = packet.stream.type
        shift = round(Fraction(offset_s).limit_denominator(90_000) / packet.time_base)
        packet.pts, packet.dts = packet.pts + shift, packet.dts + shift
        # The sound of a part runs ahead of its pictures, into the next part.
        end = ends.get(kind)
        if end is not None and packet.dts < end:
            continue
        ends[kind] = packet.dts + max(1, packet.duration or 1)
        packet.stream = streams[kind]
        target.mux(packet)


def _read_whole(packets: Iterator[Packet[Stream]]) -> Iterator[Packet[Stream]]:
    """Yield packets up to what was being written when the media process died."""
    count = 0
    try:
        for packet in packets:
            count += 1
            yield packet
    except av.FFmpegError:
        if not count:
            raise
