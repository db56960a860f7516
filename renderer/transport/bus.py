"""Message bus between a show and its desks: status sections out, commands in.

No call blocks. Sections use PUB/SUB with one topic per kind; the newest of each kind replaces
older ones. Commands use DEALER/ROUTER and every one is answered. `bus.json` in the session folder,
which only its user can read, holds the addresses and the schema version. On POSIX an address is a
socket file in the folder. Elsewhere, or where the folder's name is too long for a socket file, it
is a loopback port that any local user could connect to; there CURVE (RFC 26/CurveZMQ) admits only
clients that have read the show's key in that folder.

A desk with another schema version is refused, with both versions in the message. Unreadable
messages are counted, reported and otherwise ignored.
"""

from __future__ import annotations

import getpass
import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
import zmq

from renderer.closing import Closing
from renderer.errors import DeskError
from renderer.platform import PLATFORM
from renderer.protocol.schema import (
    SCHEMA_VERSION,
    Command,
    Reply,
    Section,
    command_decoder,
    section_types,
    topic_of,
)
from renderer.protocol.status import Status

_CARD: Final = "bus.json"
_SECTIONS_KEPT: Final = 64
"""Sections queued per desk: about half a second. A slow desk loses some, and receives a newer one
of the same kind within a second."""
_SECTIONS_A_POLL: Final = 256
"""Sections that a desk reads per call, so that a flood does not block its window."""
_COMMANDS_KEPT: Final = 64
_COMMANDS_A_TICK: Final = 16
_LARGEST_COMMAND: Final = 64 * 1024
_LARGEST_SECTION: Final = 4 * 1024 * 1024
_GOODBYE_MS: Final = 200
"""Milliseconds for which a closing show still tries to deliver its last sections and replies."""

