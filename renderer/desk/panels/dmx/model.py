"""Show the DMX levels that arrive, universe by universe. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from renderer.desk.widgets.formatting import Level
from renderer.desk.widgets.observable import Observable
from renderer.desk.words import tr
from renderer.protocol.control.receivers import DmxHealth, DmxSource, UniverseStatus
from renderer.protocol.schema import Section
from renderer.protocol.status import Status

if TYPE_CHECKING:
    from renderer.desk.model import DeskModel

CHANNELS: Final = 512
"""Channels of a universe."""
SILENT_S: Final = 2.5
"""Time without a packet after which a source is silent: a desk repeats its levels every second."""


@dataclass(frozen=True, slots=True)
class UniverseRow:
    """A universe: who sends it, and in what state.

    Attributes:
        word: of its state.
    """

    number: int
    source: str
    word: str
    level: Level
    used: int = 0


class DmxModel:
    """The model of what arrives.

    Attributes:
        levels: of the chosen universe, a byte each; empty without one.
    """

    sections: tuple[type[Section], ...] = (DmxHealth,)

    def __init__(self, _desk: DeskModel) -> None:
        self._universes: dict[int, UniverseStatus] = {}
        self.rows: Observable[tuple[UniverseRow, ...]] = Observable(())
        self.chosen = Observable(-1)
        self.levels = Observable(b"")

    def update(self, status: Status) -> None:
        """Derive rows and levels from a status."""
        self._universes = {one.number: one for one in status.of(DmxHealth).universes}
        if self.chosen.value not in self._universes:
            self.chosen.set(min(self._universes, default=-1))
        self.rows.set(tuple(universe_row(one) for one in self._universes.values()))
        self._show_levels()

    def choose(self, place: int) -> None:
        """Choose a universe to look at."""
        if 0 <= place < len(self.rows.value):
            self.chosen.set(self.rows.value[place].number)
            self._show_levels()

    def _show_levels(self) -> None:
        found = self._universes.get(self.chosen.value)
        self.levels.set(b"" if found is None else found.levels[:CHANNELS])


def universe_row(one: UniverseStatus) -> UniverseRow:
    """Return a universe's row."""
    used = sum(level > 0 for level in one.levels)
    if not one.sources:
        return UniverseRow(one.number, "", tr("no source"), Level.WARN, used)
    best = max(one.sources, key=lambda source: (source.priority, -source.silent_s))
    others = len(one.sources) - 1
    name = _source(best) if not others else tr("{name} and {count} more", name=_source(best),
                                               count=others)  # fmt: skip
    if best.silent_s > SILENT_S:
        word = tr("silent {seconds} s", seconds=round(best.silent_s))
        return UniverseRow(one.number, name, word, Level.WARN, used)
    return UniverseRow(one.number, name, tr("{count} above 0", count=used), Level.GOOD, used)


def _source(one: DmxSource) -> str:
    return " ".join(filter(None, (one.protocol, one.name or one.host)))
