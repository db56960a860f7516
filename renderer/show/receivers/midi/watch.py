"""Notice MIDI ports that are unplugged and plugged in again."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from typing import Final

from renderer.closing import Closing

LOOK_S: Final = 1.0
"""Seconds between two looks at the ports."""

_log: Final = logging.getLogger(__name__)

ListPorts = Callable[[], tuple[Sequence[str], Sequence[str]]]
"""Returns the names of the inputs and of the outputs that are there."""


class PortWatch(Closing):
    """Lists the ports in a thread of its own, since systems take their time over it.

    Args:
        list_ports: called in that thread alone; may fail, and is then asked again.
        look_s: seconds between two looks.

    Attributes:
        inputs, outputs: names of the ports; None before the first look.
    """

    def __init__(self, list_ports: ListPorts, look_s: float = LOOK_S) -> None:
        self._list, self._look_s = list_ports, look_s
        self.inputs: tuple[str, ...] | None = None
        self.outputs: tuple[str, ...] | None = None
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, name="MIDI ports", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Look no more. Idempotent."""
        self._done.set()
        self._thread.join()

    def _run(self) -> None:
        while True:
            try:
                inputs, outputs = self._list()
            except Exception as fault:  # noqa: BLE001 - whatever a driver raises, the show goes on
                _log.debug("MIDI ports cannot be listed: %s", fault)
            else:
                self.inputs, self.outputs = tuple(inputs), tuple(outputs)
            if self._done.wait(self._look_s):
                return


def is_there(name: str, names: Sequence[str] | None) -> bool:
    """Return whether a port of this name, or one that contains it, is there or not known."""
    return names is None or any(name.lower() in one.lower() for one in names)
