"""Define what of a show keeps the newest value that a cue gave it, and where it begins.

A command is tracked if its class says what it SETS; every other one is an event: it is sent when
its cue is played, and never by a jump.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any, Final

import msgspec

from renderer.errors import ShowError
from renderer.protocol.addresses import call_of
from renderer.protocol.fans import SwitchFans
from renderer.protocol.fixtures import ReleaseFixture, SetFixture
from renderer.protocol.performers import FreezeLimb, MirrorLimb, ReleaseLimb, ReplaceLimb
from renderer.protocol.schema import Command
from renderer.protocol.sound import (
    MuteBus,
    SetBusGain,
    SetDucking,
    SetSongDelay,
    SetVoiceDelay,
    SwitchClick,
    SwitchTalkback,
)
from renderer.protocol.titles import ShowLogo
from renderer.show.control.addresses import find_command
from renderer.show.document.cues import (
    ActionEntry,
    AvatarAction,
    CommandAction,
    ContentAction,
    PaletteAction,
    RigAction,
    ScreenAction,
)
from renderer.show.document.entries.sound import SoundEntry
from renderer.show.document.schema import ShowFile

Kept = Mapping[str, ActionEntry]
"""The newest action that set each thing, by the thing's name; what is not there is as the document
says."""

_KINDS: Final[Any] = ActionEntry

PREFIX: Final = "kept:"
"""Begins the names of kept things among the fields of the tracked state."""


def name_kept(action: ActionEntry) -> str:
    """Return the name of what an action sets and leaves so; empty if there is none."""
    match action:
        case RigAction(camera=camera):
            return f"rig/{camera}"
        case ScreenAction(screen=screen):
            return f"screen/{screen}"
        case ContentAction():
            return "content"
        case AvatarAction(performer=performer):
            return f"avatar/{performer}"
        case PaletteAction(performer=performer):
            return f"palette/{performer}"
        case CommandAction():
            command = _find_command(action)
            return "" if command is None else _fill(command.SETS, command)
    return ""


def name_cleared(action: ActionEntry) -> tuple[str, ...]:
    """Return the names of what an action gives back to the document; see Command.CLEARS."""
    match action:
        case RigAction(rig=None) | ScreenAction(source="") | ContentAction(content=""):
            return (name_kept(action),)
        case PaletteAction(palette=""):
            return (name_kept(action),)
        case AvatarAction(performer=performer, avatar=avatar):
            # Another avatar comes in its own colours.
            palette = f"palette/{performer}"
            return (palette,) if avatar else (palette, name_kept(action))
        case CommandAction():
            command = _find_command(action)
            if isinstance(command, ReplaceLimb) and command.take:
                # A take is played once; then the limb follows the performer.
                return (_fill(command.SETS, command),)
            if command is not None and command.CLEARS:
                return (_fill(command.CLEARS, command),)
    return ()


def keep(kept: Kept, action: ActionEntry) -> Kept:
    """Return what is kept after an action."""
    name, cleared = name_kept(action), name_cleared(action)
    if not (name or cleared):
        return kept
    after = {one: each for one, each in kept.items() if not _is_cleared(one, cleared)}
    if name and name not in cleared:
        after[name] = action
    return after


def load_kept(saved: Iterable[Mapping[str, Any]]) -> Kept:
    """Return what is kept from the actions as plain data; what this version does not know is left
    out.
    """
    kept: dict[str, ActionEntry] = {}
    for one in saved:
        with suppress(msgspec.ValidationError):
            action: ActionEntry = msgspec.convert(one, _KINDS)
            kept[name_kept(action)] = action
    return kept


def give_back(action: ActionEntry) -> ActionEntry | None:
    """Return the action that gives what another one has set back to the document.

    Returns:
        None for what a command has set.
    """
    match action:
        case RigAction(camera=camera):
            return RigAction(camera)
        case ScreenAction(screen=screen):
            return ScreenAction(screen)
        case ContentAction():
            return ContentAction()
        case AvatarAction(performer=performer):
            return AvatarAction(performer=performer)
        case PaletteAction(performer=performer):
            return PaletteAction(performer=performer)
    return None


def find_touched(actions: Iterable[ActionEntry], known: Iterable[str]) -> set[str]:
    """Return the names of what actions set or give back.

    Args:
        known: names that any cue of the show sets.
    """
    touched: set[str] = set()
    cleared: set[str] = set()
    for action in actions:
        touched.add(name_kept(action))
        cleared.update(name_cleared(action))
    touched |= {name for name in known if _is_cleared(name, cleared)}
    return touched - {""}


def _is_cleared(name: str, cleared: Iterable[str]) -> bool:
    """Return whether what has a name is among what is given back."""
    return any(name == one or (one.endswith("/") and name.startswith(one)) for one in cleared)


def find_initial(action: ActionEntry, show: ShowFile) -> CommandAction | None:
    """Return the command that gives what an action sets the document's value; None if none does."""
    command = _find_command(action) if isinstance(action, CommandAction) else None
    found = None if command is None else _find_initial_command(command, show)
    if found is None:
        return None
    return CommandAction(*call_of(found))


def _find_initial_command(command: Command, show: ShowFile) -> Command | None:
    sound = show.sound or SoundEntry()
    microphones = {
        f"mic-{number}": one.microphone
        for number, one in enumerate(show.performers, 1)
        if one.microphone is not None
    }
    match command:
        case SetBusGain(bus=bus):
            return SetBusGain(bus, microphones[bus].gain if bus in microphones else 0.0)
        case SetVoiceDelay(bus=bus):
            return SetVoiceDelay(bus, microphones[bus].delay if bus in microphones else -1.0)
        case MuteBus(bus=bus):
            return MuteBus(bus, is_muted=False)
        case SwitchTalkback():
            return SwitchTalkback(on=False)
        case SwitchClick():
            return SwitchClick(on=sound.click)
        case SetDucking():
            return SetDucking(sound.duck)
        case SetSongDelay():
            return SetSongDelay(sound.song_delay)
        case ShowLogo():
            return ShowLogo(on=True)
        case SwitchFans():
            return SwitchFans(on=True)
        case SetFixture(fixture=fixture, attribute=attribute):
            return ReleaseFixture(fixture=fixture, attribute=attribute)
        case FreezeLimb() | MirrorLimb() | ReplaceLimb():
            return ReleaseLimb(command.performer, command.limb)
    return None


def _find_command(action: CommandAction) -> Command | None:
    try:
        return find_command(action.address, action.arguments)
    except ShowError:  # The check before air names it; an edit may have brought it.
        return None


def _fill(pattern: str, command: Command) -> str:
    """Return a name with a command's fields."""
    if not pattern:
        return ""
    return pattern.format(**{name: getattr(command, name) for name in command.__struct_fields__})
