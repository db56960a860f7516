"""Pass pictures on as they are, scaled and marked, for outputs that take no video."""

from __future__ import annotations

from fractions import Fraction

import msgspec
import numpy as np
import numpy.typing as npt
from av.video.reformatter import VideoReformatter

from renderer.output.encode.format import ProgramFormat
from renderer.output.encode.packets import VIDEO_CLOCK, EncodedPacket
from renderer.output.encode.picture_encoder import to_ticks
from renderer.output.encode.prepare import PicturePreparer
from renderer.transport.pixel_layout import PixelLayout


class RawFormat(msgspec.Struct, frozen=True):
    """What the pictures are, in place of a video's header.

    Attributes:
        width, height: pixels.
        rate: frames per second, as numerator and denominator.
    """

    width: int
    height: int
    rate: tuple[int, int]

    @property
    def frame_rate(self) -> Fraction:
        """Return the frames per second."""
        return Fraction(*self.rate)

    def encode(self) -> bytes:
        """Return it as a header."""
        return msgspec.msgpack.encode(self)

    @classmethod
    def decode(cls, header: bytes) -> RawFormat:
        """Return the format that a header describes."""
        return msgspec.msgpack.decode(header, type=cls)


class RawPictures:
    """Takes the place of an encoder; every packet is a picture in NV12, BT.709, limited range.

    Args:
        program: format of the pictures; those of another size are scaled to it.

    Attributes:
        header: describes the pictures.
    """

    def __init__(self, program: ProgramFormat) -> None:
        self._preparer = PicturePreparer(program)
        self._reformatter = VideoReformatter()
        self._frame_ticks = round(VIDEO_CLOCK / program.rate)
        rate = program.rate.numerator, program.rate.denominator
        self.header = RawFormat(program.width, program.height, rate).encode()

    def encode(
        self,
        planes: npt.NDArray[np.uint8],
        t_show_ns: int,
        t_seen_ns: int,
        join: bool,
        layout: PixelLayout,
    ) -> list[EncodedPacket]:
        """Return a picture as a packet; see PictureEncoder."""
        del join  # Each picture stands by itself.
        frame = self._preparer.prepare(planes, t_show_ns, layout)
        if frame.format.name != PixelLayout.NV12.value:
            frame = self._reformatter.reformat(frame, format=PixelLayout.NV12.value)
        data = frame.to_ndarray().tobytes()
        ticks = to_ticks(t_show_ns)
        return [
            EncodedPacket(
                data, ticks, self._frame_ticks, VIDEO_CLOCK, is_keyframe=True, t_seen_ns=t_seen_ns
            )
        ]

    def set_bits(self, bits: int) -> None:
        """Do nothing: the pictures have no bit rate."""

    def finish(self) -> list[EncodedPacket]:
        """Return nothing: no picture is kept."""
        return []
