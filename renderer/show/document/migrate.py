"""Update documents of older schemas."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from renderer.errors import ShowError
from renderer.show.document.schema import SCHEMA

Migration = Callable[[dict[str, Any]], dict[str, Any]]
"""Returns plain data of one schema as plain data of the next one, and changes nothing in place."""

MIGRATIONS: Final[dict[int, Migration]] = {}
"""By the schema that each one reads. The first schema is the current one, so there are none yet."""


def migrate(
    data: dict[str, Any],
    thing: str,
    steps: Mapping[int, Migration] = MIGRATIONS,
    newest: int = SCHEMA,
) -> dict[str, Any]:
    """Return a document's data in the current schema; the given data is not changed.

    Args:
        data: plain data of the file.
        thing: the file's name, for the message.
        steps: the migrations.
        newest: the current schema.

    Raises:
        ShowError: the schema is no number, is newer than this program, or has no migration.
    """
    schema = data.get("schema", newest)
    if isinstance(schema, bool) or not isinstance(schema, int) or schema < 1:
        raise ShowError(thing, f"schema {schema!r} is none", f"write schema = {newest}")
    if schema > newest:
        raise ShowError(
            thing,
            f"is of schema {schema}, and this program reads up to {newest}",
            "open it with the program that wrote it, or update this one",
        )
    while schema < newest:
        step = steps.get(schema)
        if step is None:
            raise ShowError(
                thing, f"schema {schema} is not known any more", "write the show again with --new"
            )
        data = step(data)
        schema += 1
        data = {**data, "schema": schema}
    return data
