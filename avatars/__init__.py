"""The avatar as plain numpy data: reading, posing, writing, building."""

from avatars.load import load_avatar

__all__ = ["load_avatar"]
