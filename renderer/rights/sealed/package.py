"""Seal an avatar file for the keys of licensees, and open it.

A package is a magic word, the length of a header, the header as JSON, and the avatar's bytes under
AES-256-GCM with a key of the package's own. The header has that key wrapped for each licensee: an
X25519 exchange with a key pair made for this one wrapping, HKDF-SHA256, AES-256-GCM (the shape of
RFC 9180's base mode). Everything before the avatar's bytes is authenticated with them, so that one
changed byte anywhere makes opening fail.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from renderer.errors import RightsError
from renderer.rights.credentials.decoding import decode_json
from renderer.rights.sealed.key import ReceivingKey
from renderer.rights.sealed.wrapping import Wrapping, unwrap_key, wrap_key

SUFFIX: Final = ".sealed"
"""Usual ending of a package; the content decides, not the name."""
MAX_LICENSEES: Final = 1000
"""Licensees of one package at most: each takes 200 bytes of the header."""

_MAGIC: Final = b"ENCSEAL1"
_LENGTH: Final = struct.Struct("<I")
_MAX_HEADER: Final = 1 << 20
_NONCE_BYTES: Final = 12
_TAG_BYTES: Final = 16
_KEY_BYTES: Final = 32
_PURPOSE: Final = b"encore sealed avatar 1"
_REMEDY: Final = "ask the rights holder for the package again"


class Header(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What is readable of a package without a key.

    Attributes:
        name: of the avatar.
        size: of the avatar's bytes.
        nonce: of their encryption.
    """

    version: int
    name: str
    size: int
    nonce: bytes
    wrappings: list[Wrapping]


@dataclass(frozen=True, slots=True)
class _Parts:
    header: Header
    head: bytes
    body: bytes


def is_sealed(path: Path) -> bool:
    """Return whether a file is a package; False if it can't be read."""
    try:
        with path.open("rb") as file:
            return file.read(len(_MAGIC)) == _MAGIC
    except OSError:
        return False


def seal_avatar(content: bytes, name: str, licensees: Sequence[str]) -> bytes:
    """Return an avatar file as a package.

    Args:
        content: bytes of a VRM file in one piece (GLB).
        name: of the avatar; stays readable.
        licensees: identifiers of X25519 keys that open it.

    Raises:
        RightsError: an identifier is unusable, or there are none or too many.
    """
    if not 0 < len(licensees) <= MAX_LICENSEES:
        raise RightsError(
            f"package of {name}",
            f"is for {len(licensees)} licensees",
            f"name 1 to {MAX_LICENSEES}, each by what `encore avatar key` printed",
        )
    key, nonce = AESGCM.generate_key(8 * _KEY_BYTES), os.urandom(_NONCE_BYTES)
    wrappings = [wrap_key(key, licensee, _PURPOSE) for licensee in dict.fromkeys(licensees)]
    header = msgspec.json.encode(Header(1, name, len(content), nonce, wrappings))
    head = _MAGIC + _LENGTH.pack(len(header)) + header
    return head + AESGCM(key).encrypt(nonce, content, head)


def open_package(data: bytes, key: ReceivingKey, what: str) -> bytes:
    """Return the avatar file in a package.

    Raises:
        RightsError: it is no package, was changed, or is for other licensees.
    """
    parts = _split(data, what)
    own = next((one for one in parts.header.wrappings if one.licensee == key.did), None)
    if own is None:
        raise RightsError(
            what,
            f"is sealed for other licensees than {key.did}",
            "ask the rights holder to seal it for this key",
        )
    try:
        unwrapped = unwrap_key(own, key, _PURPOSE)
        return AESGCM(unwrapped).decrypt(parts.header.nonce, parts.body, parts.head)
    except (InvalidTag, ValueError) as fault:
        raise RightsError(what, "was changed after it was sealed", _REMEDY) from fault


def read_header(data: bytes, what: str) -> Header:
    """Return a package's header, which only opening the package authenticates.

    Raises:
        RightsError: it is no package.
    """
    return _split(data, what).header


def _split(data: bytes, what: str) -> _Parts:
    start = len(_MAGIC) + _LENGTH.size
    if data[: len(_MAGIC)] != _MAGIC or len(data) < start:
        raise RightsError(what, "is no sealed avatar", "name a file that `encore avatar seal` made")
    (length,) = _LENGTH.unpack_from(data, len(_MAGIC))
    if length > _MAX_HEADER or start + length > len(data):
        raise RightsError(what, "is cut short, or was changed", _REMEDY)
    text = data[start : start + length]
    header = decode_json(text, Header, what, "sealed avatar", _REMEDY)
    body = data[start + length :]
    if header.version != 1:
        raise RightsError(what, "was sealed by a newer version", "update Encore")
    if len(body) != header.size + _TAG_BYTES or len(header.nonce) != _NONCE_BYTES:
        raise RightsError(what, "is cut short, or was changed", _REMEDY)
    return _Parts(header, data[: start + length], body)
