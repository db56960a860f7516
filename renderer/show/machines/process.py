"""Run the port at which other machines join a show, as a process of its own.

A flood of messages slows this process alone, and if it dies, captures and desks join again.
"""

from __future__ import annotations

import time
from contextlib import ExitStack, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

import msgspec

from renderer.processes.child import Child
from renderer.show.machines.desks import DeskBridge
from renderer.transport.machines.address import HostPort
from renderer.transport.machines.store import PairingStore
from renderer.transport.machines.switchboard import Switchboard

_SERVE_S: Final = 0.01
"""Seconds between looks at the show's status; messages of machines do not wait for it."""
_REPORT_EVERY_S: Final = 0.5
_HUNG_S: Final = 10.0


def run(child: Child, at: HostPort, folder: Path, title: str, report: Connection) -> None:
    """Serve other machines until the show ends.

    Args:
        child: this process; reports the port when it is ready.
        at: address of this machine to listen on.
        folder: of the session.
        title: of the show.
        report: receives a MachinesHealth twice a second.

    Raises:
        DeskError: the port cannot be listened on, or this machine's keys cannot be read.
    """
    with ExitStack() as opened:
        opened.callback(report.close)
        bridge = opened.enter_context(DeskBridge(folder))
        board = opened.enter_context(Switchboard(at, folder, PairingStore(), bridge.handle))
        board.title = title
        bridge.attach(board)
        child.ready(str(board.port))
        report_at = 0.0
        while not child.stopping.is_set() and folder.is_dir():
            child.expect(_HUNG_S)
            board.serve(_SERVE_S)
            bridge.serve()
            if time.monotonic() >= report_at:
                report_at = time.monotonic() + _REPORT_EVERY_S
                with suppress(OSError):
                    report.send_bytes(msgspec.msgpack.encode(board.health()))
