"""Implement the platform interface for Linux."""

from __future__ import annotations

import sys

assert sys.platform not in ("win32", "darwin")  # Type checkers skip the rest on other systems.

import os
import socket
import struct
import threading
from collections.abc import Collection
from typing import ClassVar, Final

from renderer.platform.posix import Posix

_BYTES_ACKED: Final = (120, struct.Struct("=Q"))
_SEND_WINDOW: Final = (228, struct.Struct("=I"))
"""Offsets in struct tcp_info, bytes, from include/uapi/linux/tcp.h."""
_TCP_INFO_SIZE: Final = 232

_LOWERED: Final = 10
"""Nice levels by which a thread is lowered: beside a thread of normal priority, it gets a tenth of
a core."""
_LOWEST: Final = 19
"""Nice level of the lowest priority."""


class Linux(Posix):
    """Linux, the platform on which everything is tested."""

    name = "Linux"
    socket_name_limit = 100
    """`sockaddr_un` holds 108 bytes; ZeroMQ needs a few."""
    # EGL works without an X server; otherwise PyOpenGL would ask GLX for the current context.
    gl_context_options: ClassVar = {"backend": "egl"}
    pyopengl_platform = "egl"
    has_alsa = True

    def create_memory(self, size: int) -> int:
        """See Platform."""
        descriptor = os.memfd_create("encore")
        os.ftruncate(descriptor, size)
        return descriptor

    def reserve_space(self, descriptor: int, size: int) -> None:
        """See Platform."""
        os.posix_fallocate(descriptor, 0, size)

    def tcp_progress(self, connection: int) -> tuple[int, int] | None:
        """See Platform. Reads `struct tcp_info`, kernel 5.4 and later."""
        try:
            # A duplicate would keep the connection open after its owner has closed it.
            peer = socket.socket(fileno=connection)
        except OSError:
            return None
        try:
            info = peer.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO_SIZE)
        except OSError:
            return None
        finally:
            peer.detach()
        if len(info) < _TCP_INFO_SIZE:
            return None
        acked, window = (form.unpack_from(info, at)[0] for at, form in (_BYTES_ACKED, _SEND_WINDOW))
        return acked, window

    def usable_cores(self) -> tuple[int, ...]:
        """See Platform."""
        return tuple(sorted(os.sched_getaffinity(0)))

    def settle_thread(self, cores: Collection[int], *, idle: bool) -> bool:
        """See Platform."""
        own = threading.get_native_id()
        os.sched_setaffinity(own, cores)
        if idle:
            os.sched_setscheduler(own, os.SCHED_IDLE, os.sched_param(0))
        return True

    def lower_thread(self) -> bool:
        """See Platform."""
        own = threading.get_native_id()
        lowered = os.getpriority(os.PRIO_PROCESS, own) + _LOWERED
        os.setpriority(os.PRIO_PROCESS, own, min(lowered, _LOWEST))
        return True

    def has_display(self) -> bool:
        """See Platform."""
        names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
        return any(os.environ.get(name) for name in names)

    def microphone(self, name: str) -> tuple[str, str]:
        """See Platform."""
        return name or "default", "alsa"
