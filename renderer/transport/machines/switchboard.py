"""Connect the machines that join a show with what uses them: the show's end.

One encrypted TCP port serves all machines, and this machine's own processes that wait for another's
landmarks. A machine must be paired; it must say which part it takes, in the show's version of the
protocol, before anything else of it is heard; and it is asked again for every message whether it is
still paired. `machines.json` in the session's folder, which only its user can read, admits this
machine's own processes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

import zmq

from renderer.closing import Closing
from renderer.errors import DeskError
from renderer.protocol.machines import MachinePart, MachinesHealth, MachineStatus
from renderer.protocol.schema import SCHEMA_VERSION
from renderer.transport.machines.address import HostPort
from renderer.transport.machines.admission import Admission
from renderer.transport.machines.card import MachinesCard, read_card, write_card
from renderer.transport.machines.messages import (
    GONE_AFTER_S,
    LARGEST_FROM_MACHINE,
    UNREADABLE,
    AskClock,
    CaptureData,
    CapturePicture,
    CaptureState,
    ClockAnswer,
    DeskCommand,
    EngineData,
    EngineFrame,
    FromMachine,
    OpenCapture,
    OpenEngine,
    Refused,
    SignOfLife,
    ToMachine,
    WantCapture,
    WantEngine,
    Welcome,
    decode_from_machine,
    encode,
    explain_versions,
    read_version,
)
from renderer.transport.machines.store import PairedMachine, PairingStore, make_keys

_LOCAL: Final = "*"
"""User of this machine's own processes; no machine can have this name."""
_AT_ONCE: Final = 256
"""Messages handled in one call, so that a flood does not keep others waiting."""
_KEPT: Final = 32
"""Messages queued for each machine; what does not fit is lost, and newer ones follow."""
_PAIRINGS_EVERY_S: Final = 1.0
_STRANGER_S: Final = 60.0
"""Seconds for which a refused connection is reported."""
_SILENCE_MS, _PING_MS = 2500, 500
"""Milliseconds without an answer after which a connection counts as cut, and between questions."""


class DeskCommands(Protocol):
    """Takes the commands of desks on other machines."""

    def __call__(self, machine: PairedMachine, command: DeskCommand, desk: bytes) -> None:
        """Handle a command; `desk` is for `Switchboard.send`."""
        ...


@dataclass(slots=True)
class _Peer:
    """A connection that has given a sign of life."""

    machine: str
    instance: str
    heard_at: float
    address: str
    round_trip_ms: float
    refusal: str = ""


@dataclass(slots=True)
class _Refusals:
    count: int = 0
    newest: str = ""
    at: float = field(default=-_STRANGER_S)


