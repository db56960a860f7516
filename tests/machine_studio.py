"""A show's switchboard and machines that join it, all driven by one thread."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import zmq

from renderer.protocol.machines import MachinePart
from renderer.protocol.roles import Role
from renderer.transport.machines.address import HostPort
from renderer.transport.machines.member import Membership
from renderer.transport.machines.messages import DeskCommand, ToMachine
from renderer.transport.machines.pairing_file import join_by_file, write_pairing
from renderer.transport.machines.store import JoinedShow, PairedMachine, PairingStore
from renderer.transport.machines.switchboard import Switchboard

DEADLINE_S = 60.0


class Studio:
    """A show's machine, with a switchboard, and others that are paired with it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.session = folder / "session"
        self.session.mkdir()
        self.store = PairingStore(folder / "here")
        self.commands: list[tuple[PairedMachine, DeskCommand, bytes]] = []
        self.board = self.open()
        self.context = zmq.Context()
        self.members: list[Membership] = []
        self.told: dict[str, list[str]] = {}
        self.received: dict[str, list[ToMachine]] = {}

    def open(self, port: int = 0) -> Switchboard:
        """Open the switchboard, on loopback."""
        board = Switchboard(
            HostPort("127.0.0.1", port), self.session, self.store,
            lambda *asked: self.commands.append(asked),
        )  # fmt: skip
        board.title = "First Light"
        return board

    def pair(self, name: str, part: MachinePart, role: Role = Role.CONTROL) -> JoinedShow:
        """Pair a machine, and return its end of the pairing."""
        path = self.folder / f"{name}.pairing"
        wanted = PairedMachine(name, part, role, "", 0.0)
        write_pairing(self.store, wanted, HostPort("127.0.0.1", self.board.port), path)
        return join_by_file(PairingStore(self.folder / name), path)

    def join(self, show: JoinedShow) -> Membership:
        """Let a machine join."""
        self.told[show.machine], self.received[show.machine] = [], []
        member = Membership(self.context, show, "1.0", self.told[show.machine].append)
        self.members.append(member)
        return member

    def until(self, there: Callable[[], object]) -> None:
        """Serve everybody until something has happened."""
        deadline = time.monotonic() + DEADLINE_S
        while not there():
            assert time.monotonic() < deadline, "it did not happen in time"
            self.board.serve(0.005)
            for member in self.members:
                member.keep_up()
                self.received[member._show.machine] += member.messages()

    def close(self) -> None:
        """Close everything."""
        for member in self.members:
            member.close()
        self.board.close()
        self.context.term()
