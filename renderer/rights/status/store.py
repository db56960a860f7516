"""Know whether a licence was revoked or suspended, also for a stated time without a network.

Verified lists are kept in a folder. A list that is older than one seen before is refused, so that
nobody brings back a licence by serving an old list.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Final, Protocol

from renderer.errors import RightsError
from renderer.rights.credentials.fetch import fetch
from renderer.rights.credentials.status_list import StatusList, read_status_list
from renderer.rights.credentials.trust_list import TrustList
from renderer.rights.files import replace_file
from renderer.rights.licence import StatusEntry

GRACE: Final = timedelta(hours=24)
"""Time for which the last list holds after its end if no newer one can be had."""


class Revocable(Protocol):
    """A signed document with entries in status lists."""

    @property
    def issuer(self) -> str:
        """Return the DID of who signed it, who alone can revoke it."""

    @property
    def status(self) -> tuple[StatusEntry, ...]:
        """Return its entries; empty if it cannot be revoked."""

    @property
    def place(self) -> str:
        """Return its file, beside which status lists may be."""


class Standing(Enum):
    """Whether a licence stands."""

    VALID = "valid"
    OLD = "old"
    UNKNOWN = "unknown"
    SUSPENDED = "suspended"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Status:
    """A licence's status.

    Attributes:
        until: time up to which this is known, UTC; None for no end.
        reason: why it is not known; empty if it is.
    """

    standing: Standing
    until: datetime | None = None
    reason: str = ""


class StatusStore:
    """Status lists by address.

    Args:
        folder: keeps verified lists between runs; created on demand.
        grace: see GRACE.
        fetch_list: fetches an address; replaced by tests that have no network.

    Attributes:
        revision: changes whenever what is known does.
    """

    def __init__(
        self,
        folder: Path,
        grace: timedelta = GRACE,
        fetch_list: Callable[[str, Path], bytes] = fetch,
    ) -> None:
        self._folder = folder
        self._grace = grace
        self._fetch = fetch_list
        self._lists: dict[str, StatusList] = {}
        self._reasons: dict[str, str] = {}
        self.revision = 0

    def refresh(self, licence: Revocable, trust: TrustList) -> None:
        """Fetch the lists of a licence; failures are kept as the reason of an unknown status.

        Takes as long as the network does: call it before air, or in a thread.
        """
        for entry in licence.status:
            address = entry.status_list_credential
            try:
                text = self._fetch(address, Path(licence.place).parent).decode("ascii")
                self._keep(address, text, trust, licence.issuer)
            except UnicodeDecodeError:
                self._reasons[address] = f"{address[:120]} is no signed list"
            except RightsError as fault:
                self._reasons[address] = f"{fault.thing} {fault.fault}"
            else:
                self._reasons.pop(address, None)
        self.revision += 1

    def load(self, licence: Revocable, trust: TrustList) -> None:
        """Read the kept lists of a licence, without a network."""
        for entry in licence.status:
            address = entry.status_list_credential
            if address in self._lists:
                continue
            try:
                text = self._path(address).read_text(encoding="ascii")
                self._lists[address] = read_status_list(text, address, trust.find_key)
            except FileNotFoundError:
                self._reasons.setdefault(address, f"{address[:120]} was never fetched")
            except (OSError, UnicodeDecodeError, RightsError):
                self._reasons.setdefault(address, f"the kept copy of {address[:120]} is damaged")
        self.revision += 1

    def check(self, licence: Revocable, now: datetime) -> Status:
        """Return the status of a licence by the lists that are known; takes microseconds."""
        if not licence.status:
            return Status(Standing.VALID)
        found = [self._check_entry(licence, entry, now) for entry in licence.status]
        order = list(Standing)
        worst = max(found, key=lambda status: order.index(status.standing))
        until = min((one.until for one in found if one.until is not None), default=None)
        return Status(worst.standing, until, worst.reason)

    def times(self, licence: Revocable) -> list[datetime]:
        """Return the times at which the status of a licence may change by the clock alone."""
        known = [self._lists.get(entry.status_list_credential) for entry in licence.status]
        return [
            time
            for one in known
            if one is not None
            for time in (one.since, one.until, one.until + self._grace)
        ]

    def _check_entry(self, licence: Revocable, entry: StatusEntry, now: datetime) -> Status:
        address = entry.status_list_credential
        known = self._lists.get(address)
        if known is None:
            return Status(Standing.UNKNOWN, reason=self._reasons.get(address, "it was not fetched"))
        if known.issuer != licence.issuer or known.purpose != entry.status_purpose:
            return Status(
                Standing.UNKNOWN, reason=f"{address[:120]} is another issuer's or another purpose's"
            )
        try:
            is_set = known.is_set(entry.index)
        except RightsError as fault:
            return Status(Standing.UNKNOWN, reason=f"{fault.thing} {fault.fault}")
        if is_set:
            revoked = entry.status_purpose == "revocation"
            return Status(Standing.REVOKED if revoked else Standing.SUSPENDED)
        if now < known.since:
            return Status(Standing.UNKNOWN, reason=f"{address[:120]} is from the future")
        if now <= known.until:
            return Status(Standing.VALID, known.until + self._grace)
        if now <= known.until + self._grace:
            return Status(Standing.OLD, known.until + self._grace)
        reason = self._reasons.get(address, "it was not fetched")
        return Status(Standing.UNKNOWN, reason=f"the last list has ended, and {reason}")

    def _keep(self, address: str, text: str, trust: TrustList, issuer: str) -> None:
        """Verify and keep a list.

        Raises:
            RightsError: it is unusable, another issuer's, or older than the one known.
        """
        new = read_status_list(text, address, trust.find_key)
        if new.issuer != issuer:
            # Kept, it would let an old list of the licence's issuer follow as the first one known.
            raise RightsError(
                f"status list {address[:120]}",
                "is another issuer's",
                "ask the licence's issuer for the list",
            )
        known = self._lists.get(address)
        if known is None:
            try:
                kept = self._path(address).read_text(encoding="ascii")
                known = read_status_list(kept, address, trust.find_key)
            except (OSError, UnicodeDecodeError, RightsError):
                known = None
        if known is not None and known.issuer == new.issuer and new.since < known.since:
            raise RightsError(
                f"status list {address[:120]}",
                "is older than the one known",
                "ask the licence's issuer for the current list",
            )
        self._lists[address] = new
        path = self._path(address)
        replace_file(path, text.encode("ascii"), f"status list {path}")

    def _path(self, address: str) -> Path:
        return self._folder / f"{hashlib.sha256(address.encode()).hexdigest()[:32]}.status"
