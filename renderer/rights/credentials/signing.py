"""Sign documents as JSON Web Signatures with Ed25519, and verify them.

The container is the W3C's "Securing Verifiable Credentials using JOSE" (vc+jwt); `joserfc` makes
and checks the signature. This module accepts less than the standards do: two names of one
algorithm, one type, a key address in the header, and the one canonical base64url text of every
part, so that no second text of a signed document verifies.
"""

from __future__ import annotations

import base64
import binascii
import warnings
from collections.abc import Callable
from typing import Final, Literal

import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from renderer.errors import RightsError
from renderer.rights.credentials.decoding import decode_json

MAX_BYTES: Final = 512 * 1024
"""Largest signed document. A licence has 3 KB, a status list of a million bits at most 175 KB."""

KeyFinder = Callable[[str], bytes]
"""Returns the public key, 32 bytes, of a key's address (DID#fragment); raises RightsError if it is
unknown or not trusted."""

_ALGORITHMS: Final = ["Ed25519", "EdDSA"]
"""The names of Ed25519 signatures in RFC 9864 and in the older RFC 8037."""


class _Header(msgspec.Struct, forbid_unknown_fields=True):
    alg: Literal["Ed25519", "EdDSA"]
    typ: Literal["vc+jwt"]
    kid: str
    cty: Literal["vc", "vc+json"] = "vc"


def sign(payload: bytes, private: bytes, key_id: str) -> str:
    """Return a payload signed as a compact vc+jwt.

    Args:
        payload: JSON in UTF-8.
        private: raw Ed25519 private key, 32 bytes.
        key_id: the key's address, DID#fragment.
    """
    header = {"alg": "Ed25519", "typ": "vc+jwt", "kid": key_id}
    return jws.serialize_compact(header, payload, _private_key(private), algorithms=_ALGORITHMS)


def verify(text: str, what: str, find_key: KeyFinder) -> tuple[bytes, str]:
    """Verify a compact vc+jwt.

    Args:
        text: the signed document; surrounding newlines are ignored.
        what: what it is, for the message.
        find_key: decides which keys are trusted.

    Returns:
        The signed payload, and the address of the key that signed it.

    Raises:
        RightsError: it is no such document, its key is not trusted, or its signature is wrong.
    """
    text = text.strip("\r\n")
    remedy = "ask its issuer for the file again"
    if len(text) > MAX_BYTES or not text.isascii():
        raise RightsError(what, "is no signed document", remedy)
    parts = text.split(".")
    if len(parts) != 3 or not all(map(_is_canonical, parts)):
        raise RightsError(what, "is no signed document, or its text was changed", remedy)
    header = decode_json(_decode(parts[0]), _Header, what, "document that is accepted", remedy)
    public = find_key(header.kid)
    try:
        with warnings.catch_warnings():
            # The older name of the same algorithm, which other issuers still write.
            warnings.filterwarnings("ignore", message="EdDSA is deprecated")
            payload = jws.deserialize_compact(text, _public_key(public), _ALGORITHMS).payload
    except (JoseError, ValueError) as fault:
        raise RightsError(what, "was changed after it was signed", remedy) from fault
    return payload, header.kid


def peek(text: str, what: str) -> bytes:
    """Return the payload of a signed document without verifying it, to describe it.

    Raises:
        RightsError: it is no signed document.
    """
    parts = text.strip("\r\n").split(".")
    if len(text) > MAX_BYTES or len(parts) != 3 or not _is_canonical(parts[1]):
        raise RightsError(what, "is no signed document", "ask its issuer for the file again")
    return _decode(parts[1])


def _is_canonical(part: str) -> bool:
    """Return whether a part is the only base64url text of what it encodes."""
    try:
        return bool(part) and _encode(_decode(part)) == part
    except (binascii.Error, ValueError):
        return False


def _decode(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode("ascii").rstrip("=")


def _private_key(private: bytes) -> OKPKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    public = Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()
    key: dict[str, str | list[str]] = {"kty": "OKP", "crv": "Ed25519", "x": _encode(public)}
    return OKPKey.import_key(key | {"d": _encode(private)})


def _public_key(public: bytes) -> OKPKey:
    return OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": _encode(public)})
