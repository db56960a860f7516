"""The small picture that a file shows of its avatar.

Sources: VRMC_vrm-1.0 meta.md (`thumbnailImage`); VRM 0.x schema vrm.meta (`texture`).
"""

from __future__ import annotations

from typing import Final

from avatars.errors import AvatarError
from avatars.gltf import Gltf
from avatars.gltf.fields import Fields

_KINDS: Final = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")


def read_thumbnail(gltf: Gltf, meta: Fields) -> bytes:
    """The picture's own bytes, PNG or JPEG, never decoded; empty where there is none.

    A thumbnail that is damaged is no reason to refuse an avatar: it becomes a warning.
    """
    try:
        image = _image(gltf, meta)
        data = b"" if image is None else bytes(gltf.textures.file(image))
    except AvatarError as fault:
        gltf.warnings.append(f"the thumbnail is left out: {fault}")
        return b""
    if data and not data.startswith(_KINDS):
        gltf.warnings.append("the thumbnail is neither PNG nor JPEG and is left out")
        return b""
    return data


def _image(gltf: Gltf, meta: Fields) -> int | None:
    images, textures = gltf.root.children("images"), gltf.root.children("textures")
    if meta.has("thumbnailImage"):
        return meta.index("thumbnailImage", len(images), "images")
    texture = meta.optional_index("texture", len(textures), "textures")
    return None if texture is None else textures[texture].index("source", len(images), "images")
