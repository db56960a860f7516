"""Let a show's engines draw in software once the GPU has failed."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from typing import Final, Protocol

from renderer.errors import GraphicsError, RendererError
from renderer.graphics.software import ENVIRONMENT
from renderer.protocol.alarms import Alarms, Severity

ALARM: Final = "gpu"
_CRASHES: Final = tuple(
    -getattr(signal, name)
    for name in ("SIGSEGV", "SIGBUS", "SIGILL", "SIGABRT")
    if hasattr(signal, name)
)
"""Exit statuses of a process whose driver has crashed."""
_SOON_S: Final = 60.0
"""Two crashes within this many seconds are taken for the driver's."""


class DeadEngine(Protocol):
    """An engine process that has ended."""

    @property
    def error(self) -> RendererError | None:
        """Return the error with which it ended, if it is one of the program's own."""

    @property
    def exit_status(self) -> int | None:
        """Return its exit status; negative for a signal."""


class SoftwareFallback:
    """Decides from the ends of engines whether the next one may use the GPU.

    Attributes:
        is_on: whether engines draw in software; it stays so for the rest of the show.
    """

    def __init__(self, alarms: Alarms) -> None:
        self._alarms = alarms
        self._crashed_s: float | None = None
        self.is_on = False

    @property
    def environment(self) -> Mapping[str, str]:
        """Return the environment variables of the next engine."""
        return ENVIRONMENT if self.is_on else {}

    def note_end(self, dead: DeadEngine, now_s: float) -> None:
        """Record how an engine has ended, at `now_s` of a monotonic clock."""
        if self.is_on:
            return
        error = dead.error
        if isinstance(error, GraphicsError):
            self._turn_on(f"{error.thing}: {error.fault}")
        elif dead.exit_status in _CRASHES:
            before, self._crashed_s = self._crashed_s, now_s
            if before is not None and now_s - before < _SOON_S:
                self._turn_on("two engines crashed within a minute")

    def _turn_on(self, why: str) -> None:
        self.is_on = True
        self._alarms.raise_(
            ALARM,
            Severity.CRITICAL,
            f"The GPU is given up ({why}); the show is drawn in software, with fewer frames a "
            "second and a simpler picture",
        )
