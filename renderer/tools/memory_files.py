"""Hand decrypted content to readers of files without writing it to a disk.

On Linux a file can live in memory alone (memfd), and other processes of the same user can open it
by its address below /proc. A folder holds links to such files, so that their names end as readers
expect; the links vanish with the folder, and the content with this process.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack
from pathlib import Path

from renderer.closing import Closing
from renderer.errors import SetupError


def has_memory_files() -> bool:
    """Return whether this system has files in memory."""
    return hasattr(os, "memfd_create")


class MemoryFiles(Closing):
    """Files in memory, by name.

    Raises:
        SetupError: this system has none.
    """

    def __init__(self) -> None:
        if not has_memory_files():
            raise SetupError(
                "Files in memory",
                "are not to be had on this system",
                "render encrypted kits on Linux",
            )
        self._opened = ExitStack()
        self._folder = Path(
            self._opened.enter_context(tempfile.TemporaryDirectory(prefix="encore-links-"))
        )

    def write(self, name: str, content: bytes) -> Path:
        """Keep content in memory, and return the path under which it can be read.

        Raises:
            SetupError: there is no memory for it.
        """
        try:
            number = os.memfd_create(name)
            file = self._opened.enter_context(os.fdopen(number, "wb"))
            file.write(content)
            file.flush()
            path = self._folder / name
            path.symlink_to(f"/proc/{os.getpid()}/fd/{number}")
        except OSError as fault:
            raise SetupError(
                f"The file {name}",
                f"cannot be kept in memory ({fault.strerror})",
                "close other programs",
            ) from fault
        return path

    def close(self) -> None:
        """Free the memory and remove the links. Idempotent."""
        self._opened.close()
