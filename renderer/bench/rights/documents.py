"""Make signed documents of each kind, and read them as a show would."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec

from avatars.model import Meta
from renderer.rights.consent import ConsentTerms, issue_consent, read_consent, withdraw_consent
from renderer.rights.credentials.keys import SigningKey, make_key
from renderer.rights.credentials.sealing import seal, unseal
from renderer.rights.credentials.status_list import (
    ENTRIES,
    read_status_list,
    write_status_list,
)
from renderer.rights.credentials.trust_list import Issuer, TrustList
from renderer.rights.decision import AvatarFile, Evidence, ShowFacts, decide
from renderer.rights.declaration import Capture, Declaration, OutputKind, Usage
from renderer.rights.licence import StatusEntry, issue_licence, new_urn, read_licence
from renderer.rights.policy import StudioPolicy
from renderer.rights.status.store import Standing, Status, StatusStore
from renderer.rights.terms import LicenceTerms

NOW: Final = datetime(2026, 12, 1, 20, tzinfo=UTC)
HASH: Final = "5e" * 32
"""Stands for the SHA-256 of an avatar file."""
ADDRESS: Final = "https://label.example/status"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of signed document.

    Attributes:
        name: for people.
        text: an unchanged document.
        accepts: returns whether a show would believe a document's text.
    """

    name: str
    text: str
    accepts: Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Parties:
    """Keys of those who sign: the label is trusted, the stranger is not, Mai performs."""

    label: SigningKey
    stranger: SigningKey
    mai: SigningKey

    @property
    def trust(self) -> TrustList:
        """Return the crew's trust list."""
        return TrustList([Issuer(self.label.did, "Label Ltd")])


def make_parties() -> Parties:
    """Return new keys."""
    return Parties(make_key(), make_key(), make_key())


