"""Pass the end of a one-way pipe to a process that already runs."""

from __future__ import annotations

from multiprocessing import reduction
from multiprocessing.connection import Connection
from typing import Final

from renderer.platform import PLATFORM

_ANNOUNCEMENT: Final = b"pipe"


def send_pipe(channel: Connection, pipe: Connection, pid: int) -> None:
    """Send the end of a pipe to another process, and close this process's copy.

    Args:
        channel: to that process; only ends of pipes are sent over it.
        pipe: the end.
        pid: of that process.

    Raises:
        OSError: the process has ended.
    """
    try:
        channel.send_bytes(_ANNOUNCEMENT)
        reduction.send_handle(channel, PLATFORM.export_connection(pipe), pid)
    finally:
        pipe.close()


def receive_pipe(channel: Connection, *, writable: bool) -> Connection:
    """Wait for the next end of a pipe, and return it.

    Args:
        channel: from the process that sends it.
        writable: whether it is the writing end; otherwise it is the reading one.

    Raises:
        EOFError, OSError: the sender has ended.
    """
    channel.recv_bytes()
    handle = reduction.recv_handle(channel)
    return PLATFORM.import_connection(handle, readable=not writable, writable=writable)
