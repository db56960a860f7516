"""Keys, terms and documents that the tests of rights are made of."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from avatars.model import Meta
from renderer.rights.consent import ConsentTerms
from renderer.rights.credentials.keys import SigningKey, make_key
from renderer.rights.credentials.trust_list import Issuer, TrustList
from renderer.rights.decision import AvatarFile, ShowFacts
from renderer.rights.declaration import Capture, Content, Declaration, OutputKind, Usage
from renderer.rights.licence import Licence, issue_licence, new_urn, read_licence
from renderer.rights.terms import LicenceTerms

NOW: Final = datetime(2026, 12, 1, 20, tzinfo=UTC)
LABEL: Final = make_key()
STRANGER: Final = make_key()
MAI: Final = make_key()
HASH: Final = "ab" * 32
CLOSED: Final = Meta(name="Idol", authors=("Ann",), vrm_version="1.0")
"""Meta of a file that allows nobody anything."""

TERMS: Final = LicenceTerms(
    avatar="Idol",
    sha256=HASH,
    performers=("Mai",),
    shows=("First Light",),
    territories=("KR", "JP"),
    outputs=(OutputKind.STREAM, OutputKind.RECORDING),
    usage=Usage.CORPORATION,
    content=(Content.VIOLENT,),
    since=NOW - timedelta(days=1),
    until=NOW + timedelta(days=1),
)
CONSENT: Final = ConsentTerms(
    performer="Mai",
    controller="Crew, crew@example.org",
    captures=(Capture.FACE, Capture.BODY, Capture.VOICE),
    shows=("First Light",),
    retention_days=30,
    since=NOW - timedelta(days=1),
    until=NOW + timedelta(days=2),
)
DECLARED: Final = Declaration("Mai", Usage.PERSONAL, show="First Light", territories=("KR",))
FACTS: Final = ShowFacts(DECLARED, frozenset({OutputKind.STREAM}))
AVATAR: Final = AvatarFile("Idol", HASH, CLOSED)


def trust(*keys: SigningKey) -> TrustList:
    return TrustList(Issuer(key.did, "Label Ltd") for key in keys or (LABEL,))


def licence(key: SigningKey = LABEL, **changes: Any) -> Licence:
    text = issue_licence(replace(TERMS, **changes), key, "Label Ltd", new_urn())
    return read_licence(text, "idol.licence", trust(LABEL, key))


def declared(**changes: Any) -> ShowFacts:
    return replace(FACTS, declaration=replace(DECLARED, **changes))
