"""Admit connections by their key: ZeroMQ's authentication protocol (RFC 27/ZAP).

ZeroMQ asks here before a connection can carry a message. A connection without the show's key, or
one that speaks something else, does not come as far; ZeroMQ's monitor reports it.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Final

import zmq
from zmq.utils import z85
from zmq.utils.monitor import parse_monitor_message

from renderer.closing import Closing

_ZAP: Final = "inproc://zeromq.zap.01"
_VERSION: Final = b"1.0"
_FAILED: Final = (
    zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL
    | zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL
    | zmq.EVENT_HANDSHAKE_FAILED_AUTH
)
_AT_ONCE: Final = 64
"""Questions and reports handled in one call, so that a flood delays other messages little."""


class Admission(Closing):
    """Answers who may connect, and reports who may not.

    Attributes:
        requests: the socket to poll for questions.
        reports: the socket to poll for failed connections.
    """

    def __init__(
        self,
        context: zmq.Context[zmq.Socket[bytes]],
        server: zmq.Socket[bytes],
        find_user: Callable[[str], str | None],
        refuse: Callable[[str, str], None],
    ) -> None:
        """Begin to answer; before the server is bound.

        Args:
            context: of the server.
            server: whose connections are admitted.
            find_user: returns the user of a public key; None for a stranger's.
            refuse: called with the address of a refused connection, empty if it is not known, and
                the reason, which follows the address.
        """
        self._find_user, self._refuse = find_user, refuse
        self._server = server
        self.requests = context.socket(zmq.REP)
        self.requests.set(zmq.LINGER, 0)
        self.requests.bind(_ZAP)
        server.zap_domain = b"encore"
        self.reports = server.get_monitor_socket(_FAILED | zmq.EVENT_ACCEPTED)
        self._newest = ""

    def answer(self) -> None:
        """Answer the questions that have arrived, without waiting."""
        for _ in range(_AT_ONCE):
            try:
                frames = self.requests.recv_multipart(zmq.DONTWAIT)
            except zmq.Again:
                return
            self.requests.send_multipart(self._judge(frames))

    def read_reports(self) -> None:
        """Handle the reports that have arrived, without waiting."""
        for _ in range(_AT_ONCE):
            try:
                frames = self.reports.recv_multipart(zmq.DONTWAIT)
            except zmq.Again:
                return
            event = parse_monitor_message(frames)
            if event["event"] == zmq.EVENT_ACCEPTED:
                self._newest = _find_peer(int(event["value"]))
            elif event["event"] & _FAILED and not event["event"] & zmq.EVENT_HANDSHAKE_FAILED_AUTH:
                self._refuse(self._newest, "does not know the show's key")

    def close(self) -> None:
        """Stop answering. Idempotent."""
        if not self.requests.closed:
            self._server.disable_monitor()
        self.requests.close()
        self.reports.close()

    def _judge(self, frames: list[bytes]) -> list[bytes]:
        number = frames[1] if len(frames) > 1 else b""
        user = None
        if len(frames) == 7 and frames[0] == _VERSION and frames[5] == b"CURVE":
            key = z85.encode(frames[6]).decode()
            user = self._find_user(key)
            if user is None:
                address = frames[3].decode("ascii", "replace")
                self._refuse(address, "is not paired with this machine")
        if user is None:
            return [_VERSION, number, b"400", b"not paired", b"", b""]
        return [_VERSION, number, b"200", b"OK", user.encode(), b""]


def _find_peer(handle: int) -> str:
    """Return the address of a connection's other end; empty if it has been closed since."""
    with (
        suppress(OSError, ValueError),
        socket.fromfd(handle, socket.AF_INET, socket.SOCK_STREAM) as copy,
    ):
        return str(copy.getpeername()[0])
    return ""
