"""Lock the files and folders that shows write to, so that no two outputs write to the same one."""

from __future__ import annotations

import errno
import os
from hashlib import sha256
from pathlib import Path
from typing import Final

from renderer.errors import DeskError
from renderer.locks import HeldLock, LockHeldError, hold
from renderer.paths import runtime_folder

_FOLDER: Final = "targets"


class TargetBusyError(OSError):
    """Another show, or another output of this one, writes to the target."""


def hold_target(path: Path) -> HeldLock:
    """Take the lock on a file or folder before writing to it.

    The lock file is in the user's runtime folder, under a hash of the target's resolved path:
    nothing is left next to the target, and it works where the target's own disk has no locks.

    Returns:
        The lock; close it when the target is complete. It is released at the latest when the
        process ends.

    Raises:
        TargetBusyError: another show, or another output of this one, writes there.
        OSError: the runtime folder cannot be used.
    """
    resolved = os.path.normcase(path.resolve())
    name = sha256(os.fsencode(resolved)).hexdigest()[:32]
    try:
        lock = runtime_folder() / _FOLDER / f"{name}.lock"
        return hold(lock, holder=f"process {os.getpid()}")
    except LockHeldError as held:
        who = held.holder or "an unknown process"
        raise TargetBusyError(errno.EBUSY, f"another output writes to it ({who})") from held
    except DeskError as fault:
        raise OSError(errno.EACCES, f"its lock cannot be taken: {fault}") from fault
