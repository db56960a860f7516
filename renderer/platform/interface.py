"""The interface that each operating system implements."""

from __future__ import annotations

import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, ClassVar


class Platform(ABC):
    """What the program needs of an operating system and finds different on each.

    A handle is the number under which a process knows an open pipe or file: a descriptor on POSIX,
    a HANDLE on Windows. A child process that was started with a handle knows it by the same number.

    Attributes:
        name: as people call the system.
        socket_name_limit: bytes in the name of a socket file; 0 where there are no socket files.
        gl_context_options: arguments for `moderngl.create_context` that draw without a window.
        pyopengl_platform: for PYOPENGL_PLATFORM; None lets PyOpenGL choose.
        reuses_addresses: whether SO_REUSEADDR lets a server take a port that one before it has just
            left; on Windows it would let two servers listen on one port.
        has_alsa: whether sound and MIDI devices are ALSA's.
        camera_lister: a command that prints the cameras as JSON; empty where they are device files.
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
        """Start a process whose output and errors go into one pipe, `stdout` of the result.

        Args:
            command: program and arguments.
            handles: open pipes and files that the process gets, under the same numbers.
            environment: all variables of the process.
            detached: it outlives this process and its terminal.

        Raises:
            OSError: it cannot be started.
        """

    @abstractmethod
    def export_connection(self, connection: Connection) -> int:
        """Return the handle of a connection, made fit for `spawn`."""

    @abstractmethod
    def import_connection(self, handle: int, *, readable: bool, writable: bool) -> Connection:
        """Return the connection behind a handle that this process was started with."""

    @abstractmethod
    def export_file(self, descriptor: int) -> int:
        """Return the handle of an open file, made fit for `spawn`."""

    @abstractmethod
    def import_file(self, handle: int) -> int:
        """Return a file descriptor for a handle that this process was started with."""

    @abstractmethod
    def create_memory(self, size: int) -> int:
        """Create nameless memory that processes can share by mapping it.

        Args:
            size: bytes.

        Returns:
            Its file descriptor. The memory is freed with the last process that holds it.

        Raises:
            OSError: there is not enough room.
        """

    @abstractmethod
    def reserve_space(self, descriptor: int, size: int) -> None:
        """Reserve the first `size` bytes of a file on the disk.

        A full disk is then noticed here; later it would kill whatever writes through a mapping.

        Raises:
            OSError: the disk is full.
        """

    @abstractmethod
    def handle_stop_signals(self, on_terminate: Callable[[], None]) -> None:
        """Let a child process ignore Ctrl-C, and call a function when it is asked to terminate.

        Ctrl-C and a service's stop reach every process of a group at once, but the show ends its
        children in order.

        Args:
            on_terminate: called in the main thread at SIGTERM; never called on Windows.
        """

    @abstractmethod
    def describe_exit(self, status: int) -> str:
        """Return what an exit status says, such as "was killed (SIGKILL)", for a message."""

    def tcp_connections(self) -> list[int]:
        """Return the descriptors of this process's TCP connections, which libraries may hide.

        They can be listed on POSIX alone.
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
        """Return how many bytes a peer has acknowledged, and how many more it would take now.

        Returns:
            None where the system does not tell, which Linux alone does.
        """
        del connection
        return None

    @abstractmethod
    def usable_cores(self) -> tuple[int, ...]:
        """Return the numbers of the processor cores that this process may run on, ascending."""

    @abstractmethod
    def settle_thread(self, cores: Collection[int], *, idle: bool) -> bool:
        """Bind the calling thread to processor cores; threads that it starts inherit that.

        Args:
            cores: their numbers.
            idle: it runs only while no other thread wants to.

        Returns:
            Whether the system tells threads apart; on Linux alone.
        """

    def camera_names(self, listed: Any) -> list[str]:
        """Return the names in what `camera_lister` printed.

        Args:
            listed: the decoded JSON.
        """
        del listed
        return []

    @abstractmethod
    def control_device(self, descriptor: int, request: int, buffer: bytearray) -> None:
        """Send a request to a device file, and take its answer into the same buffer.

        Raises:
            OSError: the device refuses it, or there are no device files.
        """

    @abstractmethod
    def has_display(self) -> bool:
        """Whether a window can be opened."""

    @abstractmethod
    def microphone(self, name: str) -> tuple[str, str]:
        """Return FFmpeg's device and input format for a microphone.

        Args:
            name: as the system calls it; empty for the default one.
        """

    @abstractmethod
    def make_private(self, folder: Path) -> bool:
        """Make a folder readable by this user alone, and return whether it is theirs.

        Raises:
            OSError: it cannot be looked at or changed.
        """