_UNREADABLE: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""Exceptions msgspec raises on malformed input: wrong shape, invalid text, unbounded nesting."""

ReplyFunction = Callable[[Reply], None]


class _Card(msgspec.Struct, frozen=True):
    """Addresses of the bus; `key` is CURVE's public server key, empty for socket files.

    Shows before schema version 2 wrote no version.
    """

    status: str
    commands: str
    key: str = ""
    schema: int = 1


class _Request(msgspec.Struct, frozen=True, array_like=True):
    """A command as sent.

    `expires_ns` is `time.monotonic_ns`, which all processes of a machine share: a show that was
    blocked must not go live long after the operator gave up. Desks before schema version 2 sent no
    version.
    """

    number: int
    expires_ns: int
    command: msgspec.Raw
    schema: int = 1


class _Answer(msgspec.Struct, frozen=True, array_like=True):
    number: int
    reply: Reply


class ShowEndpoint(Closing):
    """The show's end of the bus.

    Attributes:
        malformed: number of unreadable messages.
        last_fault: what was wrong with the newest of them, a sentence; empty if there was none.
    """

    def __init__(self, folder: Path) -> None:
        """Open the bus in a session folder.

        Raises:
            DeskError: no address can be bound there.
        """
        self.malformed = 0
        self.last_fault = ""
        self._encoder = msgspec.msgpack.Encoder(enc_hook=_plain_number)
        self._requests = msgspec.msgpack.Decoder(_Request)
        self._commands = command_decoder()
        self._context = zmq.Context()
        self._publisher = self._context.socket(zmq.PUB)
        self._publisher.set(zmq.SNDHWM, _SECTIONS_KEPT)
        self._publisher.set(zmq.LINGER, _GOODBYE_MS)
        self._router = self._context.socket(zmq.ROUTER)
        self._router.set(zmq.SNDHWM, _COMMANDS_KEPT)
        self._router.set(zmq.RCVHWM, _COMMANDS_KEPT)
        self._router.set(zmq.MAXMSGSIZE, _LARGEST_COMMAND)
        self._router.set(zmq.LINGER, _GOODBYE_MS)
        try:
            _write_card(folder, self._bind(folder))
        except (OSError, zmq.ZMQError) as fault:
            self.close()
            raise DeskError(
                f"the message bus in {folder}",
                f"cannot be opened ({fault.strerror or fault})",
                "end the other show that uses this folder, or name another folder",
            ) from fault

    def publish(self, section: Section) -> None:
        """Publish a section to every desk; slow desks miss it."""
        with suppress(zmq.Again):
            self._publisher.send_multipart(
                [topic_of(type(section)), self._encoder.encode(section)], zmq.DONTWAIT
            )

    def commands(self) -> Iterator[tuple[Command, ReplyFunction]]:
        """Yield a limited number of the commands received since the last call, without waiting.

        Each comes with its reply function, to be called once, at any time.
        """
        for _ in range(_COMMANDS_A_TICK):
            try:
                frames = self._router.recv_multipart(zmq.DONTWAIT)
            except zmq.Again:
                return
            if (asked := self._read(frames)) is not None:
                yield asked

    def close(self) -> None:
        """Disconnect from the bus. Idempotent."""
        self._publisher.close()
        self._router.close()
        self._context.term()

    def _bind(self, folder: Path) -> _Card:
        status, commands = folder / "status.sock", folder / "commands.sock"
        if _fits_socket_name(commands):
            self._publisher.bind(f"ipc://{status}")
            self._router.bind(f"ipc://{commands}")
            return _Card(f"ipc://{status}", f"ipc://{commands}", schema=SCHEMA_VERSION)
        public, secret = zmq.curve_keypair()
        for socket in (self._publisher, self._router):
            socket.curve_server = True
            socket.curve_secretkey = secret
            socket.bind("tcp://127.0.0.1:*")
        status_at, commands_at = (
            socket.getsockopt_string(zmq.LAST_ENDPOINT)
            for socket in (self._publisher, self._router)
        )
        return _Card(status_at, commands_at, public.decode(), SCHEMA_VERSION)

    def _read(self, frames: list[bytes]) -> tuple[Command, ReplyFunction] | None:
        desk, number = frames[0], -1
        try:
            if len(frames) != 2:
                raise msgspec.DecodeError(f"it has {len(frames) - 1} parts instead of one")
            request = self._requests.decode(frames[1])
            number = request.number
            if request.schema != SCHEMA_VERSION:
                self._answer(desk, number, Reply(False, _explain_refusal(request.schema)))
                return None
            if time.monotonic_ns() > request.expires_ns:
                self._answer(desk, number, Reply(False, "The command came too late; try again."))
                return None
            command = self._commands.decode(request.command)
        except _UNREADABLE as fault:
            self.malformed += 1
            self.last_fault = f"a desk sent a command that cannot be read: {fault}"
            self._answer(desk, number, Reply(False, f"The command cannot be read: {fault}."))
            return None
        return command, lambda reply: self._answer(desk, number, reply)

    def _answer(self, desk: bytes, number: int, reply: Reply) -> None:
        # A desk that has gone or does not read its replies misses this one.
        with suppress(zmq.ZMQError):
            self._router.send_multipart(
                [desk, self._encoder.encode(_Answer(number, reply))], zmq.DONTWAIT
            )


class DeskLink(Closing):
    """A desk's end of the bus. Opening it does not block, even if the show is not there.

    Attributes:
        malformed: number of unreadable messages.
        last_fault: what was wrong with the newest of them, a sentence; empty if there was none.
    """

    def __init__(self, folder: Path, user: str = "") -> None:
        """Connect to the show in a session folder.

        Args:
            folder: of the session.
            user: who gives the commands that name no operator; this machine's user if empty.

        Raises:
            DeskError: there is no bus in that folder, or its schema has another version.
        """
        self.malformed = 0
        self.last_fault = ""
        self._number = 0
        self._user = user or _find_user()
        self._encoder = msgspec.msgpack.Encoder()
        self._status = Status()
        self._sections = {topic_of(kind): msgspec.msgpack.Decoder(kind) for kind in section_types()}
        self._decoded: dict[bytes, tuple[bytes, Section]] = {}
        self._ignored: frozenset[bytes] = frozenset()
        self._answers = msgspec.msgpack.Decoder(_Answer)
        card = _read_card(folder)
        if card.schema != SCHEMA_VERSION:
            raise DeskError(
                "this desk",
                f"cannot follow the show: {_versions(card.schema, SCHEMA_VERSION)}",
                "open the desk that came with the show's Encore",
            )
        self._context = zmq.Context()
        self._subscriber = self._context.socket(zmq.SUB)
        self._subscriber.set(zmq.RCVHWM, _SECTIONS_KEPT)
        self._subscriber.set(zmq.MAXMSGSIZE, _LARGEST_SECTION)
        self._subscriber.set(zmq.SUBSCRIBE, b"")
        self._dealer = self._context.socket(zmq.DEALER)
        self._dealer.set(zmq.SNDHWM, _COMMANDS_KEPT)
        self._dealer.set(zmq.RCVHWM, _COMMANDS_KEPT)
        self._dealer.set(zmq.MAXMSGSIZE, _LARGEST_COMMAND)
        # A command for a show that has ended is refused, not queued for the next one.
        self._dealer.set(zmq.IMMEDIATE, 1)
        try:
            for socket, address in (
                (self._subscriber, card.status),
                (self._dealer, card.commands),
            ):
                socket.set(zmq.LINGER, 0)
                if card.key:
                    public, secret = zmq.curve_keypair()
                    socket.curve_serverkey = card.key.encode()
                    socket.curve_publickey, socket.curve_secretkey = public, secret
                socket.connect(address)
        except zmq.ZMQError as fault:
            self.close()
            raise _no_bus(folder, f"gives an address that cannot be used ({fault})") from fault

    def ignore(self, kinds: Iterable[type[Section]]) -> None:
        """Read no sections of these kinds from now on; the last ones of them stay."""
        self._ignored = frozenset(map(topic_of, kinds))

    def latest_status(self) -> Status | None:
        """Return the status with the sections received since the last call; None if none came."""
        if not (sections := self.latest_sections()):
            return None
        self._status = self._status.with_sections(sections)
        return self._status

    def latest_sections(self) -> list[Section]:
        """Return the sections received since the last call, the newest of each kind.

        A section that is repeated unchanged is the same object as before, so that a reader finds
        by identity what it has not handled yet.
        """
        newest: dict[bytes, bytes] = {}
        for _ in range(_SECTIONS_A_POLL):
            # Asked first: an exception costs more than many questions.
            if not int(self._subscriber.getsockopt(zmq.EVENTS)) & zmq.POLLIN:
                break
            frames = self._subscriber.recv_multipart(zmq.DONTWAIT)
            if len(frames) == 2 and frames[0] in self._sections:
                newest[frames[0]] = frames[1]
            else:
                self._count("the show sent a status that cannot be read: its topic is unknown")
        sections: list[Section] = []
        for topic, payload in newest.items():
            if topic in self._ignored:
                continue
            before = self._decoded.get(topic)
            if before is not None and before[0] == payload:
                sections.append(before[1])
                continue
            try:
                section = self._sections[topic].decode(payload)
            except _UNREADABLE as fault:
                self._count(f"the show sent a status that cannot be read: {fault}")
                continue
            self._decoded[topic] = payload, section
            sections.append(section)
        return sections

    def post(self, command: Command, lifetime: float = 5.0) -> int:
        """Send a command without waiting; `replies` yields the reply under the returned number.

        Args:
            lifetime: seconds after which the show must no longer execute it.

        Raises:
            DeskError: no show is connected.
        """
        self._number += 1
        if not command.operator:
            command = msgspec.structs.replace(command, operator=self._user)
        expires_ns = time.monotonic_ns() + int(lifetime * 1e9)
        raw = msgspec.Raw(self._encoder.encode(command))
        request = self._encoder.encode(_Request(self._number, expires_ns, raw, SCHEMA_VERSION))
        try:
            self._dealer.send(request, zmq.DONTWAIT)
        except zmq.Again as fault:
            raise _build_no_answer_error() from fault
        return self._number

    def replies(self) -> Iterator[tuple[int, Reply]]:
        """Yield the replies received so far, each with its command's number, without waiting."""
        for _ in range(_COMMANDS_KEPT):
            if not int(self._dealer.getsockopt(zmq.EVENTS)) & zmq.POLLIN:
                return
            try:
                answer = self._answers.decode(self._dealer.recv(zmq.DONTWAIT))
            except _UNREADABLE as fault:
                self._count(f"the show sent an answer that cannot be read: {fault}")
                continue
            yield answer.number, answer.reply

    def send(self, command: Command, timeout: float = 5.0) -> Reply:
        """Send a command and wait for the reply; for scripts (a desk with a window uses `post`).

        Replies to earlier, abandoned commands are dropped.

        Raises:
            DeskError: no reply comes within `timeout` seconds.
        """
        deadline = time.monotonic() + timeout
        if not self._dealer.poll(int(timeout * 1000), zmq.POLLOUT):
            raise _build_no_answer_error()
        number = self.post(command, lifetime=max(0.0, deadline - time.monotonic()))
        while (left := deadline - time.monotonic()) > 0 and self._dealer.poll(int(left * 1000) + 1):
            for answered, reply in self.replies():
                if answered == number:
                    return reply
        raise _build_no_answer_error()

    def close(self) -> None:
        """Disconnect from the bus. Idempotent."""
        self._subscriber.close()
        self._dealer.close()
        self._context.term()

    def _count(self, fault: str) -> None:
        self.malformed += 1
        self.last_fault = fault


