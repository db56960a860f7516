"""Change colours and positions of the look that is on, in the show's document. No Qt.

An edit is seen at once, is one step of undo, and stays in the look for every cue that chooses it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from renderer.desk.widgets.observable import Observable
from renderer.desk.words import tr
from renderer.protocol.cues import CuesHealth
from renderer.protocol.document import DocumentContent, EditDocument, SetValue
from renderer.protocol.schema import Section
from renderer.protocol.status import Status

if TYPE_CHECKING:
    from renderer.desk.model import DeskModel

Rgb = tuple[float, float, float]
LIGHTS: Final = ("key", "fill", "rim_left", "rim_right", "wash")
"""Roles of static lights, as a look names them."""
HEADS: Final = ("back", "front", "ladder", "house", "follow")
"""Roles of groups of moving heads."""
PATTERNS: Final = ("fan", "behind", "cross", "sides", "floor", "sweep", "follow")
"""Positions of a group of moving heads."""


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A role of the look.

    Attributes:
        color: sRGB, 0 to 1; None for what the base of the look says.
        pattern: position of moving heads; empty for the base's, or for static lights.
    """

    role: str
    word: str
    is_head: bool
    color: Rgb | None = None
    pattern: str = ""


class LookColorsModel:
    """The model of the look that is on.

    Attributes:
        rows: its roles; empty without a look of the document.
        look: its name.
        chosen: place of the chosen role.
    """

    sections: tuple[type[Section], ...] = (CuesHealth, DocumentContent)

    def __init__(self, desk: DeskModel) -> None:
        self._desk = desk
        self._place = -1
        self.look = Observable("")
        self.rows: Observable[tuple[RoleRow, ...]] = Observable(())
        self.chosen = Observable(0)

    def update(self, status: Status) -> None:
        """Derive the roles from a status."""
        on = status.of(CuesHealth).look
        looks = status.of(DocumentContent).data.get("looks", ())
        named = [one for one in looks if isinstance(one, Mapping)] if _is_list(looks) else []
        self._place = next((k for k, one in enumerate(named) if one.get("name") == on), -1)
        self.look.set(on if self._place >= 0 else "")
        self.rows.set(role_rows(named[self._place]) if self._place >= 0 else ())

    def choose(self, place: int) -> None:
        """Choose a role."""
        if 0 <= place < len(self.rows.value):
            self.chosen.set(place)

    def set_color(self, color: Rgb) -> None:
        """Give the chosen role a colour, sRGB from 0 to 1."""
        if (row := self._row()) is None:
            return
        value = [round(to_linear(one), 4) for one in color]
        if row.is_head:
            self._edit(row, ["heads", row.role, "colors"], [value])
        else:
            self._edit(row, ["lights", row.role], value)

    def set_pattern(self, pattern: str) -> None:
        """Move the chosen moving heads to another position."""
        row = self._row()
        if row is not None and row.is_head:
            self._edit(row, ["heads", row.role, "pattern"], pattern)

    def _row(self) -> RoleRow | None:
        rows = self.rows.value
        return rows[self.chosen.value] if self.chosen.value < len(rows) else None

    def _edit(self, row: RoleRow, path: list[str | int], value: object) -> None:
        label = f"{row.role} of look {self.look.value}"
        edit = SetValue(["looks", self._place, *path], value)
        self._desk.ask(EditDocument(self._desk.operator, edits=[edit], label=label))


def role_rows(look: Mapping[str, Any]) -> tuple[RoleRow, ...]:
    """Return the roles of a look with what it sets."""
    lights, heads = _table(look, "lights"), _table(look, "heads")
    rows = [RoleRow(role, role_word(role), False, read_color(lights.get(role))) for role in LIGHTS]
    for role in HEADS:
        head = _table(heads, role)
        colors = head.get("colors")
        first = colors[0] if _is_list(colors) and colors else None
        pattern = head.get("pattern", "")
        rows.append(
            RoleRow(
                role, role_word(role), True, read_color(first),
                pattern if isinstance(pattern, str) else "",
            )
        )  # fmt: skip
    return tuple(rows)


def role_word(role: str) -> str:
    """Return the name of a role for the operator."""
    words = {
        "key": tr("Key light"), "fill": tr("Fill light"), "rim_left": tr("Rim left"),
        "rim_right": tr("Rim right"), "wash": tr("Wash"), "back": tr("Heads, back"),
        "front": tr("Heads, front"), "ladder": tr("Heads, ladder"),
        "house": tr("Heads, house"), "follow": tr("Heads, follow"),
    }  # fmt: skip
    return words[role]


def pattern_word(pattern: str) -> str:
    """Return the name of a position for the operator."""
    words = {
        "fan": tr("Fan"), "behind": tr("Behind"), "cross": tr("Cross"), "sides": tr("Sides"),
        "floor": tr("Floor"), "sweep": tr("Sweep"), "follow": tr("Follow"),
    }  # fmt: skip
    return words[pattern]


def read_color(value: object) -> Rgb | None:
    """Return a document's linear colour as sRGB; None for what is no colour."""
    if not isinstance(value, list | tuple) or len(value) != 3:
        return None
    if not all(isinstance(one, int | float) for one in value):
        return None
    red, green, blue = (round(to_srgb(min(max(float(one), 0.0), 1.0)), 5) for one in value)
    return red, green, blue


def to_linear(value: float) -> float:
    """Return a linear value of an sRGB one (IEC 61966-2-1)."""
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def to_srgb(value: float) -> float:
    """Return an sRGB value of a linear one (IEC 61966-2-1)."""
    return value * 12.92 if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055


def _table(data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = data.get(key)
    return found if isinstance(found, Mapping) else {}


def _is_list(value: object) -> bool:
    return isinstance(value, list | tuple)
