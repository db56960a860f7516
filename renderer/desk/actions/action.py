"""Define an action of the desk: its words, key, command, and how it is confirmed. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from renderer.protocol.schema import Command

if TYPE_CHECKING:
    from renderer.desk.model import DeskModel

EVERYWHERE: Final = ""
"""The perspective of an action that every perspective has."""


class Confirm(Enum):
    """How an action is confirmed."""

    ONCE = "one press"
    GUARDED = "one press, none within 250 ms after it"
    TWICE = "two presses within 1.5 s; the way back is one press"


class Group(Enum):
    """Subject of an action, by which the key map and the palette list it."""

    SHOW = "Show"
    CUES = "Cues"
    CAMERAS = "Cameras"
    CAPTURE = "Capture"
    LIGHTS = "Lights"
    SOUND = "Sound"
    OUTPUTS = "Outputs"
    RIGHTS = "Rights"
    AVATARS = "Avatars"
    ALARMS = "Alarms"
    DESK = "Desk"


def _is_always_possible(_desk: DeskModel) -> str:
    return ""


def _is_never_on(_desk: DeskModel) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Action:
    """An action.

    Attributes:
        id: such as "cues.go"; MIDI, OSC and the operator's own keys refer to it.
        title: on buttons and in the palette, English.
        group: its subject.
        press: returns the command of a press; None for one that concerns the desk alone.
        key: Qt's portable name, such as "Space" or "Ctrl+K"; empty for none.
        perspective: id of the only perspective in which its key acts; EVERYWHERE for all.
        confirm: how it is confirmed.
        refusal: returns why it cannot be done now, a sentence; empty if it can.
        is_on: returns whether what it switches is on.
        title_on: title while that is on; `title` if empty.
        summary: what it does, for tool tip and palette.
    """

    id: str
    title: str
    group: Group
    press: Callable[[DeskModel], Command | None]
    key: str = ""
    perspective: str = EVERYWHERE
    confirm: Confirm = Confirm.ONCE
    refusal: Callable[[DeskModel], str] = _is_always_possible
    is_on: Callable[[DeskModel], bool] = _is_never_on
    title_on: str = ""
    summary: str = ""


@dataclass(frozen=True, slots=True)
class ActionState:
    """The appearance of an action's button.

    Attributes:
        refusal: why it cannot be pressed now; empty if it can.
        is_on: whether what it switches is on.
        armed: share of the time left for the second press, in tenths; 0 if it is not armed.
    """

    title: str
    refusal: str = ""
    is_on: bool = False
    armed: int = 0
