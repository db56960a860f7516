"""Check whether a kit allows a clip, here and now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from renderer.errors import RightsError
from renderer.paths import HOUSE_ISSUERS, cache_folder
from renderer.rights.clause import Clause, Outcome
from renderer.rights.credentials.trust_list import TrustList, load_trust_list
from renderer.rights.kit.fan_licence import FanLicence
from renderer.rights.kit.limits import FramingWord
from renderer.rights.licence import Licence
from renderer.rights.protected import find_copied, load_protected
from renderer.rights.status.store import Revocable, Standing, StatusStore

if TYPE_CHECKING:  # Importing it loads numpy.
    from avatars.model import Avatar

GRACE: Final = timedelta(days=7)
"""Time for which the last status list holds after its own week, without a newer one: two weeks in
all, for fans are not always online."""
FOLDER: Final = "kit-status"
"""In the user's cache: status lists of kits."""


@dataclass(frozen=True, slots=True)
class Clip:
    """A clip that a fan wants.

    Attributes:
        shots: framings in order.
        height: of the shorter side, pixels.
    """

    shots: Sequence[FramingWord]
    seconds: float
    height: int


def kit_status_store() -> StatusStore:
    """Return the store of the status lists of this user's kits."""
    return StatusStore(cache_folder() / FOLDER, GRACE)


def check_kit(
    licence: FanLicence,
    grant: Licence,
    store: StatusStore,
    trust: TrustList,
    now: datetime,
    clock_seen: datetime | None = None,
) -> list[str]:
    """Check that a kit and the licence of its avatar stand.

    Args:
        licence: of the kit.
        grant: the avatar's licence, which must allow clips by fans.
        store: of status lists; it is refreshed.
        trust: issuers that are accepted.
        now: UTC.
        clock_seen: latest time that the clock is behind; None if it is not.

    Returns:
        Notes for the fan, such as until when the last status list holds.

    Raises:
        RightsError: one does not stand; names the clause and what would do.
    """
    what, terms = f"kit {licence.place}", licence.terms
    if clock_seen is not None:
        raise RightsError(
            what, f"was used at {_date(clock_seen)}, after this machine's time", "set the clock"
        )
    again = f"ask {licence.issuer_name} for a new kit"
    if now < terms.since:
        raise RightsError(
            what, f"is valid from {_date(terms.since)} (validFrom)", "wait until then"
        )
    if now >= terms.until:
        raise RightsError(what, f"ended on {_date(terms.until)} (validUntil)", again)
    if grant.terms.sha256 != terms.sha256:
        raise RightsError(what, "contains the licence of another avatar", again)
    if not grant.terms.fan_clips:
        raise RightsError(
            what,
            f"is of {terms.avatar}, whose licence prohibits clips by fans (prohibition clip)",
            f"ask {grant.issuer_name} for a licence with fan_clips = true",
        )
    if now < grant.terms.since or (grant.terms.until is not None and now >= grant.terms.until):
        raise RightsError(what, "contains a licence that does not hold today", again)
    notes: list[str] = []
    documents: tuple[Revocable, ...] = (licence, grant)
    for document in documents:
        store.load(document, trust)
        store.refresh(document, trust)
        status = store.check(document, now)
        name = "the kit" if document is licence else f"the licence of {terms.avatar}"
        match status.standing:
            case Standing.REVOKED:
                raise RightsError(
                    what, f"cannot be used: {name} was revoked (credentialStatus)", again
                )
            case Standing.SUSPENDED:
                raise RightsError(
                    what,
                    f"cannot be used: {name} is suspended (credentialStatus)",
                    "try again later",
                )
            case Standing.UNKNOWN:
                raise RightsError(
                    what,
                    f"cannot be used: whether {name} was revoked is not known ({status.reason})",
                    "connect to the network, or put the status lists beside the kit",
                )
            case Standing.OLD if status.until is not None:
                notes.append(f"Without a new status list, {name} holds until {_date(status.until)}")
            case _:
                pass
    return notes


def check_avatar(
    licence: FanLicence,
    grant: Licence,
    avatar: Avatar,
    trust: TrustList,
    find_faces: Callable[[Avatar], Sequence[str]] | None = None,
) -> None:
    """Check that a kit's avatar is the licensed one, and that its maker may hand it over.

    Args:
        licence: of the kit.
        grant: the avatar's licence.
        avatar: in the kit.
        trust: issuers that are accepted.
        find_faces: returns the names of textures and views that show a photographed face; None
            where that cannot be told.

    Raises:
        RightsError: it is another file, may not be passed on, is a copy of a protected idol, or
            shows a real person's face whom the licence does not name.
    """
    from renderer.rights.shape.fingerprint import describe_shape

    what = f"kit {licence.place}"
    if avatar.sha256 != licence.terms.sha256:
        raise RightsError(what, "has another avatar than was licensed", "ask who made it")
    if grant.issuer != licence.issuer and not avatar.meta.redistribution:
        raise RightsError(
            what,
            f"was made by {licence.issuer_name}, to whom {avatar.meta.name} does not allow "
            "redistribution (allowRedistribution)",
            f"ask {grant.issuer_name} for a kit",
        )
    protected, _ = load_protected(trust)
    shape = describe_shape(avatar)
    for copied in find_copied(shape, avatar.sha256, (*protected, grant)):
        if copied.issuer != grant.issuer:
            raise RightsError(
                what,
                f"has a copy of {copied.terms.avatar}, which {copied.issuer_name} protects",
                f"ask {copied.issuer_name} for a kit",
            )
    # The idols that come with the program are searched when they are built.
    is_house = load_trust_list(HOUSE_ISSUERS).find(grant.issuer) is not None
    if grant.terms.depicts or is_house or find_faces is None:
        return
    if faces := find_faces(avatar):
        values = {"textures": ", ".join(faces), "issuer": grant.issuer_name}
        raise RightsError(what, *Clause(Outcome.DENY, "face.licence", values).text())


def check_clip(licence: FanLicence, clip: Clip) -> None:
    """Check that a clip keeps to its kit's limits.

    Raises:
        RightsError: it is too long or too large, or has shots that are too many or not allowed.
    """
    limits, what = licence.terms.limits, f"kit {licence.place}"
    for shot in clip.shots:
        if shot not in limits.framings:
            raise RightsError(
                what,
                f"does not allow the shot {shot} (framings)",
                f"use {', '.join(limits.framings)}",
            )
    for name, value, most, unit in (
        ("shots", len(clip.shots), limits.shots, "shots"),
        ("seconds", clip.seconds, limits.seconds, "s"),
        ("height", clip.height, limits.height, "lines"),
    ):
        if not 0 < value <= most:
            raise RightsError(
                what, f"does not allow {value:g} {unit} ({name})", f"take at most {most:g}"
            )


def read_grant(kit_parts: bytes, place: str, trust: TrustList) -> Licence:
    """Return the avatar's licence in a kit, verified.

    Raises:
        RightsError: it is unusable, or its issuer is not trusted.
    """
    from renderer.rights.licence import read_licence

    try:
        return read_licence(kit_parts.decode("ascii"), str(Path(place)), trust)
    except UnicodeDecodeError as fault:
        raise RightsError(f"kit {place}", "contains no licence", "ask who made it") from fault


def _date(time: datetime) -> str:
    return time.strftime("%Y-%m-%d %H:%M UTC")
