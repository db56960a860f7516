"""Issue and read fan licences: what fans may do with one kit, and what the kit contains."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from typing import Final, Literal, get_args

import msgspec

from renderer.errors import RightsError
from renderer.rights.credentials.decoding import decode_json, json_name
from renderer.rights.credentials.did import RECEIVING, decode_did_key, did_of
from renderer.rights.credentials.keys import SigningKey
from renderer.rights.credentials.signing import verify
from renderer.rights.credentials.trust_list import TrustList
from renderer.rights.kit.limits import MOST_HEIGHT, MOST_SECONDS, MOST_SHOTS, Limits
from renderer.rights.licence import StatusEntry

PartName = Literal["avatar", "licence", "motion", "set", "song"]
"""What a kit contains; the song alone may be missing."""

MOST_PART_BYTES: Final = 256 << 20
"""Largest part of a kit."""

_CONTEXT: Final = "https://www.w3.org/ns/credentials/v2"
_TYPES: Final = ["VerifiableCredential", "FanLicence"]
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


class FanTerms(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What fans may do with a kit.

    Attributes:
        kit: the kit's name, for people.
        avatar: the avatar's name.
        sha256: of the avatar's file, hexadecimal.
        fan: did:key of the fan for whom the kit is encrypted; empty for a kit for everybody.
        limits: of one clip.
        since, until: when clips may be rendered, UTC.
        usage: clips earn no money.
        bpm: tempo of the song, which the light follows.
        credit: to be shown in every clip; empty for none.
        label: to be shown in every clip besides the disclosure; empty for none.
        consent: SHA-256 of the consent of the performer whose take it is; empty without a take.
    """

    kit: str
    avatar: str
    sha256: str
    fan: str
    limits: Limits
    since: datetime
    until: datetime
    usage: Literal["personalNonProfit"] = "personalNonProfit"
    bpm: float = 120.0
    credit: str = ""
    label: str = ""
    consent: str = ""


