"""Open the files and own cameras that are added to a document, or changed, while a show runs."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from renderer.closing import Closing
from renderer.errors import RendererError
from renderer.protocol.alarms import Alarms, Severity
from renderer.show.background import BackgroundTasks
from renderer.show.direction.open_sources import MOST_SOURCES, OpenSource, name_source
from renderer.show.direction.sources import SwitcherSource, SwitcherSources
from renderer.show.document.entries.stage import CameraEntry


class NewSources(Closing):
    """Opens sources in the background, since a video takes longer than a frame to open.

    One that cannot be opened raises an alarm, and its camera shows the stage; one that is changed
    is shown as it was until the new one is open. Belongs to the tick's thread.

    Args:
        known: cameras of the document at the start, whose sources are open.
        open_one: opens the source of a camera.
        sources: of the switcher.
        alarms: of the show.
    """

    def __init__(
        self,
        known: Iterable[CameraEntry],
        open_one: OpenSource,
        sources: SwitcherSources,
        alarms: Alarms,
    ) -> None:
        self._open_one, self._sources, self._alarms = open_one, sources, alarms
        self._cameras: tuple[CameraEntry, ...] | None = None
        self._wanted = {one.number: one for one in known if one.is_picture}
        self._background = BackgroundTasks()

    def poll(self, cameras: tuple[CameraEntry, ...]) -> None:
        """Use what has been opened, and open what is new in the document's cameras."""
        self._background.deliver()
        if cameras is self._cameras:
            return
        self._cameras = cameras
        wanted = {one.number: one for one in cameras if one.is_picture}
        for number in self._wanted.keys() - wanted.keys():
            self._sources.remove(number)
            self._alarms.clear(_alarm(number))
        before, self._wanted = self._wanted, wanted
        for number, entry in wanted.items():
            if before.get(number) != entry:
                self._background.run(partial(self._open, entry), partial(self._take, entry))

    def close(self) -> None:
        """Finish opening. Idempotent."""
        self._background.close()
        self._background.deliver()

    def _open(self, entry: CameraEntry) -> SwitcherSource | RendererError:
        """Open a source; runs in the background."""
        name = name_source(entry)
        try:
            return SwitcherSource(entry.number, name, self._open_one(entry, name), entry.fit)
        except RendererError as fault:
            return fault

    def _take(self, entry: CameraEntry, found: SwitcherSource | RendererError) -> None:
        is_wanted = self._wanted.get(entry.number) == entry
        if isinstance(found, SwitcherSource):
            if is_wanted and self._sources.count < MOST_SOURCES:
                self._sources.put(found)
                self._alarms.clear(_alarm(entry.number))
                return
            found.source.close()
            found = RendererError(found.name, "is one too many", f"keep {MOST_SOURCES}")
        if is_wanted:
            self._alarms.raise_(_alarm(entry.number), Severity.WARNING, str(found))


def _alarm(number: int) -> str:
    return f"source.added.{number}"
