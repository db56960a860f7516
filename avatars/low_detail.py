"""Load an avatar's low level of detail: a file beside it with the same avatar in few triangles."""

from __future__ import annotations

import logging
from typing import Final

import numpy as np

from avatars.errors import RendererError
from avatars.gltf.container import FileReader, read_bytes
from avatars.load import load_avatar
from avatars.model import Avatar

SUFFIX: Final = "_lod"
"""Ending of the file's name: `idol_lod.vrm` is the low level of detail of `idol.vrm`."""

_log = logging.getLogger(__name__)


def load_low_detail(avatar: Avatar, read: FileReader = read_bytes) -> Avatar | None:
    """Return an avatar's low level of detail; None if there is none, or it does not match.

    A file that is damaged or belongs to another avatar is left out with a warning in the log: the
    avatar is then drawn in full at every size.

    Args:
        avatar: in full detail.
        read: returns the bytes of a file.
    """
    path = avatar.path.with_name(f"{avatar.path.stem}{SUFFIX}{avatar.path.suffix}")
    if not path.is_file():
        return None
    try:
        low = load_avatar(path, read)
    except RendererError as fault:
        _log.warning("%s; its full detail is drawn at every size", fault)
        return None
    if (difference := find_difference(avatar, low)) is not None:
        _log.warning(
            "%s is no low level of detail of %s: %s differ; build both from one design",
            path.name, avatar.path.name, difference,
        )  # fmt: skip
        return None
    return low


def find_difference(avatar: Avatar, low: Avatar) -> str | None:
    """Return in which part two levels of detail differ that have to agree; None if in none.

    A pose of one must serve the other, and a licence, a material or a picture must not change with
    the distance from the camera.
    """
    parts = {
        "the skeletons": avatar.nodes.names == low.nodes.names
        and np.array_equal(avatar.nodes.parents, low.nodes.parents),
        "the morph channels": avatar.channel_count == low.channel_count,
        "the terms of the licence": avatar.meta == low.meta,
        "the materials": avatar.materials == low.materials,
        "the textures": len(avatar.textures) == len(low.textures)
        and all(
            np.array_equal(a.pixels, b.pixels)
            for a, b in zip(avatar.textures, low.textures, strict=True)
        ),
    }
    return next((name for name, agree in parts.items() if not agree), None)
