"""Pair a machine by a file that a person carries to it, where it cannot reach the show's machine.

The file contains the other machine's secret key, with which anybody can join in that machine's
place. It is deleted when it has been used.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

import msgspec

from renderer.errors import DeskError
from renderer.protocol.schema import SCHEMA_VERSION
from renderer.transport.machines.address import HostPort
from renderer.transport.machines.messages import UNREADABLE, explain_versions
from renderer.transport.machines.store import (
    JoinedShow,
    PairedMachine,
    PairingStore,
    find_host_name,
    make_keys,
    write_private,
)

SUFFIX: Final = ".pairing"
_LARGEST: Final = 4096


class _PairingFile(msgspec.Struct, frozen=True):
    """The content of the file, as JSON."""

    schema: int
    show: JoinedShow


def write_pairing(
    store: PairingStore, machine: PairedMachine, at: HostPort, path: Path
) -> PairedMachine:
    """Pair a machine, write the file for it, and return the pairing.

    Args:
        store: receives the pairing.
        machine: as it is to be, still without a key.
        at: address at which that machine reaches this one's shows.
        path: of the file.

    Raises:
        DeskError: the file or the pairing cannot be written.
    """
    keys = make_keys()
    paired = msgspec.structs.replace(machine, public=keys.public, paired_at=time.time())
    show = JoinedShow(
        find_host_name(), machine.name, machine.part, machine.role,
        at.host, at.port, store.own_keys().public, keys,
    )  # fmt: skip
    try:
        write_private(path, msgspec.json.encode(_PairingFile(SCHEMA_VERSION, show)))
    except OSError as fault:
        raise DeskError(
            f"the pairing {path}",
            f"cannot be written ({fault.strerror or fault})",
            "name a file in a folder of your own",
        ) from fault
    store.add_machine(paired)
    return paired


def join_by_file(store: PairingStore, path: Path) -> JoinedShow:
    """Pair this machine by a file, delete the file, and return the pairing.

    Raises:
        DeskError: the file cannot be read or is of another version.
    """
    try:
        with path.open("rb") as file:
            found = msgspec.json.decode(file.read(_LARGEST), type=_PairingFile)
    except OSError as fault:
        raise _build_error(path, f"cannot be read ({fault.strerror or fault})") from fault
    except UNREADABLE as fault:
        raise _build_error(path, f"is no pairing ({fault})") from fault
    if found.schema != SCHEMA_VERSION:
        raise DeskError(
            f"the pairing {path}",
            f"is of another version: {explain_versions(found.schema, SCHEMA_VERSION)}",
            "then pair them again",
        )
    store.add_show(found.show)
    path.unlink(missing_ok=True)
    return found.show


def _build_error(path: Path, fault: str) -> DeskError:
    return DeskError(
        f"the pairing {path}", fault, "name the file that encore pair new wrote for this machine"
    )
