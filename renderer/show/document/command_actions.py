"""Turn commands of cues that have an action of their own into that action."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from renderer.errors import ShowError
from renderer.protocol.addresses import address_of
from renderer.protocol.cues import (
    ChangeAvatar,
    ChangePalette,
    ChooseLook,
    CutCamera,
    FadeToBlack,
    FireEffect,
    MoveRig,
    PauseCues,
    ResumeCues,
    SetAutoDirector,
    SetCrowd,
    SetMaster,
    ShowContent,
    ShowOnScreen,
    StartWave,
    TakePreview,
)
from renderer.protocol.schema import Command
from renderer.protocol.titles import ShowLyrics
from renderer.show.control.addresses import find_command
from renderer.show.document.cues import (
    ActionEntry,
    AutoDirectorAction,
    AvatarAction,
    BlackAction,
    CameraAction,
    CommandAction,
    ContentAction,
    CrowdAction,
    CueAction,
    EffectAction,
    LookAction,
    LyricsAction,
    MasterAction,
    PaletteAction,
    RigAction,
    ScreenAction,
    TakeAction,
    Transition,
    WaveAction,
)
from renderer.show.document.entries.rigs import RigEntry

_KINDS: Final[Any] = ActionEntry


def find_own_action(action: ActionEntry) -> ActionEntry:
    """Return what an action does as an action of its own, if it is a command that has one.

    So a cue leaves the same tracked state in both ways of writing.

    Raises:
        RendererError: it sends no command, or one that its action does not allow.
    """
    if not isinstance(action, CommandAction):
        return action
    return convert_command(find_command(action.address, action.arguments)) or action


def convert_command(command: Command) -> ActionEntry | None:
    """Return the action of a command; None if it has none.

    Raises:
        ShowError: the action does not allow a value.
    """
    try:
        own = _convert(command)
        if own is None:
            return None
        checked: ActionEntry = msgspec.convert(msgspec.to_builtins(own), _KINDS)
    except msgspec.ValidationError as fault:
        raise ShowError(
            address_of(type(command)), f"cannot be done: {fault}", "see docs/directing.md"
        ) from fault
    return checked


def _convert(command: Command) -> ActionEntry | None:
    """Return the action of a command, whose values are not checked yet; None if it has none."""
    match command:
        case ChooseLook(look=look, seconds=seconds):
            return LookAction(look, seconds)
        case SetMaster(level=level, seconds=seconds):
            return MasterAction(level, seconds)
        case CutCamera(camera=camera, preview=preview):
            bus = "preview" if preview else "program"
            return CameraAction(camera, bus, *_find_transition(command))  # type: ignore[arg-type]
        case TakePreview():
            return TakeAction(*_find_transition(command))
        case SetAutoDirector(on=on):
            return AutoDirectorAction(on)
        case FadeToBlack(on=on, seconds=seconds):
            return BlackAction(on, seconds)
        case FireEffect(effect=effect):
            return EffectAction(effect)  # type: ignore[arg-type]
        case SetCrowd(energy=energy):
            return CrowdAction(energy)
        case ShowLyrics(on=on):
            return LyricsAction(on)
        case MoveRig(camera=camera, rig=rig, beats=beats):
            return RigAction(camera, msgspec.convert(rig, RigEntry) if rig else None, beats)
        case ShowOnScreen(screen=screen, source=source):
            return ScreenAction(screen, source)
        case ShowContent(content=content):
            return ContentAction(content)  # type: ignore[arg-type]
        case ChangeAvatar(performer=performer, avatar=avatar):
            return AvatarAction(avatar, performer)
        case ChangePalette(performer=performer, palette=palette):
            return PaletteAction(palette, performer)
        case StartWave(to=to, beats=beats):
            return WaveAction(to, beats)  # type: ignore[arg-type]
        case PauseCues(list=name):
            return CueAction(list=name, act="pause")
        case ResumeCues(list=name):
            return CueAction(list=name, act="resume")
    return None


def _find_transition(command: CutCamera | TakePreview) -> tuple[Transition, float, str]:
    if command.stinger:
        return "stinger", 0.0, command.stinger
    if command.wipe:
        return "wipe", command.wipe, ""
    return ("dissolve" if command.dissolve else "cut"), command.dissolve, ""
