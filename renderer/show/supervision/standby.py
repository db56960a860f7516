"""Keep a second engine ready, which takes over when the first one dies.

How far it is prepared is the caller's choice: with its libraries and avatars loaded it needs memory
and saves the slowest part of a start; with its picture open as well it takes over at once.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Final

from renderer.closing import Closing
from renderer.errors import RendererError
from renderer.show.host.resume import ResumeState
from renderer.show.supervision.engine_process import EngineProcess

_AFTER_S: Final = 10.0
"""Seconds on air before the standby is started, since that takes processor time."""
_PAUSE_S: Final = 60.0
"""Seconds before one that has died is started again."""

_log = logging.getLogger(__name__)


class Standby(Closing):
    """The engine that waits to take over.

    Args:
        make: creates a standby engine for a show in this state, without starting it.

    Attributes:
        fault: how the last one has ended, to follow its name; empty if there is none, or another
            one is prepared.
    """

    def __init__(self, make: Callable[[ResumeState], EngineProcess]) -> None:
        self._make = make
        self._engine: EngineProcess | None = None
        self._due: float | None = None
        self.fault = ""

    @property
    def is_prepared(self) -> bool:
        """Return whether it could take over at once."""
        return self._engine is not None and self._engine.is_ready

    def look_after(self, state: ResumeState | None) -> None:
        """Start it once the show has been on air for a while, and again if it dies.

        Args:
            state: of the show; None before it is on air.
        """
        now = time.monotonic()
        engine = self._engine
        if engine is not None and engine.has_ended:
            self.fault = engine.fate
            _log.error("the standby engine %s", self.fault)
            engine.close()
            self._engine, self._due = None, now + _PAUSE_S
        if self.is_prepared:
            self.fault = ""
        if state is None or self._engine is not None:
            return
        if self._due is None:
            self._due = now + _AFTER_S
        if now >= self._due:
            try:
                self._engine = self._make(state)
                self._engine.start()
            except RendererError as fault:
                _log.error("%s", fault)
                self._engine, self._due = None, now + _PAUSE_S

    def take(self) -> EngineProcess | None:
        """Return the standby engine, which is no longer one; None if there is none."""
        engine, self._engine, self._due = self._engine, None, None
        return engine if engine is not None and not engine.has_ended else None

    def close(self) -> None:
        """End it."""
        if self._engine is not None:
            self._engine.close()
            self._engine = None
