"""Find what the actions of cues refer to and the document does not contain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from renderer.errors import RendererError
from renderer.protocol.cues import StartCue
from renderer.show.control.addresses import find_command
from renderer.show.document.command_actions import find_own_action
from renderer.show.document.cues import (
    ActionEntry,
    AvatarAction,
    CameraAction,
    CommandAction,
    CueAction,
    CueListEntry,
    LookAction,
    PaletteAction,
    RigAction,
    SongAction,
    TakeAction,
)
from renderer.show.document.positions import Path
from renderer.show.document.validate import Fault
from renderer.spelling import nearest

if TYPE_CHECKING:
    from renderer.show.document.schema import ShowFile

HOUSE_LOOKS: Final = ("verse", "chorus", "ballad", "dark")
"""Names of the looks that every show has."""


def find_action_faults(show: ShowFile, row: int, action: ActionEntry, at: Path) -> Iterator[Fault]:
    """Yield the faults of what an action refers to.

    Args:
        row: of the action's list.
        at: place of the action.
    """
    if isinstance(action, CommandAction):
        yield from _find_command_faults(show, row, action, at)
        return
    match action:
        case LookAction(look=look):
            names = [*HOUSE_LOOKS, *(one.name for one in show.looks)]
            yield from require_word(look, names, (*at, "look"), "look")
        case CameraAction(camera=camera) | RigAction(camera=camera):
            known = sorted(one.number for one in show.cameras)
            if camera not in known:
                yield Fault((*at, "camera"), f"there is no camera {camera}", offer_words(known))
        case SongAction(song=song) if song:
            yield from require_word(song, [one.name for one in show.songs], (*at, "song"), "song")
        case CueAction():
            yield from _find_cue_reference_faults(show.cue_lists, row, action, at)
        case AvatarAction(avatar=avatar):
            yield from _find_performer_faults(show, action.performer, at)
            if avatar:
                names = [one.name for one in show.avatars]
                yield from require_word(avatar, names, (*at, "avatar"), "avatar")
        case PaletteAction(palette=palette):
            yield from _find_performer_faults(show, action.performer, at)
            if palette:
                names = sorted({name for one in show.avatars for name in one.palettes})
                yield from require_word(palette, names, (*at, "palette"), "palette of an avatar")
    if isinstance(action, CameraAction | TakeAction) and action.stinger:
        stingers = [one.name for one in show.stingers]
        yield from require_word(action.stinger, stingers, (*at, "stinger"), "stinger")


def _find_performer_faults(show: ShowFile, who: str | int, at: Path) -> Iterator[Fault]:
    numbers = map(str, range(1, max(len(show.performers), 1) + 1))
    known = [*(one.name for one in show.performers if one.name), *numbers]
    yield from require_word(str(who), known, (*at, "performer"), "performer")


def _find_command_faults(
    show: ShowFile, row: int, action: CommandAction, at: Path
) -> Iterator[Fault]:
    """Yield the faults of an action that sends no command, or hides that it starts a cue."""
    try:
        command = find_command(action.address, action.arguments)
        own = find_own_action(action)
    except RendererError as fault:
        yield Fault((*at, "address"), f"{fault.thing} {fault.fault}", fault.remedy)
        return
    if isinstance(command, StartCue):
        yield Fault(
            (*at, "address"), "starts a cue by a command",
            f'write {{ do = "cue", cue = "{command.cue}" }}, of which circles are found',
        )  # fmt: skip
    elif not isinstance(own, CommandAction):
        for found in find_action_faults(show, row, own, at):
            yield Fault((*at, "address"), found.fault, found.remedy)


def _find_cue_reference_faults(
    cue_lists: Sequence[CueListEntry], row: int, action: CueAction, at: Path
) -> Iterator[Fault]:
    lists = [one.name for one in cue_lists]
    if action.list and action.list not in lists:
        yield from require_word(action.list, lists, (*at, "list"), "cue list")
    elif action.act == "start":
        target = cue_lists[lists.index(action.list) if action.list else row]
        numbers = [cue.number for cue in target.cues]
        if not action.cue:
            yield Fault(at, "starts no cue", "add cue = its number")
        else:
            yield from require_word(action.cue, numbers, (*at, "cue"), "cue")


def require_word(word: str, known: Sequence[str], path: Path, what: str) -> Iterator[Fault]:
    """Yield a fault with the nearest known word if a word is not known."""
    if word in known:
        return
    meant = nearest(word, known)
    remedy = f"did you mean {meant!r}?" if meant else offer_words(known)
    yield Fault(path, f"there is no {what} {word!r}", remedy)


def offer_words(known: Sequence[object]) -> str:
    """Return a remedy that lists what is known."""
    return f"write one of {', '.join(map(str, known))}" if known else "add it, or leave this out"
