"""Export a show's journal as an evidence pack."""

from __future__ import annotations

from pathlib import Path

from renderer.errors import RightsError
from renderer.rights.audit.evidence import make_evidence
from renderer.rights.files import replace_file, require_file
from renderer.rights.provenance.certificate import load_certificate
from renderer.rights.show_records import ShowRecord, find_record
from renderer.show.journal.reader import read_journal
from renderer.show.journal.sealer import read_seals

_MOST_BYTES = 256 << 20


def export_evidence(journal: Path, place: Path) -> None:
    """Write a journal with its seals and the show's record as one signed file.

    Raises:
        RendererError: the journal is unreadable, or its seals do not fit it.
    """
    seals = read_seals(journal)
    if not seals:
        raise RightsError(
            f"journal {journal}",
            "has no seals",
            "export the journal of a show that ran longer than a minute, or has ended",
        )
    data = require_file(journal, f"journal {journal}", _MOST_BYTES)
    pack = make_evidence(data, seals, _find_show(journal), load_certificate())
    replace_file(place, pack, f"evidence {place}")


def _find_show(journal: Path) -> ShowRecord | None:
    for record in read_journal(journal).records:
        code = (record.data or {}).get("code")
        if isinstance(code, str):
            return find_record(code)
    return None
