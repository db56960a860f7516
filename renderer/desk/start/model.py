"""Hold what the start page shows: recent shows, devices, the machine's check. No Qt.

Devices and check come from `encore devices --json` and `encore doctor --json`, run as processes of
their own: they open cameras and models, which takes seconds and must not delay the desk.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from renderer.desk.messages import translate
from renderer.desk.widgets.formatting import Level
from renderer.desk.widgets.observable import Observable
from renderer.desk.words import tr

if TYPE_CHECKING:
    from renderer.desk.model import DeskModel

USAGES: Final = (
    ("personalNonProfit", "I myself, without profit", "no sponsor, no sale"),
    ("personalProfit", "I myself, for profit", "tickets, gifts, advertising"),
    ("corporation", "A company", "any firm, also a small one"),
)
"""Uses as a show's document says them, with their words."""

_FIRST_LIGHT: Final = "first_light"
_LEVELS: Final = {"ok": Level.GOOD, "warning": Level.WARN, "problem": Level.BAD}
_STATES: Final = {"ready": Level.GOOD, "taken": Level.WARN, "denied": Level.BAD}
HEADINGS: Final = {
    "cameras": "Cameras", "microphones": "Microphones", "sound_outputs": "Sound outputs",
    "gpus": "Graphics", "encoders": "Video encoders", "midi": "MIDI ports",
    "addresses": "Network addresses", "tracker_ports": "Ports of trackers",
}  # fmt: skip
"""Words of the kinds of devices, English; another kind goes by its key."""
STATE_WORDS: Final = tuple(_STATES)
_USAGE: Final = re.compile(r'^(usage\s*=\s*)"\w+"', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ShowRow:
    """A show that can be started."""

    file: str
    title: str
    detail: str


@dataclass(frozen=True, slots=True)
class FoundRow:
    """A device, or a point of the machine's check.

    Attributes:
        remedy: what to do about it; or what to type to use it.
    """

    name: str
    word: str
    level: Level
    text: str = ""
    remedy: str = ""
    is_heading: bool = False


class StartModel:
    """The start page's model.

    Attributes:
        shows: recent ones, the newest first, and the one to learn from.
        devices, checks: what was found; empty until the processes have answered.
        said: what a process has answered, lines of text.
    """

    def __init__(self, desk: DeskModel) -> None:
        self._desk = desk
        self.shows: Observable[tuple[ShowRow, ...]] = Observable(())
        self.chosen = Observable("")
        self.devices: Observable[tuple[FoundRow, ...]] = Observable(())
        self.checks: Observable[tuple[FoundRow, ...]] = Observable(())
        self.said = Observable("")
        self.look()

    @property
    def usage(self) -> str:
        """Return for whose profit this studio performs; empty until it was asked."""
        return self._desk.files.studio.usage

    @property
    def studio(self) -> str:
        """Return who performs; empty until it was asked."""
        return self._desk.files.studio.studio

    def look(self) -> None:
        """List the recent shows again."""
        files = [file for file in self._desk.files.studio.recent if Path(file).is_file()]
        learn = Path(sys.modules["renderer"].__path__[0]).parent / "assets" / "shows"
        first = learn / _FIRST_LIGHT / "show.toml"
        rows = [show_row(Path(file)) for file in files]
        if first.is_file() and str(first) not in files:
            rows.append(ShowRow(str(first), "First Light", tr("to learn from")))
        self.shows.set(tuple(rows))
        if rows and self.chosen.value not in {row.file for row in rows}:
            self.chosen.set(rows[0].file)

    def keep_studio(self, studio: str, usage: str) -> None:
        """Keep who performs, and for whose profit: asked once per studio."""
        kept = msgspec.structs.replace(self._desk.files.studio, studio=studio, usage=usage)
        self._desk.files.keep_studio(kept)

    def read_devices(self, output: bytes) -> None:
        """Take in what `encore devices --json` has printed."""
        self.devices.set(device_rows(output))

    def read_checks(self, output: bytes) -> None:
        """Take in what `encore doctor --json` has printed."""
        self.checks.set(check_rows(output))

    def declare(self, file: Path) -> None:
        """Write for whose profit this studio performs into a new show's document.

        Raises:
            OSError: it cannot be written.
        """
        if self.usage:
            text = file.read_text(encoding="utf-8")
            file.write_text(_USAGE.sub(rf'\g<1>"{self.usage}"', text, count=1), encoding="utf-8")

    def add(self, file: Path) -> None:
        """Put a show first among the recent ones, and choose it."""
        self._desk.files.add_recent(str(file))
        self.chosen.set(str(file))
        self.look()


def command(*words: str) -> tuple[str, list[str]]:
    """Return program and arguments of a command of `encore`."""
    return sys.executable, ["-m", "renderer.cli", *words]


def start_words(file: str, *, on_air: bool = False) -> Sequence[str]:
    """Return the words that start a show: live, and off air until somebody says so."""
    return ("show", file, "--live", *(() if on_air else ("--off-air",)))


def new_file(folder: Path, name: str) -> Path:
    """Return a file for a new show that is not taken."""
    plain = re.sub(r"[^\w -]", "", name).strip() or "show"
    for number in range(1, 1000):
        file = folder / (f"{plain}.toml" if number == 1 else f"{plain} {number}.toml")
        if not file.exists():
            return file
    return folder / f"{plain} {datetime.now():%Y%m%d-%H%M%S}.toml"


def show_row(file: Path) -> ShowRow:
    """Return a recent show's row."""
    try:
        changed = f"{datetime.fromtimestamp(file.stat().st_mtime):%d %b %Y %H:%M}"
    except OSError:
        changed = tr("gone")
    title = file.parent.name if file.stem == "show" else file.stem
    return ShowRow(str(file), title, changed)


def device_rows(output: bytes) -> tuple[FoundRow, ...]:
    """Return a row for each device, by kind; a row that says so if the output is none."""
    data = _read(output)
    rows: list[FoundRow] = []
    for key, section in data.items():
        if not isinstance(section, dict):
            continue
        heading = HEADINGS.get(key, str(key).replace("_", " ").capitalize())
        rows.append(FoundRow(tr(heading), "", Level.IDLE, is_heading=True))
        for one in section.get("devices", []):
            state = str(one.get("state", ""))
            rows.append(
                FoundRow(
                    translate(str(one.get("name", ""))), tr(state), _STATES.get(state, Level.IDLE),
                    ", ".join(translate(str(text)) for text in one.get("details", [])),
                    str(one.get("option", "")),
                )
            )  # fmt: skip
        if section.get("note"):
            rows.append(FoundRow(translate(str(section["note"])), "", Level.IDLE))
    return tuple(rows) or (FoundRow(tr("The devices could not be listed"), "?", Level.WARN),)


def check_rows(output: bytes) -> tuple[FoundRow, ...]:
    """Return a row for each point of the check, what is wrong first."""
    findings = _read(output).get("findings", [])
    rows = [
        FoundRow(
            translate(str(one.get("thing", ""))), "",
            _LEVELS.get(str(one.get("verdict", "")), Level.IDLE),
            translate(str(one.get("text", ""))), translate(str(one.get("remedy", ""))),
        )
        for one in findings
        if isinstance(one, dict)
    ]  # fmt: skip
    order = [Level.BAD, Level.WARN, Level.GOOD, Level.IDLE]
    rows.sort(key=lambda row: order.index(row.level))
    return tuple(rows) or (FoundRow(tr("The machine could not be checked"), "?", Level.WARN),)


def _read(output: bytes) -> dict[str, Any]:
    try:
        data = json.loads(output)
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}