def make_kinds(parties: Parties) -> list[Kind]:
    """Return an unchanged document of each kind."""
    trust = parties.trust
    entry = StatusEntry("BitstringStatusListEntry", "revocation", "94567", ADDRESS)
    licence = issue_licence(licence_terms(), parties.label, "Label Ltd", new_urn(), (entry,))
    consent = issue_consent(consent_terms(), parties.mai)
    given = read_consent(consent, "it")
    withdrawal = withdraw_consent(given, parties.mai, NOW, erase=True)
    # Entry 94567 is set: a list that says otherwise would bring a revoked licence back.
    bits = bytearray(ENTRIES // 8)
    bits[94567 // 8] |= 1 << (7 - 94567 % 8)
    revoking = write_status_list(ADDRESS, "revocation", bytes(bits), parties.label, NOW)

    def accepts_licence(text: str) -> bool:
        return read_licence(text, "it", trust).terms.sha256 == HASH

    def accepts_consent(text: str) -> bool:
        return read_consent(text, "it").subject == parties.mai.did

    def accepts_withdrawal(text: str) -> bool:
        return read_consent(consent, "it", (text,)).withdrawn is not None

    def accepts_list(text: str) -> bool:
        return read_status_list(text, ADDRESS, trust.find_key).issuer == parties.label.did

    return [
        Kind("licence", licence, accepts_licence),
        Kind("consent", consent, accepts_consent),
        Kind("withdrawal", withdrawal, accepts_withdrawal),
        Kind("status list", revoking, accepts_list),
    ]


def make_sealed_kind() -> Kind:
    """Return a sealed key file, which takes a tenth of a second to open."""
    sealed = seal(b"a signing key", "correct horse", "key").decode("ascii")
    plain = msgspec.json.decode(sealed)

    def accepts(text: str) -> bool:
        content = unseal(text.encode("utf-8", "surrogateescape"), "correct horse", "it")
        # JSON has many texts of one content: only another content is a successful forgery.
        return content != b"a signing key" or msgspec.json.decode(text) != plain

    return Kind("sealed file", sealed, accepts)


def licence_terms() -> LicenceTerms:
    """Return terms that allow the measured show."""
    return LicenceTerms(
        avatar="Idol",
        sha256=HASH,
        performers=("Mai",),
        shows=("First Light",),
        territories=("KR", "JP"),
        outputs=tuple(OutputKind),
        usage=Usage.CORPORATION,
        content=(),
        since=NOW - timedelta(days=1),
        until=NOW + timedelta(days=30),
    )


def consent_terms() -> ConsentTerms:
    """Return terms that allow the measured show."""
    return ConsentTerms(
        "Mai",
        "Crew, crew@example.org",
        tuple(Capture),
        ("First Light",),
        30,
        NOW - timedelta(days=1),
        NOW + timedelta(days=30),
    )


def show_facts() -> ShowFacts:
    """Return the measured show."""
    declaration = Declaration("Mai", Usage.CORPORATION, show="First Light", territories=("KR",))
    return ShowFacts(declaration, frozenset(OutputKind))


def make_decision(parties: Parties) -> Callable[[], bool]:
    """Return a function that decides one show with licence, status and consent in hand."""
    licence = read_licence(
        issue_licence(licence_terms(), parties.label, "Label Ltd", new_urn()), "it", parties.trust
    )
    consent = read_consent(issue_consent(consent_terms(), parties.mai), "it")
    evidence = Evidence((licence,), {licence.id: Status(Standing.VALID)}, (consent,))
    avatar = AvatarFile("Idol", HASH, Meta(name="Idol", authors=("Ann",), vrm_version="1.0"))
    facts, policy = show_facts(), StudioPolicy(True, True)
    return lambda: decide(avatar, "Mai", facts, evidence, policy, NOW).is_allowed


def count_replays(parties: Parties) -> int:
    """Return how many of the known replays are believed: 0 if all are refused.

    The replays: a list from before a revocation, another issuer's list at the right address, a
    licence for another avatar, a consent of another performer.
    """
    entry = StatusEntry("BitstringStatusListEntry", "revocation", "94567", ADDRESS)
    text = issue_licence(licence_terms(), parties.label, "Label Ltd", new_urn(), (entry,))
    licence = read_licence(text, "it", parties.trust)
    free = bytes(ENTRIES // 8)
    bits = bytearray(free)
    bits[94567 // 8] |= 1 << (7 - 94567 % 8)
    day = timedelta(days=1)
    old = write_status_list(ADDRESS, "revocation", free, parties.label, NOW - day)
    new = write_status_list(ADDRESS, "revocation", bytes(bits), parties.label, NOW)
    foreign = write_status_list(ADDRESS, "revocation", free, parties.stranger, NOW + day / 24)
    believed = 0
    for served in (old, foreign):
        with tempfile.TemporaryDirectory() as folder:
            answers = iter((new, served))
            store = StatusStore(
                Path(folder), fetch_list=lambda *_, answers=answers: next(answers).encode()
            )
            store.refresh(licence, parties.trust)
            store.refresh(licence, parties.trust)
            standing = store.check(licence, NOW + day / 24).standing
            believed += standing in (Standing.VALID, Standing.OLD)
    avatar = AvatarFile("Idol", "aa" * 32, Meta(name="Idol", authors=("Ann",), vrm_version="1.0"))
    evidence = Evidence((licence,), {licence.id: Status(Standing.VALID)})
    believed += decide(avatar, "Mai", show_facts(), evidence, StudioPolicy(), NOW).is_allowed
    consent = read_consent(issue_consent(consent_terms(), parties.mai), "it")
    own = AvatarFile("Idol", HASH, Meta(name="Idol", authors=("Ann",), vrm_version="1.0"))
    evidence = Evidence((licence,), {licence.id: Status(Standing.VALID)}, (consent,))
    strict = StudioPolicy(require_consent=True)
    believed += decide(own, "Bo", show_facts(), evidence, strict, NOW).is_allowed
    return believed
