"""Send the levels of a stage's fixtures to real ones, over sACN and Art-Net."""

from __future__ import annotations

import socket
import threading
import time
import uuid
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from ipaddress import IPv4Address
from typing import Any, Final

from renderer.errors import ShowError
from renderer.protocol.control.receivers import ReceiverStatus
from renderer.show.document.entries.control import DmxOutEntry
from renderer.show.receivers.dmx.packets import ARTNET_PORT, write_artnet
from renderer.stage.fixtures.rig import FixtureRig

REPEAT_NS: Final = 800_000_000
"""Nanoseconds after which unchanged levels are sent again: Art-Net asks for 800 to 1000 ms; sACN's
package repeats by itself."""

_STOP_S: Final = 0.5
"""Seconds to wait for a sender's stop before asking again; its loop has 44 turns a second."""


class DmxOutput:
    """One output of a show's levels. Belongs to the tick's thread, and never waits.

    Args:
        entry: of the document.
        universes: to which fixtures are patched.

    Attributes:
        cid: by which its own packets are known.

    Raises:
        ShowError: the address is none, or Art-Net has none.
    """

    def __init__(self, entry: DmxOutEntry, universes: Sequence[int]) -> None:
        self._entry = entry
        self._universes = tuple(entry.universes or universes)
        self.cid: Final = uuid.uuid4().bytes
        self._opened = ExitStack()
        self._sent: dict[int, tuple[bytes, int]] = {}
        self._count = 0
        self._sequence = 0
        self._fault = ""
        self._sender: Any = None
        self._socket: socket.socket | None = None
        if entry.host or entry.protocol == "artnet":
            try:
                IPv4Address(entry.host)
            except ValueError as fault:
                raise ShowError(
                    f"DMX out to {entry.host!r}",
                    "is no IPv4 address",
                    "give host the receiver's, such as 2.0.0.10",
                ) from fault
        if entry.protocol == "sacn":
            self._open_sacn()
        else:
            self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self._socket.setblocking(False)
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            self._socket.bind(("", 0))
            self._opened.callback(self._socket.close)

    @property
    def port(self) -> int:
        """Return the port that Art-Net leaves by; 0 for sACN."""
        return 0 if self._socket is None else int(self._socket.getsockname()[1])

    def send(self, rig: FixtureRig, now_ns: int) -> None:
        """Send what has changed since the last frame, and now and then the rest."""
        for universe in self._universes:
            if universe not in rig.universes:
                continue
            levels = rig.levels_of(universe)
            before, at_ns = self._sent.get(universe, (b"", 0))
            if levels == before and now_ns - at_ns < REPEAT_NS:
                continue
            self._sent[universe] = levels, now_ns
            self._send_universe(universe, levels, is_new=levels != before)

    def status(self) -> ReceiverStatus:
        """Return the status; `received` counts the universes that were sent."""
        entry = self._entry
        name = "sACN" if entry.protocol == "sacn" else "Art-Net"
        return ReceiverStatus(
            name=f"{name} out",
            address=entry.host or "multicast",
            received=self._count,
            fault=self._fault,
        )

    def close(self) -> None:
        """Stop sending; sACN tells its receivers so. Idempotent."""
        self._opened.close()

    def _open_sacn(self) -> None:
        import sacn

        # Port 0: the sender would otherwise take a receiver's packets on this machine.
        sender = sacn.sACNsender(bind_port=0, source_name="Encore", cid=tuple(self.cid), fps=44)
        sender.start()
        self._opened.callback(_stop_sender, sender)
        for universe in self._universes:
            if not universe:
                continue
            sender.activate_output(universe)
            output = sender[universe]
            output.priority = self._entry.priority
            output.multicast = not self._entry.host
            if self._entry.host:
                output.destination = self._entry.host
        self._sender = sender

    def _send_universe(self, universe: int, levels: bytes, *, is_new: bool) -> None:
        if self._socket is not None:
            number = universe - self._entry.first
            if not 0 <= number < 32_768:
                self._fault = f"Art-Net has no universe {universe} if its first is {number}"
                return
            self._sequence = self._sequence % 255 + 1
            packet = write_artnet(number, self._sequence, levels)
            try:
                self._socket.sendto(packet, (self._entry.host, ARTNET_PORT))
            except OSError as fault:
                self._fault = f"{self._entry.host} cannot be reached ({fault.strerror})"
                return
        elif is_new:
            with suppress(KeyError, AttributeError):
                self._sender[universe].dmx_data = tuple(levels)
        self._count += 1


class DmxOutputs:
    """All outputs of a show's levels; a receiver that sends.

    Args:
        entries: of the document.
        rig: whose levels go out.
    """

    def __init__(self, entries: Sequence[DmxOutEntry], rig: FixtureRig) -> None:
        self._opened = ExitStack()
        self.outputs: list[DmxOutput] = []
        try:
            for entry in entries:
                output = DmxOutput(entry, rig.universes)
                self._opened.callback(output.close)
                self.outputs.append(output)
        except BaseException:
            self._opened.close()
            raise

    def send(self, rig: FixtureRig) -> None:
        """Send a frame's levels."""
        now_ns = time.monotonic_ns()
        for output in self.outputs:
            output.send(rig, now_ns)

    def poll(self, now_ns: int) -> None:
        """Do nothing: levels leave with their frame."""

    def statuses(self) -> list[ReceiverStatus]:
        """Return the status of each output."""
        return [one.status() for one in self.outputs]

    def close(self) -> None:
        """Close all outputs. Idempotent."""
        self._opened.close()


def _stop_sender(sender: Any) -> None:
    """Stop a sender of the sacn package.

    Its loop switches itself on when its thread begins, so that a stop before that is forgotten, and
    waits for ever: it is asked again until it has stopped.
    """
    while True:
        stopping = threading.Thread(target=sender.stop, name="sACN stop", daemon=True)
        stopping.start()
        stopping.join(_STOP_S)
        if not stopping.is_alive():
            return
