"""Load avatar files."""

from __future__ import annotations

from pathlib import Path

from avatars.gltf import read_gltf
from avatars.gltf.container import FileReader, read_bytes
from avatars.model import Avatar
from avatars.vrm import read_avatar


def load_avatar(path: Path, read: FileReader = read_bytes) -> Avatar:
    """Read a VRM 0.x or 1.0 file; a 0.x avatar is rotated to face +Z.

    Args:
        path: of the file.
        read: returns the file's bytes; one that decrypts them keeps them in memory alone.

    Raises:
        AvatarError: the file is missing, damaged, not a VRM file, or lacks required bones.
    """
    return read_avatar(read_gltf(path, read))
