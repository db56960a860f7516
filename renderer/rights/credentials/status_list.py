"""Read and write revocation lists: W3C Bitstring Status List v1.0.

A list is a signed credential with one bit for each licence; the licence names list and index. A set
bit means revoked (for good) or suspended (for a time), by the list's purpose.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

import msgspec

from renderer.errors import RightsError
from renderer.rights.credentials.decoding import decode_json, json_name
from renderer.rights.credentials.did import did_of
from renderer.rights.credentials.keys import SigningKey
from renderer.rights.credentials.signing import KeyFinder, verify

ENTRIES: Final = 131_072
"""Entries of a new list: the specification's minimum, which hides a licence in a large group."""
MAX_ENTRIES: Final = 1 << 20
"""Largest list that is read: 128 KB as bits."""
VALIDITY: Final = timedelta(days=7)
"""Default time for which a signed list stands; the issuer publishes the list again within it."""

Purpose = Literal["revocation", "suspension"]

_CONTEXT: Final = "https://www.w3.org/ns/credentials/v2"


class _Subject(msgspec.Struct, omit_defaults=True, rename=json_name):
    type: Literal["BitstringStatusList"]
    status_purpose: Purpose
    encoded_list: str
    id: str = ""


class _Claims(msgspec.Struct, rename=json_name):
    context: list[str]
    id: str
    type: list[str]
    issuer: str
    valid_from: datetime
    valid_until: datetime
    credential_subject: _Subject


class StatusList(msgspec.Struct, frozen=True):
    """A verified status list.

    Attributes:
        address: at which it is published.
        issuer: DID of its issuer.
        bits: the list, most significant bit first.
        until: time up to which it stands.
    """

    address: str
    issuer: str
    purpose: Purpose
    since: datetime
    until: datetime
    bits: bytes

    def is_set(self, index: int) -> bool:
        """Return whether the bit of a licence is set.

        Raises:
            RightsError: the list has no such entry.
        """
        if not 0 <= index < 8 * len(self.bits):
            raise RightsError(
                f"status list {self.address}",
                f"has no entry {index}",
                "ask the licence's issuer for the list that the licence names",
            )
        return bool(self.bits[index // 8] >> (7 - index % 8) & 1)


def write_status_list(
    address: str,
    purpose: Purpose,
    bits: bytes,
    key: SigningKey,
    now: datetime,
    validity: timedelta = VALIDITY,
) -> str:
    """Return a signed status list.

    Args:
        address: at which it will be published.
        bits: at least 131,072 entries, most significant bit first.
    """
    # A fixed time in the gzip header, so that equal bits give equal text.
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    packed = packer.compress(bits) + packer.flush()
    encoded = "u" + base64.urlsafe_b64encode(packed).decode("ascii").rstrip("=")
    claims = _Claims(
        [_CONTEXT],
        address,
        ["VerifiableCredential", "BitstringStatusListCredential"],
        key.did,
        now.replace(microsecond=0),
        (now + validity).replace(microsecond=0),
        _Subject("BitstringStatusList", purpose, encoded),
    )
    return key.sign(msgspec.json.encode(claims))


def read_status_list(text: str, address: str, find_key: KeyFinder) -> StatusList:
    """Verify and read a status list; whether it stands now is the caller's question.

    Args:
        text: the signed list.
        address: at which it was found, and for which it must have been signed.
        find_key: decides which keys are trusted.

    Raises:
        RightsError: it is no status list, is another's, or was changed.
    """
    what = f"status list {address}"
    payload, key_id = verify(text, what, find_key)
    remedy = "ask the licence's issuer for the list"
    claims = decode_json(payload, _Claims, what, "status list", remedy)
    if claims.issuer != did_of(key_id):
        raise RightsError(what, "names an issuer that did not sign it", remedy)
    if claims.id != address:
        raise RightsError(what, f"is the list of another address, {claims.id[:120]}", remedy)
    if "BitstringStatusListCredential" not in claims.type:
        raise RightsError(what, "is another kind of credential", remedy)
    if claims.valid_from.tzinfo is None or claims.valid_until.tzinfo is None:
        raise RightsError(what, "states times without a time zone", remedy)
    return StatusList(
        address,
        claims.issuer,
        claims.credential_subject.status_purpose,
        claims.valid_from.astimezone(UTC),
        claims.valid_until.astimezone(UTC),
        _unpack(claims.credential_subject.encoded_list, what, remedy),
    )


def _unpack(encoded: str, what: str, remedy: str) -> bytes:
    """Return the bits of an encoded list; a list that unpacks to more than the limit is refused."""
    try:
        if not encoded.startswith("u"):
            raise ValueError("its encoding is not base64url")
        packed = base64.urlsafe_b64decode(encoded[1:] + "=" * (-len(encoded[1:]) % 4))
        unpacker = zlib.decompressobj(31)
        bits = unpacker.decompress(packed, MAX_ENTRIES // 8 + 1)
        if len(bits) > MAX_ENTRIES // 8 or not unpacker.eof:
            raise ValueError("it is too large, or cut off")
        if 8 * len(bits) < ENTRIES:
            raise ValueError(f"it has fewer than {ENTRIES:,} entries")
    except (binascii.Error, zlib.error, ValueError) as fault:
        raise RightsError(what, f"cannot be unpacked ({fault})", remedy) from fault
    return bits
