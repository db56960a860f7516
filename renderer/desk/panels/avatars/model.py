"""Collect the avatars of a show and a library, and assign them to performers. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from renderer.desk.panels.avatars.cards import (
    Card,
    CardBlock,
    card_blocks,
    check_words,
    chip_words,
    read_cards,
    refusal_of,
)
from renderer.desk.widgets.formatting import Level
from renderer.desk.widgets.observable import Observable
from renderer.desk.words import tr
from renderer.paths import IDOL, IDOL_2
from renderer.protocol.cues import ChangeAvatar, ChangePalette
from renderer.protocol.document import (
    DocumentContent,
    DocumentHealth,
    EditDocument,
    InsertItem,
    SetValue,
)
from renderer.protocol.performers import PerformersHealth
from renderer.protocol.schema import Section
from renderer.protocol.status import Status

if TYPE_CHECKING:
    from renderer.desk.model import DeskModel

HOUSE: Final = (str(IDOL), str(IDOL_2))
MOST: Final = 100
"""Avatars in the library; more are left out."""
_KINDS: Final = frozenset({".vrm", ".sealed"})


@dataclass(frozen=True, slots=True)
class AvatarRow:
    """An avatar of the library.

    Attributes:
        file: absolute.
        picture: a PNG; empty until it is drawn.
        by: who performs it in this show, in words; or empty.
    """

    file: str
    name: str
    author: str = ""
    picture: str = ""
    verdict: str = ""
    level: Level = Level.IDLE
    checks: str = ""
    checks_level: Level = Level.IDLE
    by: str = ""


@dataclass(frozen=True, slots=True)
class PerformerRow:
    """A performer to whom an avatar can be given."""

    number: int
    name: str
    avatar: str


class AvatarsModel:
    """The library's model.

    Attributes:
        rows: the avatars.
        performers: of the show's document.
        chosen: file of the chosen avatar; empty for none.
        blocks: card of the chosen one.
        asked: what has to be described again: the words of the command; empty for nothing.
    """

    sections: tuple[type[Section], ...] = (DocumentContent, DocumentHealth, PerformersHealth)

    def __init__(self, desk: DeskModel) -> None:
        self._desk = desk
        self._cards: dict[str, Card] = {}
        self._files: tuple[str, ...] = HOUSE
        self._data: Mapping[str, Any] = {}
        self._document = ""
        self._colors: dict[int, str] = {}
        self.rows: Observable[tuple[AvatarRow, ...]] = Observable(())
        self.performers: Observable[tuple[PerformerRow, ...]] = Observable(())
        self.chosen = Observable("")
        self.blocks: Observable[tuple[CardBlock, ...]] = Observable(())
        self.fault = Observable("")
        self.asked: Observable[tuple[str, ...]] = Observable(())
        desk.avatar_requested.watch(lambda asked: self._obey(asked[1]))
        self._look()

    def update(self, status: Status) -> None:
        """Follow the show's document."""
        self._data = status.of(DocumentContent).data
        self._document = status.of(DocumentHealth).file
        self.performers.set(performer_rows(self._data, status.of(PerformersHealth), self._document))
        self._look()

    def add(self, word: str) -> None:
        """Add an avatar, or a folder of them, to the operator's library."""
        path = Path(word.strip()).expanduser()
        is_known = path.is_dir() or (path.is_file() and path.suffix.lower() in _KINDS)
        if not word.strip() or not is_known:
            self.fault.set(tr("{file} is no folder and no avatar (.vrm).", file=word.strip()))
            return
        self.fault.set("")
        studio = self._desk.files.studio
        others = [one for one in studio.avatars if one != str(path.resolve())]
        kept = msgspec.structs.replace(studio, avatars=[str(path.resolve()), *others][:MOST])
        self._desk.files.keep_studio(kept)
        self._look()

    def choose(self, place: int) -> None:
        """Choose an avatar for its card and the next assignment."""
        if 0 <= place < len(self.rows.value):
            self.chosen.set(self.rows.value[place].file)
            self._show_card()

    def assign(self, file: str, performer: int) -> None:
        """Give an avatar to a performer in the show's document, unless its licence refuses that."""
        rows = self.performers.value
        if not file or not 0 <= performer < len(rows):
            self._desk.show_refusal(tr("Choose an avatar and a performer first."))
            return
        if refusal := refusal_of(self._cards.get(file), rows[performer].name):
            self._desk.say(refusal, Level.BAD)
            return
        self._desk.ask(
            EditDocument(
                self._desk.operator,
                edits=[assignment(self._data, performer, self._word(file))],
                label=f"avatar of {rows[performer].name or performer + 1}",
            )
        )
        self._desk.say(
            tr("The document has the new avatar; a running show takes it when it starts again."),
            Level.GOOD,
        )

    def wear(self) -> None:
        """Change the chosen performer to the chosen avatar now, if the show has loaded it."""
        who, file = self._desk.selected_performer.value, self.chosen.value
        rows = self.performers.value
        if not 0 <= who < len(rows):
            self._desk.show_refusal(tr("Choose an avatar and a performer first."))
        elif refusal := refusal_of(self._cards.get(file), rows[who].name):
            self._desk.say(refusal, Level.BAD)
        else:
            self._desk.ask(ChangeAvatar(performer=str(who + 1), avatar=self._word(file)))

    def change_colors(self) -> None:
        """Change the chosen performer's avatar to its next colours, and after the last its own."""
        who, rows = self._desk.selected_performer.value, self.performers.value
        names = self._palettes(rows[who].avatar) if 0 <= who < len(rows) else ()
        if not names:
            self._desk.show_refusal(
                tr("The avatar has no other colours. Give it palettes in the show's document.")
            )
            return
        order = ["", *names]
        now = self._colors.get(who, "")
        name = order[(order.index(now) + 1) % len(order)] if now in order else ""
        self._colors[who] = name
        self._desk.ask(ChangePalette(performer=str(who + 1), palette=name))

    def card(self, file: str) -> Card | None:
        """Return an avatar's card; None if it has not been read."""
        return self._cards.get(file)

    def read(self, output: bytes) -> None:
        """Take in what the command has printed so far."""
        self._cards |= read_cards(output)
        self._show()

    def lacks_pictures(self) -> bool:
        """Return whether an avatar that can be loaded has no picture yet."""
        cards = [self._cards[file] for file in self._files if file in self._cards]
        return any(not card.picture and not card.fault for card in cards)

    def _look(self) -> None:
        """List the avatars again, and ask for the cards of new ones or for another show."""
        named = _document_files(self._data, self._document)
        added = _library_files(self._desk.files.studio.avatars)
        self._files = tuple(dict.fromkeys((*named, *HOUSE, *added)))[:MOST]
        show = ("--show", self._document) if self._document else ()
        language = self._desk.settings.language or "en"
        self.asked.set((*self._files, *show, "--language", language))
        self._show()

    def _show(self) -> None:
        by: dict[str, list[str]] = {}
        for row in self.performers.value:
            by.setdefault(row.avatar, []).append(row.name or str(row.number))
        self.rows.set(tuple(self._row(file, by) for file in self._files))
        if self.chosen.value not in self._files:
            self.chosen.set(self._files[0] if self._files else "")
        self._show_card()

    def _show_card(self) -> None:
        chosen = self.chosen.value
        self.blocks.set(card_blocks(self._cards.get(chosen), self._palettes(chosen)))

    def _palettes(self, file: str) -> tuple[str, ...]:
        """Return the names of an avatar's sets of colours in the document."""
        folder = Path(self._document).parent
        for one in _tables(self._data, "avatars"):
            found = one.get("palettes", {})
            if str((folder / str(one.get("file", ""))).resolve()) == file:
                return tuple(map(str, found)) if isinstance(found, Mapping) else ()
        return ()

    def _row(self, file: str, by: Mapping[str, list[str]]) -> AvatarRow:
        card = self._cards.get(file)
        level, verdict = chip_words(card)
        checks_level, checks = check_words(card)
        return AvatarRow(
            file,
            card.name if card is not None else Path(file).stem,
            card.author if card is not None else "",
            card.picture if card is not None else "",
            verdict,
            level,
            checks,
            checks_level,
            ", ".join(by.get(file, ())),
        )

    def _word(self, file: str) -> str:
        """Return the word by which the document refers to an avatar: its name there, or a file."""
        folder = Path(self._document).parent
        for one in _tables(self._data, "avatars"):
            if str((folder / str(one.get("file", ""))).resolve()) == file:
                return str(one.get("name", ""))
        return file

    def _obey(self, wish: str) -> None:
        """Do what was pressed, if this library is in front."""
        if not self._desk.is_in_front(self):
            return
        if wish == ASSIGN:
            self.assign(self.chosen.value, self._desk.selected_performer.value)
        elif wish == WEAR:
            self.wear()
        elif wish == COLORS:
            self.change_colors()
        elif wish in _STEPS:
            step, files = _STEPS[wish], [row.file for row in self.rows.value]
            place = files.index(self.chosen.value) + step if self.chosen.value in files else 0
            self.choose(min(max(place, 0), len(files) - 1))


