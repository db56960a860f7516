"""Inter-process file locks that name their holder and end with its process.

The operating system's own file lock is used, because it is released however the process ends. A
recorded process number would not be safe, because the system reuses process numbers.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from renderer.closing import Closing

_PROBE_S: Final = 0.05
"""Seconds that `is_held` waits for a lock, since another process may be probing it too."""
_PROBE_POLL_S: Final = 0.005


class LockHeldError(Exception):
    """Another process holds the lock.

    Attributes:
        holder: the description that the process wrote; empty if it wrote none.
    """

    def __init__(self, holder: str) -> None:
        super().__init__(holder)
        self.holder = holder


class HeldLock(Closing):
    """A lock held by this process from `hold` until `close`."""

    def __init__(self, lock: FileLock, path: Path) -> None:
        self._lock, self._path = lock, path

    def close(self) -> None:
        """Release the lock. The file is kept, since removing it would split waiting processes."""
        if self._lock.is_locked:
            with suppress(OSError):
                _holder_file(self._path).unlink(missing_ok=True)
        self._lock.release()


def hold(path: Path, holder: str = "", wait_s: float = 0.0) -> HeldLock:
    """Take an exclusive lock on a file.

    Args:
        path: the lock file; it and its folder are created if missing.
        holder: description of this process, shown in other processes' messages.
        wait_s: seconds to wait while another process holds the lock.

    Returns:
        The lock; close it to release it.

    Raises:
        LockHeldError: another process holds the lock.
        OSError: the file cannot be created or locked.
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
    """Return whether a process holds the lock on a file; False if the file does not exist.

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
    # No soft lock: it would outlive a killed process. A file system without locks raises instead.
    return FileLock(path, thread_local=False, fallback_to_soft=False)


def _holder_file(path: Path) -> Path:
    """Return the path of the holder's description: on Windows a locked file cannot be read."""
    return path.with_name(f"{path.name}.holder")


def _read_holder(path: Path) -> str:
    try:
        return _holder_file(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
