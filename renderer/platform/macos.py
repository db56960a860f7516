"""Implement the platform interface for macOS. Written from its documentation; not tested here."""

from __future__ import annotations

import sys

assert sys.platform == "darwin"  # Type checkers skip the rest on other systems.

import os
import tempfile
from collections.abc import Collection
from typing import Any, ClassVar

from renderer.platform.posix import Posix


class MacOS(Posix):
    """macOS, which has neither memory file descriptors nor thread affinity."""

    name = "macOS"
    socket_name_limit = 96
    """`sockaddr_un` holds 104 bytes; ZeroMQ needs a few."""
    gl_context_options: ClassVar = {}
    pyopengl_platform = None
    camera_lister = ("system_profiler", "-json", "SPCameraDataType")

    def camera_names(self, listed: Any) -> list[str]:
        """See Platform."""
        cameras = listed.get("SPCameraDataType", []) if isinstance(listed, dict) else []
        return [str(camera.get("_name", "camera")) for camera in cameras]

    def create_memory(self, size: int) -> int:
        """See Platform."""
        with tempfile.TemporaryFile() as file:
            descriptor = os.dup(file.fileno())
        os.ftruncate(descriptor, size)
        return descriptor

    def reserve_space(self, descriptor: int, size: int) -> None:
        """See Platform. Does nothing: Python offers no call for it on macOS."""

    def usable_cores(self) -> tuple[int, ...]:
        """See Platform."""
        return tuple(range(os.cpu_count() or 1))

    def settle_thread(self, cores: Collection[int], *, idle: bool) -> bool:
        """See Platform."""
        del cores, idle
        return False

    def has_display(self) -> bool:
        """See Platform."""
        return True

    def microphone(self, name: str) -> tuple[str, str]:
        """See Platform."""
        return f":{name or 0}", "avfoundation"
