"""Prepare the slate: the picture that is sent while there is no program picture."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont, ImageOps

from renderer.errors import OutputError
from renderer.transport.pixel_layout import PixelLayout

_TEXT: Final = "The show continues in a moment"
_TEXT_WIDTH: Final = 0.8
_TEXT_HEIGHT: Final = 0.06
"""Largest size of the text as shares of the picture's width and height."""
_TOP: Final = (13, 11, 30)
_BOTTOM: Final = (52, 30, 78)
_BEAM: Final = (150, 120, 235)
"""Colours of the house's slate, sRGB: a dark hall and its light beams."""
_BEAMS: Final = ((0.2, 0.42), (0.5, 0.5), (0.8, 0.58))
"""Light beams as shares of the picture's width: where each leaves the ceiling and meets the floor.
"""
_MOST_PIXELS: Final = 100_000_000
"""Pixels of the largest picture that is read as a slate: 8K several times over."""


class Slate:
    """The picture that is sent while there is no program picture, as the encoder takes it.

    Any thread may choose.

    Args:
        path: of the crew's picture; None for the house's own.
        width, height: pixels.

    Raises:
        OutputError: the file is no picture.
    """

    def __init__(self, path: Path | None, width: int, height: int) -> None:
        self._house = make_slate(None, width, height)
        self._own = self._house if path is None else make_slate(path, width, height)
        self._is_house = False
        self._planes: dict[bool, npt.NDArray[np.uint8]] = {}

    def convert(self, layout: PixelLayout) -> None:
        """Convert the pictures to a layout, before they are needed."""
        self._planes = {
            is_house: convert_to_planes(picture, layout)
            for is_house, picture in ((False, self._own), (True, self._house))
        }

    def choose(self, *, is_house: bool) -> None:
        """Send the house's picture instead of the crew's from now on, or the crew's again."""
        self._is_house = is_house

    @property
    def planes(self) -> npt.NDArray[np.uint8]:
        """Return the picture, (height * 3 // 2, width), in the layout of `convert`."""
        return self._planes[self._is_house]


def check_slate(path: Path) -> None:
    """Check that a file is a picture that can be sent as the slate.

    Raises:
        OutputError: it is not.
    """
    _read(path, 64, 64)


def make_slate(path: Path | None, width: int, height: int) -> Image.Image:
    """Return the slate as an RGB picture of the program's size.

    Args:
        path: of the crew's picture, fitted into the program's with black bars; None for the
            house's own.
        width, height: pixels.

    Raises:
        OutputError: the file is no picture.
    """
    return _draw(width, height) if path is None else _read(path, width, height)


def convert_to_planes(picture: Image.Image, layout: PixelLayout) -> npt.NDArray[np.uint8]:
    """Return a picture as the encoder takes it.

    Args:
        picture: RGB.
        layout: I420, NV12 or RGBA.

    Returns:
        (height * 3 // 2, width) uint8, BT.709 limited range; RGBA (height, width * 4), which is
        transparent: what a missing picture is keyed over stays as it is.
    """
    if layout is PixelLayout.RGBA:
        return np.zeros((picture.height, 4 * picture.width), np.uint8)
    from av.video.frame import VideoFrame  # Only the media process loads it.
    from av.video.reformatter import ColorRange, Colorspace

    frame = VideoFrame.from_ndarray(np.asarray(picture), "rgb24").reformat(
        format=layout.value, dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG
    )
    return np.asarray(frame.to_ndarray(), np.uint8)


def _read(path: Path, width: int, height: int) -> Image.Image:
    try:
        with Image.open(path) as file:
            if file.width * file.height > _MOST_PIXELS:
                raise ValueError(f"it has {file.width} × {file.height} pixels")
            picture = ImageOps.exif_transpose(file).convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as fault:
        why = getattr(fault, "strerror", None) or "it is no picture that can be read"
        raise OutputError(
            f"the slate {path}", f"cannot be used ({why})", "name a PNG or JPEG picture"
        ) from fault
    fitted = ImageOps.contain(picture, (width, height))
    slate = Image.new("RGB", (width, height))
    slate.paste(fitted, ((width - fitted.width) // 2, (height - fitted.height) // 2), fitted)
    return slate


def _draw(width: int, height: int) -> Image.Image:
    """Draw the house's slate: light beams in a dark hall, and one line of text."""
    down, across = np.mgrid[0:height, 0:width].astype(np.float32)
    down, across = down / height, across / width
    share = down[..., None] ** 1.5
    light = np.asarray(_TOP) * (1.0 - share) + np.asarray(_BOTTOM) * share
    for top, floor in _BEAMS:
        centre = top + (floor - top) * down
        spread = 0.015 + 0.11 * down
        beam = np.exp(-(((across - centre) / spread) ** 2)) * (1.0 - 0.75 * down) * 0.4
        light = light + beam[..., None] * np.asarray(_BEAM)
    # Ordered noise hides the steps that eight bits leave in a dark gradient.
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, light.shape)
    slate = Image.fromarray(np.clip(light + noise, 0.0, 255.0).astype(np.uint8), "RGB")
    draw = ImageDraw.Draw(slate)
    font = ImageFont.load_default(100.0)
    size = min(100.0 * _TEXT_WIDTH * width / draw.textlength(_TEXT, font), _TEXT_HEIGHT * height)
    font = ImageFont.load_default(max(size, 8.0))
    draw.text((width / 2, height * 0.52), _TEXT, (240, 236, 250), font, anchor="mm")
    return slate
