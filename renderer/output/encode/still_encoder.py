"""Encode every picture as a file of its own: PNG, or OpenEXR for compositing in linear light.

PNG holds sRGB with straight alpha, as the renderer delivers it; OpenEXR holds linear light with
premultiplied alpha in half floats, as its specification asks for.
"""

from __future__ import annotations

import os
from collections import deque
from fractions import Fraction
from typing import Final, cast

import av
import numpy as np
import numpy.typing as npt
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, VideoReformatter

from renderer.output.encode.format import ProgramFormat
from renderer.output.encode.packets import VIDEO_CLOCK, EncodedPacket
from renderer.output.encode.picture_encoder import to_ticks
from renderer.output.encode.prepare import PicturePreparer
from renderer.transport.pixel_layout import PixelLayout

PNG: Final = "png"
EXR: Final = "exr"
_OPTIONS: Final = {
    # The fastest deflate: twice as fast as the default, with a tenth more bytes.
    PNG: {"compression_level": "1", "pred": "up"},
    EXR: {"compression": "zip1", "format": "half"},
}
_MOST_THREADS: Final = 4
_EXR_PLANES: Final = (1, 2, 0, 3)
"""Component of each plane of libav's planar RGB: green, blue, red, alpha."""


class StillEncoder:
    """Encodes pictures as images; every packet is a whole file.

    Args:
        image: PNG or EXR.
        program: format of the pictures; those of another size are scaled to it.
    """

    def __init__(self, image: str, program: ProgramFormat) -> None:
        self._preparer = PicturePreparer(program)
        self._image, self._size = image, (program.width, program.height)
        self._has_alpha = program.has_alpha
        self._frame_ticks = round(VIDEO_CLOCK / program.rate)
        self._reformatter = VideoReformatter()
        self._linear = _make_linear_table()
        self._seen: deque[tuple[int, int]] = deque()
        context = cast(VideoCodecContext, av.CodecContext.create(image, "w"))
        context.width, context.height = self._size
        context.time_base = Fraction(1, VIDEO_CLOCK)
        context.pix_fmt = self._pixels
        context.options = _OPTIONS[image]
        # Whole pictures in parallel; the renderer needs the other cores.
        context.thread_type = "FRAME"
        context.thread_count = min(_MOST_THREADS, max(1, (os.cpu_count() or 1) // 2))
        self._context = context

    @property
    def _pixels(self) -> str:
        if self._image == EXR:
            return "gbrapf32le" if self._has_alpha else "gbrpf32le"
        return "rgba" if self._has_alpha else "rgb24"

    def encode(
        self,
        planes: npt.NDArray[np.uint8],
        t_show_ns: int,
        t_seen_ns: int,
        join: bool,
        layout: PixelLayout,
    ) -> list[EncodedPacket]:
        """Encode a picture; see PictureEncoder. Every image can be decoded by itself."""
        del join
        frame = self._convert(planes, t_show_ns, layout)
        frame.pts, frame.time_base = to_ticks(t_show_ns), Fraction(1, VIDEO_CLOCK)
        self._seen.append((frame.pts, t_seen_ns))
        return self._pack(frame)

    def set_bits(self, bits: int) -> None:
        """Do nothing: images have no bit rate."""

    def finish(self) -> list[EncodedPacket]:
        """Return the last packets. Nothing can be encoded afterwards."""
        return self._pack(None) if self._context.is_open else []

    def _convert(
        self, planes: npt.NDArray[np.uint8], t_show_ns: int, layout: PixelLayout
    ) -> VideoFrame:
        width, height = self._size
        if layout is PixelLayout.RGBA:
            pixels = planes.reshape(height, width, 4)
            if self._image == PNG:
                return VideoFrame.from_ndarray(pixels, "rgba")
            return self._linearise(pixels)
        picture = self._reformatter.reformat(
            self._preparer.prepare(planes, t_show_ns, layout), format="rgb24",
            src_colorspace=Colorspace.ITU709, src_color_range=ColorRange.MPEG,
            dst_color_range=ColorRange.JPEG,
        )  # fmt: skip
        if self._image == PNG:
            return picture
        return self._linearise(np.asarray(picture.to_ndarray(), np.uint8))

    def _linearise(self, pixels: npt.NDArray[np.uint8]) -> VideoFrame:
        """Return sRGB pixels, with straight alpha or without, as premultiplied linear light."""
        height, width, count = pixels.shape
        frame = VideoFrame(width, height, self._pixels)
        alpha = pixels[..., 3].astype(np.float32) / 255.0 if count == 4 else None
        for plane, component in zip(frame.planes, _EXR_PLANES[:count], strict=True):
            values = np.frombuffer(memoryview(plane), np.float32).reshape(
                height, plane.line_size // 4
            )
            if component == 3 and alpha is not None:
                values[:, :width] = alpha
                continue
            np.take(self._linear, pixels[..., component], out=values[:, :width], mode="clip")
            if alpha is not None:
                values[:, :width] *= alpha
        return frame

    def _pack(self, frame: VideoFrame | None) -> list[EncodedPacket]:
        packets = []
        for raw in self._context.encode(frame):
            pts = raw.pts or 0
            seen = 0
            while self._seen and self._seen[0][0] <= pts:
                seen = self._seen.popleft()[1]
            packets.append(
                EncodedPacket(bytes(raw), pts, self._frame_ticks, VIDEO_CLOCK, True, seen)
            )
        return packets


def _make_linear_table() -> npt.NDArray[np.float32]:
    """Return the linear light of each sRGB code (IEC 61966-2-1), (256,) float32."""
    code = np.arange(256) / 255.0
    return np.where(code <= 0.04045, code / 12.92, ((code + 0.055) / 1.055) ** 2.4).astype(
        np.float32
    )
