"""Encoded packets as plain data, and the writing of them into a container.

A packet is encoded once and goes to many sinks, in other threads and processes, each with clocks
of its own. So no libav object is shared: a packet is bytes and numbers, and the streams' headers
are bytes as well, of which every sink makes its own templates.
"""

from __future__ import annotations

import contextlib
import io
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Protocol

import av
from av.container import InputContainer, OutputContainer
from av.stream import Stream

VIDEO_CLOCK = 90_000
AUDIO_CLOCK = 48_000


@dataclass(frozen=True, slots=True)
class EncodedPacket:
    """A piece of compressed picture or sound.

    Attributes:
        data: H.264 in Annex B form, or raw AAC.
        pts: presentation time in ticks of `clock`; dts is the same, as there are no B-frames.
        duration: in ticks of `clock`.
        clock: ticks in a second: VIDEO_CLOCK or AUDIO_CLOCK, which also tells which it is.
        is_keyframe: decoding can start here.
        t_seen_ns: camera time of the newest performer data in the picture; 0 if there is none.
    """

    data: bytes
    pts: int
    duration: int
    clock: int
    is_keyframe: bool
    t_seen_ns: int = 0

    @property
    def is_video(self) -> bool:
        """Whether it is a picture."""
        return self.clock == VIDEO_CLOCK

    @property
    def starts_picture(self) -> bool:
        """Whether a player can join here."""
        return self.is_video and self.is_keyframe


class Target(Protocol):
    """A place to write to that is no path. It may have `seek` and `tell` as files have."""

    def write(self, data: bytes, /) -> int:
        """Write all of `data`."""


class Templates:
    """The two streams that `header` describes, to make an output's streams of."""

    def __init__(self, header: bytes) -> None:
        self._source: InputContainer = av.open(io.BytesIO(header), "r", format="nut")
        self.video, self.audio = self._source.streams.video[0], self._source.streams.audio[0]

    def close(self) -> None:
        """Let go of them."""
        self._source.close()


class Join:
    """Lets packets through from the first keyframe on, with times counted from there."""

    def __init__(self) -> None:
        self._origin: Fraction | None = None

    def admit(self, packet: EncodedPacket) -> EncodedPacket | None:
        """Rebase `packet`; None if it comes before the start."""
        if self._origin is None:
            if not packet.starts_picture:
                return None
            self._origin = Fraction(packet.pts, packet.clock)
        pts = packet.pts - round(self._origin * packet.clock)
        # The sound's first packet lies before zero: it fills the decoder, nobody hears it.
        if pts + packet.duration < 0:
            return None
        return replace(packet, pts=pts)


class Muxer:
    """One container being written, from the first keyframe that it is given.

    Args:
        target: a path or URL, or a Python file.
        header: the streams, of a ProgramEncoder.
        format: libav's name of the container.
        options: the container's and the protocol's.

    Raises:
        OSError, av.FFmpegError: the target cannot be opened.
    """

    def __init__(
        self, target: str | Target, header: bytes, format: str, options: dict[str, str]
    ) -> None:
        self._join = Join()
        self._templates = Templates(header)
        self._output: OutputContainer = av.open(target, "w", format=format, options=options)
        self._streams: dict[bool, Stream] = {
            True: self._output.add_stream_from_template(self._templates.video),
            False: self._output.add_stream_from_template(self._templates.audio),
        }
        self._output.start_encoding()

    def write(self, packet: EncodedPacket) -> bool:
        """Write a packet; False if it came before the first keyframe and was left out.

        Raises:
            OSError, av.FFmpegError: it could not be written.
        """
        admitted = self._join.admit(packet)
        if admitted is None:
            return False
        raw: av.Packet[Stream] = av.Packet(admitted.data)
        raw.pts = raw.dts = admitted.pts
        raw.duration = admitted.duration
        raw.time_base = Fraction(1, admitted.clock)
        raw.is_keyframe = admitted.is_keyframe
        raw.stream = self._streams[admitted.is_video]
        self._output.mux(raw)
        return True

    def close(self) -> None:
        """Write what ends the container.

        Raises:
            OSError, av.FFmpegError: it could not be written.
        """
        try:
            self._output.close()
        finally:
            self._templates.close()

    def discard(self) -> None:
        """Let go of a container that can no longer be written."""
        with contextlib.suppress(OSError, av.FFmpegError):
            self.close()
