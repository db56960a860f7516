"""Write and open kits.

A kit is a magic word, the length of the fan licence, the licence, and a body: the parts one after
the other, sealed for the fan's key if the kit is for one fan. The licence has the hash of the body
and of each part, so that every byte of the file is either signed or has one possible value.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from renderer.errors import RightsError
from renderer.rights.credentials.keys import SigningKey
from renderer.rights.credentials.signing import MAX_BYTES
from renderer.rights.credentials.trust_list import TrustList
from renderer.rights.kit.fan_licence import (
    BodyRecord,
    FanLicence,
    FanTerms,
    PartName,
    PartRecord,
    issue_fan_licence,
    read_fan_licence,
)
from renderer.rights.licence import StatusEntry
from renderer.rights.sealed.key import ReceivingKey
from renderer.rights.sealed.package import open_package, seal_avatar

SUFFIX: Final = ".kit"
MOST_BYTES: Final = 1 << 30
"""Largest kit that is read."""

_MAGIC: Final = b"ENCKIT1\n"
_LENGTH: Final = struct.Struct("<I")
_REMEDY: Final = "ask who made the kit for it again"


@dataclass(frozen=True, slots=True)
class Kit:
    """A kit whose signature and hashes were verified.

    Attributes:
        parts: bytes of each part.
    """

    licence: FanLicence
    parts: Mapping[PartName, bytes]


def write_kit(
    terms: FanTerms,
    parts: Mapping[PartName, bytes],
    key: SigningKey,
    issuer_name: str,
    urn: str,
    status: tuple[StatusEntry, ...],
) -> bytes:
    """Return a kit.

    Args:
        terms: what fans may do; a fan's key in it encrypts the kit for that fan.
        parts: what the kit contains.
        key, issuer_name, urn, status: see `issue_fan_licence`.

    Raises:
        RightsError: the terms are unusable, or the fan's identifier is.
    """
    body = b"".join(parts.values())
    records = [PartRecord(name, len(part), _hash(part)) for name, part in parts.items()]
    if terms.fan:
        body = seal_avatar(body, terms.kit, [terms.fan])
    text = issue_fan_licence(
        terms, records, BodyRecord(len(body), _hash(body)), key, issuer_name, urn, status
    ).encode("ascii")
    return _MAGIC + _LENGTH.pack(len(text)) + text + body


def read_kit_licence(data: bytes, trust: TrustList, what: str) -> FanLicence:
    """Return the licence of a kit whose body is intact, without the fan's key.

    Raises:
        RightsError: it is no kit, was changed, or its issuer is not trusted.
    """
    return _split(data, trust, what)[0]


def open_kit(data: bytes, key: ReceivingKey | None, trust: TrustList, what: str) -> Kit:
    """Return a kit's content.

    Args:
        data: the whole file.
        key: of the fan; needed for a kit that is for one fan.
        trust: issuers that are accepted.
        what: the file, for messages.

    Raises:
        RightsError: it is no kit, was changed, is for another fan, or its issuer is not trusted.
    """
    licence, body = _split(data, trust, what)
    if licence.terms.fan:
        if key is None or key.did != licence.terms.fan:
            raise RightsError(
                f"kit {what}",
                f"is for the fan {licence.terms.fan}",
                "ask who made it for a kit for the key that `encore avatar key` printed here",
            )
        body = open_package(body, key, f"kit {what}")
    parts: dict[PartName, bytes] = {}
    start = 0
    for record in licence.parts:
        part = body[start : start + record.size]
        start += record.size
        if _hash(part) != record.sha256:
            raise RightsError(f"kit {what}", f"has another {record.name} than was signed", _REMEDY)
        parts[record.name] = part
    if start != len(body):
        raise RightsError(f"kit {what}", "has more parts than were signed", _REMEDY)
    return Kit(licence, parts)


def _split(data: bytes, trust: TrustList, what: str) -> tuple[FanLicence, bytes]:
    start = len(_MAGIC) + _LENGTH.size
    if data[: len(_MAGIC)] != _MAGIC or len(data) < start:
        raise RightsError(f"kit {what}", "is no fan kit", "name a file that `encore kit make` made")
    (length,) = _LENGTH.unpack_from(data, len(_MAGIC))
    if length > MAX_BYTES or start + length > len(data):
        raise RightsError(f"kit {what}", "is cut short, or was changed", _REMEDY)
    try:
        text = data[start : start + length].decode("ascii")
    except UnicodeDecodeError as fault:
        raise RightsError(f"kit {what}", "was changed after it was signed", _REMEDY) from fault
    if text != text.strip():
        raise RightsError(f"kit {what}", "was changed after it was signed", _REMEDY)
    licence = read_fan_licence(text, what, trust)
    body = data[start + length :]
    if len(body) != licence.body.size or _hash(body) != licence.body.sha256:
        raise RightsError(f"kit {what}", "was changed after it was signed", _REMEDY)
    return licence, body


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
