"""Run the guests' process for the engine, and keep what it sends until the show needs it."""

from __future__ import annotations

import threading
from collections import deque
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Final
from urllib.parse import urlsplit

import msgspec

from renderer.closing import Closing
from renderer.processes.kept import KeptProcess
from renderer.processes.messages import ProcessState
from renderer.processes.process import ChildProcess
from renderer.show.guests.exchange import GuestData, GuestSettings, GuestState, decode_to_engine

_PROCESS: Final = "renderer.show.guests.process:run"
_KEPT: Final = 256
"""Messages of one guest that wait for the engine: four seconds; the oldest are dropped."""


class GuestStation(Closing):
    """Receives every guest's messages in a thread.

    Attributes:
        settings: of the guests' process.
        address: where guests join.
    """

    def __init__(self, settings: GuestSettings) -> None:
        """Start the process, and wait until it listens.

        Raises:
            RendererError: WebRTC is not installed, or the address cannot be listened on.
        """
        self.settings = settings
        self._lock = threading.Lock()
        self._data: dict[str, deque[GuestData]] = {
            name: deque(maxlen=_KEPT) for name in settings.guests
        }
        self._states: dict[str, GuestState] = {}
        self._open = set(settings.guests)
        self._fault = ""
        self._threads: list[threading.Thread] = []
        self._kept = KeptProcess("The guests' process", self._make, self._note_fault)
        try:
            self.address = self._kept.child.wait_ready()
            # A restarted process listens where the invitations say.
            port = urlsplit(self.address).port or 0
            self.settings = msgspec.structs.replace(settings, port=port)
        except BaseException:
            self.close()
            raise

    @property
    def fault(self) -> str:
        """Return why the process does not run, a sentence; empty while it does."""
        return self._fault

    def state(self, guest: str) -> GuestState | None:
        """Return a guest's latest state; None before the first."""
        return self._states.get(guest)

    def drain(self, guest: str) -> list[GuestData]:
        """Return a guest's messages since the last call, in the order of their arrival."""
        with self._lock:
            waiting = self._data[guest]
            found = list(waiting)
            waiting.clear()
        return found

    def release(self, guest: str) -> None:
        """Close the station once no guest's feed is open."""
        self._open.discard(guest)
        if not self._open:
            self.close()

    def close(self) -> None:
        """End the process. Idempotent."""
        self._kept.close()
        for thread in self._threads:
            thread.join()

    def _make(self) -> ChildProcess:
        pipe, sink = Pipe(duplex=False)
        thread = threading.Thread(target=self._read, args=(pipe,), name="guests inbox", daemon=True)
        self._threads = [*(one for one in self._threads if one.is_alive()), thread]
        thread.start()
        return ChildProcess("guests", _PROCESS, self.settings, sink, on_change=self._note_state)

    def _read(self, pipe: Connection) -> None:
        with pipe:
            try:
                while True:
                    message = decode_to_engine(pipe.recv_bytes())
                    with self._lock:
                        if isinstance(message, GuestData):
                            self._data[message.guest].append(message)
                        else:
                            self._states[message.guest] = message
            except (EOFError, OSError):
                return  # The process has ended.

    def _note_fault(self, sentence: str) -> None:
        self._fault = sentence

    def _note_state(self, state: ProcessState) -> None:
        if state is ProcessState.READY:
            self._fault = ""
