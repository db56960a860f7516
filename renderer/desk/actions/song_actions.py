"""Define the actions of the song transport: start, pause, stop, next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from renderer.desk.actions.action import Action, Confirm, Group
from renderer.desk.actions.cue_actions import DIRECTOR
from renderer.desk.actions.needs import needs_show
from renderer.desk.words import tr
from renderer.protocol.schema import Command
from renderer.protocol.songs import (
    NextSong,
    PauseSong,
    ResumeSong,
    SongsHealth,
    SongState,
    StartSong,
    StopSong,
)

if TYPE_CHECKING:
    from renderer.desk.model import DeskModel


def _needs_songs(desk: DeskModel) -> str:
    if refusal := needs_show(desk):
        return refusal
    if not desk.status.of(SongsHealth).songs:
        return tr("This show has no songs. Give its document [[songs]].")
    return ""


def _needs_playing(desk: DeskModel) -> str:
    if refusal := _needs_songs(desk):
        return refusal
    return "" if desk.status.of(SongsHealth).song else tr("No song plays.")


def _is_paused(desk: DeskModel) -> bool:
    return desk.status.of(SongsHealth).state is SongState.PAUSED


def _pause(desk: DeskModel) -> Command:
    return ResumeSong() if _is_paused(desk) else PauseSong()


ACTIONS: Final = (
    Action(
        "song.start", "Start song", Group.SOUND, lambda _: StartSong(), "Ctrl+Space", DIRECTOR,
        refusal=_needs_songs, summary="Start the song that is next in the setlist",
    ),
    Action(
        "song.pause", "Pause song", Group.SOUND, _pause, "Ctrl+P", DIRECTOR,
        refusal=_needs_playing, is_on=_is_paused, title_on="Resume song",
        summary="Hold the song where it is, or go on",
    ),
    Action(
        "song.stop", "End song", Group.SOUND, lambda _: StopSong(), "Ctrl+End", DIRECTOR,
        Confirm.TWICE, _needs_playing, summary="End the song: talk follows",
    ),
    Action(
        "song.next", "Next song", Group.SOUND, lambda _: NextSong(), "Ctrl+Right", DIRECTOR,
        Confirm.TWICE, _needs_songs, summary="Start the next song of the setlist at once",
    ),
)  # fmt: skip
