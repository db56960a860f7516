"""Pair two machines by a short code that a person carries from one to the other.

The code is stretched by scrypt to the secret key of a CurveZMQ server that lives for one exchange.
Only a machine that knows the code knows the server's public key, without which CurveZMQ accepts no
message, and only the server can answer it. So neither side can be impersonated; the code has 40
bits, is valid once and for minutes, and each guess from a recording costs an attacker scrypt's time
and memory. What is exchanged are public keys, under keys of the session that the code does not give
away. Each machine keeps its own secret key.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable
from typing import Final

import msgspec
import zmq
from zmq.utils import z85

from renderer.closing import Closing
from renderer.errors import DeskError
from renderer.protocol.machines import MachinePart
from renderer.protocol.roles import Role
from renderer.protocol.schema import SCHEMA_VERSION
from renderer.transport.machines.address import HostPort
from renderer.transport.machines.messages import UNREADABLE, explain_versions
from renderer.transport.machines.store import (
    JoinedShow,
    KeyPair,
    PairedMachine,
    PairingStore,
    find_host_name,
    make_keys,
)

VALID_S: Final = 600.0
"""Seconds for which a code is valid."""
ANSWER_S: Final = 20.0
"""Seconds after which a machine that does not answer counts as not there."""

_SYMBOLS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter looks like a digit."""
_LENGTH: Final = 8
_SALT: Final = b"encore pair 1"
_COST, _BLOCK, _MEMORY = 1 << 15, 8, 64 << 20
"""scrypt's n, r and limit: 32 MB and a tenth of a second for each guess."""
_LARGEST: Final = 4096
_LOOK_MS: Final = 100
_GOODBYE_MS: Final = 2000


class _Request(msgspec.Struct, frozen=True):
    """A machine asks to be paired; `public` is its key."""

    schema: int
    public: str = ""


class _Answer(msgspec.Struct, frozen=True):
    """The pairing, or in `refused` why there is none."""

    refused: str = ""
    name: str = ""
    machine: str = ""
    part: MachinePart = MachinePart.CAPTURE
    role: Role = Role.VIEW
    port: int = 0
    server: str = ""


def make_code() -> str:
    """Return a new code."""
    return "".join(secrets.choice(_SYMBOLS) for _ in range(_LENGTH))


def show_code(code: str) -> str:
    """Return a code as a person reads it."""
    return f"{code[:4]}-{code[4:]}"


def parse_code(text: str) -> str:
    """Return a code as a person typed it.

    Raises:
        DeskError: it cannot be one.
    """
    code = text.upper().replace("-", "").replace(" ", "")
    code = code.translate(str.maketrans("OIL", "011"))
    if len(code) != _LENGTH or any(letter not in _SYMBOLS for letter in code):
        raise DeskError(
            f"the code {text[:20]!r}",
            f"is none: a code has {_LENGTH} letters and digits",
            "type what encore pair new shows on the show's machine",
        )
    return code


