"""Decide by a token what a page may do."""

from __future__ import annotations

import hmac
import secrets
import time
from collections.abc import Callable
from typing import Final

from renderer.protocol.roles import Role

TOKEN_BYTES: Final = 16
"""128 bits: not to be guessed."""
_MOST_WRONG: Final = 10
_WRONG_NS: Final = 60_000_000_000
"""Wrong tokens of one address within a minute after which it has to wait for the rest of it."""
_MOST_ADDRESSES: Final = 1000


class Access:
    """Two tokens: one to look at the show, one to call it.

    Attributes:
        tokens: by role.
    """

    def __init__(self, clock: Callable[[], int] = time.monotonic_ns) -> None:
        self.tokens = {
            role: secrets.token_urlsafe(TOKEN_BYTES) for role in (Role.VIEW, Role.CONTROL)
        }
        self._clock = clock
        self._wrong: dict[str, list[int]] = {}

    def find_role(self, token: object, address: str) -> Role | None:
        """Return what a token allows; None for a wrong one, or if its address has to wait."""
        now = self._clock()
        recent = [at for at in self._wrong.get(address, ()) if now - at < _WRONG_NS]
        if len(recent) >= _MOST_WRONG:
            return None
        if isinstance(token, str):
            for role, right in self.tokens.items():
                if hmac.compare_digest(token.encode(), right.encode()):
                    return role
        if len(self._wrong) >= _MOST_ADDRESSES:
            self._wrong.clear()
        self._wrong[address] = [*recent, now]
        return None
