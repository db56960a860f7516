"""Write avatars (avatars.model) to VRM 1.0 files; the output is deterministic."""

from __future__ import annotations

from avatars.write.vrm import write_vrm

__all__ = ["write_vrm"]