class PairingOffer(Closing):
    """The show's side of a pairing: waits for the machine that knows the code.

    Attributes:
        code: to carry to the other machine.
        port: at which the other machine is awaited.
    """

    def __init__(
        self,
        store: PairingStore,
        machine: PairedMachine,
        at: HostPort,
        port: int,
        code: str | None = None,
    ) -> None:
        """Open the port.

        Args:
            store: receives the pairing.
            machine: as it is to be, still without a key.
            at: address of this machine to listen on.
            port: at which shows of this machine are joined.
            code: None for a new one.

        Raises:
            DeskError: the port cannot be listened on.
        """
        self._store, self._machine, self._joins_at = store, machine, port
        self.code = code or make_code()
        self._own = store.own_keys()
        self._context = zmq.Context()
        self._router = self._context.socket(zmq.ROUTER)
        self._router.set(zmq.LINGER, _GOODBYE_MS)
        self._router.set(zmq.MAXMSGSIZE, _LARGEST)
        self._router.set(zmq.IPV6, int(":" in at.host))
        self._router.curve_server = True
        self._router.curve_secretkey = _derive(self.code).secret.encode()
        try:
            self._router.bind(at.endpoint if at.port else f"tcp://{_bracket(at.host)}:*")
        except zmq.ZMQError as fault:
            self.close()
            raise DeskError(
                f"the address {at}",
                f"cannot be listened on ({fault.strerror})",
                "end the other encore pair, or name another address by --listen",
            ) from fault
        self.port = int(self._router.getsockopt_string(zmq.LAST_ENDPOINT).rpartition(":")[2])

    def wait(self, timeout: float, notify: Callable[[str], None]) -> PairedMachine | None:
        """Return the machine, as stored; None if none came in time.

        Args:
            timeout: seconds.
            notify: called with a sentence for each machine that is refused.

        Raises:
            DeskError: the pairing cannot be stored.
        """
        deadline = time.monotonic() + timeout
        while (left := deadline - time.monotonic()) > 0:
            if not self._router.poll(min(_LOOK_MS, int(left * 1000) + 1)):
                continue
            frames = self._router.recv_multipart()
            try:
                request = msgspec.msgpack.decode(frames[-1], type=_Request)
            except UNREADABLE:
                continue
            if request.schema != SCHEMA_VERSION:
                text = explain_versions(SCHEMA_VERSION, request.schema)
                notify(f"A machine was refused: {text}")
                self._reply(frames[0], _Answer(refused=text))
                continue
            if len(request.public) != len(self._own.public):
                continue
            return self._accept(frames[0], request)
        return None

    def close(self) -> None:
        """Close the port. Idempotent."""
        self._router.close()
        self._context.term()

    def _accept(self, identity: bytes, request: _Request) -> PairedMachine:
        paired = msgspec.structs.replace(
            self._machine, public=request.public, paired_at=time.time()
        )
        self._store.add_machine(paired)
        answer = _Answer(
            name=find_host_name(),
            machine=paired.name,
            part=paired.part,
            role=paired.role,
            port=self._joins_at,
            server=self._own.public,
        )
        self._reply(identity, answer)
        return paired

    def _reply(self, identity: bytes, answer: _Answer) -> None:
        self._router.send_multipart([identity, msgspec.msgpack.encode(answer)])


def join_by_code(
    store: PairingStore, at: HostPort, code: str, timeout: float = ANSWER_S
) -> JoinedShow:
    """Pair this machine with the one that offers it at an address, and return the pairing.

    Args:
        store: receives the pairing.
        at: address of the offer.
        code: as `parse_code` returns it.
        timeout: seconds.

    Raises:
        DeskError: nothing answers to this code there, or the versions differ.
    """
    keys = make_keys()
    with zmq.Context() as context, context.socket(zmq.DEALER) as dealer:
        dealer.set(zmq.LINGER, 0)
        dealer.set(zmq.MAXMSGSIZE, _LARGEST)
        dealer.set(zmq.IPV6, int(":" in at.host))
        dealer.curve_serverkey = _derive(code).public.encode()
        dealer.curve_publickey, dealer.curve_secretkey = (
            keys.public.encode(), keys.secret.encode(),
        )  # fmt: skip
        try:
            dealer.connect(at.endpoint)
        except zmq.ZMQError as fault:
            raise _build_no_offer_error(at, f"cannot be reached ({fault.strerror})") from fault
        dealer.send(msgspec.msgpack.encode(_Request(SCHEMA_VERSION, keys.public)))
        if not dealer.poll(int(timeout * 1000)):
            raise _build_no_offer_error(at, "does not answer to this code")
        try:
            answer = msgspec.msgpack.decode(dealer.recv(), type=_Answer)
        except UNREADABLE as fault:
            raise _build_no_offer_error(at, f"answers what cannot be read ({fault})") from fault
    if answer.refused:
        raise DeskError("this machine", "cannot be paired: " + answer.refused, "then try again")
    show = JoinedShow(
        answer.name, answer.machine, answer.part, answer.role,
        at.host, answer.port, answer.server, keys,
    )  # fmt: skip
    store.add_show(show)
    return show


def _derive(code: str) -> KeyPair:
    """Return the key pair of a code's exchange."""
    secret = z85.encode(
        hashlib.scrypt(code.encode(), salt=_SALT, n=_COST, r=_BLOCK, p=1, maxmem=_MEMORY, dklen=32)
    )
    return KeyPair(zmq.curve_public(secret).decode(), secret.decode())


def _bracket(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _build_no_offer_error(at: HostPort, fault: str) -> DeskError:
    return DeskError(
        f"the machine at {at}",
        fault,
        "see that encore pair new still waits there, and that code and address are right",
    )
