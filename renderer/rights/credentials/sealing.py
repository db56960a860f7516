"""Encrypt small files with a passphrase: Argon2id for the key, AES-256-GCM for the content.

Both are `cryptography`'s. The parameters are RFC 9106's second recommended option (64 MiB, three
passes), which takes a tenth of a second.
"""

from __future__ import annotations

import os
from typing import Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from renderer.errors import RightsError
from renderer.rights.credentials.decoding import decode_json

MAX_BYTES: Final = 1 << 20
"""Largest sealed file that is read."""

_MEMORY_KIB: Final = 64 * 1024
_PASSES: Final = 3
_LANES: Final = 4
_SALT_BYTES: Final = 16
_NONCE_BYTES: Final = 12
_FORMAT: Final = "encore-sealed-1"


class _Sealed(msgspec.Struct, forbid_unknown_fields=True):
    """A sealed file.

    Attributes:
        format: name and version of this format, with which the parameters above are fixed.
        label: what it contains, readable without the passphrase and authenticated.
    """

    format: str
    label: str
    salt: bytes
    nonce: bytes
    content: bytes


def seal(content: bytes, passphrase: str, label: str) -> bytes:
    """Return content encrypted with a passphrase, as JSON.

    Args:
        content: to encrypt.
        passphrase: not empty.
        label: stays readable; a changed label makes opening fail.
    """
    salt, nonce = os.urandom(_SALT_BYTES), os.urandom(_NONCE_BYTES)
    sealed = AESGCM(_derive(passphrase, salt)).encrypt(nonce, content, _associated(label))
    return msgspec.json.encode(_Sealed(_FORMAT, label, salt, nonce, sealed))


def unseal(data: bytes, passphrase: str, what: str) -> bytes:
    """Return the content of sealed data.

    Raises:
        RightsError: it is no sealed data, was changed, or the passphrase is another.
    """
    sealed = _read(data, what)
    try:
        key = _derive(passphrase, sealed.salt)
        return AESGCM(key).decrypt(sealed.nonce, sealed.content, _associated(sealed.label))
    except (InvalidTag, ValueError) as fault:
        raise RightsError(
            what,
            "cannot be opened: the passphrase is another, or the file was changed",
            "set ENCORE_KEY_PASSPHRASE to its passphrase, or restore the file from a copy",
        ) from fault


def read_label(data: bytes, what: str) -> str:
    """Return the label of sealed data, which is authenticated only by opening it.

    Raises:
        RightsError: it is no sealed data.
    """
    return _read(data, what).label


def _read(data: bytes, what: str) -> _Sealed:
    remedy = "name a file that Encore sealed"
    if len(data) > MAX_BYTES:
        raise RightsError(what, "is too large for a sealed file", remedy)
    sealed = decode_json(data, _Sealed, what, "sealed file", remedy)
    if sealed.format != _FORMAT:
        raise RightsError(what, f"has the unknown format {sealed.format[:40]}", remedy)
    # Base64 has spare bits, and JSON many spellings: one sealed file has one text.
    if msgspec.json.encode(sealed) != data:
        raise RightsError(what, "was changed after it was sealed", "restore it from a copy")
    return sealed


def _derive(passphrase: str, salt: bytes) -> bytes:
    if len(salt) != _SALT_BYTES:
        raise ValueError("salt of another length")
    derivation = Argon2id(
        salt=salt, length=32, iterations=_PASSES, lanes=_LANES, memory_cost=_MEMORY_KIB
    )
    return derivation.derive(passphrase.encode())


def _associated(label: str) -> bytes:
    return f"{_FORMAT} {label}".encode()
