"""Build statuses for tests by the names of their fields."""

from __future__ import annotations

import msgspec

from renderer.protocol.schema import Section, section_types
from renderer.protocol.show import ShowDocument, ShowHealth
from renderer.protocol.status import Status

# Where several sections have a field of one name, the show's own is meant.
OWNERS = {
    field: kind
    for kind in [*section_types(), ShowDocument, ShowHealth]
    for field in kind.__struct_fields__
    if field != "revision"
}


def status_with(status: Status, **values: object) -> Status:
    """Return the status with other values in these fields, whichever section contains them."""
    changed: dict[type[Section], dict[str, object]] = {}
    for field, value in values.items():
        changed.setdefault(OWNERS[field], {})[field] = value
    return status.with_sections(
        msgspec.structs.replace(status.of(kind), **fields) for kind, fields in changed.items()
    )
