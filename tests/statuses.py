"""Statuses for tests: sections by the names of their fields."""

from __future__ import annotations

import msgspec

from renderer.protocol.schema import Section, section_types
from renderer.protocol.status import Status

OWNERS = {
    field: kind
    for kind in section_types()
    for field in kind.__struct_fields__
    if field != "revision"
}


def status_with(status: Status, **values: object) -> Status:
    """The status with other values in the fields of these names, whichever section has them."""
    changed: dict[type[Section], dict[str, object]] = {}
    for field, value in values.items():
        changed.setdefault(OWNERS[field], {})[field] = value
    return status.with_sections(
        msgspec.structs.replace(status.of(kind), **fields) for kind, fields in changed.items()
    )
