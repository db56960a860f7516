"""Decode PNG, JPEG and WebP images within limits."""

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
# The exceptions that Pillow's decoders raise for damaged files of these formats.
_DAMAGE = (OSError, SyntaxError, ValueError, EOFError, OverflowError, struct.error, zlib.error)


def picture_size(thing: str, data: memoryview) -> tuple[int, int]:
    """Return width and height in pixels from an image's header, without decoding it.

    Raises:
        AvatarError: it is not a PNG, JPEG or WebP, or is larger than MAX_SIDE.
    """
    with _open(thing, data) as picture:
        return picture.size


def decode_picture(thing: str, data: memoryview, shrink: int = 1) -> U8:
    """Return an image's pixels (h, w, 4) RGBA, row 0 at the top, read-only.

    Args:
        thing: the image's name for errors.
        data: the image file's bytes.
        shrink: the factor by which each side is reduced.

    Raises:
        AvatarError: it is not a PNG, JPEG or WebP, is damaged, or is larger than MAX_SIDE.
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
            # Pillow warns of decompression bombs below the size it rejects; treat both as errors.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=_FORMATS)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise _build_size_error(thing) from error
    except _DAMAGE as error:
        raise AvatarError(
            thing, "is not a PNG, JPEG or WebP picture", "save it as PNG or JPEG"
        ) from error
    if max(picture.size) > MAX_SIDE:
        picture.close()
        raise _build_size_error(thing)
    return picture


def _build_size_error(thing: str) -> AvatarError:
    return AvatarError(thing, f"is larger than {MAX_SIDE} pixels a side", "scale it down")
