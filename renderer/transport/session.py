"""Register and find running shows: one folder per show, which only its user can read.

A show holds a lock on its folder for as long as it lives (renderer/locks.py).
"""

from __future__ import annotations

import os
import secrets
import shutil
import time
from pathlib import Path
from typing import Final

import msgspec

from renderer.closing import Closing
from renderer.errors import DeskError
from renderer.locks import HeldLock, LockHeldError, hold, is_held
from renderer.paths import runtime_folder

_PREFIX: Final = "show-"
_CARD: Final = "session.json"
_LOCK: Final = "alive.lock"
_HALF_MADE_SECONDS: Final = 60.0
"""Age in seconds up to which a folder without a card may be one that is still being created."""


class _Card(msgspec.Struct, frozen=True):
    title: str
    pid: int
    started_unix_ns: int


class SessionInfo(msgspec.Struct, frozen=True):
    """A running show on this machine.

    Attributes:
        name: the folder's name; the argument of `encore desk --session`.
        title: the show's description of itself.
        started_unix_ns: wall clock, for display.
    """

    name: str
    folder: Path
    title: str
    pid: int
    started_unix_ns: int


class Session(Closing):
    """A show's own folder, from `announce` until `close`."""

    def __init__(self, info: SessionInfo, lock: HeldLock) -> None:
        self.info = info
        self._lock: HeldLock | None = lock

    @property
    def folder(self) -> Path:
        """Return the folder of the bus and the shared pictures."""
        return self.info.folder

    def close(self) -> None:
        """Remove the folder and its content. Idempotent."""
        if self._lock is None:
            return
        # On Windows files that a desk has open cannot be removed: the next search removes them.
        self._lock.close()
        self._lock = None
        shutil.rmtree(self.info.folder, ignore_errors=True)


def announce(title: str) -> Session:
    """Create the folder in which desks find a show that is starting.

    Folders that killed shows left behind are removed.

    Raises:
        DeskError: the folder cannot be created.
    """
    remove_dead_sessions()
    name = f"{_PREFIX}{os.getpid()}-{secrets.token_hex(3)}"
    folder = runtime_folder() / name
    card = _Card(title, os.getpid(), time.time_ns())
    try:
        folder.mkdir(mode=0o700)
        lock = hold(folder / _LOCK)
        # The card is written last and atomically: a folder with a card is complete.
        draft = folder / f".{_CARD}"
        draft.write_bytes(msgspec.json.encode(card))
        draft.replace(folder / _CARD)
    except (OSError, LockHeldError) as fault:
        raise DeskError(
            f"the session folder {folder}",
            f"cannot be made ({getattr(fault, 'strerror', None) or fault})",
            "set ENCORE_RUNTIME to a folder of your own with room in it",
        ) from fault
    return Session(SessionInfo(name, folder, title, card.pid, card.started_unix_ns), lock)


def remove_dead_sessions() -> list[Path]:
    """Remove the folders of shows that were killed.

    Returns:
        The folders of the shows that are running or being created.

    Raises:
        DeskError: the runtime folder does not belong to this user.
    """
    alive = []
    for folder in sorted(runtime_folder().glob(f"{_PREFIX}*")):
        if not folder.is_dir():
            continue
        if _is_alive(folder):
            alive.append(folder)
        else:
            shutil.rmtree(folder, ignore_errors=True)
    return alive


def find_sessions() -> list[SessionInfo]:
    """Return the running shows, newest first, and remove the folders of killed ones.

    Raises:
        DeskError: the runtime folder does not belong to this user.
    """
    found = []
    for folder in remove_dead_sessions():
        try:
            card = msgspec.json.decode((folder / _CARD).read_bytes(), type=_Card)
        except (OSError, msgspec.DecodeError, UnicodeDecodeError):
            continue  # It has just ended, or is being created.
        found.append(SessionInfo(folder.name, folder, card.title, card.pid, card.started_unix_ns))
    return sorted(found, key=lambda info: info.started_unix_ns, reverse=True)


def _is_alive(folder: Path) -> bool:
    """Return whether a process holds the folder's lock."""
    try:
        if not (folder / _CARD).exists():
            return time.time() - folder.stat().st_mtime < _HALF_MADE_SECONDS
        return is_held(folder / _LOCK)
    except FileNotFoundError:
        return False
