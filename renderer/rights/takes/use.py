"""Check that a performer's consent covers a use of their takes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import Enum

from renderer.errors import RightsError
from renderer.rights.consent import Consent, expiry_of


class TakeUse(Enum):
    """A use of a take beyond the show that it was recorded in."""

    REUSE = "reuse_takes"
    TRAINING = "training"


def find_consent(consents: Iterable[Consent], performer: str, what: str) -> Consent:
    """Return the consent of a performer; of several the one that was given last.

    Raises:
        RightsError: there is none.
    """
    name = performer.strip().casefold()
    found = [one for one in consents if name and one.terms.performer.strip().casefold() == name]
    if not found:
        raise RightsError(
            what,
            f"is of {performer.strip() or 'a performer without a name'}, of whom there is no "
            "consent",
            "have it signed with `encore consent sign`, and name it with --consent",
        )
    return max(found, key=lambda one: one.terms.since)


def require_use(
    consent: Consent, use: TakeUse, recorded: datetime, now: datetime, what: str
) -> None:
    """Check that a performer agreed to a use of a take.

    Args:
        consent: of the performer.
        use: what is to be done.
        recorded: when the take was, UTC.
        now: UTC.
        what: the take, for messages.

    Raises:
        RightsError: the consent was withdrawn, has ended, or does not cover the use.
    """
    terms = consent.terms
    ask = f"ask {terms.performer} for a consent with {use.value} = true"
    if consent.withdrawn is not None and now >= consent.withdrawn:
        raise RightsError(
            what, f"is of {terms.performer}, who withdrew the consent", "use another take"
        )
    if not (use is TakeUse.REUSE and terms.reuse_takes) and not (
        use is TakeUse.TRAINING and terms.training
    ):
        raise RightsError(what, f"is of {terms.performer}, who did not agree ({use.value})", ask)
    if not terms.since <= now < terms.until:
        raise RightsError(
            what, f"is of {terms.performer}, whose consent does not hold today (until)", ask
        )
    if now >= expiry_of(terms, recorded):
        raise RightsError(
            what,
            f"may be kept for {terms.retention_days} days only (retention_days)",
            f"erase it: encore consent erase {consent.place} TAKE --ended",
        )
