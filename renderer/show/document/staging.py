"""Find the files that cues put on the stage, which are opened before air."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from renderer.errors import RendererError, ShowError
from renderer.faults import FaultCollector
from renderer.path_checks import require_file
from renderer.show.document.cues import ActionEntry, AvatarAction, PaletteAction, ScreenAction
from renderer.show.document.performer_names import find_performer
from renderer.show.document.positions import Path as Keys
from renderer.show.document.read import ReadShow, place_fault
from renderer.show.document.schema import ShowFile
from renderer.show.plan import WardrobePiece
from renderer.stage.records import ScreenFeed, ScreenSource


def list_actions(show: ShowFile) -> Iterator[tuple[Keys, ActionEntry]]:
    """Yield every action of a show's cues, with its place in the document."""
    for row, one in enumerate(show.cue_lists):
        for place, cue in enumerate(one.cues):
            for number, action in enumerate(cue.actions):
                yield ("cue_lists", row, "cues", place, "actions", number), action


def build_screen_source(action: ScreenAction, folder: Path) -> ScreenSource:
    """Return what an action shows on a screen; files are relative to a folder."""
    if action.source in (ScreenFeed.GENERATED.value, ScreenFeed.PROGRAM.value):
        return ScreenSource(action.screen, ScreenFeed(action.source))
    file = folder / Path(action.source).expanduser()
    return ScreenSource(action.screen, ScreenFeed.FILE, file)


def find_cue_screens(read: ReadShow, faults: FaultCollector) -> tuple[ScreenSource, ...]:
    """Return what cues show on screens; files that are not there are faults."""
    found: list[ScreenSource] = []
    for keys, action in list_actions(read.show):
        if not isinstance(action, ScreenAction) or not action.source:
            continue
        source = build_screen_source(action, read.folder)
        try:
            if source.file is not None:
                remedy = 'name a video or a picture, "program" or "generated"'
                require_file(source.file, "screen file", remedy)
        except RendererError as fault:
            faults.add(place_fault(read, (*keys, "source"), fault))
            continue
        found.append(source)
    return tuple(found)


def find_wardrobe(read: ReadShow, faults: FaultCollector) -> tuple[WardrobePiece, ...]:
    """Return the avatars to which cues change performers; what is not there is a fault."""
    show = read.show
    names = [one.name for one in show.performers]
    entries = {one.name: one for one in show.avatars}
    own = {number: one.avatar for number, one in enumerate(show.performers) if one.avatar}
    worn = {number: [name] for number, name in own.items()}
    found: dict[WardrobePiece, Keys] = {}
    changes = [
        (keys, action, find_performer(action.performer, names) - 1)
        for keys, action in list_actions(show)
        if isinstance(action, AvatarAction | PaletteAction)
    ]
    for keys, action, number in changes:
        if isinstance(action, AvatarAction) and action.avatar in entries:
            worn.setdefault(number, []).append(action.avatar)
            file = read.folder / Path(entries[action.avatar].file).expanduser()
            if action.avatar != own.get(number):
                found.setdefault(WardrobePiece(number, action.avatar, "", file), keys)
    for keys, action, number in changes:
        if not isinstance(action, PaletteAction) or not action.palette:
            continue
        files = {
            name: entries[name].palettes[action.palette]
            for name in dict.fromkeys(worn.get(number, []))
            if name in entries and action.palette in entries[name].palettes
        }
        if not files:
            fault = ShowError(
                f"Palette {action.palette}", "is of no avatar of this performer",
                "add it to palettes of their avatar",
            )  # fmt: skip
            faults.add(place_fault(read, (*keys, "palette"), fault))
        for name, word in files.items():
            file = read.folder / Path(word).expanduser()
            found.setdefault(WardrobePiece(number, name, action.palette, file), keys)
    for piece, keys in found.items():
        try:
            require_file(piece.file, "avatar", "name a VRM file")
        except RendererError as fault:
            faults.add(place_fault(read, keys, fault))
    return tuple(found)
