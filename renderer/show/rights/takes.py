"""Have the takes of a show carry the consents of their performers, and encrypt them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from renderer.errors import RightsError
from renderer.motion.takes.read import open_take
from renderer.paths import config_folder
from renderer.rights.erasure import TAKE_SUFFIX, started_at
from renderer.rights.policy import FILE_NAME, load_policy
from renderer.rights.takes.consents import load_consents
from renderer.rights.takes.encryption import TakeEncryption, choose_encryption, unlock_take
from renderer.rights.takes.keys import load_keyed_consents
from renderer.rights.takes.use import TakeUse, find_consent, require_use
from renderer.show.plan import ShowPlan


@dataclass(frozen=True, slots=True)
class ProtectedTake:
    """What a new take gets from its performers' consents.

    Attributes:
        about: what is written into the take: the consents' hashes in the performers' order.
        encryption: of the take; None if no performer's consent has a key.
        warnings: sentences about performers for whom the take is not encrypted.
    """

    about: dict[str, str]
    encryption: TakeEncryption | None
    warnings: tuple[str, ...] = ()


def protect_take(plan: ShowPlan, names: Sequence[str]) -> ProtectedTake:
    """Return what the consents of a show's performers require of its take.

    Args:
        plan: of the show, with the consents that the crew named.
        names: of the performers; empty for those without.

    Raises:
        RightsError: the studio records no take without encryption, and a performer has no key.
    """
    consents = [*load_consents(plan.consents)[0], *load_keyed_consents()]
    encryption, without = choose_encryption(consents, names, datetime.now(UTC))
    policy = load_policy(config_folder() / FILE_NAME)
    if policy.encrypt_takes and (without or encryption is None):
        missing = ", ".join(without) or "its performers"
        raise RightsError(
            "The take",
            f"cannot be encrypted, for there is no key for {missing} (encrypt_takes)",
            "make one: encore consent key FILE.consent",
        )
    hashes = []
    for name in names:
        own = [
            one for one in consents if name and one.terms.performer.casefold() == name.casefold()
        ]
        hashes.append(max(own, key=lambda one: one.terms.since).sha256 if own else "")
    warnings = tuple(
        f"The take is not encrypted for {name}, whose consent has no key; "
        "make one: encore consent key FILE.consent"
        for name in without
    )
    about = {"consent": ", ".join(hashes)} if any(hashes) else {}
    return ProtectedTake(about, encryption, warnings)


def require_reuse(take: Path, named: Sequence[Path] = ()) -> None:
    """Check that those in a take agreed to its being shown again without them.

    A performer without a consent at hand is passed over, as in a live show: the crew answers.

    Args:
        take: the take; another kind of file is passed over.
        named: consents that the crew named, besides those of the user's data.

    Raises:
        RendererError: a performer did not agree, or the take cannot be read.
    """
    if take.suffix.lower() != TAKE_SUFFIX:
        return
    about, now = open_take(take, unlock_take).about, datetime.now(UTC)
    consents, _ = load_consents(named)
    known = {one.terms.performer.strip().casefold() for one in consents}
    for name in about.get("performer", "").split(","):
        if name.strip().casefold() in known:
            consent = find_consent(consents, name, f"take {take}")
            require_use(consent, TakeUse.REUSE, started_at(take, about), now, f"take {take}")
