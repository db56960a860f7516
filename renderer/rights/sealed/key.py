"""Make, keep and load the key with which a licensee opens sealed avatars."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from typing import Final

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from renderer.errors import RightsError
from renderer.rights.credentials.did import RECEIVING, encode_did_key
from renderer.rights.credentials.keys import keep_secret, load_secret

_LABEL: Final = "X25519 receiving key"
_WORD: Final = b"x25519"


@dataclass(frozen=True, slots=True)
class ReceivingKey:
    """An X25519 key pair."""

    private: bytes = field(repr=False)

    @property
    def public(self) -> bytes:
        """Return the public half, 32 bytes."""
        return X25519PrivateKey.from_private_bytes(self.private).public_key().public_bytes_raw()

    @property
    def did(self) -> str:
        """Return the identifier to hand to rights holders, a did:key."""
        return encode_did_key(self.public, RECEIVING)


def make_receiving_key() -> ReceivingKey:
    """Return a new key."""
    return ReceivingKey(X25519PrivateKey.generate().private_bytes_raw())


def keep_receiving_key(key: ReceivingKey, place: str) -> None:
    """Keep a key under a new name, as `keep_key` does.

    Raises:
        RightsError: it cannot be kept there, or something of that name exists.
    """
    keep_secret(base64.b64encode(key.private) + b" " + _WORD, place, f"{_LABEL} {key.did}")


def load_receiving_key(place: str) -> ReceivingKey:
    """Load a key.

    Raises:
        RightsError: it is not there, is sealed with another passphrase, or is another kind of key.
    """
    encoded, _, word = load_secret(place).partition(b" ")
    try:
        private = base64.b64decode(encoded, validate=True)
        if word != _WORD or len(private) != 32:
            raise ValueError
    except (binascii.Error, ValueError) as fault:
        raise RightsError(
            f"key {place}", "opens no avatars", "name a key that `encore avatar key` made"
        ) from fault
    return ReceivingKey(private)
