"""Read a file's thumbnail.

Sources: VRMC_vrm-1.0 meta.md (`thumbnailImage`); VRM 0.x schema vrm.meta (`texture`).
"""

from __future__ import annotations

from typing import Final

from avatars.errors import AvatarError
from avatars.gltf import Gltf
from avatars.gltf.fields import Fields

_KINDS: Final = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")

_LEFT_OUT: Final = "the thumbnail is left out"


def read_thumbnail(gltf: Gltf, meta: Fields) -> bytes:
    """Return the thumbnail's undecoded PNG or JPEG bytes; empty where there is none.

    A thumbnail that is damaged or dangles is skipped with a warning.
    """
    try:
        image = _image(gltf, meta)
        data = b"" if image is None else bytes(gltf.textures.file(image))
    except AvatarError as fault:
        gltf.warnings.add(f"the thumbnail is left out: {fault}")
        return b""
    if data and not data.startswith(_KINDS):
        gltf.warnings.add("the thumbnail is neither PNG nor JPEG and is left out")
        return b""
    return data


def _image(gltf: Gltf, meta: Fields) -> int | None:
    images, textures = gltf.root.children("images"), gltf.root.children("textures")
    if meta.has("thumbnailImage"):
        return meta.reference("thumbnailImage", len(images), "images", _LEFT_OUT)
    texture = meta.optional_reference(
        "texture", len(textures), "textures", _LEFT_OUT, or_negative=True
    )
    if texture is None:
        return None
    return textures[texture].reference("source", len(images), "images", _LEFT_OUT)
