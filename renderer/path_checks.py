"""Check that files exist or can be created, before anything slow is loaded."""

from __future__ import annotations

import os
from pathlib import Path

from renderer.errors import UsageError
from renderer.spelling import nearest


def require_file(path: Path, what: str, remedy: str) -> None:
    """Check that a file exists and can be read.

    Args:
        path: the file.
        what: the kind of file, such as "avatar", for the message.
        remedy: advice for the message where the folder has no file of a similar name.

    Raises:
        UsageError: the path does not exist, is not a file or cannot be read.
    """
    thing = f"{what.capitalize()} {path}"
    try:
        if path.is_file():
            with path.open("rb"):
                return
        if path.exists():
            raise UsageError(thing, "is no file", remedy)
        meant = nearest(path.name, _names_in(path.parent))
    except OSError as fault:
        raise UsageError(thing, f"cannot be read ({fault.strerror})", remedy) from fault
    raise UsageError(
        thing, "does not exist", f"did you mean {path.parent / meant}?" if meant else remedy
    )


def require_writable(path: Path, what: str) -> None:
    """Check that a file can be created: its nearest existing parent folder must be writable.

    Raises:
        UsageError: the file cannot be created.
    """
    folder = path.parent
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    thing = f"{what.capitalize()} {path}"
    if path.is_dir():
        raise UsageError(thing, "is a folder", "name a file")
    if not folder.is_dir():
        raise UsageError(thing, f"cannot be made, since {folder} is no folder", "name another")
    if not os.access(folder, os.W_OK):
        raise UsageError(thing, f"cannot be made, since {folder} is read-only", "name another")


def _names_in(folder: Path) -> list[str]:
    return [entry.name for entry in folder.iterdir()] if folder.is_dir() else []
