"""Read a journal, including one that is still written or that a killed show left behind."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from renderer.errors import ShowError
from renderer.protocol.log import EventKind
from renderer.show.journal.records import JournalRecord, unpack

_LONGEST_LINE: Final = 1 << 20
"""Bytes; a longer line is no record."""


@dataclass(frozen=True, slots=True)
class Journal:
    """The records of a journal.

    Attributes:
        records: in the order in which they were written.
        damaged: number of unreadable lines before the last one.
        is_torn: whether the last line is unreadable, because writing it was cut off.
    """

    records: list[JournalRecord] = field(default_factory=list)
    damaged: int = 0
    is_torn: bool = False

    @property
    def missing(self) -> int:
        """Return how many numbers are missing between the first record and the last."""
        numbers = {record.number for record in self.records}
        return max(numbers) - min(numbers) + 1 - len(numbers) if numbers else 0


def read_journal(path: Path) -> Journal:
    """Return all readable records of a journal.

    Raises:
        ShowError: the file cannot be read, or contains no record.
    """
    records: list[JournalRecord] = []
    damaged, is_torn = 0, False
    try:
        with path.open("rb") as file:
            while line := file.readline(_LONGEST_LINE):
                # A journal that goes on after an incomplete line has damaged one record only.
                damaged += is_torn
                record = unpack(line)
                is_torn = record is None and line != b"\n"
                if record is not None:
                    records.append(record)
    except OSError as fault:
        raise ShowError(
            f"the journal {path}",
            f"cannot be read ({fault.strerror})",
            "name the file journal.log in a show's log folder",
        ) from fault
    if not records:
        raise ShowError(
            f"the journal {path}",
            "contains no readable record",
            "name the file journal.log in a show's log folder",
        )
    return Journal(records, damaged, is_torn)


def select_records(
    records: Iterable[JournalRecord],
    kinds: Collection[EventKind] = (),
    words: Collection[str] = (),
    last_s: float | None = None,
) -> list[JournalRecord]:
    """Return the records that meet every condition given.

    Args:
        kinds: kinds to choose from; empty for all.
        words: a record must contain each of them, in upper or lower case.
        last_s: seconds before the last record; None for the whole show.
    """
    found = list(records)
    end_ns = found[-1].t_ns if found else 0
    return [
        record
        for record in found
        if (not kinds or record.kind in kinds)
        and all(word.casefold() in record.text.casefold() for word in words)
        and (last_s is None or end_ns - record.t_ns <= last_s * 1e9)
    ]


def format_records(records: Iterable[JournalRecord]) -> Iterator[str]:
    """Yield a line of text for each record: number, wall-clock time, kind, text."""
    for record in records:
        moment = datetime.fromtimestamp(record.at)
        yield (
            f"{record.number:6}  {moment:%Y-%m-%d %H:%M:%S}.{moment.microsecond // 1000:03}  "
            f"{record.kind.value:13}  {record.text}"
        )
