"""Write a show document's data back into its text, so that comments and order are kept."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import AbstractTable, AoT, Array, InlineTable

from renderer.errors import ShowError


def rewrite(text: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """Return a text changed to other data; every line whose data is the same is kept as it is.

    Args:
        text: valid TOML.
        before: its data.
        after: the data that the result has.
    """
    if before == after:
        return text
    document = tomlkit.parse(text)
    _update_table(document, before, after)
    return tomlkit.dumps(document)


def _update_table(table: Any, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    for key in before:
        if key not in after:
            del table[key]
    for key, value in after.items():
        if key not in before:
            table[key] = _make_item(value)
        elif value != before[key]:
            item, old = table[key], before[key]
            if isinstance(item, AbstractTable) and not isinstance(item, InlineTable):
                if isinstance(value, Mapping):
                    _update_table(item, old, value)
                    continue
            elif isinstance(item, AoT) and value and all(isinstance(x, Mapping) for x in value):
                _update_tables(item, old, value)
                continue
            elif isinstance(item, Array) and isinstance(value, list):
                _update_array(item, old, value)
                continue
            # An inline table holds no comment, so that nothing is lost.
            table[key] = _make_item(value)


def _update_tables(items: AoT, before: list[Any], after: list[Any]) -> None:
    """Change an array of tables; a table is known by its number or name, and keeps its text."""
    identities = [_identify(one) for one in before]
    wanted = [_identify(one) for one in after]
    removed: dict[str, tuple[Any, Any]] = {}
    at = 0
    for kind, first, last, begin, end in _compare(identities, wanted):
        if kind == "equal":
            for old, new in zip(range(first, last), range(begin, end), strict=True):
                _update_table(items[at], before[old], after[new])
                at += 1
            continue
        for old in range(first, last):
            removed[identities[old]] = items[at], before[old]
            del items[at]
        for new in range(begin, end):
            kept = removed.pop(wanted[new], None)
            if kept is not None:
                _update_table(kept[0], kept[1], after[new])
            items.insert(at, kept[0] if kept is not None else _make_table(after[new], ends=True))
            at += 1


def _update_array(items: Array, before: list[Any], after: list[Any]) -> None:
    """Change an array item by item, keeping the comments of those that are the same."""
    at = 0
    keys, wanted = [repr(one) for one in before], [repr(one) for one in after]
    for kind, first, last, begin, end in _compare(keys, wanted):
        if kind == "equal":
            at += last - first
            continue
        shared = min(last - first, end - begin)
        for offset in range(shared):
            items[at] = _make_inline(after[begin + offset])
            at += 1
        for _ in range(last - first - shared):
            del items[at]
        for new in range(begin + shared, end):
            items.insert(at, _make_inline(after[new]))
            at += 1


def _compare(before: list[str], after: list[str]) -> Sequence[tuple[str, int, int, int, int]]:
    return SequenceMatcher(None, before, after, autojunk=False).get_opcodes()


def _identify(value: Mapping[str, Any]) -> str:
    """Return what an item is known by, whatever else in it changes."""
    for key in ("number", "name", "address", "file", "kind"):
        if key in value:
            return f"{key}={value[key]}"
    return repr(value)


def _make_item(value: Any) -> Any:
    if isinstance(value, list) and value and all(isinstance(one, Mapping) for one in value):
        array = tomlkit.array().multiline(True)
        for one in value:
            array.append(_make_inline(one))
        return array
    if isinstance(value, Mapping):
        return _make_table(value)
    return tomlkit.item(value)


def _make_table(value: Mapping[str, Any], *, ends: bool = False) -> Any:
    """Return a table; `ends` puts an empty line below it."""
    table = tomlkit.table()
    for key, one in value.items():
        table[key] = _make_inline(one) if isinstance(one, Mapping) else _make_item(one)
    if ends:
        table.add(tomlkit.nl())
    return table


def _make_inline(value: Any) -> Any:
    if isinstance(value, Mapping):
        table = tomlkit.inline_table()
        for key, one in value.items():
            table[key] = _make_inline(one)
        return table
    if isinstance(value, list):
        array = tomlkit.array()
        for one in value:
            array.append(_make_inline(one))
        return array
    return tomlkit.item(value)


def save(path: Path, text: str, data: Mapping[str, Any]) -> None:
    """Write a document's text, checked against its data, in place of the file, all or nothing.

    Raises:
        ShowError: the text does not say what the data is, or the file cannot be written.
    """
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise ShowError(str(path), f"would not be valid ({fault})", "save it by hand") from fault
    if said != data:
        raise ShowError(str(path), "would not say what was edited", "save it under another name")
    draft = path.with_name(f".{path.name}.new")
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
    except OSError as fault:
        raise ShowError(
            f"Show {path}", f"cannot be written ({fault.strerror})", "make room, and save again"
        ) from fault


def keep_copy(path: Path, schema: int) -> Path:
    """Copy a document of an older schema beside itself, and return the copy's path.

    Raises:
        ShowError: it cannot be copied.
    """
    copy = path.with_name(f"{path.stem}.schema{schema}{path.suffix}")
    number = 1
    while copy.exists():
        number += 1
        copy = path.with_name(f"{path.stem}.schema{schema}-{number}{path.suffix}")
    try:
        shutil.copy2(path, copy)
    except OSError as fault:
        raise ShowError(
            f"Show {path}", f"cannot be copied ({fault.strerror})", "make room beside it"
        ) from fault
    return copy
