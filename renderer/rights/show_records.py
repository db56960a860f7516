"""Keep a record of each show, which the mark in its pictures refers to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

import msgspec

from renderer.paths import data_folder
from renderer.rights.clause import Verdict
from renderer.rights.credentials.decoding import decode_json
from renderer.rights.declaration import Declaration
from renderer.rights.files import read_file, replace_file

FOLDER: Final = "shows"
MAX_BYTES: Final = 1 << 20
"""Largest record that is read."""


class AvatarRecord(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """An avatar of a show.

    Attributes:
        licence, consent: SHA-256 of the documents that allowed it; empty without one.
        verdict: why it was allowed, lines in English.
    """

    name: str
    performer: str
    licence: str
    consent: str
    verdict: list[str]


class ShowRecord(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What was shown, by whom and by which right.

    Attributes:
        code: that the mark carries, five hexadecimal digits.
        started: UTC.
        show: its declared name; empty if it has none.
    """

    version: Literal[1]
    code: str
    started: datetime
    show: str
    usage: str
    avatars: list[AvatarRecord]


def make_record(
    code: str,
    declaration: Declaration,
    verdicts: Sequence[Verdict],
    started: datetime | None = None,
) -> ShowRecord:
    """Return the record of a show that begins."""
    return ShowRecord(
        1,
        code,
        (started or datetime.now(UTC)).replace(microsecond=0),
        declaration.show,
        declaration.usage.value,
        [
            AvatarRecord(one.avatar, one.performer, one.licence, one.consent, one.lines())
            for one in verdicts
        ],
    )


def keep_record(record: ShowRecord) -> Path:
    """Write a show's record into the user's data, and return its path.

    Raises:
        RightsError: it cannot be written.
    """
    path = _path(record.code)
    data = msgspec.json.format(msgspec.json.encode(record), indent=2)
    replace_file(path, data + b"\n", f"show record {path}")
    return path


def find_record(code: str) -> ShowRecord | None:
    """Return the record of a show; None if this machine has none.

    Raises:
        RightsError: the record is damaged.
    """
    path = _path(code)
    what = f"show record {path}"
    try:
        data = read_file(path, what, MAX_BYTES)
    except FileNotFoundError:
        return None
    return decode_json(data, ShowRecord, what, "show record", "restore it from a copy")


def _path(code: str) -> Path:
    return data_folder() / FOLDER / f"{code}.json"
