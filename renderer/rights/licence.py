"""Issue and read signed licences: verifiable credentials about one avatar file."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

import msgspec

from renderer.errors import RightsError
from renderer.rights.credentials.decoding import decode_json, json_name
from renderer.rights.credentials.did import did_of
from renderer.rights.credentials.keys import SigningKey
from renderer.rights.credentials.signing import MAX_BYTES, peek, verify
from renderer.rights.credentials.status_list import Purpose
from renderer.rights.credentials.trust_list import TrustList
from renderer.rights.files import require_file
from renderer.rights.odrl import Policy, build_policy, read_policy
from renderer.rights.terms import LicenceTerms, find_fault

SUFFIX: Final = ".licence"
"""Of a licence file; `idol.licence` is found beside `idol.vrm`."""

_CONTEXT: Final = "https://www.w3.org/ns/credentials/v2"
_TYPES: Final = ["VerifiableCredential", "AvatarLicence"]
_CHUNK: Final = 1 << 20


class StatusEntry(msgspec.Struct, forbid_unknown_fields=True, frozen=True, rename=json_name):
    """A licence's entry in a status list.

    Attributes:
        status_list_index: decimal, as the specification writes it.
        status_list_credential: address of the list.
    """

    type: Literal["BitstringStatusListEntry"]
    status_purpose: Purpose
    status_list_index: str
    status_list_credential: str

    @property
    def index(self) -> int:
        """Return the index as a number; -1 if it is none."""
        text = self.status_list_index
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


class _Party(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    id: str
    name: str = ""


class _Subject(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    avatar: str
    sha256: str
    depicts: str = ""
    fingerprint: str = ""
    protected: bool = False


class _Claims(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, rename=json_name):
    context: list[str]
    id: str
    type: list[str]
    issuer: _Party
    valid_from: datetime
    credential_subject: _Subject
    terms_of_use: list[Policy]
    valid_until: datetime | None = None
    credential_status: list[StatusEntry] = []


class Licence(msgspec.Struct, frozen=True):
    """A licence whose signature was verified. Whether it allows a show is `decision`'s question.

    Attributes:
        id: its URN.
        issuer: DID of the rights holder.
        issuer_name: by which the crew's trust list knows the issuer.
        terms: what it allows.
        status: entries in the lists that can revoke or suspend it; empty if it cannot be revoked.
        sha256: of the signed text, by which records refer to it.
        place: the file that it was read from.
    """

    id: str
    issuer: str
    issuer_name: str
    terms: LicenceTerms
    status: tuple[StatusEntry, ...]
    sha256: str
    place: str


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal.

    Raises:
        RightsError: it cannot be read.
    """
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    except OSError as fault:
        raise RightsError(
            f"file {path}", f"cannot be read ({fault.strerror})", "make it readable"
        ) from fault
    return digest.hexdigest()


def new_urn() -> str:
    """Return an identifier for a new licence."""
    return uuid.uuid4().urn


def issue_licence(
    terms: LicenceTerms,
    key: SigningKey,
    issuer_name: str,
    urn: str,
    status: tuple[StatusEntry, ...] = (),
) -> str:
    """Return a signed licence.

    Args:
        terms: what is allowed.
        key: of the rights holder.
        issuer_name: the rights holder's name for people.
        urn: the licence's own identifier, from `new_urn`.
        status: its entries in status lists; without one it cannot be revoked.

    Raises:
        RightsError: the terms are unusable.
    """
    if fault := find_fault(terms):
        raise RightsError(f"licence for {terms.avatar}", fault, "correct that value")
    claims = _Claims(
        [_CONTEXT],
        urn,
        _TYPES,
        _Party(key.did, issuer_name),
        terms.since,
        _Subject(terms.avatar, terms.sha256, terms.depicts, terms.fingerprint, terms.protected),
        [build_policy(terms, f"{urn}#policy")],
        terms.until,
        list(status),
    )
    return key.sign(msgspec.json.encode(claims))


def read_licence(text: str, place: str, trust: TrustList) -> Licence:
    """Verify and read a licence.

    Args:
        text: the signed licence.
        place: where it was found, for messages.
        trust: issuers that are accepted, and the avatars that each may license.

    Raises:
        RightsError: it is none, was changed, or its issuer is not trusted with this avatar.
    """
    what = f"licence {place}"
    payload, key_id = verify(text, what, trust.find_key)
    claims = _read_claims(payload, what)
    issuer = trust.find(claims.issuer.id)
    if claims.issuer.id != did_of(key_id) or issuer is None:
        raise RightsError(what, "names an issuer that did not sign it", "ask the rights holder")
    terms = _read_terms(claims, what)
    if issuer.avatars and terms.sha256 not in issuer.avatars:
        raise RightsError(
            what,
            f"is for an avatar that {issuer.name} is not trusted with",
            "ask the avatar's rights holder for a licence",
        )
    digest = hashlib.sha256(text.strip("\r\n").encode()).hexdigest()
    status = tuple(claims.credential_status)
    return Licence(claims.id, issuer.did, issuer.name, terms, status, digest, place)


def describe_unverified(text: str, place: str) -> tuple[LicenceTerms, str]:
    """Return the terms and the issuer's DID of a licence without verifying it, to explain it.

    Raises:
        RightsError: it is no licence.
    """
    what = f"licence {place}"
    claims = _read_claims(peek(text, what), what)
    return _read_terms(claims, what), claims.issuer.id


def load_text(path: Path, what: str) -> str:
    """Return the text of a signed file.

    Raises:
        RightsError: it cannot be read or is no such text.
    """
    thing = f"{what} {path}"
    try:
        return require_file(path, thing, MAX_BYTES).decode("ascii")
    except UnicodeDecodeError as fault:
        raise RightsError(
            thing, "is no signed document", "ask its issuer for the file again"
        ) from fault


def _read_claims(payload: bytes, what: str) -> _Claims:
    remedy = "ask its issuer for a licence that Encore made"
    claims = decode_json(payload, _Claims, what, "licence for an avatar", remedy)
    if claims.type != _TYPES or claims.context != [_CONTEXT] or len(claims.terms_of_use) != 1:
        raise RightsError(what, "is another kind of credential", remedy)
    times = (claims.valid_from, claims.valid_until)
    if any(time is not None and time.tzinfo is None for time in times):
        raise RightsError(what, "states times without a time zone", remedy)
    return claims


def _read_terms(claims: _Claims, what: str) -> LicenceTerms:
    subject = claims.credential_subject
    until = claims.valid_until.astimezone(UTC) if claims.valid_until is not None else None
    terms = read_policy(
        claims.terms_of_use[0],
        what,
        subject.avatar,
        subject.depicts,
        claims.valid_from.astimezone(UTC),
        until,
    )
    if terms.sha256 != subject.sha256:
        raise RightsError(
            what, "has a policy for another avatar", "ask its issuer for the licence again"
        )
    terms = replace(terms, fingerprint=subject.fingerprint, protected=subject.protected)
    if fault := find_fault(terms):
        raise RightsError(what, fault, "ask its issuer for the licence again")
    return terms
