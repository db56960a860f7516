"""List the values of a show that are sent to controllers, by their names."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from renderer.protocol.cues import CuesHealth

Value = str | int | float
_SWITCHES: Final = {"/black": "black", "/panic": "slate", "/auto": "auto", "/pause": "paused"}
"""Addresses whose lamp is lit while a value is true."""
_CHOICES: Final = {"/camera/": "camera", "/look/": "look"}
"""Beginnings of addresses whose lamp is lit while a value is what follows them."""


def list_values(cues: CuesHealth) -> dict[str, Value]:
    """Return what cues and switcher do, such as standby, camera and master."""
    main = cues.lists[0] if cues.lists else None
    running = [f"{cue.number} {cue.name}".strip() for one in cues.lists for cue in one.running]
    return {
        "standby": "" if main is None else main.standby,
        "standby_name": "" if main is None else main.standby_name,
        "paused": int(main is not None and main.paused),
        "running": ", ".join(running)[:400],
        "camera": cues.camera,
        "preview": cues.preview,
        "auto": int(cues.auto),
        "black": int(cues.black),
        "slate": int(cues.slate),
        "look": cues.look,
        "master": float(cues.master),
        "song": cues.song,
        "position": cues.position,
    }


def is_lit(address: str, values: Mapping[str, Value], running: Collection[str]) -> bool | None:
    """Return whether the lamp of a command's button is lit; None if it has none.

    Args:
        values: of the show.
        running: numbers of the cues that run.
    """
    if address in _SWITCHES:
        return bool(values[_SWITCHES[address]])
    for head, name in _CHOICES.items():
        if address.startswith(head):
            return str(values[name]) == address.removeprefix(head)
    if address == "/go":
        return bool(values["standby"])
    if address.startswith("/cue/") and address.endswith("/start"):
        return address.split("/")[2] in running
    return None
