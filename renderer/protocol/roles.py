"""Define what operators may do: each role includes those before it."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What an operator may do."""

    VIEW = "view"
    """Look at the show."""
    CONTROL = "control"
    """Call cues, cameras, songs and outputs."""
    EDIT = "edit"
    """Change the document."""
    RIGHTS = "rights"
    """Decide what licences and consents leave open, and who may do what."""


_RANKS: Final = {role: rank for rank, role in enumerate(Role)}


def includes(role: Role, wanted: Role) -> bool:
    """Return whether a role includes another one."""
    return _RANKS[role] >= _RANKS[wanted]
