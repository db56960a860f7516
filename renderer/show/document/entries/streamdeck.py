"""Define how a show document says what the keys of a Stream Deck call."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from renderer.show.document.part import Name, Part, Text


class DeckKeyEntry(Part, frozen=True, kw_only=True):
    """A key that calls a command.

    Attributes:
        key: from 1, by rows.
        address: of the command, as `encore commands` lists it.
        arguments: of the command, by name.
        name: that the key shows; the address if empty.
    """

    key: Annotated[int, Meta(ge=1, le=64)]
    address: Annotated[str, Meta(pattern=r"^/.+", max_length=200)]
    arguments: dict[str, Any] = msgspec.field(default_factory=dict)
    name: Text = ""


class StreamDeckEntry(Part, frozen=True):
    """A Stream Deck.

    Attributes:
        serial: of the device; the first one that is found if empty.
        brightness: of its keys, percent.
        operator: in whose name commands are given, for the log and the operators' roles.
        keys: what they call; without any, GO, back, the auto-director, pause, and the cameras.
    """

    serial: Text = ""
    brightness: Annotated[int, Meta(ge=1, le=100)] = 60
    operator: Name = "Stream Deck"
    keys: Annotated[tuple[DeckKeyEntry, ...], Meta(max_length=64)] = ()
