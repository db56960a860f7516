"""Turn a controller page's calls into commands: a closed list, none of which ends the show."""

from __future__ import annotations

from typing import Final

import msgspec

from renderer.protocol.cues import (
    Back,
    CutCamera,
    FadeToBlack,
    Go,
    Panic,
    PauseCues,
    ResumeCues,
    SetAutoDirector,
    StandByCue,
    TakePreview,
)
from renderer.protocol.schema import Command

LONGEST: Final = 512
"""Bytes of a call; one has some 60."""
FADE_S: Final = 1.0
"""Seconds of a fade to black from a page, as from the desk."""


class Call(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A press on the page.

    Attributes:
        do: what to do.
        list: of cues; the main one if empty.
        cue: number.
        camera: number.
        on: of a switch.
    """

    do: str
    list: str = ""
    cue: str = ""
    camera: int = 0
    on: bool = True


def make_command(call: Call) -> Command | None:
    """Return the command of a call; None if pages have no such call."""
    match call.do:
        case "go":
            return Go(call.list)
        case "back":
            return Back(call.list)
        case "standby":
            return StandByCue(call.list, cue=call.cue)
        case "pause":
            return PauseCues(call.list) if call.on else ResumeCues(call.list)
        case "cut":
            return CutCamera(call.camera)
        case "preview":
            return CutCamera(call.camera, preview=True)
        case "take":
            return TakePreview()
        case "auto":
            return SetAutoDirector(call.on)
        case "black":
            return FadeToBlack(call.on, FADE_S)
        case "panic":
            return Panic(call.on)
    return None
