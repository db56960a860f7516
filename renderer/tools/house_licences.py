"""Sign licences for the default idols: `python -m renderer.tools.house_licences`.

Run it after the idols were built again. The key is made for this and never written: the licences
grant what the idols' own files grant, to anybody and without end, so nothing is ever revoked.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from avatars import load_avatar
from renderer.paths import HOUSE_ISSUERS, IDOL, IDOL_2
from renderer.rights.credentials.keys import make_key
from renderer.rights.credentials.trust_list import Issuer, TrustList, keep_trust_list
from renderer.rights.declaration import ANY, Content, OutputKind, Usage
from renderer.rights.licence import SUFFIX, hash_file, issue_licence, new_urn
from renderer.rights.shape.fingerprint import describe_shape
from renderer.rights.terms import LicenceTerms

if TYPE_CHECKING:
    from avatars.model import Meta

NAME: Final = "Encore's idols"
"""The issuer's name."""


def sign_house_licences(idols: tuple[Path, ...] = (IDOL, IDOL_2)) -> None:
    """Write a licence beside each idol, and the trust list with their issuer."""
    key = make_key()
    hashes = tuple(hash_file(idol) for idol in idols)
    for idol, digest in zip(idols, hashes, strict=True):
        avatar = load_avatar(idol)
        terms = replace(_terms(avatar.meta, digest), fingerprint=describe_shape(avatar).text())
        text = issue_licence(terms, key, NAME, new_urn())
        idol.with_suffix(SUFFIX).write_text(text, encoding="ascii")
    keep_trust_list(TrustList([Issuer(key.did, NAME, avatars=hashes)]), HOUSE_ISSUERS)


def _terms(meta: Meta, digest: str) -> LicenceTerms:
    allowed = {
        Content.VIOLENT: meta.violent_usage,
        Content.SEXUAL: meta.sexual_usage,
        Content.POLITICAL_OR_RELIGIOUS: meta.political_or_religious_usage,
        Content.ANTISOCIAL_OR_HATE: meta.antisocial_or_hate_usage,
    }
    if meta.avatar_permission != "everyone":
        sys.exit(f"{meta.name} does not allow everyone; write its terms by hand")
    return LicenceTerms(
        avatar=meta.name,
        sha256=digest,
        performers=(ANY,),
        shows=(ANY,),
        territories=(ANY,),
        outputs=tuple(OutputKind),
        usage=Usage(meta.commercial_usage),
        content=tuple(content for content, is_allowed in allowed.items() if is_allowed),
        # Before the first release, so that a machine with a wrong clock can give the demo.
        since=datetime(2026, 1, 1, tzinfo=UTC),
        until=None,
        fan_clips=meta.redistribution,
    )


if __name__ == "__main__":
    sign_house_licences()
