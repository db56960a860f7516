"""Find the command that an OSC message means, by QLab's words and by the show's own addresses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from renderer.capture.network.osc import Argument
from renderer.errors import ShowError
from renderer.protocol.schema import Command
from renderer.show.control.addresses import find_addressed, find_command

_WORKSPACE: Final = re.compile(r"^/workspace/[^/]+(?=/)")
"""QLab's prefix of a document, of which a show has one."""
_OPERATOR: Final = "operator"
_QLAB: Final = (
    (re.compile(r"^/cue/([^/]+)/go\Z"), "/cue/{}/start"),
    (re.compile(r"^/cue/([^/]+)/(?:load|preview)\Z"), "/cue/{}/standby"),
    (re.compile(r"^/(?:playhead|select|playbackPosition)/([^/]+)\Z"), "/cue/{}/standby"),
    (re.compile(r"^/playhead/previous\Z"), "/back"),
    (re.compile(r"^/(?:hardStop|panicInTime)\Z"), "/stop"),
)  # fmt: skip
"""QLab's words, and the addresses that do the same here."""


def find_osc_command(
    address: str, arguments: Sequence[Argument], operator: str = ""
) -> Command | None:
    """Return the command of a message; None for the release of a button, which does nothing.

    Arguments are the command's, in its order. A controller's button sends 1 when it is pressed and
    0 when it is released: a command that takes no number is sent by the former alone.

    Args:
        address, arguments: of the message.
        operator: in whose name it is given; no message can name another one.

    Raises:
        ShowError: no command has this address, or an argument is wrong.
    """
    address = translate(address)
    values = list(arguments)
    if address == "/go" and values and isinstance(values[0], str) and values[0]:
        # QLab 5: /go with a number of a cue.
        return find_command(f"/cue/{values[0]}/start", {_OPERATOR: operator})
    one = find_addressed(address)
    if one is None:
        return find_command(address, {})  # Raises with the nearest address.
    fields = {field.encode_name: field.type for field in msgspec.structs.fields(one.kind)}
    names = [name for name in one.arguments if name != _OPERATOR]
    is_button = not names or fields[names[0]] in ("str", str)
    if values and _is_number(values[0]) and is_button and not values.pop(0):
        return None
    if len(values) > len(names):
        known = ", ".join(names) or "none"
        raise ShowError(
            address[:60], f"has {len(values)} arguments too many or unknown", f"it takes {known}"
        )
    given = {
        name: _convert(value, fields[name]) for name, value in zip(names, values, strict=False)
    }
    return find_command(address, {**given, _OPERATOR: operator})


def translate(address: str) -> str:
    """Return an address without QLab's workspace, and in the show's own words."""
    address = _WORKSPACE.sub("", address)
    for pattern, own in reversed(_QLAB):
        if found := pattern.match(address):
            return own.format(*found.groups())
    return address


def _is_number(value: Argument) -> bool:
    return isinstance(value, bool | int | float)


def _convert(value: Argument, kind: Any) -> Any:
    """Return an argument as the command's field takes it: controllers send floats alone."""
    if kind in ("str", str) and isinstance(value, int | float):
        return f"{value:g}"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if kind in ("bool", bool) and isinstance(value, int):
        return bool(value)
    return value
