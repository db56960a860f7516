"""Read the files of songs that are added to a document, or changed, while a show runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Final

from renderer.closing import Closing
from renderer.errors import RendererError
from renderer.faults import FaultCollector
from renderer.protocol.alarms import Alarms, Severity
from renderer.show.background import BackgroundTasks
from renderer.show.document.read import ReadShow
from renderer.show.document.titles import build_song
from renderer.show.songs.plan import SongPlan

_ALARM: Final = "song.file"


class NewSongs(Closing):
    """Reads songs in the background, since measuring a file takes longer than a frame.

    A song whose file cannot be read raises an alarm, and is one that is played on stage. Belongs to
    the tick's thread.

    Args:
        known: the songs' plans at the start.
        use: is called with the plan of each song that was read.
        alarms: of the show.
    """

    def __init__(
        self, known: Iterable[SongPlan], use: Callable[[SongPlan], None], alarms: Alarms
    ) -> None:
        self._use, self._alarms = use, alarms
        self._files = {one.name: str(one.file or "") for one in known}
        self._background = BackgroundTasks()

    def follow(self, read: ReadShow) -> None:
        """Read what a document has and was not read before.

        Args:
            read: the document; its files are relative to its folder.
        """
        names = [one.name for one in read.show.songs]
        for name in [one for one in self._files if one not in names]:
            del self._files[name]
        for song in read.show.songs:
            file = str(read.folder / Path(song.file).expanduser()) if song.file else ""
            if self._files.get(song.name, "") == file:
                continue
            self._files[song.name] = file
            self._background.run(partial(_read_song, read, song.name), self._take)

    def poll(self) -> None:
        """Use the songs that have been read."""
        self._background.deliver()

    def close(self) -> None:
        """Finish reading. Idempotent."""
        self._background.close()

    def _take(self, found: tuple[SongPlan | None, list[RendererError]]) -> None:
        plan, faults = found
        if plan is not None:
            self._use(plan)
        if faults:
            text = f"A song that was added is silent: {faults[0]}"
            self._alarms.raise_(_ALARM, Severity.WARNING, text)
        else:
            self._alarms.clear(_ALARM)


def _read_song(read: ReadShow, name: str) -> tuple[SongPlan | None, list[RendererError]]:
    """Return the plan of a song, and the faults of its files."""
    faults = FaultCollector()
    entry = next(one for one in read.show.songs if one.name == name)
    if entry.file and not (read.folder / Path(entry.file).expanduser()).is_file():
        return None, [
            RendererError(f"Song {name}", f"has no file {entry.file}", "name one that is there")
        ]
    plan = build_song(read, entry, faults)
    return (None, list(faults.faults)) if faults.faults else (plan, [])
