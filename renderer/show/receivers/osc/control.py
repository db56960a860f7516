"""Execute the show's OSC messages: commands, cue triggers, queries and subscriptions."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Final

from renderer.capture.network.osc import message
from renderer.errors import RendererError
from renderer.protocol.control.osc import (
    ForgetOsc,
    LearnOsc,
    OscBinding,
    OscCommand,
    OscHealth,
    StopLearningOsc,
)
from renderer.protocol.control.receivers import ReceiverStatus
from renderer.protocol.cues import CuesHealth
from renderer.protocol.schema import Command, Reply
from renderer.show.control.registry import Answer, CommandRegistry
from renderer.show.document.entries.control import OscEntry
from renderer.show.receivers.learning import MessageLearning
from renderer.show.receivers.osc.bindings import OscBindings, bind_learned
from renderer.show.receivers.osc.feedback import OscFeedback
from renderer.show.receivers.osc.server import OscServer, Peer, Received
from renderer.show.receivers.osc.words import find_osc_command, translate

MOST_A_FRAME: Final = 32
"""Messages that are executed in a frame; the others wait for the next one."""
VERSION: Final = "5.0"
"""Version of QLab's words that is answered to /version."""

Handle = Callable[[Command, Callable[[Reply], None]], None]
"""Executes a command, and answers it."""
Fire = Callable[[str], int]
"""Fires the cues that wait for an OSC address, and returns how many."""


