"""Tell subscribed controllers what has changed in the show, so that their faders and lamps follow.

Values have addresses under /show, such as /show/standby and /show/master; `list_values` has all of
them.
"""

from __future__ import annotations

from typing import Final

from renderer.capture.network.osc import message
from renderer.protocol.cues import CuesHealth
from renderer.show.receivers.feedback_values import Value, list_values
from renderer.show.receivers.osc.server import OscServer, Peer

LEASE_NS: Final = 60_000_000_000
"""Time after which a subscription over UDP ends unless it is repeated; one over TCP ends with its
connection."""
EVERY_NS: Final = 100_000_000
MOST: Final = 32
"""Subscriptions at a time; the oldest ends."""


class OscFeedback:
    """The subscribed peers, and what they were told."""

    def __init__(self, server: OscServer) -> None:
        self._server = server
        self._until: dict[Peer, int] = {}
        self._sent: dict[str, Value] = {}
        self._due_ns = 0

    def subscribe(self, peer: Peer, now_ns: int) -> None:
        """Send all values to a peer, and from now on what changes."""
        self._until.pop(peer, None)
        self._until[peer] = now_ns + LEASE_NS
        while len(self._until) > MOST:
            self._until.pop(next(iter(self._until)))
        for name, value in self._sent.items():
            self._server.send(peer, message(f"/show/{name}", value))

    def unsubscribe(self, peer: Peer) -> None:
        """Send nothing more to a peer."""
        self._until.pop(peer, None)

    def is_due(self, now_ns: int) -> bool:
        """Return whether values may have to be sent; ten times a second."""
        if now_ns < self._due_ns:
            return False
        self._due_ns = now_ns + EVERY_NS
        for peer, until_ns in list(self._until.items()):
            if peer.is_gone or (peer.stream is None and now_ns > until_ns):
                del self._until[peer]
        return True

    def send(self, cues: CuesHealth) -> None:
        """Send the values that differ from those sent last."""
        values = list_values(cues)
        changed = {name: value for name, value in values.items() if self._sent.get(name) != value}
        self._sent = values
        for peer in self._until:
            for name, value in changed.items():
                self._server.send(peer, message(f"/show/{name}", value))
