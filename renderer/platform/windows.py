"""Implement the platform interface for Windows. Written from its documentation; not tested here."""

from __future__ import annotations

import sys

assert sys.platform == "win32"  # Type checkers skip the rest on other systems.

import errno
import msvcrt
import os
import signal
import subprocess
import tempfile
from collections.abc import Callable, Collection, Mapping, Sequence
from multiprocessing.connection import Connection, PipeConnection
from pathlib import Path
from typing import Any, ClassVar, cast

from renderer.platform.interface import Platform


class Windows(Platform):
    """Windows, where handles are listed for inheritance and no signal asks a process to end."""

    name = "Windows"
    socket_name_limit = 0
    gl_context_options: ClassVar = {}
    pyopengl_platform = None
    reuses_addresses = False
    camera_lister = (
        "powershell", "-NoProfile", "-Command",
        "Get-CimInstance Win32_PnPEntity | Where-Object {$_.PNPClass -in 'Camera','Image'} | "
        "Select-Object Name | ConvertTo-Json",
    )  # fmt: skip

    def camera_names(self, listed: Any) -> list[str]:
        """See Platform."""
        cameras = listed if isinstance(listed, list) else [listed]  # One camera is no list.
        return [str(camera.get("Name", "camera")) for camera in cameras]

    def spawn(
        self,
        command: Sequence[str],
        handles: Collection[int],
        environment: Mapping[str, str],
        *,
        detached: bool,
    ) -> subprocess.Popen[bytes]:
        """See Platform."""
        # A separate process group does not receive Ctrl-C.
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
        if detached:
            flags |= subprocess.CREATE_BREAKAWAY_FROM_JOB
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            startupinfo=subprocess.STARTUPINFO(lpAttributeList={"handle_list": list(handles)}),
            env=environment,
            creationflags=flags,
        )

    def export_connection(self, connection: Connection) -> int:
        """See Platform."""
        handle = connection.fileno()
        os.set_handle_inheritable(handle, True)
        return handle

    def import_connection(self, handle: int, *, readable: bool, writable: bool) -> Connection:
        """See Platform."""
        os.set_handle_inheritable(handle, False)
        return cast(Connection, PipeConnection(handle, readable, writable))

    def export_file(self, descriptor: int) -> int:
        """See Platform."""
        handle = msvcrt.get_osfhandle(descriptor)
        os.set_handle_inheritable(handle, True)
        return handle

    def import_file(self, handle: int) -> int:
        """See Platform."""
        os.set_handle_inheritable(handle, False)
        return msvcrt.open_osfhandle(handle, os.O_RDWR | os.O_BINARY)

    def create_memory(self, size: int) -> int:
        """See Platform."""
        with tempfile.TemporaryFile() as file:
            descriptor = os.dup(file.fileno())
        os.ftruncate(descriptor, size)
        return descriptor

    def reserve_space(self, descriptor: int, size: int) -> None:
        """See Platform. On NTFS, ftruncate already allocates the space."""

    def handle_stop_signals(self, on_terminate: Callable[[], None]) -> None:
        """See Platform."""
        del on_terminate
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    def describe_exit(self, status: int) -> str:
        """See Platform."""
        if status >= 0x8000_0000:
            return f"crashed (0x{status:08X})"
        return f"ended without a word (exit status {status})"

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
        return f"audio={name or 'default'}", "dshow"

    def control_device(self, descriptor: int, request: int, buffer: bytearray) -> None:
        """See Platform."""
        del descriptor, request, buffer
        raise OSError(errno.ENOSYS, "Windows has no device files")

    def make_private(self, folder: Path) -> bool:
        """See Platform. The access list is inherited from the user's own temporary folder."""
        return folder.is_dir()
