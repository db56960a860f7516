"""Encoded packets as plain data, and muxing them into a container.

A packet is encoded once and goes to many sinks, in other threads and processes, each with its own
time base. Therefore no libav object is shared: a packet is bytes and numbers, and the streams'
headers are bytes as well, from which every sink creates its own templates.
"""

from __future__ import annotations

import contextlib
import io
import time
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Protocol

import av
from av.container import InputContainer, OutputContainer
from av.stream import Stream

VIDEO_CLOCK = 90_000
AUDIO_CLOCK = 48_000
_NUT = b"nut/multimedia container"
"""First bytes of a NUT file (nut.txt, "file_id_string")."""


@dataclass(frozen=True, slots=True)
class EncodedPacket:
    """A packet of encoded picture or sound.

    Attributes:
        data: H.264 in Annex B form, a ProRes frame, or raw AAC.
        pts: presentation time in ticks of `clock`; dts is the same, as there are no B-frames.
        duration: in ticks of `clock`.
        clock: ticks per second: VIDEO_CLOCK for a picture, AUDIO_CLOCK for sound.
        is_keyframe: decoding can start here.
        t_seen_ns: camera time of the newest performer data in the picture; 0 if there is none.
        t_encoded_ns: monotonic time at which it was encoded.
        header: of a keyframe, the streams' description if another encoder than the first one made
            it; else empty.
    """

    data: bytes
    pts: int
    duration: int
    clock: int
    is_keyframe: bool
    t_seen_ns: int = 0
    t_encoded_ns: int = field(default_factory=time.monotonic_ns, compare=False)
    header: bytes = b""

    @property
    def is_video(self) -> bool:
        """Return whether it is a picture."""
        return self.clock == VIDEO_CLOCK

    @property
    def starts_picture(self) -> bool:
        """Return whether a player can join at this packet."""
        return self.is_video and self.is_keyframe


class Target(Protocol):
    """A writable target other than a path. It may have `seek` and `tell`, as files do."""

    def write(self, data: bytes, /) -> int:
        """Write all of `data`."""


class Templates:
    """Stream templates made from `header`, for creating an output's streams."""

    def __init__(self, header: bytes) -> None:
        container = "nut" if header.startswith(_NUT) else "mov"
        self._source: InputContainer = av.open(io.BytesIO(header), "r", format=container)
        self.video, self.audio = self._source.streams.video[0], self._source.streams.audio[0]

    def close(self) -> None:
        """Free the templates."""
        self._source.close()


def read_parameters(header: bytes) -> bytes:
    """Return the parameter sets of the pictures (SPS and PPS in Annex B form) in a header."""
    templates = Templates(header)
    try:
        return bytes(templates.video.codec_context.extradata or b"")
    finally:
        templates.close()


class Join:
    """Passes packets from the first keyframe on, with times rebased to it, or to an origin.

    Args:
        origin_ticks: time that becomes zero, in ticks of VIDEO_CLOCK; None for the first keyframe.
        lead_ticks: added to all times, for containers that take no negative ones.
    """

    def __init__(self, origin_ticks: int | None = None, lead_ticks: int = 0) -> None:
        self._has_begun = False
        self._lead = Fraction(lead_ticks, VIDEO_CLOCK)
        self._origin = Fraction(0 if origin_ticks is None else origin_ticks, VIDEO_CLOCK)
        self._has_origin = origin_ticks is not None

    def admit(self, packet: EncodedPacket) -> EncodedPacket | None:
        """Return `packet` with rebased times; None if it comes before the start."""
        if not self._has_begun:
            if not packet.starts_picture:
                return None
            self._has_begun = True
            if not self._has_origin:
                self._origin = Fraction(packet.pts, packet.clock)
        pts = packet.pts - round(self._origin * packet.clock)
        # The sound's first packet has a negative time: it only primes the decoder.
        if pts + packet.duration < 0:
            return None
        return replace(packet, pts=pts + round(self._lead * packet.clock))


class Muxer:
    """A container being written, from the first keyframe on.

    If another encoder goes on with the pictures, its parameter sets precede each keyframe.

    Args:
        target: a path or URL, or a Python file.
        header: the streams' description from a ProgramEncoder.
        format: libav's name of the container.
        options: of the container and the protocol.
        origin_ticks, lead_ticks: of the container's times; see Join.

    Raises:
        OSError, av.FFmpegError: the target cannot be opened.
    """

    def __init__(
        self,
        target: str | Target,
        header: bytes,
        format: str,
        options: dict[str, str],
        origin_ticks: int | None = None,
        lead_ticks: int = 0,
    ) -> None:
        self._join = Join(origin_ticks, lead_ticks)
        self._header, self._parameters = header, b""
        self._templates = Templates(header)
        self._output: OutputContainer = av.open(target, "w", format=format, options=options)
        self._streams: dict[bool, Stream] = {
            True: self._output.add_stream_from_template(self._templates.video),
            False: self._output.add_stream_from_template(self._templates.audio),
        }
        self._output.start_encoding()

    def write(self, packet: EncodedPacket) -> bool:
        """Write a packet; return False if it came before the first keyframe and was dropped.

        Raises:
            OSError, av.FFmpegError: writing failed.
        """
        admitted = self._join.admit(packet)
        if admitted is None:
            return False
        if admitted.header and admitted.header != self._header:
            self._header = admitted.header
            self._parameters = read_parameters(admitted.header)
        is_prefixed = bool(self._parameters) and admitted.starts_picture
        raw: av.Packet[Stream] = av.Packet(
            self._parameters + admitted.data if is_prefixed else admitted.data
        )
        raw.pts = raw.dts = admitted.pts
        raw.duration = admitted.duration
        raw.time_base = Fraction(1, admitted.clock)
        raw.is_keyframe = admitted.is_keyframe
        raw.stream = self._streams[admitted.is_video]
        self._output.mux(raw)
        return True

    def close(self) -> None:
        """Write the container's trailer and close it.

        Raises:
            OSError, av.FFmpegError: writing failed.
        """
        try:
            self._output.close()
        finally:
            self._templates.close()

    def discard(self) -> None:
        """Free a container that can no longer be written."""
        with contextlib.suppress(OSError, av.FFmpegError):
            self.close()