def _explain_refusal(desk: int) -> str:
    text = _versions(SCHEMA_VERSION, desk)
    return f"{text[0].upper()}{text[1:]}; open the desk that came with the show's Encore."


def _versions(show: int, desk: int) -> str:
    return f"the show speaks version {show} of the protocol and the desk version {desk}"


def _plain_number(value: object) -> object:
    """Convert numpy scalars, which measurements contain, so that a status can be encoded."""
    if isinstance(value, np.generic):
        return value.item()
    raise NotImplementedError(f"{type(value).__name__} is no part of a message")


def _fits_socket_name(path: Path) -> bool:
    return len(os.fsencode(path)) <= PLATFORM.socket_name_limit


def _write_card(folder: Path, card: _Card) -> None:
    draft = folder / f".{_CARD}"
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(msgspec.json.encode(card))
    draft.replace(folder / _CARD)


def _read_card(folder: Path) -> _Card:
    try:
        return msgspec.json.decode((folder / _CARD).read_bytes(), type=_Card)
    except OSError as fault:
        raise _no_bus(folder, f"is not there ({fault.strerror})") from fault
    except _UNREADABLE as fault:
        raise _no_bus(folder, f"has a {_CARD} that cannot be read ({fault})") from fault


def _no_bus(folder: Path, fault: str) -> DeskError:
    return DeskError(f"the message bus in {folder}", fault, "start the show, then the desk")


def _build_no_answer_error() -> DeskError:
    return DeskError(
        "the show", "does not answer", "see that it still runs; the desk finds it when it is back"
    )


def _find_user() -> str:
    """Return the name of this machine's user; empty if the system knows none."""
    with suppress(OSError, KeyError, ImportError):
        return getpass.getuser()
    return ""
