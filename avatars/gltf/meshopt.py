"""Decode buffer views compressed with meshoptimizer.

Source: EXT_meshopt_compression, and KHR_meshopt_compression, which adds a filter for colours.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.errors import AvatarError
from avatars.gltf.fields import Fields
from avatars.gltf.packages import MESHOPT, decoder

EXTENSIONS: Final = ("EXT_meshopt_compression", "KHR_meshopt_compression")
_MODES: Final = ("ATTRIBUTES", "TRIANGLES", "INDICES")
_FILTERS: Final = ("NONE", "OCTAHEDRAL", "QUATERNION", "EXPONENTIAL", "COLOR")
MAX_ELEMENTS: Final = 1 << 24


def packing(view: Fields) -> Fields | None:
    """Return a buffer view's compression extension; None where it is not compressed."""
    for name in EXTENSIONS:
        extension = view.extension(name)
        if extension is not None:
            return extension
    return None


def compute_unpacked_size(packed: Fields) -> int:
    """Return a compressed view's size after decoding, bytes."""
    return packed.integer("count", low=1, high=MAX_ELEMENTS) * packed.integer(
        "byteStride", low=1, high=256
    )


def unpack(packed: Fields, data: memoryview) -> memoryview:
    """Return the decoded bytes of a compressed view.

    Args:
        packed: its compression extension.
        data: the compressed bytes.

    Raises:
        AvatarError: the data are damaged, or the decoder is not installed.
    """
    module = decoder(MESHOPT, f"{packed.thing}, {packed.path}")
    mode = packed.choice("mode", _MODES, "")
    wanted = packed.choice("filter", _FILTERS, "NONE")
    size = compute_unpacked_size(packed)
    count = packed.integer("count")
    try:
        plain = module.decode_gltf_buffer(data, count, size // count, mode, wanted)
    except (ValueError, RuntimeError) as error:
        raise AvatarError(
            f"{packed.thing}, {packed.path}", "is damaged", "export the file again"
        ) from error
    return np.ascontiguousarray(plain).view(np.uint8).reshape(-1).data.toreadonly()