ASSIGN, WEAR, COLORS, NEXT, PREVIOUS = "assign", "wear", "colors", "next", "previous"
_STEPS: Final = {NEXT: 1, PREVIOUS: -1}


def assignment(data: Mapping[str, Any], performer: int, word: str) -> SetValue | InsertItem:
    """Return the edit that gives a performer an avatar."""
    count = len(_tables(data, "performers"))
    if performer < count:
        return SetValue(["performers", performer, "avatar"], word)
    return InsertItem(["performers"], count, {"avatar": word})


def performer_rows(
    data: Mapping[str, Any], health: PerformersHealth, document: str
) -> tuple[PerformerRow, ...]:
    """Return the performers of a document, or of the running show if it names none."""
    files = {str(one.get("name", "")): str(one.get("file", "")) for one in _tables(data, "avatars")}
    folder = Path(document).parent
    rows = []
    for number, one in enumerate(_tables(data, "performers")):
        word = str(one.get("avatar", ""))
        file = str((folder / files.get(word, word)).resolve()) if word else HOUSE[0]
        rows.append(PerformerRow(number, str(one.get("name", "")), file))
    if not rows:
        rows = [PerformerRow(one.performer, one.name, HOUSE[0]) for one in health.performers[:1]]
    return tuple(rows)


def _document_files(data: Mapping[str, Any], document: str) -> list[str]:
    """Return the avatars that a document names, absolute."""
    folder = Path(document).parent
    named = {str(one.get("name", "")) for one in _tables(data, "avatars")}
    words = [str(one.get("file", "")) for one in _tables(data, "avatars")]
    others = [str(one.get("avatar", "")) for one in _tables(data, "performers")]
    words += [word for word in others if word not in named]
    return [str((folder / word).resolve()) for word in words if word]


def _library_files(places: list[str]) -> list[str]:
    """Return the avatars of files and folders, absolute."""
    found: list[str] = []
    for place in map(Path, places):
        try:
            inside = sorted(place.iterdir()) if place.is_dir() else [place]
        except OSError:
            continue
        found += [str(one) for one in inside if one.suffix.lower() in _KINDS and one.is_file()]
    return found


def _tables(data: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    found = data.get(key, ())
    if not isinstance(found, list | tuple):
        return []
    return [one for one in found if isinstance(one, Mapping)]
