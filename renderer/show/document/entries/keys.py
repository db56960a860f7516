"""Define what keys of a show's own call."""

from __future__ import annotations

from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from renderer.show.document.part import Part, Text

KEY_ADDRESS: Final = "/key/"
"""Beginning of the addresses of keys, which no key may call: it could call itself."""


class KeyEntry(Part, frozen=True, kw_only=True):
    """What a key calls.

    Attributes:
        address: of a command, as `encore commands` lists it.
        arguments: of the command, by name.
        name: for the crew; the address if empty.
    """

    address: Annotated[str, Meta(pattern=r"^/.+", max_length=200)]
    arguments: dict[str, Any] = msgspec.field(default_factory=dict)
    name: Text = ""
