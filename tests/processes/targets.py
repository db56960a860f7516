"""What test children run; a module that a child process can import."""

from __future__ import annotations

import ctypes
import os
import sys
import time
from multiprocessing.connection import Connection

from renderer.errors import CaptureError
from renderer.processes.child import Child
from renderer.processes.process import ChildProcess
from renderer.transport.shared_file import SharedFile


def work(child: Child) -> None:
    """Be ready, and work until told to stop."""
    child.ready("at work")
    child.stopping.wait()


def echo(child: Child, pipe: Connection) -> int:
    """Send back what comes, until the other end is closed."""
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


def ignore_all(child: Child) -> None:
    """Be ready, and hear nothing more: no word and no signal but SIGKILL."""
    child.ready()
    while True:
        try:
            time.sleep(60)
        except SystemExit:
            continue


def never_ready(child: Child) -> None:
    """Start, and come to nothing."""
    child.stopping.wait()


def fail(child: Child) -> None:
    """Raise what a room raises."""
    raise CaptureError("camera 7", "is not there", "plug it in")


def crash(child: Child) -> None:
    """Raise what nobody expects."""
    child.ready()
    raise ZeroDivisionError("by accident")


def leave(child: Child, status: int) -> int:
    """End at once with an exit status."""
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
    """Start a child of its own, and say its number."""
    inner = ChildProcess("inner", work)
    inner.start()
    inner.wait_ready()
    child.ready(str(inner.pid))
    child.stopping.wait()
    inner.close()
