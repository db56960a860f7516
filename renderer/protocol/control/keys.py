"""Define the command that presses a key of a show's document."""

from __future__ import annotations

from typing import ClassVar

from renderer.protocol.schema import Command


class PressKey(Command, frozen=True, kw_only=True):
    """Do what the document's `keys` say of a key."""

    ADDRESS: ClassVar[str] = "/key/{key}"
    key: str
