"""Locks between processes: who holds one is known, and a dead process holds none.

The lock is the operating system's own, on a file, so that it ends with the process however that
dies. A recorded process number would not: numbers are used again.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from renderer.closing import Closing

_PROBE_S: Final = 0.05
"""Seconds that a look at a lock waits for it: another process may be looking at the same moment."""
_PROBE_POLL_S: Final = 0.005


class LockHeldError(Exception):
    """Another process holds the lock.

    Attributes:
        holder: what that process said of itself; empty if it said nothing.
    """

    def __init__(self, holder: str) -> None:
        super().__init__(holder)
        self.holder = holder


class HeldLock(Closing):
    """A lock that this process holds from `hold` until `close`."""

    def __init__(self, lock: FileLock, path: Path) -> None:
        self._lock, self._path = lock, path

    def close(self) -> None:
        """Release the lock. The file stays, since removing it would split waiting processes."""
        if self._lock.is_locked:
            with suppress(OSError):
                _holder_file(self._path).unlink(missing_ok=True)
        self._lock.release()


def hold(path: Path, holder: str = "", wait_s: float = 0.0) -> HeldLock:
    """Take the lock on a file for this process alone.

    Args:
        path: of the lock file; it and its folder are made if need be.
        holder: what this process is, for the message that another process will show.
        wait_s: seconds to wait for a process that holds it.

    Returns:
        The lock; close it to release it.

    Raises:
        LockHeldError: another process holds it.
        OSError: the file cannot be made or locked there.
    """
    lock = _file_lock(path)
    try:
        lock.acquire(timeout=wait_s, poll_interval=_PROBE_POLL_S)
    except Timeout:
        raise LockHeldError(_read_holder(path)) from None
    held = HeldLock(lock, path)
    if holder:
        try:
            _holder_file(path).write_text(holder, encoding="utf-8")
        except OSError:
            held.close()
            raise
    return held


def is_held(path: Path) -> bool:
    """Whether a process holds the lock on a file; False where there is no such file.

    Raises:
        OSError: the file cannot be opened.
    """
    if not path.exists():
        return False
    lock = _file_lock(path)
    try:
        lock.acquire(timeout=_PROBE_S, poll_interval=_PROBE_POLL_S)
    except Timeout:
        return True
    except FileNotFoundError:
        return False
    lock.release()
    return False


def _file_lock(path: Path) -> FileLock:
    # A soft lock would outlive a killed process, and a file system without locks must be told of.
    return FileLock(path, thread_local=False, fallback_to_soft=False)


def _holder_file(path: Path) -> Path:
    """A file of its own: on Windows a locked file cannot be read."""
    return path.with_name(f"{path.name}.holder")


def _read_holder(path: Path) -> str:
    try:
        return _holder_file(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
