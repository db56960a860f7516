"""Take part in a show on another machine: the joining machine's end."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from typing import Final

import zmq

from renderer.closing import Closing
from renderer.errors import DeskError
from renderer.protocol.machines import MachinePart
from renderer.protocol.schema import SCHEMA_VERSION
from renderer.transport.machines.clock_offset import ClockOffset
from renderer.transport.machines.messages import (
    GONE_AFTER_S,
    LARGEST_FROM_SHOW,
    SIGN_EVERY_S,
    UNREADABLE,
    AskClock,
    ClockAnswer,
    FromMachine,
    Refused,
    SignOfLife,
    ToMachine,
    Welcome,
    decode_to_machine,
    encode,
)
from renderer.transport.machines.store import JoinedShow, KeyPair

_KEPT: Final = 16
"""Messages queued for a show that does not read: half a second; then they are lost."""
_AT_ONCE: Final = 256
_SILENCE_MS, _PING_MS = 2500, 500
_RETRY_MS, _LONGEST_RETRY_MS = 100, 1000


def connect(
    context: zmq.Context[zmq.Socket[bytes]], endpoint: str, server: str, keys: KeyPair
) -> zmq.Socket[bytes]:
    """Return a socket that connects to a show, and again whenever the connection is lost.

    Messages are not queued while there is no connection.

    Raises:
        DeskError: the endpoint cannot be used.
    """
    dealer = context.socket(zmq.DEALER)
    for option, value in (
        (zmq.LINGER, 0), (zmq.SNDHWM, _KEPT), (zmq.RCVHWM, _AT_ONCE), (zmq.IMMEDIATE, 1),
        (zmq.MAXMSGSIZE, LARGEST_FROM_SHOW), (zmq.IPV6, int("[" in endpoint)),
        (zmq.HEARTBEAT_IVL, _PING_MS), (zmq.HEARTBEAT_TIMEOUT, _SILENCE_MS),
        (zmq.CONNECT_TIMEOUT, _SILENCE_MS), (zmq.RECONNECT_IVL, _RETRY_MS),
        (zmq.RECONNECT_IVL_MAX, _LONGEST_RETRY_MS),
    ):  # fmt: skip
        dealer.set(option, value)
    dealer.curve_serverkey = server.encode()
    dealer.curve_publickey, dealer.curve_secretkey = keys.public.encode(), keys.secret.encode()
    try:
        dealer.connect(endpoint)
    except zmq.ZMQError as fault:
        dealer.close()
        raise DeskError(
            f"the address {endpoint}",
            f"cannot be used ({fault.strerror})",
            "name the show's machine by its address",
        ) from fault
    return dealer


def send(dealer: zmq.Socket[bytes], message: FromMachine) -> bool:
    """Send a message without waiting; return whether there was a connection with room for it."""
    try:
        dealer.send(encode(message), zmq.DONTWAIT)
    except zmq.Again:
        return False
    return True


def receive(dealer: zmq.Socket[bytes]) -> Iterator[ToMachine]:
    """Yield the messages that have arrived, without waiting; unreadable ones are left out."""
    for _ in range(_AT_ONCE):
        try:
            data = dealer.recv(zmq.DONTWAIT)
        except zmq.Again:
            return
        try:
            yield decode_to_machine(data)
        except UNREADABLE:
            continue


class Membership(Closing):
    """A machine's part in a show. Not thread-safe.

    Attributes:
        socket: to poll for messages.
        clock: the show's.
        lost: number of messages for which there was no connection or no room.
    """

    def __init__(
        self,
        context: zmq.Context[zmq.Socket[bytes]],
        show: JoinedShow,
        version: str,
        notify: Callable[[str], None],
    ) -> None:
        """Begin to connect; this does not wait.

        Args:
            context: of the socket.
            show: whose part is taken.
            version: of the program.
            notify: called with a sentence when the machine is welcome, refused, or alone.

        Raises:
            DeskError: the show's address cannot be used.
        """
        self._show, self._version, self._notify = show, version, notify
        self.socket = connect(
            context, f"tcp://{_bracket(show.host)}:{show.port}", show.server, show.keys
        )
        self.clock = ClockOffset()
        self.lost = 0
        self._instance = secrets.token_hex(8)
        self._sign_at = 0.0
        self._heard_at = -GONE_AFTER_S
        self._reported = ""
        self._title = ""

    @property
    def is_welcome(self) -> bool:
        """Return whether the show has lately said that this machine takes part."""
        return time.monotonic() - self._heard_at < GONE_AFTER_S

    @property
    def title(self) -> str:
        """Return the show's title; empty before it is known."""
        return self._title

    def keep_up(self) -> None:
        """Give a sign of life and ask for the time, whenever it is time."""
        now = time.monotonic()
        if now < self._sign_at:
            return
        self._sign_at = now + SIGN_EVERY_S
        part = MachinePart(self._show.part)
        trip_ms = self.clock.round_trip_ms
        if send(
            self.socket, SignOfLife(SCHEMA_VERSION, self._version, part, self._instance, trip_ms)
        ):
            send(self.socket, AskClock(time.monotonic_ns()))
        if not self.is_welcome and not self._reported.startswith("refused"):
            self._say(f"waits for {self._show.name} at {self._show.host}:{self._show.port}")

    def send(self, message: FromMachine) -> bool:
        """Send a message; return whether there was a connection with room for it.

        Otherwise it is lost and counted.
        """
        if send(self.socket, message):
            return True
        self.lost += 1
        return False

    def messages(self) -> Iterator[ToMachine]:
        """Yield the messages for the machine's part that have arrived, without waiting."""
        for message in receive(self.socket):
            match message:
                case ClockAnswer(sent_ns, at_ns):
                    self.clock.add(sent_ns, at_ns, time.monotonic_ns())
                case Welcome(title):
                    self._title = title
                    self._heard_at = time.monotonic()
                    self._say(f"has joined {title or 'a show'} on {self._show.name}")
                case Refused(text):
                    self._heard_at = -GONE_AFTER_S
                    self._say(f"refused by {self._show.name}: {text}")
                case _:
                    yield message

    def close(self) -> None:
        """Leave the show. Idempotent."""
        self.socket.close()

    def _say(self, sentence: str) -> None:
        if sentence != self._reported:
            self._reported = sentence
            self._notify(sentence)


def _bracket(host: str) -> str:
    return f"[{host}]" if ":" in host else host
