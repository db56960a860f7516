"""Read a logo from a picture file."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from renderer.errors import StageError
from renderer.stage.text.titles import Logo

LONGEST_SIDE: Final = 8192
"""Maximum side, pixels."""
LARGEST: Final = 2048
"""Side to which larger logos are scaled down, pixels; a tenth of a 4K picture's height is 216."""


def load_logo(path: Path) -> Logo:
    """Return a logo from a PNG file; without an alpha channel it is opaque.

    Raises:
        StageError: the file cannot be read, is no PNG, is larger than 8192 pixels, or is fully
            transparent.
    """
    thing = f"logo {path}"
    try:
        # Pillow's warning about large pictures is redundant: their size is checked below.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(path, formats=["PNG"]) as image:
                if max(image.size) > LONGEST_SIDE:
                    raise StageError(
                        thing,
                        f"is {image.width} x {image.height} pixels",
                        f"make it {LONGEST_SIDE} or smaller",
                    )
                image.load()
                picture = image.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as fault:
        reason = getattr(fault, "strerror", None) or "it is no whole PNG"
        raise StageError(thing, f"cannot be read ({reason})", "name a PNG") from fault
    picture.thumbnail((LARGEST, LARGEST), reducing_gap=2.0)
    pixels = np.array(picture, np.uint8)
    if not pixels[..., 3].any():
        raise StageError(thing, "is transparent everywhere", "save it with what it shows")
    pixels.flags.writeable = False
    return Logo(pixels)
