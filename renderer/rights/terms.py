"""Define the terms of a licence, and read them from the TOML file that a rights holder fills in."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Any, Final, TypeVar

from renderer.errors import RightsError
from renderer.rights.declaration import ANY, Content, OutputKind, Usage
from renderer.rights.files import require_file
from renderer.spelling import nearest

MAX_BYTES: Final = 64 * 1024
"""Largest terms file that is read."""
MAX_NAMES: Final = 200
"""Most names in one list, and most characters in one name."""

Word = TypeVar("Word", bound=Enum)

_TERRITORY: Final = re.compile(r"[A-Z]{2}|\*")
_SHAPE: Final = re.compile(r"shape1:[0-9A-Za-z_-]{100,1000}")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class LicenceTerms:
    """What a rights holder allows with one avatar file.

    Attributes:
        avatar: the avatar's name.
        sha256: of the avatar file, in hexadecimal; the licence is for these bytes alone.
        performers, shows, territories: who may perform, in which shows, streamed to which
            countries (ISO 3166); `*` for any.
        outputs: how it may leave the machine.
        usage: highest commercial use.
        content: kinds of content that are allowed.
        since, until: when, UTC; no end if `until` is None.
        credit: to be shown with the show; empty for none.
        label: to be shown in the picture; empty for none.
        depicts: name of the real person whom the avatar depicts; empty for a drawn character.
        fan_clips: whether fans may make clips of it.
        training: whether models may be trained on its pictures.
        fingerprint: description of the avatar's shape; empty for none.
        protected: whether a model of this shape is refused in any file but the licensed one.
    """

    avatar: str
    sha256: str
    performers: tuple[str, ...]
    shows: tuple[str, ...]
    territories: tuple[str, ...]
    outputs: tuple[OutputKind, ...]
    usage: Usage
    content: tuple[Content, ...]
    since: datetime
    until: datetime | None
    credit: str = ""
    label: str = ""
    depicts: str = ""
    fan_clips: bool = False
    training: bool = False
    fingerprint: str = ""
    protected: bool = False


def allows_name(names: tuple[str, ...], name: str) -> bool:
    """Return whether a list of names contains this one, or any; capitals do not matter."""
    return ANY in names or (bool(name) and name.casefold() in {one.casefold() for one in names})


def find_fault(terms: LicenceTerms) -> str:
    """Return what is wrong with terms, as the end of a sentence; empty if nothing is.

    Signed terms are checked too: a signature proves who wrote them, not that they make sense.
    """
    if not _SHA256.fullmatch(terms.sha256):
        return "names no SHA-256 of an avatar file"
    for name, values in (
        ("performers", terms.performers),
        ("shows", terms.shows),
        ("territories", terms.territories),
        ("outputs", terms.outputs),
    ):
        if not values:
            return f"has an empty list of {name}"
        if len(values) > MAX_NAMES or any(len(str(value)) > MAX_NAMES for value in values):
            return f"has more than {MAX_NAMES} {name}, or one that is too long"
    for code in terms.territories:
        if not _TERRITORY.fullmatch(code):
            return f"names {code[:20]}, which is no ISO 3166 code of two capitals"
    if terms.fingerprint and not _SHAPE.fullmatch(terms.fingerprint):
        return "describes the avatar's shape in a way that is unknown"
    if terms.protected and not terms.fingerprint:
        return "protects an avatar without a description of its shape"
    if terms.until is not None and terms.until <= terms.since:
        return "ends before it begins"
    return ""


_KEYS: Final[dict[str, type]] = {
    "avatar": str,
    "sha256": str,
    "performers": list,
    "shows": list,
    "territories": list,
    "outputs": list,
    "usage": str,
    "content": list,
    "from": datetime,
    "until": datetime,
    "credit": str,
    "label": str,
    "depicts": str,
    "fan_clips": bool,
    "training": bool,
    "fingerprint": str,
    "protected": bool,
}
_REQUIRED: Final = ("avatar", "sha256", "performers", "shows", "territories", "outputs", "usage")

TEMPLATE: Final = """\
# A licence for one avatar file. Fill it in, then sign it: encore licence sign {name}
# Only what stands here is allowed. "*" stands for any.

