"""Wrap a symmetric key for the holder of a receiving key, and unwrap it.

An X25519 exchange with a key pair made for this one wrapping, HKDF-SHA256, AES-256-GCM: the shape
of RFC 9180's base mode.
"""

from __future__ import annotations

from typing import Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from renderer.errors import RightsError
from renderer.rights.credentials.did import RECEIVING, decode_did_key
from renderer.rights.sealed.key import ReceivingKey

_ONCE: Final = bytes(12)
"""Nonce of a wrapping, whose key encrypts nothing else."""


class Wrapping(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A symmetric key, wrapped for one holder of a receiving key.

    Attributes:
        licensee: did:key of the holder's X25519 key.
        exchange: public key of the wrapping, 32 bytes.
        key: encrypted, 48 bytes.
    """

    licensee: str
    exchange: bytes
    key: bytes


def wrap_key(key: bytes, holder: str, purpose: bytes) -> Wrapping:
    """Return a key wrapped for a holder.

    Args:
        key: 32 bytes.
        holder: did:key of an X25519 key.
        purpose: names the kind of file, so that a wrapping of one kind opens no other.

    Raises:
        RightsError: the identifier is unusable.
    """
    public = decode_did_key(holder, RECEIVING)
    pair = X25519PrivateKey.generate()
    exchange = pair.public_key().public_bytes_raw()
    try:
        shared = pair.exchange(X25519PublicKey.from_public_bytes(public))
    except ValueError as fault:  # A point of small order.
        raise RightsError(
            f"identifier {holder}", "is of no usable key", "ask its holder for another"
        ) from fault
    wrapping = _derive(shared, exchange, public, purpose)
    return Wrapping(holder, exchange, AESGCM(wrapping).encrypt(_ONCE, key, None))


def unwrap_key(wrapping: Wrapping, key: ReceivingKey, purpose: bytes) -> bytes:
    """Return the key in a wrapping.

    Raises:
        InvalidTag, ValueError: it was changed, or is for another key or purpose.
    """
    private = X25519PrivateKey.from_private_bytes(key.private)
    shared = private.exchange(X25519PublicKey.from_public_bytes(wrapping.exchange))
    own = _derive(shared, wrapping.exchange, key.public, purpose)
    return AESGCM(own).decrypt(_ONCE, wrapping.key, None)


def _derive(shared: bytes, exchange: bytes, public: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=purpose + exchange + public).derive(shared)
