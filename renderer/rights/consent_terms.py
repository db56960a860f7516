"""Read the TOML file in which a performer's consent is written down before it is signed."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import msgspec

from renderer.errors import RightsError
from renderer.rights.consent import ConsentTerms
from renderer.rights.files import require_file
from renderer.spelling import nearest

MAX_BYTES: Final = 64 * 1024
"""Largest terms file that is read."""

TEMPLATE: Final = """\
# A performer's consent. Fill it in together, then the performer signs it with a key of their own:
# encore consent sign {name} --key KEY
# Only what stands here is allowed, and the performer can withdraw it: encore consent withdraw

performer = ""          # name under which they perform
controller = ""         # the crew or company that captures them, and how to reach it

captures = ["face", "body", "voice"]
shows = ["*"]           # names of the shows, as `encore show --show-name` declares them

since = {since}
until = {until}
retention_days = 30     # how long takes and calibrations may be kept

reuse_takes = false     # whether takes may be shown again without them
training = false        # whether models may be trained on their takes
picture_shown = false   # whether the camera's own picture of them may be shown
name_shown = false      # whether their name may appear in credits and provenance
"""


def read_consent_terms(path: Path) -> ConsentTerms:
    """Read a consent's terms from a TOML file; times without a zone are UTC.

    Raises:
        RightsError: it cannot be read, or a value is unusable.
    """
    what = f"consent terms {path}"
    data = require_file(path, what, MAX_BYTES)
    try:
        table: dict[str, Any] = tomllib.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as fault:
        raise RightsError(what, f"is no TOML file ({fault})", "correct that line") from fault
    known = ConsentTerms.__struct_fields__
    for key, value in table.items():
        if key not in known:
            meant = nearest(key, known)
            remedy = f"did you mean {meant}?" if meant else f"use {', '.join(known)}"
            raise RightsError(what, f"has an unknown key {key[:40]}", remedy)
        if isinstance(value, datetime):
            zoned = value if value.tzinfo else value.replace(tzinfo=UTC)
            table[key] = zoned.astimezone(UTC)
    try:
        return msgspec.convert(table, ConsentTerms)
    except msgspec.ValidationError as fault:
        raise RightsError(what, f"has an unusable value ({fault})", "correct that value") from fault
