"""Define the interface that each operating system implements."""

from __future__ import annotations

import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, ClassVar


class Platform(ABC):
    """The functions that differ between operating systems.

    A handle is the number by which a process refers to an open pipe or file: a descriptor on POSIX,
    a HANDLE on Windows. A child process inherits a handle under the same number.

    Attributes:
        name: for display.
        socket_name_limit: maximum length of a socket file's name, bytes; 0 if there are no socket
            files.
        gl_context_options: arguments of `moderngl.create_context` for drawing without a window.
        pyopengl_platform: value of PYOPENGL_PLATFORM; None lets PyOpenGL choose.
        reuses_addresses: whether SO_REUSEADDR lets a server bind a port that its predecessor has
            just closed; on Windows it would let two servers listen on one port.
        has_alsa: whether sound and MIDI devices use ALSA.
        camera_lister: a command that prints the cameras as JSON; empty if they are device files.
    """

    name: ClassVar[str]
    socket_name_limit: ClassVar[int]
    gl_context_options: ClassVar[Mapping[str, str]]
    pyopengl_platform: ClassVar[str | None]
    reuses_addresses: ClassVar[bool] = True
    has_alsa: ClassVar[bool] = False
    camera_lister: ClassVar[Sequence[str]] = ()

    @abstractmethod
    def spawn(
        self,
        command: Sequence[str],
        handles: Collection[int],
        environment: Mapping[str, str],
        *,
        detached: bool,
    ) -> subprocess.Popen[bytes]:
        """Start a process with stdout and stderr merged into one pipe, `stdout` of the result.

        Args:
            command: program and arguments.
            handles: open pipes and files that the process inherits under the same numbers.
            environment: all environment variables of the process.
            detached: the process outlives this one and its terminal.

        Raises:
            OSError: the process cannot be started.
        """

    @abstractmethod
    def export_connection(self, connection: Connection) -> int:
        """Return the handle of a connection, inheritable by `spawn`."""

    @abstractmethod
    def import_connection(self, handle: int, *, readable: bool, writable: bool) -> Connection:
        """Return the connection of a handle that this process inherited."""

    @abstractmethod
    def export_file(self, descriptor: int) -> int:
        """Return the handle of an open file, inheritable by `spawn`."""

    @abstractmethod
    def import_file(self, handle: int) -> int:
        """Return a file descriptor for a handle that this process inherited."""

    @abstractmethod
    def create_memory(self, size: int) -> int:
        """Create anonymous memory that processes can share by mapping it.

        Args:
            size: bytes.

        Returns:
            Its file descriptor. The memory is freed when the last process closes it.

        Raises:
            OSError: there is not enough memory.
        """

    @abstractmethod
    def reserve_space(self, descriptor: int, size: int) -> None:
        """Reserve the first `size` bytes of a file on the disk.

        A full disk is then detected here; otherwise a write through a mapping would kill the
        process.

        Raises:
            OSError: the disk is full.
        """

    @abstractmethod
    def handle_stop_signals(self, on_terminate: Callable[[], None]) -> None:
        """Make a child process ignore Ctrl-C, and call a function on a request to terminate.

        Ctrl-C and a service manager signal every process of a group at once, but the show stops its
        children in order.

        Args:
            on_terminate: called in the main thread on SIGTERM; never called on Windows.
        """

    @abstractmethod
    def describe_exit(self, status: int) -> str:
        """Return the meaning of an exit status, such as "was killed (SIGKILL)", for a message."""

    def tcp_connections(self) -> list[int]:
        """Return the descriptors of this process's TCP connections, which libraries may hide.

        Implemented on POSIX only; empty elsewhere.
        """
        return []

    def wait_for_hangup(self, connections: Collection[int], timeout: float) -> bool:
        """Wait until the peer of a TCP connection hangs up, and return whether one did.

        Args:
            connections: as `tcp_connections` returns them.
            timeout: seconds.
        """
        del connections
        time.sleep(timeout)
        return False

    def tcp_progress(self, connection: int) -> tuple[int, int] | None:
        """Return how many bytes a peer has acknowledged, and how many more it would accept now.

        Returns:
            None if the system does not report it; only Linux does.
        """
        del connection
        return None

    @abstractmethod
    def usable_cores(self) -> tuple[int, ...]:
        """Return the numbers of the CPU cores that this process may use, ascending."""

    @abstractmethod
    def settle_thread(self, cores: Collection[int], *, idle: bool) -> bool:
        """Bind the calling thread to CPU cores; threads that it starts inherit the affinity.

        Args:
            cores: their numbers.
            idle: run only while no other thread needs the core.

        Returns:
            Whether the system supports affinity for a thread; only Linux does.
        """

    def lower_thread(self) -> bool:
        """Give the calling thread, and those that it starts later, a smaller share of busy cores.

        The system does not let the thread raise its share again.

        Returns:
            Whether the system supports a priority for a thread; only Linux does.
        """
        return False

    def camera_names(self, listed: Any) -> list[str]:
        """Return the camera names in the output of `camera_lister`.

        Args:
            listed: the decoded JSON.
        """
        del listed
        return []

    @abstractmethod
    def control_device(self, descriptor: int, request: int, buffer: bytearray) -> None:
        """Send an ioctl request to a device file and read its answer into the same buffer.

        Raises:
            OSError: the device rejects it, or there are no device files.
        """

    @abstractmethod
    def has_display(self) -> bool:
        """Return whether a window can be opened."""

    @abstractmethod
    def microphone(self, name: str) -> tuple[str, str]:
        """Return FFmpeg's device and input format for a microphone.

        Args:
            name: the system's name for the microphone; empty for the default one.
        """

    @abstractmethod
    def make_private(self, folder: Path) -> bool:
        """Make a folder accessible to this user only, and return whether the user owns it.

        Raises:
            OSError: it cannot be inspected or changed.
        """
