"""Encode pictures into packets of one stream."""

from __future__ import annotations

from collections import deque
from fractions import Fraction

import numpy as np
import numpy.typing as npt
from av.video.frame import PictureType, VideoFrame
from av.video.reformatter import ColorRange, Colorspace
from av.video.stream import VideoStream

from renderer.output.encode.codecs import Codec
from renderer.output.encode.format import ProgramFormat
from renderer.output.encode.packets import VIDEO_CLOCK, EncodedPacket
from renderer.output.encode.prepare import PicturePreparer
from renderer.transport.pixel_layout import PixelLayout

KEYFRAME_TICKS = 2 * VIDEO_CLOCK
"""Interval at which viewers can join: two seconds of show time, which stream servers require."""


def convert_keyed(pixels: npt.NDArray[np.uint8], pixel_format: str) -> VideoFrame:
    """Return a frame in BT.709 with alpha.

    Args:
        pixels: (height, width * 4) uint8 sRGB with straight alpha.
        pixel_format: libav's name of a YUV format with alpha.
    """
    height, stride = pixels.shape
    frame = VideoFrame.from_ndarray(pixels.reshape(height, stride // 4, 4), "rgba")
    return frame.reformat(
        format=pixel_format,
        dst_colorspace=Colorspace.ITU709,
        src_color_range=ColorRange.JPEG,
        dst_color_range=ColorRange.MPEG,
    )


class PictureEncoder:
    """Encodes the pictures of one stream as H.264 or ProRes.

    Args:
        stream: with an open encoder.
        codec: that encoder.
        program: format of the stream; pictures of another size are scaled to it.
    """

    def __init__(self, stream: VideoStream, codec: Codec, program: ProgramFormat) -> None:
        self._preparer = PicturePreparer(program)
        self._stream, self._codec = stream, codec
        self._frame_ticks = round(VIDEO_CLOCK / program.rate)
        self._seen: deque[tuple[int, int]] = deque()
        self._key_ticks: int | None = None

    def encode(
        self,
        planes: npt.NDArray[np.uint8],
        t_show_ns: int,
        t_seen_ns: int,
        join: bool,
        layout: PixelLayout,
    ) -> list[EncodedPacket]:
        """Encode a picture; its time must be after that of the one before.

        Args:
            planes: (height * 3 // 2, width) uint8, or RGBA (height, width * 4); may be reused on
                return.
            t_show_ns: show time.
            t_seen_ns: camera time of the newest performer data in it.
            join: a consumer waits for a keyframe.
            layout: of the planes.
        """
        ticks = to_ticks(t_show_ns)
        if layout is PixelLayout.RGBA:
            frame = convert_keyed(planes, self._codec.pixels)
        else:
            frame = self._preparer.prepare(planes, t_show_ns, layout)
            if layout.value != self._codec.pixels:
                frame = frame.reformat(format=self._codec.pixels)
        frame.pts, frame.time_base = ticks, Fraction(1, VIDEO_CLOCK)
        # Rather half a frame early than a whole frame late, since live times jitter.
        wait = KEYFRAME_TICKS - self._frame_ticks // 2
        if join or self._key_ticks is None or ticks - self._key_ticks >= wait:
            frame.pict_type = PictureType.I
            self._key_ticks = ticks
        self._seen.append((ticks, t_seen_ns))
        return self._pack(frame)

    def set_bits(self, bits: int) -> None:
        """Change the bit rate, bits per second, from the next frame on; libav reconfigures."""
        self._stream.codec_context.bit_rate = bits

    def finish(self) -> list[EncodedPacket]:
        """Return the last packets. Nothing can be encoded afterwards."""
        return self._pack(None)

    def _pack(self, frame: VideoFrame | None) -> list[EncodedPacket]:
        packets = []
        for raw in self._stream.encode(frame):
            pts = raw.pts or 0
            seen = 0
            while self._seen and self._seen[0][0] <= pts:
                seen = self._seen.popleft()[1]
            packets.append(
                EncodedPacket(
                    bytes(raw), pts, self._frame_ticks, VIDEO_CLOCK, raw.is_keyframe, seen
                )
            )
        return packets


def to_ticks(t_show_ns: int) -> int:
    """Return a time in ticks of VIDEO_CLOCK."""
    return (t_show_ns * VIDEO_CLOCK + 500_000_000) // 1_000_000_000