class OscControl:
    """The OSC side of a show. Belongs to the tick's thread.

    Args:
        server: that receives; it is closed with this.
        handle: executes commands.
        fire: cues by their address.
        read_cues: returns the status sent to subscribers; None if the show has no cues.
        entry: of the document: in whose name commands are given, and what is bound.
        read_entry: returns the entry after edits; None if the document is not edited.
    """

    def __init__(
        self,
        server: OscServer,
        handle: Handle,
        fire: Fire,
        read_cues: Callable[[], CuesHealth] | None,
        entry: OscEntry | None = None,
        read_entry: Callable[[], OscEntry | None] | None = None,
    ) -> None:
        self._entry = entry or OscEntry()
        self._read_entry = read_entry
        self._operator = self._entry.operator
        self._bindings = OscBindings(self._entry.bindings, self._operator)
        for fault in self._bindings.faults:
            server.close()
            raise fault
        self._learning = MessageLearning[LearnOsc]("OSC", handle)
        self._server, self._handle, self._fire = server, handle, fire
        self._read_cues = read_cues
        self._feedback = OscFeedback(server)
        self._unknown = self._superseded = 0
        self._fault = ""

    def attach(self, commands: CommandRegistry) -> None:
        """Handle the crew's commands to learn messages."""
        for kind in (LearnOsc, StopLearningOsc, ForgetOsc):
            commands.register(kind, self.call)

    def call(self, command: OscCommand, answer: Answer) -> None:
        """Execute a command of the crew.

        Raises:
            RendererError: it cannot be done; the registry answers with the reason.
        """
        match command:
            case LearnOsc():
                self._learning.begin(command, answer)
            case ForgetOsc():
                entry = self._entry
                self._learning.forget(command, entry.bindings, entry.operator, answer)
            case _:
                self._learning.stop("it was called off")
                answer(Reply(True, "No OSC message is learned."))

    def health(self) -> OscHealth:
        """Return what is bound, for desks."""
        bound = [OscBinding(one.heard, one.address, one.arguments) for one in self._entry.bindings]
        return OscHealth(self._learning.address, bound)

    def poll(self, now_ns: int) -> None:
        """Execute what has arrived since the last frame, and tell subscribers what has changed.

        Of several messages of one sender to one address, the newest is executed: a fader that is
        pulled quickly sends more than one in a frame.
        """
        self._follow_document()
        self._learning.expire()
        newest: dict[tuple[Peer, str], tuple[Received, list[Command]]] = {}
        for one in self._server.take(MOST_A_FRAME):
            commands = [] if self._serve(one, now_ns) else self._find(one)
            if commands:
                key = one.peer, one.address
                self._superseded += newest.pop(key, None) is not None
                newest[key] = one, commands
        for one, commands in newest.values():
            for command in commands:
                self._handle(command, partial(self._reply, one.peer, one.address))
        if self._read_cues is not None and self._feedback.is_due(now_ns):
            self._feedback.send(self._read_cues())

    def statuses(self) -> list[ReceiverStatus]:
        """Return the status of the receiver."""
        return [self.status()]

    def status(self) -> ReceiverStatus:
        """Return the status of the receiver."""
        server, counts = self._server, self._server.counts
        tcp = f", TCP {server.tcp_port}" if server.tcp_port else ""
        return ReceiverStatus(
            name="OSC",
            address=f"{' and '.join(server.addresses)}, UDP {server.port}{tcp}",
            sender=counts.sender,
            received=counts.received,
            unknown=self._unknown,
            malformed=counts.malformed,
            refused=counts.refused,
            dropped=counts.dropped + self._superseded,
            newest=counts.newest,
            fault=self._fault or counts.fault,
        )

    def close(self) -> None:
        """Stop receiving. Idempotent."""
        self._learning.stop("the show ends")
        self._server.close()

    def _find(self, one: Received) -> list[Command]:
        """Fire the cues of a message, and return what it calls; none while it is learned."""
        address, peer = one.address, one.peer
        is_release = bool(one.arguments) and one.arguments[0] in (0, 0.0, False)
        if self._learning.address and not is_release:
            is_bound = [one.heard == address for one in self._entry.bindings]
            make = partial(bind_learned, heard=address)
            self._learning.bind(address, make, is_bound, self._entry.operator)
            return []
        fired = 0 if is_release else self._fire(address)
        try:
            if self._bindings.has(address):
                return self._bindings.make_commands(address, one.arguments)
            command = find_osc_command(address, one.arguments, self._operator)
            return [] if command is None else [command]
        except RendererError as refused:
            if fired:
                self._reply(peer, address, Reply(True, f"{fired} cues run."))
                return []
            self._unknown += 1
            self._fault = str(refused)
            self._reply(peer, address, Reply(False, str(refused)))
            return []

    def _follow_document(self) -> None:
        """Use the bindings of an edited document; the port stays as it was opened."""
        entry = None if self._read_entry is None else self._read_entry()
        if entry is not None and entry is not self._entry:
            self._entry = entry
            self._bindings = OscBindings(entry.bindings, entry.operator)
            self._operator = entry.operator
            for fault in self._bindings.faults:
                self._fault = str(fault)

    def _serve(self, one: Received, now_ns: int) -> bool:
        """Answer what is about the connection itself; return whether it was."""
        peer, arguments = one.peer, one.arguments
        first = arguments[0] if arguments else 1
        match translate(one.address):
            case "/subscribe" | "/updates":
                if first:
                    self._feedback.subscribe(peer, now_ns)
                else:
                    self._feedback.unsubscribe(peer)
                text = "Changes are sent." if first else "No changes are sent."
            case "/unsubscribe":
                self._feedback.unsubscribe(peer)
                text = "No changes are sent."
            case "/udpReplyPort" if isinstance(first, int) and 0 < first < 65_536:
                peer.port = first
                text = f"Replies go to port {first}."
            case "/version":
                text = VERSION
            case "/thump":
                text = "thump"
            case "/connect" | "/alwaysReply" | "/ping":
                text = "ok"
            case _:
                return False
        self._reply(peer, one.address, Reply(True, text))
        return True

    def _reply(self, peer: Peer, address: str, reply: Reply) -> None:
        """Send a reply as QLab does: /reply and the address, with JSON."""
        said = {"address": address, "status": "ok" if reply.ok else "error", "data": reply.text}
        self._server.send(peer, message(f"/reply{address}", json.dumps(said)))