avatar = {avatar}
sha256 = "{sha256}"     # of the avatar file; the licence is for these bytes alone

performers = ["*"]      # names of those who may perform it
shows = ["*"]           # names of the shows, as `encore show --show-name` declares them
territories = ["*"]     # countries that it may be streamed to, such as "KR", "JP"
outputs = ["recording", "stream"]

# personalNonProfit, personalProfit or corporation
usage = "personalNonProfit"
# kinds of content that are allowed: violent, sexual, political, hate
content = []

from = {since}
until = {until}

credit = ""             # to be shown with the show
label = ""              # to be shown in the picture
depicts = ""            # the real person whom the avatar depicts; empty for a drawn character
fan_clips = false       # whether fans may make clips
training = false        # whether models may be trained on its pictures

# The avatar's shape, by which it is recognised in other files. Where protected is true, a crew that
# has this licence (encore rights protect) can show no copy of the avatar: scaled, posed otherwise,
# thinned, painted, merged.
protected = true
fingerprint = "{fingerprint}"
"""


def read_terms(path: Path, now: datetime) -> LicenceTerms:
    """Read terms from a TOML file.

    Args:
        path: of the file.
        now: where the file names no beginning.

    Raises:
        RightsError: it cannot be read, or a value is unusable; names line or key and a remedy.
    """
    what = f"licence terms {path}"
    data = require_file(path, what, MAX_BYTES)
    try:
        table = tomllib.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as fault:
        raise RightsError(what, f"is no TOML file ({fault})", "correct that line") from fault
    terms = _convert(what, table, now)
    if wrong := find_fault(terms):
        raise RightsError(what, wrong, "correct that value")
    return terms


def _convert(what: str, table: dict[str, Any], now: datetime) -> LicenceTerms:
    for key, value in table.items():
        if key not in _KEYS:
            meant = nearest(key, _KEYS)
            remedy = f"did you mean {meant}?" if meant else f"use {', '.join(_KEYS)}"
            raise RightsError(what, f"has an unknown key {key[:40]}", remedy)
        if not isinstance(value, _KEYS[key]):
            raise RightsError(
                what,
                f"has a {key} of type {type(value).__name__}",
                f"write a value of type {_KEYS[key].__name__}",
            )
    for key in _REQUIRED:
        if key not in table:
            raise RightsError(
                what, f"has no {key}", "`encore licence new` writes a file with every key"
            )
    return LicenceTerms(
        table["avatar"],
        table["sha256"].lower(),
        _names(what, table, "performers"),
        _names(what, table, "shows"),
        _names(what, table, "territories"),
        tuple(_words(what, table, "outputs", OutputKind)),
        next(iter(_words(what, {"usage": [table["usage"]]}, "usage", Usage))),
        tuple(_words(what, table, "content", Content)),
        _time(table.get("from"), now),
        _time(table["until"], now) if "until" in table else None,
        table.get("credit", ""),
        table.get("label", ""),
        table.get("depicts", ""),
        table.get("fan_clips", False),
        table.get("training", False),
        table.get("fingerprint", ""),
        table.get("protected", False),
    )


def _names(what: str, table: dict[str, Any], key: str) -> tuple[str, ...]:
    values = table[key]
    if not all(isinstance(value, str) and value.strip() for value in values):
        raise RightsError(what, f"has something else than names in {key}", "write names in quotes")
    return tuple(value.strip() for value in values)


def _words(what: str, table: dict[str, Any], key: str, kind: type[Word]) -> list[Word]:
    words: list[Word] = []
    for value in table.get(key, []):
        known = [one.value for one in kind]
        if value == ANY:
            words += list(kind)
        elif value in known:
            words.append(kind(value))
        else:
            meant = nearest(str(value), known)
            raise RightsError(
                what,
                f"has an unknown word {str(value)[:40]} in {key}",
                f"did you mean {meant}?" if meant else f"use {', '.join(known)}",
            )
    return words


def _time(value: datetime | None, now: datetime) -> datetime:
    if value is None:
        return now.replace(microsecond=0)
    # A time without a zone is UTC, as everywhere in the program's files.
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC)
