"""Mix two finished pictures by a wipe, and lay a stinger's frames with alpha over a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

import av
import cv2
import numpy as np
import numpy.typing as npt
from av.video.codeccontext import VideoCodecContext
from PIL import Image

from renderer.errors import OutputError
from renderer.media_address import LOCAL_FILES_ONLY, file_address
from renderer.output.slate import convert_to_planes
from renderer.transport.pixel_layout import PixelLayout

MOST_STINGER_BYTES: Final = 512 * 1024 * 1024
"""Most memory of a stinger's frames: three seconds in full HD at 60 frames a second."""
_REMEDY: Final = "name a short video with alpha, such as ProRes 4444 or VP9"

U8 = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Stinger:
    """A short video with alpha that covers a change of the picture.

    Attributes:
        file: that it was read from.
        pictures: by frame, (height * 3 // 2, width) uint8 planes, multiplied by alpha.
        remains: by frame, the same shape, how much of the picture beneath remains, 0 to 255.
        length_ns: of the video.
        cut: share of its length at which the picture beneath changes.
    """

    file: Path
    pictures: Sequence[U8]
    remains: Sequence[U8]
    length_ns: int
    cut: float

    def lay_over(self, planes: U8, share: float, out: U8) -> None:
        """Write a picture with the stinger over it.

        Args:
            planes: of the picture beneath.
            share: progress of the stinger, 0 to 1.
            out: of the same shape as the planes; may be the planes.
        """
        number = min(int(share * len(self.pictures)), len(self.pictures) - 1)
        cv2.multiply(planes, self.remains[number], dst=out, scale=1.0 / 255.0)
        cv2.add(out, self.pictures[number], dst=out)


def wipe(base: U8, over: U8, share: float, layout: PixelLayout, out: U8) -> None:
    """Write a picture whose left part is another one's.

    Args:
        base, over: (height * 3 // 2, width) uint8 planes of the picture that leaves and of the
            one that comes.
        share: width of the part, 0 to 1.
        layout: of the planes, I420 or NV12.
        out: of the same shape.
    """
    height, width = base.shape[0] * 2 // 3, base.shape[1]
    column = 2 * round(share * width / 2)
    np.copyto(out, base)
    out[:height, :column] = over[:height, :column]
    if layout is PixelLayout.NV12:
        out[height:, :column] = over[height:, :column]
        return
    # In I420 a row of the array holds two rows of a colour plane.
    shape = height, width // 2
    out[height:].reshape(shape)[:, : column // 2] = over[height:].reshape(shape)[:, : column // 2]


def load_stinger(path: Path, cut_s: float, size: tuple[int, int], layout: PixelLayout) -> Stinger:
    """Read a stinger, scaled to a program's size.

    Args:
        path: of a video with alpha.
        cut_s: time at which the picture beneath changes, seconds.
        size: width and height, pixels.
        layout: of the program's frames, I420 or NV12.

    Raises:
        OutputError: it cannot be read, has no alpha or no picture, or is too long.
    """
    width, height = size
    thing = f"the stinger {path.name}"
    pictures: list[U8] = []
    remains: list[U8] = []
    try:
        with av.open(file_address(path), "r", options=LOCAL_FILES_ONLY) as file:
            if not file.streams.video:
                raise OutputError(thing, "holds no picture", _REMEDY)
            stream = file.streams.video[0]
            # FFmpeg's own VP8 and VP9 decoders leave the alpha out.
            decoder = {"vp8": "libvpx", "vp9": "libvpx-vp9"}.get(stream.codec_context.name)
            context = stream.codec_context
            if decoder is not None:
                context = cast(VideoCodecContext, av.CodecContext.create(decoder, "r"))
            rate = stream.average_rate or 30
            for packet in file.demux(stream):
                for frame in context.decode(packet):
                    if not any(one.is_alpha for one in frame.format.components):
                        raise OutputError(thing, "has no alpha", _REMEDY)
                    scaled = frame.reformat(width, height, "rgba")
                    picture, remain = _convert(np.asarray(scaled.to_ndarray(), np.uint8), layout)
                    pictures.append(picture)
                    remains.append(remain)
                    if 2 * len(pictures) * picture.nbytes > MOST_STINGER_BYTES:
                        seconds = len(pictures) / float(rate)
                        raise OutputError(thing, f"is longer than {seconds:.1f} s", "shorten it")
    except (OSError, av.FFmpegError) as fault:
        raise OutputError(thing, "cannot be read as a video", _REMEDY) from fault
    if not pictures:
        raise OutputError(thing, "holds no picture", _REMEDY)
    length_s = len(pictures) / float(rate)
    cut = min(max(cut_s / length_s, 0.0), 1.0)
    return Stinger(path, tuple(pictures), tuple(remains), round(length_s * 1e9), cut)


def _convert(pixels: U8, layout: PixelLayout) -> tuple[U8, U8]:
    """Return planes multiplied by alpha, and how much remains of what is beneath.

    Args:
        pixels: (height, width, 4) uint8 sRGB with straight alpha.
        layout: of the planes.
    """
    planes = convert_to_planes(Image.fromarray(np.ascontiguousarray(pixels[..., :3])), layout)
    alpha = pixels[..., 3]
    height, width = alpha.shape
    small = cv2.resize(alpha, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
    if layout is PixelLayout.NV12:
        chroma = np.repeat(small, 2, axis=1)
    else:
        chroma = np.concatenate((small, small)).reshape(height // 2, width)
    shares = np.concatenate((alpha, chroma)).astype(np.uint8)
    shown = cv2.multiply(planes, shares, scale=1.0 / 255.0)
    return np.asarray(shown, np.uint8), np.asarray(255 - shares, np.uint8)
