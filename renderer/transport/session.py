"""Where a running show is found: one folder a show, in a place that only its user can read.

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
"""How long a folder without a card may still be one that is just being made."""


class _Card(msgspec.Struct, frozen=True):
    title: str
    pid: int
    started_unix_ns: int


class SessionInfo(msgspec.Struct, frozen=True):
    """A show that runs on this machine.

    Attributes:
        name: the folder's own name; what `encore desk --session` takes.
        title: the show's words for itself.
        started_unix_ns: wall clock, for people.
    """

    name: str
    folder: Path
    title: str
    pid: int
    started_unix_ns: int


class Session(Closing):
    """A show's own place, from `announce` until `close`."""

    def __init__(self, info: SessionInfo, lock: HeldLock) -> None:
        self.info = info
        self._lock: HeldLock | None = lock

    @property
    def folder(self) -> Path:
        """Where the bus and the shared pictures live."""
        return self.info.folder

    def close(self) -> None:
        """Leave: remove the folder and what is in it. May be called twice."""
        if self._lock is None:
            return
        # On Windows what a desk still has open cannot be removed: the next search does it.
        self._lock.close()
        self._lock = None
        shutil.rmtree(self.info.folder, ignore_errors=True)


def announce(title: str) -> Session:
    """Make the folder of a show that starts now, where desks find it.

    Folders that killed shows left behind are removed.

    Raises:
        DeskError: the folder cannot be made.
    """
    remove_dead_sessions()
    name = f"{_PREFIX}{os.getpid()}-{secrets.token_hex(3)}"
    folder = runtime_folder() / name
    card = _Card(title, os.getpid(), time.time_ns())
    try:
        folder.mkdir(mode=0o700)
        lock = hold(folder / _LOCK)
        # The card comes last and at once: a folder with a card is a whole session.
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
        The folders of the shows that run now, or are just being made.

    Raises:
        DeskError: the runtime folder is not this user's own.
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
    """Find the shows that run now, the newest first, and remove what dead shows left behind.

    Raises:
        DeskError: the runtime folder is not this user's own.
    """
    found = []
    for folder in remove_dead_sessions():
        try:
            card = msgspec.json.decode((folder / _CARD).read_bytes(), type=_Card)
        except (OSError, msgspec.DecodeError, UnicodeDecodeError):
            continue  # It ended as we looked, or is just being made.
        found.append(SessionInfo(folder.name, folder, card.title, card.pid, card.started_unix_ns))
    return sorted(found, key=lambda info: info.started_unix_ns, reverse=True)


def _is_alive(folder: Path) -> bool:
    """Whether a process holds the folder's lock."""
    try:
        if not (folder / _CARD).exists():
            return time.time() - folder.stat().st_mtime < _HALF_MADE_SECONDS
        return is_held(folder / _LOCK)
    except FileNotFoundError:
        return False
