"""Select the implementation of the current operating system; no other module checks which it is."""

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
"""The platform on which this process runs."""
