"""Convert Ed25519 and X25519 public keys to and from did:key identifiers.

The format is that of the W3C CCG's did:key method: a multibase prefix `z` (base58btc), then the
multicodec prefix of the kind of public key, then its 32 bytes.
"""

from __future__ import annotations

from typing import Final

from renderer.errors import RightsError

KEY_METHOD: Final = "did:key:"
WEB_METHOD: Final = "did:web:"

_ALPHABET: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
"""Digits of base58btc."""
SIGNING: Final = b"\xed\x01"
"""Multicodec prefix of an Ed25519 public key."""
RECEIVING: Final = b"\xec\x01"
"""Multicodec prefix of an X25519 public key."""
_KEY_BYTES: Final = 32
_LONGEST: Final = 60
"""Longest accepted identifier after the method, characters; an Ed25519 key takes 48."""


def encode_did_key(public: bytes, kind: bytes = SIGNING) -> str:
    """Return the did:key identifier of a public key.

    Args:
        public: 32 bytes.
        kind: SIGNING or RECEIVING.
    """
    number = int.from_bytes(kind + public, "big")
    digits = ""
    while number:
        number, digit = divmod(number, len(_ALPHABET))
        digits = _ALPHABET[digit] + digits
    return f"{KEY_METHOD}z{digits}"


def decode_did_key(did: str, kind: bytes = SIGNING) -> bytes:
    """Return the 32 bytes of the public key that a did:key identifier encodes.

    Args:
        did: the identifier.
        kind: SIGNING or RECEIVING.

    Raises:
        RightsError: it is no did:key identifier of a key of that kind.
    """
    text = did.removeprefix(KEY_METHOD)
    command = "licence key" if kind == SIGNING else "avatar key"
    remedy = f"use an identifier that `encore {command}` printed"
    if text == did or not text.startswith("z") or len(text) > _LONGEST:
        raise RightsError(f"identifier {did[:80]}", "is no did:key identifier", remedy)
    number = 0
    for char in text[1:]:
        digit = _ALPHABET.find(char)
        if digit < 0:
            raise RightsError(f"identifier {did[:80]}", "is no base58 text", remedy)
        number = number * len(_ALPHABET) + digit
    data = number.to_bytes((number.bit_length() + 7) // 8, "big")
    if data[:2] != kind or len(data) != 2 + _KEY_BYTES or encode_did_key(data[2:], kind) != did:
        name = "Ed25519" if kind == SIGNING else "X25519"
        raise RightsError(f"identifier {did[:80]}", f"is of no {name} key", remedy)
    return data[2:]


def did_of(key_id: str) -> str:
    """Return the identifier before the `#` of a key's address."""
    return key_id.partition("#")[0]
