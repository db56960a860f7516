"""Own the process at which other machines join a show; tell of who comes, goes or is refused."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

import msgspec

from renderer.closing import Closing
from renderer.processes.backoff import Backoff
from renderer.processes.kept import KeptProcess
from renderer.processes.messages import ProcessState
from renderer.processes.process import ChildProcess
from renderer.protocol.alarms import Alarms, Severity
from renderer.protocol.log import EventKind
from renderer.protocol.machines import MachinesHealth, MachineStatus
from renderer.show.event_log import EventLog
from renderer.transport.machines.address import HostPort

_RUN: Final = "renderer.show.machines.process:run"
"""By name, since it loads what the supervisor must not."""
_AWAY: Final = "machines"
_STRANGER: Final = "machines.stranger"
"""Ids of the alarms of the process that is away, and of refused connections."""
_FIRST_PAUSE_S, _LONGEST_PAUSE_S, _CALM_S = 0.1, 10.0, 60.0


class MachineKeeper(Closing):
    """Lets other machines join."""

    def __init__(
        self,
        at: HostPort,
        folder: Path,
        title: str,
        alarms: Alarms,
        events: EventLog,
    ) -> None:
        """Open the port, and wait until machines can join.

        Args:
            at: address of this machine to listen on.
            folder: of the session.
            title: of the show.
            alarms: of the supervisor.
            events: of the show.

        Raises:
            RendererError: the port cannot be listened on.
        """
        self._at, self._folder, self._title = at, folder, title
        self._alarms, self._events = alarms, events
        self._reports: Connection | None = None
        self._lock = threading.Lock()
        self._health = MachinesHealth()
        self._process = KeptProcess(
            "The port for other machines",
            self._make,
            lambda sentence: alarms.raise_(_AWAY, Severity.WARNING, sentence),
            Backoff(_FIRST_PAUSE_S, _LONGEST_PAUSE_S, _CALM_S),
        )
        try:
            port = int(self._process.child.wait_ready())
        except BaseException:
            self.close()
            raise
        # One that starts again has the same port.
        self._at = replace(at, port=port)

    @property
    def port(self) -> int:
        """Return the port at which machines join."""
        return self._at.port

    def poll(self, publish: Callable[[MachinesHealth], None]) -> None:
        """Raise and clear alarms by what the process has reported, and publish it."""
        with self._lock:
            newest = self._read()
        if newest is None:
            return
        before = {one.name: one for one in self._health.machines}
        for one in newest.machines:
            self._compare(one, before.get(one.name))
        for name in before.keys() - {one.name for one in newest.machines}:
            self._alarms.clear(f"machines.{name}")
            self._events.add(EventKind.STATE, f"The pairing of machine {name} was revoked")
        if newest.stranger and newest.refused != self._health.refused:
            self._events.add(EventKind.FAULT, newest.stranger)
        self._alarms.update(_STRANGER, Severity.WARNING, newest.stranger)
        if newest.malformed and not self._health.malformed:
            self._events.add(EventKind.FAULT, newest.fault)
        self._health = newest
        publish(newest)

    def close(self) -> None:
        """End the process. Idempotent."""
        self._process.close()
        with self._lock:
            if self._reports is not None:
                self._reports.close()
                self._reports = None

    def _compare(self, now: MachineStatus, before: MachineStatus | None) -> None:
        """Tell of a machine that has come, gone, or is refused."""
        was_joined = before is not None and before.is_joined
        alarm, who = f"machines.{now.name}", f"Machine {now.name}"
        if now.is_joined:
            self._alarms.clear(alarm)
            if not was_joined:
                self._events.add(EventKind.STATE, f"{who} has joined from {now.address}")
        elif now.detail:
            self._alarms.raise_(alarm, Severity.WARNING, f"{who} is refused: {now.detail}")
        elif was_joined:
            text = f"{who} is gone; it joins again by itself"
            self._alarms.raise_(alarm, Severity.WARNING, text)

    def _make(self) -> ChildProcess:
        reports, theirs = Pipe(duplex=False)
        with self._lock:
            if self._reports is not None:
                self._reports.close()
            self._reports = reports
        return ChildProcess(
            "machines", _RUN, self._at, self._folder, self._title, theirs, on_change=self._note
        )

    def _note(self, state: ProcessState) -> None:
        if state is ProcessState.READY:
            self._alarms.clear(_AWAY)

    def _read(self) -> MachinesHealth | None:
        """Return the newest report; None if there is no new one."""
        newest = None
        try:
            while self._reports is not None and self._reports.poll():
                newest = msgspec.msgpack.decode(self._reports.recv_bytes(), type=MachinesHealth)
        except (EOFError, OSError, msgspec.DecodeError):
            return newest  # It is started again.
        return newest
