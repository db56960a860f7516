"""Keep a rights holder's record of which licence has which entry, and sign the lists to publish.

A registry file FILE.registry gives two lists beside it: FILE.revocation and FILE.suspension, signed
again at every change and at least weekly. The registry itself is not published: it tells which
licence has which index.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Literal, get_args

import msgspec

from renderer.errors import RightsError
from renderer.rights.credentials.decoding import decode_json
from renderer.rights.credentials.keys import SigningKey
from renderer.rights.credentials.status_list import ENTRIES, VALIDITY, Purpose, write_status_list
from renderer.rights.files import read_file, replace_file
from renderer.rights.licence import StatusEntry

SUFFIX: Final = ".registry"
MAX_BYTES: Final = 64 << 20
"""Largest registry that is read; a full one has 9 MB."""


class StatusRegistry(msgspec.Struct, forbid_unknown_fields=True):
    """The entries of a rights holder's licences.

    Attributes:
        address: folder in which the lists are published, https://…/; empty if they are handed over
            as files beside the licences.
        indices: of licences by their URN.
        revoked, suspended: URNs.
    """

    version: Literal[1]
    address: str
    indices: dict[str, int] = {}
    revoked: set[str] = set()
    suspended: set[str] = set()


def load_registry(path: Path, address: str = "") -> StatusRegistry:
    """Load a registry, or begin a new one with this address.

    Raises:
        RightsError: the file cannot be read, is no registry, or has another address.
    """
    what = f"status registry {path}"
    try:
        data = read_file(path, what, MAX_BYTES)
    except FileNotFoundError:
        return StatusRegistry(1, address if not address or address.endswith("/") else f"{address}/")
    remedy = "restore it from a copy: without it no licence can be revoked"
    registry = decode_json(data, StatusRegistry, what, "registry", remedy)
    if address and registry.address.rstrip("/") != address.rstrip("/"):
        raise RightsError(
            what, f"publishes at {registry.address or 'no address'}", "use another registry file"
        )
    return registry


def add_entries(registry: StatusRegistry, path: Path, urn: str) -> tuple[StatusEntry, ...]:
    """Give a licence an unused random index, and return its entries in both lists.

    Raises:
        RightsError: the lists are full.
    """
    used = set(registry.indices.values())
    if len(used) >= ENTRIES // 2:
        raise RightsError(
            f"status registry {path}", "is full", "begin another registry for new licences"
        )
    while (index := secrets.randbelow(ENTRIES)) in used:
        pass
    registry.indices[urn] = index
    return tuple(
        StatusEntry(
            "BitstringStatusListEntry", purpose, str(index), _address(registry, path, purpose)
        )
        for purpose in get_args(Purpose)
    )


def set_status(registry: StatusRegistry, path: Path, urn: str, status: str) -> None:
    """Revoke, suspend or reinstate a licence.

    Args:
        registry: that contains it.
        path: of the registry.
        urn: of the licence.
        status: revoked, suspended or valid.

    Raises:
        RightsError: the registry does not know the licence, or it was revoked, which is for good.
    """
    if urn not in registry.indices:
        raise RightsError(
            f"licence {urn}", f"is not in {path}", "name the registry that it was signed with"
        )
    if status == "revoked":
        registry.revoked.add(urn)
    elif urn in registry.revoked:
        raise RightsError(f"licence {urn}", "was revoked, which is for good", "sign a new licence")
    elif status == "suspended":
        registry.suspended.add(urn)
    else:
        registry.suspended.discard(urn)


def keep_registry(
    registry: StatusRegistry,
    path: Path,
    key: SigningKey,
    now: datetime,
    validity: timedelta = VALIDITY,
) -> list[Path]:
    """Write the registry and both signed lists; return the lists' paths, which are to be published.

    Raises:
        RightsError: a file cannot be written.
    """
    # The registry first: a list without its registry could never be changed again.
    what = f"status registry {path}"
    replace_file(path, msgspec.json.encode(registry), what)
    written = []
    members: tuple[tuple[Purpose, set[str]], ...] = (
        ("revocation", registry.revoked),
        ("suspension", registry.suspended),
    )
    for purpose, urns in members:
        bits = bytearray(ENTRIES // 8)
        for urn in urns:
            index = registry.indices[urn]
            bits[index // 8] |= 1 << (7 - index % 8)
        address = _address(registry, path, purpose)
        text = write_status_list(address, purpose, bytes(bits), key, now, validity)
        written.append(path.with_suffix(f".{purpose}"))
        replace_file(written[-1], text.encode("ascii"), what)
    return written


def _address(registry: StatusRegistry, path: Path, purpose: str) -> str:
    return registry.address + path.with_suffix(f".{purpose}").name
