"""Write files that people fill in."""

from __future__ import annotations

from pathlib import Path

from renderer.errors import RightsError


def write_template(path: Path, text: str) -> None:
    """Write a new file.

    Raises:
        RightsError: it exists already, or cannot be written.
    """
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as fault:
        raise RightsError(f"file {path}", "exists already", "choose another name") from fault
    except OSError as fault:
        raise RightsError(
            f"file {path}", f"cannot be written ({fault.strerror})", "choose another folder"
        ) from fault
