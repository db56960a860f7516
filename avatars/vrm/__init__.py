"""Read VRM 0.x and 1.0 avatars from glTF files, both in VRM 1.0's terms."""

from avatars.vrm.reader import read_avatar

__all__ = ["read_avatar"]
