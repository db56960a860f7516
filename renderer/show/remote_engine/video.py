"""Compress an engine's frames for another machine, and restore them there.

The program is encoded again for its outputs, so this encoding has twice its bit rate.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

import av
import numpy as np
import numpy.typing as npt
from av.video.codeccontext import VideoCodecContext

from renderer.errors import EncoderError
from renderer.output.encode.fallback_encoder import FallbackEncoder
from renderer.output.encode.format import ProgramFormat
from renderer.output.encode.packets import read_parameters
from renderer.transport.pixel_layout import PixelLayout
from renderer.transport.ring import EndOfFrames, FrameHeader, PeerGone, RingHandle, RingReader

Planes = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class CompressedFrame:
    """A frame under way.

    Attributes:
        header: as the engine committed it.
        parameters: what a decoder has to know with a keyframe; empty with another frame.
        picture: H.264.
    """

    header: FrameHeader
    parameters: bytes
    picture: bytes


class FrameSource:
    """Takes an engine's frames from its ring, and compresses them.

    Args:
        ring: the consumer's end; closed here.
        rate: frames per second.
    """

    def __init__(self, ring: RingHandle, rate: Fraction) -> None:
        height, width = ring.shape[0] * 2 // 3, ring.shape[1]
        self._ring: RingReader | None = RingReader(ring)
        program = ProgramFormat(width, height, rate, live=True)
        self._encoder = FallbackEncoder(replace(program, bitrate=2 * program.bits), set())
        self._last_ns = -1
        self._needs_key = True

    def take(self) -> CompressedFrame | None:
        """Return the next frame; None if there is none now."""
        while (taken := self._read()) is not None:
            header, planes = taken
            compressed = self._compress(header, planes)
            if self._ring is not None:
                self._ring.release()
            if compressed is not None:
                return compressed
        return None

    def lose(self) -> None:
        """Go on with a keyframe, since a frame is lost."""
        self._needs_key = True

    def close(self) -> None:
        """Close the ring and the encoder. Idempotent."""
        if self._ring is not None:
            self._ring.close()
            self._ring = None
            self._encoder.close()

    def _read(self) -> tuple[FrameHeader, Planes] | None:
        if self._ring is None:
            return None
        try:
            return self._ring.take(0.0)
        except (PeerGone, EndOfFrames):
            self.close()
            return None

    def _compress(self, header: FrameHeader, planes: Planes) -> CompressedFrame | None:
        """Return a frame compressed; None if it is refused, and then the next is a keyframe."""
        at_ns = header.t_render_ns
        if at_ns <= self._last_ns:
            return None
        self._last_ns = at_ns
        try:
            packets = self._encoder.encode(planes, at_ns, 0, self._needs_key, header.layout)
        except (OSError, ValueError, av.FFmpegError, EncoderError):
            packets = []
        self._needs_key = not packets
        if not packets:
            return None
        parameters = read_parameters(self._encoder.header) if packets[0].is_keyframe else b""
        return CompressedFrame(header, parameters, packets[0].data)


class FrameReceiver:
    """Restores frames; the first one is a keyframe.

    Args:
        shape: of a frame, (height * 3 // 2, width).
    """

    def __init__(self, shape: tuple[int, ...]) -> None:
        self._size = shape[1], shape[0] * 2 // 3
        self._decoder: VideoCodecContext | None = None

    def restore(self, parameters: bytes, picture: bytes) -> Planes | None:
        """Return a frame as I420; None if it cannot be decoded, as before the first keyframe."""
        if self._decoder is None:
            if not parameters:
                return None
            self._decoder = av.CodecContext.create("h264", "r")
            # Every picture is returned at once.
            self._decoder.flags |= av.codec.context.Flags.low_delay
            self._decoder.thread_type = "SLICE"
        try:
            frames = self._decoder.decode(av.Packet(parameters + picture))
        except av.FFmpegError:
            return None
        if not frames or (frames[-1].width, frames[-1].height) != self._size:
            return None
        frame = frames[-1].reformat(format=PixelLayout.I420.value)
        return np.asarray(frame.to_ndarray(), np.uint8)
