"""Tell the terminal how a show proceeds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from renderer.protocol.alarms import Alarms


@dataclass(frozen=True, slots=True)
class Progress:
    """Progress of a show. `length_s` is 0 if it is not known."""

    show_s: float
    length_s: float
    frames: int
    frame_rate: float


class Listener(Protocol):
    """Receives a show's progress. Exceptions that it raises are contained."""

    def on_start(self, alarms: Alarms, folder: Path) -> None:
        """Handle the start: everything is open and the first frame comes next.

        Args:
            alarms: of the show; for processes outside it that die, such as a watch page.
            folder: of the session, through which such a process may reach the show.
        """

    def on_progress(self, progress: Progress) -> None:
        """Handle the show's progress; called 10 times per second."""
