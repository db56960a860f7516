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
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from renderer.errors import RightsError
from renderer.rights.credentials.decoding import decode_json
from renderer.rights.credentials.did import RECEIVING, decode_did_key
from renderer.rights.sealed.key import ReceivingKey

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
_ONCE: Final = bytes(_NONCE_BYTES)
"""Nonce of a wrapping, whose key encrypts nothing else."""
_REMEDY: Final = "ask the rights holder for the package again"


class Wrapping(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The package's key, wrapped for one licensee.

    Attributes:
        licensee: did:key of an X25519 key.
        exchange: public key of the wrapping, 32 bytes.
        key: encrypted, 48 bytes.
    """

    licensee: str
    exchange: bytes
    key: bytes


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
    wrappings = [_wrap(key, licensee) for licensee in dict.fromkeys(licensees)]
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
        unwrapped = _unwrap(own, key)
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


def _wrap(key: bytes, licensee: str) -> Wrapping:
    public = decode_did_key(licensee, RECEIVING)
    pair = X25519PrivateKey.generate()
    exchange = pair.public_key().public_bytes_raw()
    try:
        shared = pair.exchange(X25519PublicKey.from_public_bytes(public))
    except ValueError as fault:  # A point of small order.
        raise RightsError(
            f"identifier {licensee}", "is of no usable key", "ask the licensee for another"
        ) from fault
    wrapping = _derive(shared, exchange, public)
    return Wrapping(licensee, exchange, AESGCM(wrapping).encrypt(_ONCE, key, None))


def _unwrap(wrapping: Wrapping, key: ReceivingKey) -> bytes:
    private = X25519PrivateKey.from_private_bytes(key.private)
    shared = private.exchange(X25519PublicKey.from_public_bytes(wrapping.exchange))
    own = _derive(shared, wrapping.exchange, key.public)
    return AESGCM(own).decrypt(_ONCE, wrapping.key, None)


def _derive(shared: bytes, exchange: bytes, public: bytes) -> bytes:
    info = b"encore sealed avatar 1" + exchange + public
    return HKDF(SHA256(), _KEY_BYTES, salt=None, info=info).derive(shared)
