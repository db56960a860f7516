"""Make actions of the keys that a show's document defines. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from renderer.desk.actions.action import Action, Group
from renderer.protocol.control.keys import PressKey

if TYPE_CHECKING:
    from renderer.desk.model import DeskModel


def own_actions(data: Mapping[str, Any]) -> tuple[Action, ...]:
    """Return an action for each key of a document's plain data, in its order."""
    keys = data.get("keys")
    if not isinstance(keys, Mapping):
        return ()
    found = []
    for key, entry in keys.items():
        address = entry.get("address") if isinstance(entry, Mapping) else None
        if isinstance(address, str):
            title = str(entry.get("name") or address)
            found.append(
                Action(
                    f"keys.{key}", title, Group.SHOW, partial(_press, key), key=key,
                    summary=f"A key of this show: {address}",
                )
            )  # fmt: skip
    return tuple(found)


def _press(key: str, _desk: DeskModel) -> PressKey:
    return PressKey(key=key)
