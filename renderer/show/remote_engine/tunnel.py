"""Carry records between a show and another machine, in order and complete, or not at all."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, Final

from renderer.errors import DeskError
from renderer.transport.machines.messages import EngineData
from renderer.transport.machines.plain_pickle import dumps, loads

_MOST_WAITING: Final = 2000
"""Records that wait for the network: seconds of a show's status. Beyond it counts as cut."""


class Tunnel:
    """One end. The bus drops what does not fit, or is under way during a cut: that ends a tunnel.

    Args:
        session: of the order.
        send: sends a message; returns whether there was room for it.
    """

    def __init__(self, session: str, send: Callable[[EngineData], bool]) -> None:
        self._session, self._send = session, send
        self._waiting: deque[EngineData] = deque()
        self._sent = self._received = 0

    def put(self, record: object) -> None:
        """Send a record, as soon as there is room for it.

        Raises:
            DeskError: too much is waiting.
        """
        self._sent += 1
        self._waiting.append(EngineData(self._session, self._sent, dumps(record)))
        if len(self._waiting) > _MOST_WAITING:
            raise _build_cut_error("takes nothing more")
        self.flush()

    def flush(self) -> None:
        """Send what is waiting, as far as there is room."""
        while self._waiting and self._send(self._waiting[0]):
            self._waiting.popleft()

    def take(self, message: EngineData) -> Any | None:
        """Return the record of a message; None if it belongs to another session.

        Raises:
            DeskError: one before it is lost, or it cannot be read.
        """
        if message.session != self._session:
            return None
        self._received += 1
        if message.number != self._received:
            raise _build_cut_error("has lost a message")
        return loads(message.data)


def _build_cut_error(fault: str) -> DeskError:
    return DeskError("the connection to the other machine", fault, "it is made again")
