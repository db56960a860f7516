"""Writing avatars: plain data (avatars.model) to a VRM 1.0 file, the same bytes every time."""

from __future__ import annotations

from avatars.write.vrm import write_vrm

__all__ = ["write_vrm"]
