"""Find performers by the names and numbers that a document has for them."""

from __future__ import annotations

from collections.abc import Sequence


def find_performer(who: str | int, names: Sequence[str]) -> int:
    """Return the number from 1 of a performer; 0 if there is none of that name.

    Args:
        who: name or number.
        names: of the performers, in order.
    """
    if who and who in names:
        return names.index(str(who)) + 1
    return int(who) if str(who).isdecimal() else 0
