"""What belongs to one operating system, behind one interface; nothing else asks which it is."""

from __future__ import annotations

import sys
from typing import Final

from renderer.platform.interface import Platform

if sys.platform == "win32":
    from renderer.platform.windows import Windows as _Current
elif sys.platform == "darwin":
    from renderer.platform.macos import MacOS as _Current
else:
    from renderer.platform.linux import Linux as _Current

__all__ = ["PLATFORM", "Platform"]

PLATFORM: Final[Platform] = _Current()
"""The operating system that this process runs on."""
