"""Verify that a summary comes from who has the key, and that it is new."""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

LONGEST_AGE_S: Final = 10.0
"""Seconds by which another server's clock may differ, with the time that a request takes."""


def sign(key: bytes, time_s: str, body: bytes) -> str:
    """Return the signature of a request: HMAC-SHA256 over its time, a full stop and its body."""
    return hmac.new(key, time_s.encode() + b"." + body, hashlib.sha256).hexdigest()


class SignatureVerifier:
    """Accepts each signed request once.

    Args:
        key: shared with the other server; not empty.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._accepted: dict[str, float] = {}

    def is_valid(self, time_s: str, body: bytes, signature: str, now_s: float) -> bool:
        """Return whether a request is signed with the key, recent, and not a repetition.

        Args:
            time_s: Unix time that the request states, seconds as text.
            now_s: Unix time.
        """
        right = sign(self._key, time_s, body)
        if not hmac.compare_digest(right.encode(), signature.encode()):
            return False
        try:
            age = abs(now_s - float(time_s))
        except ValueError:
            return False
        if not age <= LONGEST_AGE_S or right in self._accepted:
            return False
        self._accepted = {one: until for one, until in self._accepted.items() if until > now_s}
        self._accepted[right] = now_s + 2.0 * LONGEST_AGE_S
        return True
