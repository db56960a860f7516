"""Find what a test leaves behind in this process: threads, children, sockets, shared memory."""

from __future__ import annotations

import gc
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

GRACE_S = 5.0
"""Seconds that a thread or process may take to end after it was asked to."""
_SHARED = ("/dev/shm/", "memfd:encore")


@dataclass(frozen=True)
class Belongings:
    """Resources of this process at one time. Without /proc only threads are known."""

    threads: frozenset[threading.Thread] = field(default_factory=frozenset)
    children: frozenset[int] = field(default_factory=frozenset)
    descriptors: frozenset[str] = field(default_factory=frozenset)

    def beyond(self, before: Belongings) -> list[str]:
        """Describe the resources that did not exist before."""
        return [
            *(f"the thread {thread.name!r}" for thread in self.threads - before.threads),
            *(f"the process {_describe(pid)}" for pid in self.children - before.children),
            *(f"the descriptor of {what}" for what in self.descriptors - before.descriptors),
        ]


def look() -> Belongings:
    """Return the current resources of this process."""
    return Belongings(frozenset(threading.enumerate()), _children(), _descriptors())


def wait_for_leftovers(before: Belongings) -> list[str]:
    """Return the resources that did not exist before, after giving them time to end."""
    deadline = time.monotonic() + GRACE_S
    left = look().beyond(before)
    if left:
        gc.collect()
    while (left := look().beyond(before)) and time.monotonic() < deadline:
        time.sleep(0.02)
    return left


def _children() -> frozenset[int]:
    """Return the child processes, without multiprocessing's tracker, which runs to the end."""
    found: set[int] = set()
    for task in Path("/proc/self/task").glob("*/children"):
        try:
            found.update(map(int, task.read_text().split()))
        except OSError:
            continue  # The thread has ended.
    return frozenset(pid for pid in found if not _is_resource_tracker(pid))


def _is_resource_tracker(pid: int) -> bool:
    try:
        return b"multiprocessing.resource_tracker" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def _descriptors() -> frozenset[str]:
    """Return the open sockets and shared memory. A mapping keeps its file open."""
    found = set()
    for link in _list(Path("/proc/self/fd")):
        try:
            target = str(link.readlink())
        except OSError:
            continue  # It was the listing's own descriptor.
        if target.startswith("socket:"):
            found.add(target)
        elif any(part in target for part in _SHARED):
            found.add(f"{target} as {link.name}")
    return frozenset(found)


def _list(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


def _describe(pid: int) -> str:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return str(pid)
    return f"{pid} ({words[:200].strip() or 'zombie'}, state {state})"
