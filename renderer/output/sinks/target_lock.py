"""Locks on the files and folders that shows write to, so that no two shows write to one."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path
from typing import Final

from renderer.locks import HeldLock, hold
from renderer.transport.session import runtime_folder

_FOLDER: Final = "targets"


def hold_target(path: Path) -> HeldLock:
    """Take the lock on a file or folder that is about to be written.

    The lock file lies in the user's runtime folder under a hash of the target's resolved path:
    nothing is left beside the target, and it works where the target's own disk has no locks.

    Returns:
        The lock; close it when the target is complete. It ends with the process at the latest.

    Raises:
        LockHeldError: another show, or another output of this one, writes there.
        DeskError, OSError: the runtime folder cannot be used.
    """
    resolved = os.path.normcase(path.resolve())
    name = sha256(os.fsencode(resolved)).hexdigest()[:32]
    return hold(runtime_folder() / _FOLDER / f"{name}.lock", holder=f"process {os.getpid()}")
