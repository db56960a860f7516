"""Collect the takes that can stand in for a limb. No Qt."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from renderer.desk.widgets.observable import Observable
from renderer.protocol.document import DocumentHealth
from renderer.protocol.performers import PerformersHealth
from renderer.protocol.schema import Section
from renderer.protocol.status import Status

if TYPE_CHECKING:
    from renderer.desk.model import DeskModel

KINDS: Final = frozenset({".mcap", ".vrma", ".bvh"})
MOST: Final = 60
"""Takes in the bin; of more, the newest."""


class TakeBinModel:
    """The take bin's model: files of the show's folder and of those added by hand."""

    sections: tuple[type[Section], ...] = (DocumentHealth, PerformersHealth)

    def __init__(self, desk: DeskModel) -> None:
        self._desk = desk
        self._file = ""
        self._folders: list[Path] = []
        self.rows: Observable[tuple[str, ...]] = Observable(())
        self.fault = Observable("")

    def update(self, status: Status) -> None:
        """Follow the folder of the show's document."""
        file = status.of(DocumentHealth).file
        if file != self._file:
            self._file = file
            if file:
                self.add(str(Path(file).parent))

    def add(self, folder: str) -> None:
        """Add a folder with takes, or one take."""
        path = Path(folder).expanduser()
        if path.is_dir() or path.suffix.lower() in KINDS:
            if path not in self._folders:
                self._folders.append(path)
            self.fault.set("")
            self.look()
        elif folder.strip():
            self.fault.set(f"{folder} is no folder and no take (.mcap, .vrma, .bvh).")

    def look(self) -> None:
        """Look for takes again."""
        found: list[Path] = []
        for folder in self._folders:
            if folder.is_dir():
                found += [one for one in folder.iterdir() if one.suffix.lower() in KINDS]
            else:
                found.append(folder)
        newest = sorted(found, key=_made_at, reverse=True)[:MOST]
        self.rows.set(tuple(map(str, newest)))
        self._desk.takes.set(self.rows.value)

    def put(self, place: int) -> None:
        """Have a take move the chosen limb of the chosen performer."""
        if place < len(self.rows.value):
            self._desk.put_take(place)


def _made_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