class Switchboard(Closing):
    """Serves one port. Not thread-safe; it does something only in `serve`.

    Attributes:
        port: at which machines join.
    """

    def __init__(
        self,
        at: HostPort,
        folder: Path,
        store: PairingStore,
        on_command: DeskCommands,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Open the port.

        Args:
            at: address of this machine to listen on.
            folder: of the session.
            store: pairings, which may change at any time.
            on_command: takes desks' commands.
            clock: returns monotonic seconds.

        Raises:
            DeskError: the port cannot be listened on.
        """
        self._store, self._on_command, self._clock = store, on_command, clock
        earlier = read_card(folder)
        # This machine's own processes know the keys of a switchboard that was here before.
        self._own, self._local = store.own_keys(), earlier.keys if earlier else make_keys()
        self._paired: Mapping[str, PairedMachine] = {}
        self._paired_at = -_PAIRINGS_EVERY_S
        self._peers: dict[bytes, _Peer] = {}
        self._workers: dict[str, bytes] = {}
        self._waiting: dict[str, tuple[bytes, float]] = {}
        self._refusals = _Refusals()
        self._malformed, self._fault = 0, ""
        self.title = ""
        self._context = zmq.Context()
        self._router = self._context.socket(zmq.ROUTER)
        for option, value in (
            (zmq.LINGER, 0), (zmq.SNDHWM, _KEPT), (zmq.RCVHWM, _AT_ONCE),
            (zmq.MAXMSGSIZE, LARGEST_FROM_MACHINE), (zmq.IPV6, int(":" in at.host)),
            (zmq.HEARTBEAT_IVL, _PING_MS), (zmq.HEARTBEAT_TIMEOUT, _SILENCE_MS),
        ):  # fmt: skip
            self._router.set(option, value)
        self._router.curve_server = True
        self._router.curve_secretkey = self._own.secret.encode()
        self._admission = Admission(self._context, self._router, self._find_user, self._refuse)
        try:
            self._router.bind(at.endpoint if at.port else at.endpoint[:-1] + "*")
        except zmq.ZMQError as fault:
            self.close()
            raise DeskError(
                f"the address {at}, at which machines join,",
                f"cannot be listened on ({fault.strerror})",
                "end the other show, or name another address by --machines",
            ) from fault
        self.port = int(self._router.getsockopt_string(zmq.LAST_ENDPOINT).rpartition(":")[2])
        self._poller = zmq.Poller()
        for socket in (self._router, self._admission.requests, self._admission.reports):
            self._poller.register(socket, zmq.POLLIN)
        write_card(
            folder, MachinesCard(at.reachable_here(self.port), self._own.public, self._local)
        )

    def serve(self, timeout: float) -> None:
        """Handle what has arrived, or arrives within `timeout` seconds."""
        ready = dict(self._poller.poll(int(timeout * 1000)))
        if self._admission.requests in ready:
            self._admission.answer()
        if self._admission.reports in ready:
            self._admission.read_reports()
        if self._router not in ready:
            return
        for _ in range(_AT_ONCE):
            try:
                frames = self._router.recv_multipart(zmq.DONTWAIT, copy=False)
            except zmq.Again:
                return
            user = str(frames[-1].get("User-Id"))
            address = str(frames[-1].get("Peer-Address"))
            identity = frames[0].bytes
            if len(frames) != 2:
                self._count(user, f"it has {len(frames) - 1} parts instead of one")
                continue
            self._take(identity, user, address, frames[1].bytes)

    def send(self, peer: bytes, message: ToMachine) -> None:
        """Send a message; it is lost if the other end is gone or does not read."""
        try:
            self._router.send_multipart([peer, encode(message)], zmq.DONTWAIT)
        except zmq.ZMQError:
            return

    def desks(self) -> list[bytes]:
        """Return the desks that take part now."""
        paired = self._pairings()
        return [
            identity
            for identity, peer in self._peers.items()
            if not peer.refusal
            and self._is_there(peer)
            and peer.machine in paired
            and paired[peer.machine].part is MachinePart.DESK
        ]

    def health(self) -> MachinesHealth:
        """Return the state of every paired machine, and what was refused."""
        self._forget_gone()
        newest = {peer.machine: peer for peer in self._peers.values()}
        machines = []
        for name, one in self._pairings().items():
            status = MachineStatus(name, one.part)
            if (peer := newest.get(name)) is not None:
                status = MachineStatus(
                    name, one.part, not peer.refusal and self._is_there(peer),
                    peer.address, peer.refusal, peer.round_trip_ms,
                )  # fmt: skip
            machines.append(status)
        recent = self._clock() - self._refusals.at < _STRANGER_S
        return MachinesHealth(
            self.port, machines, self._refusals.count,
            self._refusals.newest if recent else "", self._malformed, self._fault,
        )  # fmt: skip

    def close(self) -> None:
        """Close the port. Idempotent."""
        self._admission.close()
        self._router.close()
        self._context.term()

    def _take(self, identity: bytes, user: str, address: str, data: bytes) -> None:
        machine = self._pairings().get(user)
        if machine is None and user != _LOCAL:
            self._refuse(address, "is not paired with this machine any more")
            self.send(identity, Refused("the pairing was revoked; pair the machine again"))
            return
        try:
            message = decode_from_machine(data)
        except UNREADABLE as fault:
            version = read_version(data)
            if machine is not None and version is not None and version.schema != SCHEMA_VERSION:
                self._refuse_version(identity, machine, address, version.schema)
            else:
                self._count(user, str(fault))
            return
        if machine is None:
            self._serve_own(identity, message)
        elif isinstance(message, SignOfLife):
            self._greet(identity, machine, message, address)
        elif (peer := self._peers.get(identity)) is None or peer.refusal:
            return  # What was under way before it was refused, or before its sign of life.
        else:
            self._serve_machine(identity, machine, message)

    def _serve_own(self, identity: bytes, message: FromMachine) -> None:
        match message:
            case WantCapture(name, order):
                self._serve_wish(identity, name, MachinePart.CAPTURE, OpenCapture(order))
            case WantEngine(name, order):
                self._serve_wish(identity, name, MachinePart.STANDBY, OpenEngine(order))
            case EngineData():
                for name, (waiting, _) in self._waiting.items():
                    if waiting == identity and not self._find_fault(name, MachinePart.STANDBY):
                        self.send(self._workers[name], message)
            case _:
                what = f"{type(message).__name__} is not expected"
                self._count("a process of this machine", what)

    def _serve_wish(self, identity: bytes, name: str, part: MachinePart, order: ToMachine) -> None:
        """Tell a process of this machine whether another machine works, and pass its order on."""
        self._waiting[name] = identity, self._clock()
        fault = self._find_fault(name, part)
        self.send(identity, CaptureState(fault))
        if not fault:
            self.send(self._workers[name], order)

    def _find_fault(self, name: str, part: MachinePart) -> str:
        """Return why a machine does not work for the show; empty if it does."""
        machine = self._pairings().get(name)
        if machine is None:
            return "is not paired with this machine: run encore pair new"
        if machine.part is not part:
            return f"is paired as a {machine.part.value}, not as a {part.value}"
        peer = self._peers.get(self._workers.get(name, b""))
        if peer is None or not self._is_there(peer):
            refusal = next((one.refusal for one in self._peers.values() if one.machine == name), "")
            return (
                f"is refused: {refusal}"
                if refusal
                else f"has not joined: run encore {part.value} there"
            )
        return f"is refused: {peer.refusal}" if peer.refusal else ""

    def _serve_machine(self, identity: bytes, machine: PairedMachine, message: FromMachine) -> None:
        match message:
            case AskClock(sent_ns):
                self.send(identity, ClockAnswer(sent_ns, time.monotonic_ns()))
            case CaptureData() | CapturePicture() if machine.part is MachinePart.CAPTURE:
                self._pass_on(machine.name, message)
            case EngineData() | EngineFrame() if machine.part is MachinePart.STANDBY:
                self._pass_on(machine.name, message)
            case DeskCommand() if machine.part is MachinePart.DESK:
                self._on_command(machine, message, identity)
            case _:
                what = f"a {machine.part.value} may not send {type(message).__name__}"
                self._count(machine.name, what)

    def _pass_on(self, name: str, message: ToMachine) -> None:
        """Pass a machine's message to the process that waits for it."""
        if (waiting := self._waiting.get(name)) is not None:
            self.send(waiting[0], message)

    def _greet(
        self, identity: bytes, machine: PairedMachine, sign: SignOfLife, address: str
    ) -> None:
        if sign.schema != SCHEMA_VERSION:
            self._refuse_version(identity, machine, address, sign.schema)
            return
        other = next(
            (
                one
                for key, one in self._peers.items()
                if key != identity
                and one.machine == machine.name
                and one.instance != sign.instance
                and not one.refusal
                and self._is_there(one)
            ),
            None,
        )
        refusal = ""
        if sign.part is not machine.part:
            refusal = f"this machine is paired as a {machine.part.value}, not a {sign.part.value}"
        elif other is not None and machine.part is not MachinePart.DESK:
            refusal = f"another process of this machine has joined from {other.address}"
        for key in [
            key
            for key, one in self._peers.items()
            if key != identity and one.instance == sign.instance
        ]:
            del self._peers[key]
        self._peers[identity] = _Peer(
            machine.name, sign.instance, self._clock(), address, sign.round_trip_ms, refusal
        )
        if refusal:
            self.send(identity, Refused(refusal))
            return
        if machine.part is not MachinePart.DESK:
            self._workers[machine.name] = identity
        self.send(identity, Welcome(self.title))

    def _refuse_version(
        self, identity: bytes, machine: PairedMachine, address: str, schema: int
    ) -> None:
        refusal = explain_versions(SCHEMA_VERSION, schema)
        self._peers[identity] = _Peer(machine.name, "", self._clock(), address, 0.0, refusal)
        self.send(identity, Refused(refusal))

    def _is_there(self, peer: _Peer) -> bool:
        return self._clock() - peer.heard_at < GONE_AFTER_S

    def _forget_gone(self) -> None:
        for key in [key for key, peer in self._peers.items() if not self._is_there(peer)]:
            del self._peers[key]

    def _pairings(self) -> Mapping[str, PairedMachine]:
        """Return the pairings as they are on the disk, or were a second ago."""
        now = self._clock()
        if now - self._paired_at >= _PAIRINGS_EVERY_S:
            self._paired, self._paired_at = self._store.machines(), now
        return self._paired

    def _find_user(self, key: str) -> str | None:
        if key == self._local.public:
            return _LOCAL
        # One that was paired a moment ago may join at once.
        self._paired, self._paired_at = self._store.machines(), self._clock()
        return next((one.name for one in self._paired.values() if one.public == key), None)

    def _refuse(self, address: str, reason: str) -> None:
        refusals = self._refusals
        refusals.count += 1
        refusals.at = self._clock()
        refusals.newest = f"A connection from {address or 'somewhere'} was refused: it {reason}"

    def _count(self, user: str, fault: str) -> None:
        self._malformed += 1
        self._fault = f"{user} sent a message that cannot be read: {fault}"
