"""Read and replace the small files that rights documents are."""

from __future__ import annotations

import os
from pathlib import Path

from renderer.errors import RightsError


def read_file(path: Path, what: str, limit: int) -> bytes:
    """Return a file's content.

    Args:
        path: of the file.
        what: what it is, for the message.
        limit: largest size, bytes.

    Raises:
        FileNotFoundError: there is no such file.
        RightsError: it cannot be read, or is too large.
    """
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except FileNotFoundError:
        raise
    except OSError as fault:
        raise RightsError(
            what, f"cannot be read ({fault.strerror})", "make the file readable"
        ) from fault
    if len(data) > limit:
        raise RightsError(what, f"has more than {limit} bytes", "name the right file")
    return data


def require_file(path: Path, what: str, limit: int) -> bytes:
    """Return a file's content, as `read_file` does; a missing file is a fault too.

    Raises:
        RightsError: it does not exist, cannot be read, or is too large.
    """
    try:
        return read_file(path, what, limit)
    except FileNotFoundError as fault:
        raise RightsError(what, "does not exist", "name an existing file") from fault


def replace_file(path: Path, data: bytes, what: str) -> None:
    """Write a file; an existing one is replaced at once, so that a crash leaves the old one.

    Raises:
        RightsError: it cannot be written.
    """
    # By process: two may write the same file at once, and the last one counts.
    temporary = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(data)
        temporary.replace(path)
    except OSError as fault:
        raise RightsError(
            what, f"cannot be written ({fault.strerror})", "free the disk, or choose another folder"
        ) from fault
