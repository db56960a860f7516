"""Targets of the tests' child processes, in a module that a child can import."""

from __future__ import annotations

import ctypes
import os
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path

from renderer.errors import CaptureError
from renderer.processes.child import Child
from renderer.processes.process import ChildProcess
from renderer.transport.shared_file import SharedFile


def work(child: Child) -> None:
    """Become ready, and work until stopped."""
    child.ready("at work")
    child.stopping.wait()


def echo(child: Child, pipe: Connection) -> int:
    """Send back what is received, until the other end is closed."""
    child.ready()
    try:
        while True:
            pipe.send(pipe.recv())
    except EOFError:
        return 0


def fill(child: Child, memory: SharedFile) -> None:
    """Write into shared memory."""
    os.pwrite(memory.descriptor, b"written by the child", 0)
    child.ready()
    child.stopping.wait()


def work_at_second_start(child: Child, marker: Path) -> None:
    """Die before being ready at the first start, and work at the second."""
    if not marker.exists():
        marker.touch()
        os._exit(9)
    work(child)


def ignore_all(child: Child) -> None:
    """Become ready, then ignore every message and every signal except SIGKILL."""
    child.ready()
    while True:
        try:
            time.sleep(60)
        except SystemExit:
            continue


def never_ready(child: Child) -> None:
    """Start, and never become ready."""
    child.stopping.wait()


def fail(child: Child) -> None:
    """Raise an error of the program."""
    raise CaptureError("camera 7", "is not there", "plug it in")


def crash(child: Child) -> None:
    """Raise an unexpected exception."""
    child.ready()
    raise ZeroDivisionError("by accident")


def leave(child: Child, status: int) -> int:
    """Exit immediately with a status."""
    child.ready()
    return status


def talk(child: Child) -> None:
    """Print from Python, from C, and past every buffer."""
    sys.stdout.write("said by Python\n")
    sys.stdout.flush()
    os.write(2, b"said by a library\nand not finished")
    child.ready()


def block_interpreter(child: Child) -> None:
    """Never let another Python thread run again, as some libraries do while they connect."""
    child.ready()
    with child.limit(1.0):
        ctypes.PyDLL(None).sleep(60)


def wait_for_itself(child: Child) -> None:
    """Hang in work that lets other threads run."""
    child.ready()
    with child.busy(0.5):
        time.sleep(60)


def have_child(child: Child) -> None:
    """Start a child process, and report its PID."""
    inner = ChildProcess("inner", work)
    inner.start()
    inner.wait_ready()
    child.ready(str(inner.pid))
    child.stopping.wait()
    inner.close()
