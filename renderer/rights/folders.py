"""Find the rights documents of this machine: trust list, status lists, clock record."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final

from renderer.paths import HOUSE_ISSUERS, cache_folder, data_folder
from renderer.rights.clock_guard import ClockGuard
from renderer.rights.credentials.trust_list import TrustList, load_trust_list, trust_list_path
from renderer.rights.status.store import StatusStore

_STATUS_FOLDER: Final = "licence-status"
_CLOCK_FILE: Final = "rights-clock"


def load_trust() -> TrustList:
    """Load the issuers of the house's own idols and the user's trust list.

    Raises:
        RightsError: a list cannot be read.
    """
    return load_trust_list(HOUSE_ISSUERS, trust_list_path())


def status_store() -> StatusStore:
    """Return the store of this user's status lists."""
    return StatusStore(cache_folder() / _STATUS_FOLDER)


def clock_guard() -> ClockGuard:
    """Return the record of the latest time at which rights were checked."""
    return ClockGuard(Path(data_folder()) / _CLOCK_FILE)


def check_clock(now: datetime) -> datetime | None:
    """Return the latest time at which rights were checked if the clock is behind it, else None.

    The time is kept.
    """
    guard = clock_guard()
    seen = guard.check(now)
    guard.keep()
    return seen
