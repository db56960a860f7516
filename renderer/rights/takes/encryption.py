"""Encrypt takes for the keys of their performers' consents, and open them while those allow it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import BinaryIO, Final

import msgspec
from cryptography.exceptions import InvalidTag

from renderer.errors import RightsError
from renderer.motion.takes.encryption import EncryptedSink
from renderer.rights.consent import Consent, expiry_of
from renderer.rights.credentials.decoding import decode_json
from renderer.rights.folders import check_clock
from renderer.rights.sealed.wrapping import Wrapping, unwrap_key, wrap_key
from renderer.rights.takes.keys import (
    TakeKeyRecord,
    current_consent,
    find_take_key,
    load_take_key,
)

_PURPOSE: Final = b"encore take 1"
_KEY_BYTES: Final = 32


class Sealing(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A take's key for one consent.

    Attributes:
        consent: SHA-256 of the consent.
    """

    consent: str
    key: Wrapping


class TakeHead(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What is readable of an encrypted take: no name, but the consents by their hashes.

    Attributes:
        recorded: UTC; the retention counts from here.
        people: number of performers in it, also those without a consent.
    """

    version: int
    recorded: datetime
    people: int
    sealings: list[Sealing]


class TakeEncryption:
    """Encrypts one take for the consents of its performers; each of their keys opens it.

    Args:
        records: keys of the consents, by the consents' SHA-256.
        people: number of performers in the take.
        now: UTC.
    """

    def __init__(self, records: dict[str, TakeKeyRecord], people: int, now: datetime) -> None:
        self._key = os.urandom(_KEY_BYTES)
        sealings = [
            Sealing(consent, wrap_key(self._key, record.did, _PURPOSE))
            for consent, record in records.items()
        ]
        head = TakeHead(1, now.astimezone(UTC).replace(microsecond=0), people, sealings)
        self._head = msgspec.json.encode(head)

    def __call__(self, file: BinaryIO) -> EncryptedSink:
        """Return what encrypts a new take's file."""
        return EncryptedSink(file, self._head, self._key)


def read_take_head(head: bytes, what: str) -> TakeHead:
    """Return what is readable of an encrypted take.

    Raises:
        RightsError: it is damaged.
    """
    found = decode_json(head, TakeHead, what, "encrypted take", "restore it from a copy")
    if found.version != 1 or found.recorded.tzinfo is None:
        raise RightsError(what, "was recorded by a newer version", "update Encore")
    return found


def unlock_take(head: bytes, what: str = "the take") -> bytes:
    """Return the key of a take, if the consents allow it to be read today.

    Args:
        head: of the file.
        what: the file, for messages.

    Raises:
        RightsError: no key is at hand, a consent was withdrawn, or the retention is over.
    """
    now = datetime.now(UTC)
    found = read_take_head(head, what)
    if (seen := check_clock(now)) is not None:
        raise RightsError(what, f"was used on {seen:%Y-%m-%d}, after today's date", "set the clock")
    records = [(one, find_take_key(one.consent)) for one in found.sealings]
    held = [(one, record) for one, record in records if record is not None]
    if not held:
        raise RightsError(
            what,
            "is encrypted, and its key is not on this machine or was erased",
            "read it where it was recorded",
        )
    for one, record in held:
        require_kept(current_consent(record, one.consent), found.recorded, now, what)
    sealing, record = held[0]
    try:
        return unwrap_key(sealing.key, load_take_key(record), _PURPOSE)
    except (InvalidTag, ValueError) as fault:
        raise RightsError(what, "was changed after it was recorded", "restore a copy") from fault


def require_kept(consent: Consent, recorded: datetime, now: datetime, what: str) -> None:
    """Check that a consent still lets a take be kept.

    Raises:
        RightsError: it was withdrawn, or its retention is over.
    """
    erase = f"erase it: encore consent erase {consent.place} TAKE --ended --proof FILE.json"
    if consent.withdrawn is not None and now >= consent.withdrawn:
        raise RightsError(what, f"is of {consent.terms.performer}, who withdrew the consent", erase)
    if now >= (end := expiry_of(consent.terms, recorded)):
        raise RightsError(what, f"was to be kept until {end:%Y-%m-%d} (retention_days)", erase)


def choose_encryption(
    consents: Sequence[Consent], names: Sequence[str], now: datetime
) -> tuple[TakeEncryption | None, list[str]]:
    """Return the encryption of a new take, and the performers for whom there is no key.

    Args:
        consents: at hand.
        names: of the performers; empty for those without.
        now: UTC.

    Raises:
        RightsError: a key's record is damaged.
    """
    records: dict[str, TakeKeyRecord] = {}
    without = []
    for name in names:
        own = [one for one in consents if one.terms.performer.casefold() == name.casefold()]
        kept = {one.sha256: find_take_key(one.sha256) for one in own}
        found = {sha256: record for sha256, record in kept.items() if record is not None}
        records |= found
        if own and not found:
            without.append(name)
    return (TakeEncryption(records, len(names), now) if records else None), without
