"""Remember what a function returned last, for values that one frame needs several times."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Records = TypeVar("Records", bound=tuple[object, ...])
Result = TypeVar("Result")


def remember_latest(function: Callable[[Records], Result]) -> Callable[[Records], Result]:
    """Return a function that computes again only when it is called with another tuple.

    Tuples are compared by identity, so they must hold frozen records. Callers must not change the
    result.
    """
    latest: tuple[Records, Result] | None = None

    def look_up(records: Records) -> Result:
        nonlocal latest
        known = latest
        if known is None or known[0] is not records:
            known = latest = records, function(records)
        return known[1]

    return look_up
