"""Open the sources of a show's switcher that are no virtual cameras."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from renderer.capture.sources.address import is_animation, is_take, split_cameras
from renderer.errors import RightsError, ShowError
from renderer.graphics.drawables.screens.media import open_media
from renderer.protocol.alarms import Alarms
from renderer.rights.case import RightsCase
from renderer.rights.footage.check import FootageCheck
from renderer.show.direction.sources import FileSource, OwnCamera, SwitcherSource, SwitcherSources
from renderer.show.document.entries.stage import CameraEntry
from renderer.show.document.plan import resolve
from renderer.show.inputs.own_cameras import find_input, find_source_entries
from renderer.show.performers.option_binding import names_of
from renderer.show.plan import ShowPlan

MOST_SOURCES: Final = 16
"""Files and own cameras of a show: each file has a decoder and frames in memory."""

OpenSource = Callable[[CameraEntry, str], FileSource | OwnCamera]
"""Opens the source of a camera with this name; raises RendererError."""


def open_sources(
    plan: ShowPlan,
    longest: int,
    picture: Callable[[int], Path],
    rights: RightsCase,
    footage: FootageCheck,
    alarms: Alarms,
) -> SwitcherSources | None:
    """Open a show's files and performers' own cameras; return None if it has none.

    Args:
        plan: of the show.
        longest: of the program's sides, pixels.
        picture: returns where a camera's capture process shares its picture, by its number.
        rights: of the show, which knows the performers' consents.
        footage: knows the consents of people whom files show.
        alarms: of the show.

    Raises:
        RendererError: a file cannot be shown, or somebody has not agreed to be seen.
    """
    opener = make_opener(plan, longest, picture, rights, footage)
    return _open_all(find_source_entries(plan), opener, alarms)


def make_opener(
    plan: ShowPlan,
    longest: int,
    picture: Callable[[int], Path],
    rights: RightsCase,
    footage: FootageCheck,
) -> OpenSource:
    """Return what opens the source of a camera; see open_sources."""

    def open_one(entry: CameraEntry, name: str) -> FileSource | OwnCamera:
        if entry.input:
            return _open_own(plan, entry, name, picture, rights)
        return _open_file(plan, entry, longest, footage)

    return open_one


def name_source(entry: CameraEntry) -> str:
    """Return what a camera is called in messages."""
    return f"Camera {entry.number} {entry.name}".rstrip()


def open_files(plan: ShowPlan, longest: int) -> SwitcherSources | None:
    """Open a show's files alone, for pictures without performers; return None if it has none.

    Raises:
        RendererError: a file cannot be shown.
    """
    entries = [one for one in find_source_entries(plan) if one.file]
    footage = FootageCheck(plan.declaration.show)
    return _open_all(entries, lambda entry, _: _open_file(plan, entry, longest, footage), Alarms())


def _open_all(
    entries: Sequence[CameraEntry],
    open_one: OpenSource,
    alarms: Alarms,
) -> SwitcherSources | None:
    if not entries:
        return None
    if len(entries) > MOST_SOURCES:
        raise ShowError(
            f"{len(entries)} files and own cameras", "are too many", f"keep {MOST_SOURCES}"
        )
    opened: list[SwitcherSource] = []
    try:
        for entry in entries:
            name = name_source(entry)
            source = open_one(entry, name)
            opened.append(SwitcherSource(entry.number, name, source, entry.fit))
    except BaseException:
        for one in opened:
            one.source.close()
        raise
    return SwitcherSources(opened, alarms)


def _open_file(
    plan: ShowPlan, entry: CameraEntry, longest: int, footage: FootageCheck
) -> FileSource:
    assert plan.document is not None  # It has the entry.
    path = resolve(plan.document.folder, entry.file)
    media = open_media(path, longest, waits=not plan.live)
    try:
        footage.require(path)
    except BaseException:
        media.close()
        raise
    return FileSource(media, partial(footage.refusal, path))


def _open_own(
    plan: ShowPlan,
    entry: CameraEntry,
    name: str,
    picture: Callable[[int], Path],
    rights: RightsCase,
) -> OwnCamera:
    """Open a performer's own camera.

    Raises:
        ShowError: the input is no camera, or the show is not live.
        RightsError: somebody in its picture has not agreed to be seen.
    """
    number = find_input(plan, entry)
    word = plan.inputs[number]
    if is_take(word) or is_animation(word):
        raise ShowError(name, f"shows {Path(word).name}, which has no picture", "name its video")
    if not plan.live:
        raise ShowError(
            name,
            "shows a performer's own camera, which only a live show can",
            "add --live, or name its video as file",
        )
    count = len(plan.inputs) * plan.performers
    seen = names_of(plan.declaration.performer, count)[number * plan.performers :][
        : plan.performers
    ]
    check = partial(rights.require_picture_shown, seen)
    check()
    before = sum(len(split_cameras(one)) for one in plan.inputs[:number])
    return OwnCamera(picture(before), partial(_find_refusal, check))


def _find_refusal(check: Callable[[], None]) -> str:
    """Return why a check refuses; empty if it does not."""
    try:
        check()
    except RightsError as refused:
        return str(refused)
    return ""
