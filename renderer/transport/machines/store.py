"""Keep a user's pairings: keys of machines that may join, and of shows that this machine may join.

Every pairing is a file that only its user can read. A key pair is one of CurveZMQ (RFC 26), in its
own base-85 text.
"""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Final, TypeVar

import msgspec
import zmq

from renderer.errors import DeskError
from renderer.paths import data_folder
from renderer.protocol.machines import MachinePart
from renderer.protocol.roles import Role

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_OWN: Final = "own.json"
_MACHINES: Final = "machines"
_SHOWS: Final = "shows"
_UNREADABLE: Final = (OSError, msgspec.DecodeError, UnicodeDecodeError)


class KeyPair(msgspec.Struct, frozen=True):
    """The key pair of a machine."""

    public: str
    secret: str


class PairedMachine(msgspec.Struct, frozen=True):
    """A machine that may join this machine's shows.

    Attributes:
        name: by which a show names it.
        role: what a desk on it may do; a capture commands nothing.
        public: key.
        paired_at: seconds since the Unix epoch.
    """

    name: str
    part: MachinePart
    role: Role
    public: str
    paired_at: float


class JoinedShow(msgspec.Struct, frozen=True):
    """A machine whose shows this machine may join.

    Attributes:
        name: of that machine.
        machine: name of this machine there.
        host: of that machine.
        port: at which machines join.
        server: public key of that machine.
        keys: of this machine, for that machine alone.
    """

    name: str
    machine: str
    part: MachinePart
    role: Role
    host: str
    port: int
    server: str
    keys: KeyPair


_T = TypeVar("_T", PairedMachine, JoinedShow)


def make_keys() -> KeyPair:
    """Return a new key pair."""
    public, secret = zmq.curve_keypair()
    return KeyPair(public.decode(), secret.decode())


def check_name(name: str) -> str:
    """Return a machine's name.

    Raises:
        DeskError: it cannot be one.
    """
    if _NAME.fullmatch(name) is None:
        raise DeskError(
            f"the machine's name {name[:40]!r}",
            "cannot be used",
            "name it with up to 40 letters, digits, dots and hyphens",
        )
    return name


def find_host_name() -> str:
    """Return this machine's own name, such that another can store it."""
    name = re.sub(r"[^A-Za-z0-9._-]", "-", socket.gethostname())[:40].lstrip("._-")
    return name or "show"


class PairingStore:
    """The pairings in a folder.

    Args:
        folder: None for the user's own.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or data_folder() / "machines"

    def own_keys(self) -> KeyPair:
        """Return this machine's keys as a show; made when they are first asked for.

        Raises:
            DeskError: they cannot be read or written.
        """
        path = self.folder / _OWN
        if not path.exists():
            self._write(path, make_keys())
        try:
            return msgspec.json.decode(path.read_bytes(), type=KeyPair)
        except _UNREADABLE as fault:
            raise DeskError(
                f"this machine's key {path}",
                f"cannot be read ({fault})",
                "remove the file, and pair the other machines again",
            ) from fault

    def machines(self) -> Mapping[str, PairedMachine]:
        """Return the machines that may join this one's shows, by name; unreadable ones may not."""
        return {one.name: one for one in self._read_all(_MACHINES, PairedMachine)}

    def add_machine(self, machine: PairedMachine) -> None:
        """Let a machine join; it replaces another of its name.

        Raises:
            DeskError: it cannot be written.
        """
        self._write(self.folder / _MACHINES / f"{check_name(machine.name)}.json", machine)

    def remove_machine(self, name: str) -> bool:
        """Let a machine join no longer; return whether it could before."""
        return self._remove(_MACHINES, name)

    def shows(self) -> Mapping[str, JoinedShow]:
        """Return the machines whose shows this one may join, by name."""
        return {one.name: one for one in self._read_all(_SHOWS, JoinedShow)}

    def add_show(self, show: JoinedShow) -> None:
        """Store a machine whose shows this one may join; it replaces another of its name.

        Raises:
            DeskError: it cannot be written.
        """
        self._write(self.folder / _SHOWS / f"{check_name(show.name)}.json", show)

    def remove_show(self, name: str) -> bool:
        """Remove a machine whose shows this one may join; return whether there was one."""
        return self._remove(_SHOWS, name)

    def _read_all(self, kind: str, shape: type[_T]) -> list[_T]:
        found = []
        for path in sorted((self.folder / kind).glob("*.json")):
            try:
                one = msgspec.json.decode(path.read_bytes(), type=shape)
            except _UNREADABLE:
                continue
            if one.name == path.stem:
                found.append(one)
        return found

    def _remove(self, kind: str, name: str) -> bool:
        if _NAME.fullmatch(name) is None:
            return False
        try:
            (self.folder / kind / f"{name}.json").unlink()
        except FileNotFoundError:
            return False
        return True

    def _write(self, path: Path, content: msgspec.Struct) -> None:
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_private(path, msgspec.json.format(msgspec.json.encode(content)))
        except OSError as fault:
            raise DeskError(
                f"the pairing {path}",
                f"cannot be written ({fault.strerror or fault})",
                "free the disk, or set ENCORE_DATA to a folder of your own",
            ) from fault


def write_private(path: Path, data: bytes) -> None:
    """Write a file that only its user can read; an existing one is replaced at once.

    Raises:
        OSError: it cannot be written.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    draft.replace(path)
