"""Parse the Range header of HTTP (RFC 9110, section 14)."""

from __future__ import annotations

import re
from typing import Final

_ONE_RANGE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def parse_range(header: str | None, size: int) -> range | None:
    """Return the byte range that a Range header requests.

    Args:
        header: its value; None without the header.
        size: size of the whole in bytes.

    Returns:
        Positions of the bytes; an empty range if none of them exists; None if the whole is to be
        sent, as for several ranges or a malformed header.
    """
    match = _ONE_RANGE.fullmatch(header.strip()) if header else None
    if match is None or match[0] == "bytes=-":
        return None
    first, last = match[1], match[2]
    if not first:
        return range(max(0, size - int(last)), size)
    if last and int(last) < int(first):
        return None
    return range(int(first), min(size, int(last) + 1) if last else size)
