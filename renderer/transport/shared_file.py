"""Pass an open file or shared memory to another process as an argument."""

from __future__ import annotations

import os

from renderer.closing import Closing


class SharedFile(Closing):
    """Owns a file descriptor, which `renderer.processes` passes to the process that it starts.

    Attributes:
        descriptor: of the file; -1 once it is closed.
    """

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    def duplicate(self) -> SharedFile:
        """Return another descriptor of the same file."""
        return SharedFile(os.dup(self.descriptor))

    def close(self) -> None:
        """Close this process's descriptor. Idempotent."""
        descriptor, self.descriptor = self.descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)
