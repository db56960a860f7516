"""Write what a guest hears to the channel from which the guests' process sends it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from renderer.closing import Closing
from renderer.output.sound.filters import F32
from renderer.transport.samples import SharedSamples, position_at, samples_path

_SAME: Final = 2
"""Samples by which a block may be off from where the last one ended: rounding."""


def return_path(folder: Path, guest: str) -> Path:
    """Return the file of a guest's return."""
    return samples_path(folder, f"return of {guest}")


class GuestReturn(Closing):
    """A guest's return: song, click, talkback, and all voices but the guest's own.

    Args:
        bus: of the guest's voice.
        guest: the name.
        folder: of the session.

    Raises:
        OutputError: the channel cannot be made.
    """

    def __init__(self, bus: str, guest: str, folder: Path) -> None:
        self.bus: Final = bus
        self._samples = SharedSamples.create(return_path(folder, guest))
        self._at: int | None = None

    def write(self, samples: F32, t_ns: float) -> None:
        """Write samples (n,), the first one of a show time on the machine's monotonic clock."""
        at = position_at(t_ns)
        if self._at is not None and abs(at - self._at) <= _SAME:
            at = self._at
        self._samples.write(at, samples)
        self._at = at + len(samples)

    def close(self) -> None:
        """Unmap the channel. Idempotent."""
        self._samples.close()
