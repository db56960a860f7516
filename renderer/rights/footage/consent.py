"""Judge whether a real person has agreed to be seen, by that person's consents."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from renderer.errors import RightsError
from renderer.rights.clause import Clause, Outcome
from renderer.rights.consent import Consent
from renderer.rights.declaration import Capture
from renderer.rights.terms import allows_name
from renderer.rights.wording import Value


def judge_picture(
    consents: Iterable[Consent], person: str, show: str, now: datetime
) -> Clause | None:
    """Return the clause by which a person may not be seen as themselves, face and body.

    Their picture shows a real person, so that it needs a consent, whatever the studio's policy for
    avatars is.

    Args:
        consents: verified.
        person: name; empty for somebody without one.
        show: name of the show.
        now: UTC.

    Returns:
        None if a consent allows it.
    """
    name = person.casefold()
    refusals = []
    for one in consents:
        if name and one.terms.performer.casefold() == name:
            refused = _judge(one, show, now)
            if refused is None:
                return None
            refusals.append(refused)
    return refusals[0] if refusals else deny("unsigned")


def require_picture_shown(
    consents: Iterable[Consent], performer: str, show: str, now: datetime
) -> None:
    """Check that a performer's own picture may be shown, as `judge_picture` does.

    Raises:
        RightsError: it may not.
    """
    refused = judge_picture(consents, performer, show, now)
    if refused is not None:
        thing = f"The own picture of {performer or 'a performer without a name'}"
        raise RightsError(thing, *refused.text())


def deny(name: str, **values: Value) -> Clause:
    """Return a clause about a person's picture that denies it.

    Args:
        name: of its sentence, in the wording's group `picture`.
        values: of the names in the sentence.
    """
    return Clause(Outcome.DENY, f"picture.{name}", values)


def _judge(consent: Consent, show: str, now: datetime) -> Clause | None:
    """Return the clause by which a consent does not allow it; None if it does."""
    terms = consent.terms
    if consent.withdrawn is not None and now >= consent.withdrawn:
        return deny("withdrawn", person=terms.performer, date=f"{consent.withdrawn:%Y-%m-%d}")
    if not terms.since <= now < terms.until:
        since, until = f"{terms.since:%Y-%m-%d}", f"{terms.until:%Y-%m-%d}"
        return deny("dates", person=terms.performer, since=since, until=until)
    if not allows_name(terms.shows, show):
        return deny("show", person=terms.performer, shows=terms.shows)
    if not {Capture.FACE, Capture.BODY} <= set(terms.captures):
        return deny("captures", person=terms.performer)
    if not terms.picture_shown:
        return deny("hidden", person=terms.performer)
    return None
