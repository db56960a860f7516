"""Let a show use models alone that were trained on takes whose performers agree to it today."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from renderer.errors import RightsError
from renderer.motion.priors.weights import ModelCard
from renderer.rights.consent import Consent, expiry_of
from renderer.rights.takes.use import find_consent


def require_model(
    card: ModelCard, path: Path, performer: str, consents: Sequence[Consent], now: datetime
) -> None:
    """Check that a performer may be shown with a model.

    Those in the takes that it was trained on must agree to training today; so must the performer
    whom it is of, if there is a consent. Retention counts from when the model was written.

    Args:
        card: of the model.
        path: of its weights.
        performer: who is to be shown with it; empty for one without a name.
        consents: at hand.
        now: UTC.

    Raises:
        RightsError: it is another performer's, or a consent is missing, does not allow it, was
            withdrawn or has ended.
    """
    what = f"Model {path}"
    if card.performer and card.performer.casefold() != performer.strip().casefold():
        raise RightsError(
            what,
            f"is of {card.performer}, not of {performer.strip() or 'a performer without a name'}",
            "give it to the performer whose takes it was trained on",
        )
    in_takes = {name.casefold(): name for data in card.data for name in data.performers}
    for name in in_takes.values():
        _require_consent(find_consent(consents, name, what), path, now)
    known = {one.terms.performer.strip().casefold() for one in consents}
    owner = card.performer.casefold()
    if owner in known and owner not in in_takes:
        _require_consent(find_consent(consents, owner, what), path, now)


def _require_consent(consent: Consent, path: Path, now: datetime) -> None:
    """Check that a consent allows a model that was trained on the performer's takes.

    Raises:
        RightsError: it does not.
    """
    terms, what = consent.terms, f"Model {path}"
    erase = f"erase it: encore consent erase {consent.place} --proof FILE.json"
    if consent.withdrawn is not None and now >= consent.withdrawn:
        raise RightsError(what, f"is of {terms.performer}, who withdrew the consent", erase)
    ask = f"ask {terms.performer} for a consent with training = true"
    if not terms.training:
        raise RightsError(what, f"is of {terms.performer}, who did not agree (training)", ask)
    if not terms.since <= now < terms.until:
        raise RightsError(
            what, f"is of {terms.performer}, whose consent does not hold today (until)", ask
        )
    written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    if now >= (end := expiry_of(terms, written)):
        raise RightsError(
            what,
            f"was to be kept until {end:%Y-%m-%d} only (retention_days)",
            erase,
        )
