"""Issue, read and withdraw performers' consent records.

The record has the fields of ISO/IEC TS 27560 in the W3C Data Privacy Vocabulary's sense: subject,
controller, purposes, what is captured, how long it is kept, and the events given and withdrawn. The
performer signs it with a key of their own, so that only they can withdraw it.
"""

from __future__ import annotations

import hashlib
import uuid
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

import msgspec

from renderer.errors import RightsError
from renderer.rights.credentials.decoding import decode_json, json_name
from renderer.rights.credentials.did import KEY_METHOD, decode_did_key, did_of
from renderer.rights.credentials.keys import SigningKey
from renderer.rights.credentials.signing import verify
from renderer.rights.declaration import Capture

SUFFIX: Final = ".consent"
"""Of a consent file."""
WITHDRAWAL_SUFFIX: Final = ".withdrawal"
"""Of a withdrawal, beside the consent that it ends."""
SCHEMA: Final = "ISO-TS-27560:2023"

_CONTEXT: Final = "https://www.w3.org/ns/credentials/v2"
_TYPES: Final = ["VerifiableCredential", "PerformanceConsent"]
_WITHDRAWAL_TYPES: Final = ["VerifiableCredential", "ConsentWithdrawal"]


class ConsentTerms(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What a performer agrees to.

    Attributes:
        performer: name under which they perform.
        controller: the crew or company that captures them, and how to reach it.
        captures: what may be captured.
        shows: names of the shows; `*` for any.
        retention_days: how long takes and calibrations may be kept after their recording.
        reuse_takes: whether their takes may be shown again without them.
        training: whether models may be trained on their takes.
        picture_shown: whether the camera's own picture of them may be shown.
        name_shown: whether their name may appear in credits and provenance.
        since, until: when, UTC.
    """

    performer: str
    controller: str
    captures: tuple[Capture, ...]
    shows: tuple[str, ...]
    retention_days: int
    since: datetime
    until: datetime
    reuse_takes: bool = False
    training: bool = False
    picture_shown: bool = False
    name_shown: bool = False


class Consent(msgspec.Struct, frozen=True):
    """A verified consent record.

    Attributes:
        id: its URN.
        subject: did:key of the performer.
        terms: what they agreed to.
        withdrawn: when they withdrew it, UTC; None if they did not.
        sha256: of the signed text.
    """

    id: str
    subject: str
    terms: ConsentTerms
    withdrawn: datetime | None
    sha256: str
    place: str


class _Subject(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    schema: Literal["ISO-TS-27560:2023"]
    consent: ConsentTerms


class _Claims(msgspec.Struct, forbid_unknown_fields=True, rename=json_name):
    context: list[str]
    id: str
    type: list[str]
    issuer: str
    valid_from: datetime
    valid_until: datetime
    credential_subject: _Subject


class _WithdrawalSubject(msgspec.Struct, forbid_unknown_fields=True):
    consent: str
    erase: bool


class _WithdrawalClaims(msgspec.Struct, forbid_unknown_fields=True, rename=json_name):
    context: list[str]
    id: str
    type: list[str]
    issuer: str
    valid_from: datetime
    credential_subject: _WithdrawalSubject


def issue_consent(terms: ConsentTerms, key: SigningKey) -> str:
    """Return a consent record signed by the performer.

    Raises:
        RightsError: the terms are unusable, or the key's identifier is no did:key.
    """
    if fault := _find_fault(terms):
        raise RightsError(f"consent of {terms.performer}", fault, "correct that value")
    _require_own_key(key)
    subject = _Subject(key.did, SCHEMA, terms)
    claims = _Claims(
        [_CONTEXT], uuid.uuid4().urn, _TYPES, key.did, terms.since, terms.until, subject
    )
    return key.sign(msgspec.json.encode(claims))


def withdraw_consent(consent: Consent, key: SigningKey, now: datetime, *, erase: bool) -> str:
    """Return a signed withdrawal of a consent.

    Args:
        consent: to withdraw.
        key: the performer's, with which the consent was signed.
        now: time of the withdrawal.
        erase: whether takes and calibrations are to be erased as well.

    Raises:
        RightsError: the key is another person's.
    """
    if key.did != consent.subject:
        raise RightsError(
            f"consent {consent.place}",
            "was signed by another key",
            "withdraw it with the key that signed it",
        )
    claims = _WithdrawalClaims(
        [_CONTEXT],
        uuid.uuid4().urn,
        _WITHDRAWAL_TYPES,
        key.did,
        now.replace(microsecond=0),
        _WithdrawalSubject(consent.id, erase),
    )
    return key.sign(msgspec.json.encode(claims))


def read_consent(text: str, place: str, withdrawals: tuple[str, ...] = ()) -> Consent:
    """Verify and read a consent record.

    Args:
        text: the signed record.
        place: where it was found, for messages.
        withdrawals: signed withdrawals; those of other consents are ignored.

    Raises:
        RightsError: it is none, or was changed.
    """
    what = f"consent {place}"
    payload, key_id = verify(text, what, _find_own_key)
    claims = decode_json(payload, _Claims, what, "consent record", "ask the performer for the file")
    terms = claims.credential_subject.consent
    subject = did_of(key_id)
    if claims.type != _TYPES or claims.issuer != subject or claims.credential_subject.id != subject:
        raise RightsError(
            what, "is of a person who did not sign it", "ask the performer to sign it"
        )
    if claims.valid_from != terms.since or claims.valid_until != terms.until:
        raise RightsError(
            what, "contradicts itself in its times", "ask the performer to sign again"
        )
    if wrong := _find_fault(terms):
        raise RightsError(what, wrong, "ask the performer to sign a corrected one")
    found = (_read_withdrawal(one, place, claims.id, subject) for one in withdrawals)
    withdrawn = min((time for time in found if time is not None), default=None)
    digest = hashlib.sha256(text.strip("\r\n").encode()).hexdigest()
    return Consent(claims.id, subject, terms, withdrawn, digest, place)


def expiry_of(terms: ConsentTerms, recorded: datetime) -> datetime:
    """Return until when a take recorded under a consent may be kept, UTC."""
    return recorded.astimezone(UTC) + timedelta(days=terms.retention_days)


def _read_withdrawal(text: str, place: str, consent: str, subject: str) -> datetime | None:
    """Return when a withdrawal ended this consent; None if it is about another one."""
    what = f"withdrawal of {place}"
    payload, key_id = verify(text, what, _find_own_key)
    claims = decode_json(
        payload, _WithdrawalClaims, what, "withdrawal", "ask the performer for the file"
    )
    is_own = claims.issuer == did_of(key_id) == subject and claims.type == _WITHDRAWAL_TYPES
    if not is_own or claims.credential_subject.consent != consent:
        return None
    return claims.valid_from.astimezone(UTC)


def _find_fault(terms: ConsentTerms) -> str:
    if not terms.performer.strip():
        return "names no performer"
    if not terms.controller.strip():
        return "does not say who captures the performer"
    if not terms.captures:
        return "allows nothing to be captured"
    if terms.since.tzinfo is None or terms.until.tzinfo is None:
        return "states times without a time zone"
    if terms.until <= terms.since:
        return "ends before it begins"
    if not 0 <= terms.retention_days <= 36_500:
        return "has a retention of an impossible number of days"
    return ""


def _find_own_key(key_id: str) -> bytes:
    """Return the key of a did:key, which is not on a trust list but compared with the subject."""
    did = did_of(key_id)
    if key_id != f"{did}#{did.removeprefix(KEY_METHOD)}":
        raise RightsError(f"key {key_id[:120]}", "is no did:key", "sign with `encore consent sign`")
    return decode_did_key(did)


def _require_own_key(key: SigningKey) -> None:
    if key.did != key.did_key:
        raise RightsError(
            f"key {key.did}",
            "has a published identifier, which would name the performer",
            "make a key for the consent with `encore licence key`",
        )
