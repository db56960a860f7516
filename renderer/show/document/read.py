"""Read a show document, and explain every fault with line, column and a remedy."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any, Final

import msgspec

from renderer.errors import RendererError, ShowError
from renderer.faults import FaultCollector
from renderer.show.document.migrate import migrate
from renderer.show.document.positions import Path, Place, find_positions, locate, paths_of
from renderer.show.document.references import find_reference_faults
from renderer.show.document.schema import ShowFile
from renderer.show.document.validate import Fault, convert, find_faults

MOST_BYTES: Final = 8 << 20
"""Maximum size of a document; 20 songs with 400 cues take a few hundred kilobytes."""
_AT: Final = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


@dataclass(frozen=True, slots=True)
class ReadShow:
    """A show document that was read.

    Attributes:
        file: its path; None for a document built from words alone.
        text: of the file.
        said: the text's plain data, in its own schema.
        data: plain data in the current schema.
        show: the document.
        places: line and column of every value by its path.
    """

    file: FilePath | None
    text: str
    said: dict[str, Any]
    data: dict[str, Any]
    show: ShowFile
    places: Mapping[Path, Place] = field(default_factory=dict)

    @property
    def folder(self) -> FilePath:
        """Return the folder to which the document's files are relative."""
        return FilePath() if self.file is None else self.file.parent

    def name_place(self, path: Path) -> str:
        """Return the file's name with the line and column of a value, for a message."""
        return _name_place(str(self.file or "the show"), self.places, path)


def read_show(file: FilePath, faults: FaultCollector) -> ReadShow | None:
    """Read a document; record its faults and return None if it has any.

    Args:
        file: the TOML file.
        faults: collects all of them.
    """
    text = faults.attempt(_read_text, file)
    return None if text is None else parse_show(text, file, faults)


def parse_show(text: str, file: FilePath, faults: FaultCollector) -> ReadShow | None:
    """Return the document of a text; record its faults and return None if it has any."""
    try:
        said = tomllib.loads(text)
        data = migrate(said, str(file))
        places = find_positions(text)
    except tomllib.TOMLDecodeError as fault:
        faults.add(_explain_syntax(fault, text, file))
        return None
    except RendererError as fault:
        faults.add(fault)
        return None
    except RecursionError:
        faults.add(ShowError(str(file), "is nested too deeply", "write it with fewer brackets"))
        return None
    found = find_faults(data)
    show: ShowFile | None = None
    if not found:
        try:
            show = convert(data)
        except msgspec.ValidationError as refused:  # The walk knows less than msgspec.
            found = [Fault((), str(refused), "see docs/directing.md")]
        else:
            found = list(find_reference_faults(show))
    for one in found:
        faults.add(ShowError(_name_place(str(file), places, one.path), one.fault, one.remedy))
    if show is None or found:
        return None
    return ReadShow(file, text, said, data, show, places)


def place_fault(read: ReadShow, path: Path, fault: RendererError) -> RendererError:
    """Return a fault with the place in the document that led to it."""
    if read.file is None:
        return fault
    said = f"{fault.thing}: {fault.fault}"
    return ShowError(read.name_place(path), said[:1].lower() + said[1:], fault.remedy)


def find_place(read: ReadShow, fault: RendererError) -> RendererError:
    """Return a fault with the place of the value that it names, if the document has that value."""
    if read.file is None or fault.thing.startswith(f"{read.file}:"):
        return fault
    named = [
        (len(value), path)
        for path in paths_of(read.data)
        if isinstance(value := _value_at(read.data, path), str) and len(value) > 1
        if value in fault.thing
    ]
    return place_fault(read, max(named, key=lambda one: one[0])[1], fault) if named else fault


def _value_at(data: Any, path: Path) -> Any:
    for key in path:
        data = data[key]
    return data


def _read_text(file: FilePath) -> str:
    try:
        with file.open("rb") as opened:
            raw = opened.read(MOST_BYTES + 1)
    except FileNotFoundError as fault:
        raise ShowError(
            f"Show {file}", "does not exist", f"write one with encore show --new {file}"
        ) from fault
    except OSError as fault:
        raise ShowError(
            f"Show {file}", f"cannot be read ({fault.strerror})", "name a TOML file"
        ) from fault
    if len(raw) > MOST_BYTES:
        raise ShowError(f"Show {file}", "is larger than 8 MB", "name a TOML file, which is text")
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as fault:
        line = raw.count(b"\n", 0, fault.start) + 1
        column = fault.start - raw.rfind(b"\n", 0, fault.start)
        raise ShowError(
            f"{file}:{line}:{column}", "is no UTF-8 text", "save the file as UTF-8"
        ) from fault


def _explain_syntax(fault: tomllib.TOMLDecodeError, text: str, file: FilePath) -> ShowError:
    message = str(fault)
    found = _AT.search(message)
    place = locate(text, len(text))
    if found is not None and found[1] is not None:
        place = Place(int(found[1]), int(found[2]))
    plain = _AT.sub("", message)
    return ShowError(
        f"{file}:{place}",
        f"is no valid TOML ({plain[:1].lower()}{plain[1:]})",
        "write name = value, text in quotes, and close every bracket",
    )


def _name_place(name: str, places: Mapping[Path, Place], path: Path) -> str:
    """Return the name of a path with its place, or that of the nearest part that has one."""
    tail = path
    while tail and tail not in places:
        tail = tail[:-1]
    where = f"{name}:{places[tail]}" if tail else name
    said = ".".join(str(key) for key in path if isinstance(key, str))
    return f"{where} {said}" if said else where
