"""Pictures: PNG, JPEG and WebP, decoded within limits."""

from __future__ import annotations

import io
import struct
import warnings
import zlib

import numpy as np
import numpy.typing as npt
from PIL import Image

from avatars.errors import AvatarError

U8 = npt.NDArray[np.uint8]

MAX_SIDE = 8192
_FORMATS = ("PNG", "JPEG", "WEBP")
# What Pillow's decoders raise over damaged files of these formats.
_DAMAGE = (OSError, SyntaxError, ValueError, EOFError, OverflowError, struct.error, zlib.error)


def picture_size(thing: str, data: memoryview) -> tuple[int, int]:
    """Width and height as the picture's header says, nothing being decoded.

    Raises:
        AvatarError: not a PNG, JPEG or WebP, or larger than MAX_SIDE.
    """
    with _open(thing, data) as picture:
        return picture.size


def decode_picture(thing: str, data: memoryview, shrink: int = 1) -> U8:
    """Pixels (h, w, 4) RGBA, row 0 at the top, read-only.

    Args:
        thing: what to call the picture in errors.
        data: the file's bytes.
        shrink: how many pixels of each side become one.

    Raises:
        AvatarError: not a PNG, JPEG or WebP, damaged, or larger than MAX_SIDE.
    """
    with _open(thing, data) as picture:
        try:
            whole = picture if shrink == 1 else picture.reduce(shrink)
            pixels = np.asarray(whole.convert("RGBA"), dtype=np.uint8)
        except _DAMAGE as error:
            raise AvatarError(thing, "is a damaged picture", "save the picture again") from error
    pixels.flags.writeable = False
    return pixels


def _open(thing: str, data: memoryview) -> Image.Image:
    try:
        with warnings.catch_warnings():
            # Pillow's own bomb check warns long before it refuses; both count as too large.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=_FORMATS)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise _too_large(thing) from error
    except _DAMAGE as error:
        raise AvatarError(
            thing, "is not a PNG, JPEG or WebP picture", "save it as PNG or JPEG"
        ) from error
    if max(picture.size) > MAX_SIDE:
        picture.close()
        raise _too_large(thing)
    return picture


def _too_large(thing: str) -> AvatarError:
    return AvatarError(thing, f"is larger than {MAX_SIDE} pixels a side", "scale it down")