class PartRecord(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One part of a kit, in the order in which they follow each other."""

    name: PartName
    size: int
    sha256: str


class BodyRecord(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The bytes that follow the licence in a kit: the parts, encrypted if it is for one fan."""

    size: int
    sha256: str


class _Party(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    name: str


class _Subject(msgspec.Struct, forbid_unknown_fields=True):
    terms: FanTerms
    parts: list[PartRecord]
    body: BodyRecord


class _Claims(msgspec.Struct, forbid_unknown_fields=True, rename=json_name):
    context: list[str]
    id: str
    type: list[str]
    issuer: _Party
    valid_from: datetime
    valid_until: datetime
    credential_subject: _Subject
    credential_status: list[StatusEntry]


class FanLicence(msgspec.Struct, frozen=True):
    """A fan licence whose signature was verified. Whether it allows a clip is `check`'s question.

    Attributes:
        id: its URN.
        issuer: DID of who made the kit.
        issuer_name: by which the trust list knows the issuer.
        status: entries in the lists that can revoke or suspend it.
        sha256: of the signed text.
        place: the kit that it was read from.
    """

    id: str
    issuer: str
    issuer_name: str
    terms: FanTerms
    parts: tuple[PartRecord, ...]
    body: BodyRecord
    status: tuple[StatusEntry, ...]
    sha256: str
    place: str


def issue_fan_licence(
    terms: FanTerms,
    parts: list[PartRecord],
    body: BodyRecord,
    key: SigningKey,
    issuer_name: str,
    urn: str,
    status: tuple[StatusEntry, ...],
) -> str:
    """Return a signed fan licence.

    Args:
        terms: what fans may do.
        parts: of the kit.
        body: of the kit.
        key: of who makes the kit.
        issuer_name: their name for people.
        urn: the licence's own identifier.
        status: its entries in status lists; a kit must be revocable.

    Raises:
        RightsError: the terms are unusable, or it could not be revoked.
    """
    fault = find_fault(terms, parts) or ("" if status else "cannot be revoked")
    if fault:
        raise RightsError(f"fan licence for {terms.kit}", fault, "correct that value")
    claims = _Claims(
        [_CONTEXT],
        urn,
        _TYPES,
        _Party(key.did, issuer_name),
        terms.since,
        terms.until,
        _Subject(terms, parts, body),
        list(status),
    )
    return key.sign(msgspec.json.encode(claims))


def read_fan_licence(text: str, place: str, trust: TrustList) -> FanLicence:
    """Verify and read a fan licence.

    Args:
        text: the signed licence.
        place: the kit, for messages.
        trust: issuers that are accepted, and the avatars that each may license.

    Raises:
        RightsError: it is none, was changed, or its issuer is not trusted with this avatar.
    """
    what, remedy = f"kit {place}", "ask who made the kit for it again"
    payload, key_id = verify(text, what, trust.find_key)
    claims = decode_json(payload, _Claims, what, "fan licence", remedy)
    issuer = trust.find(claims.issuer.id)
    if claims.issuer.id != did_of(key_id) or issuer is None:
        raise RightsError(what, "names an issuer that did not sign it", remedy)
    if claims.type != _TYPES or claims.context != [_CONTEXT]:
        raise RightsError(what, "contains another kind of credential", remedy)
    subject = claims.credential_subject
    terms = subject.terms
    if fault := find_fault(terms, subject.parts):
        raise RightsError(what, fault, remedy)
    if (claims.valid_from, claims.valid_until) != (terms.since, terms.until):
        raise RightsError(what, "contradicts itself in its times", remedy)
    if not claims.credential_status:
        raise RightsError(what, "cannot be revoked", remedy)
    if issuer.avatars and terms.sha256 not in issuer.avatars:
        raise RightsError(
            what, f"is of an avatar that {issuer.name} is not trusted with", "ask its rights holder"
        )
    return FanLicence(
        claims.id,
        issuer.did,
        issuer.name,
        terms,
        tuple(subject.parts),
        subject.body,
        tuple(claims.credential_status),
        hashlib.sha256(text.encode()).hexdigest(),
        place,
    )


def find_fault(terms: FanTerms, parts: list[PartRecord]) -> str:
    """Return what is wrong with a licence, as the end of a sentence; empty if nothing is."""
    limits = terms.limits
    names = [part.name for part in parts]
    if not terms.kit.strip() or not terms.kit.isprintable():
        return "has no name"
    if not _SHA256.fullmatch(terms.sha256):
        return "names no SHA-256 of an avatar file"
    if terms.since.tzinfo is None or terms.until.tzinfo is None:
        return "states times without a time zone"
    if terms.until <= terms.since:
        return "ends before it begins"
    if not limits.framings:
        return "allows no shot"
    if not (
        1 <= limits.shots <= MOST_SHOTS
        and 0.0 < limits.seconds <= MOST_SECONDS
        and 16 <= limits.height <= MOST_HEIGHT
        and 20.0 <= terms.bpm <= 400.0
    ):
        return "has a limit out of range"
    if not all(text.isprintable() for text in (terms.credit, terms.label)):
        return "has a label that cannot be shown"
    if len(set(names)) != len(names) or set(names) | {"song"} != set(get_args(PartName)):
        return "lacks or repeats a part"
    if not all(0 < part.size <= MOST_PART_BYTES for part in parts):
        return "has a part of an impossible size"
    if terms.fan:
        decode_did_key(terms.fan, RECEIVING)
    return ""


def describe_terms(licence: FanLicence) -> list[str]:
    """Return a fan licence as lines for people."""
    terms, limits = licence.terms, licence.terms.limits
    return [
        f"kit        {terms.kit}: {terms.avatar}, by {licence.issuer_name}",
        f"for        {terms.fan or 'everybody'}, without earning money",
        f"until      {terms.until.astimezone(UTC):%Y-%m-%d %H:%M} UTC, unless it is revoked",
        f"a clip     at most {limits.seconds:g} s, {limits.shots} shots, {limits.height} lines",
        f"shots      {', '.join(limits.framings)}",
    ]
