"""Apply edits to a document's data. Every edit has an inverse, which restores the data exactly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from renderer.errors import ShowError
from renderer.protocol.document import (
    Edit,
    InsertItem,
    MoveItem,
    RemoveItem,
    RemoveValue,
    SetValue,
)

Data = dict[str, Any]


def apply_edit(data: Data, edit: Edit) -> tuple[Data, Edit]:
    """Return the edited data, and the edit that restores the given data.

    The given data is not changed; parts that the edit does not touch are shared.

    Raises:
        ShowError: the path leads nowhere, or an index is out of range.
    """
    match edit:
        case SetValue(path=path):
            return _set(data, edit, tuple(path))
        case RemoveValue(path=path):
            return _remove_key(data, tuple(path))
        case InsertItem(path=path, index=index, value=value):
            items = _find_list(data, tuple(path), can_be_new=True)
            _require_index(path, index, len(items) + 1)
            inverse: Edit = RemoveItem(path, index)
            if not items and _is_missing(data, tuple(path)):
                inverse = RemoveValue(path)
            return _replace(data, tuple(path), [*items[:index], value, *items[index:]]), inverse
        case RemoveItem(path=path, index=index):
            items = _find_list(data, tuple(path))
            _require_index(path, index, len(items))
            kept = [*items[:index], *items[index + 1 :]]
            return _replace(data, tuple(path), kept), InsertItem(path, index, items[index])
        case MoveItem(path=path, index=index, to=to):
            items = _find_list(data, tuple(path))
            for place in (index, to):
                _require_index(path, place, len(items))
            kept = [*items[:index], *items[index + 1 :]]
            moved = [*kept[:to], items[index], *kept[to:]]
            return _replace(data, tuple(path), moved), MoveItem(path, to, index)


def apply_all(data: Data, edits: Sequence[Edit]) -> tuple[Data, list[Edit]]:
    """Apply edits in order; return the data, and the edits that restore the given data.

    Raises:
        ShowError: one cannot be applied; the given data is not changed.
    """
    inverses: list[Edit] = []
    for edit in edits:
        data, inverse = apply_edit(data, edit)
        inverses.append(inverse)
    return data, inverses[::-1]


def _set(data: Data, edit: SetValue, path: tuple[str | int, ...]) -> tuple[Data, Edit]:
    missing = _find_missing_table(data, path)
    if missing is not None:
        value = edit.value
        for key in reversed(path[missing + 1 :]):
            value = {key: value}
        return _set(data, SetValue([*path[: missing + 1]], value), path[: missing + 1])
    parent, key = _find_parent(data, path)
    if isinstance(parent, list):
        index = _as_index(path, key, len(parent))
        return _replace(data, path, edit.value), SetValue([*path], parent[index])
    if key in parent:
        return _replace(data, path, edit.value), SetValue([*path], parent[key])
    keys = list(parent)
    at = len(keys) if not 0 <= edit.position <= len(keys) else edit.position
    whole = {name: parent[name] for name in keys[:at]}
    whole[str(key)] = edit.value
    whole |= {name: parent[name] for name in keys[at:]}
    return _replace(data, path[:-1], whole), RemoveValue([*path])


def _find_missing_table(data: Any, path: tuple[str | int, ...]) -> int | None:
    """Return the place in a path of the first table that has to be made; None for none."""
    for number, key in enumerate(path[:-1]):
        if isinstance(data, dict):
            if key not in data:
                return number if all(isinstance(one, str) for one in path[number:]) else None
            data = data[key]
        elif isinstance(data, list) and isinstance(key, int) and 0 <= key < len(data):
            data = data[key]
        else:
            return None
    return None


def _remove_key(data: Data, path: tuple[str | int, ...]) -> tuple[Data, Edit]:
    parent, key = _find_parent(data, path)
    if not isinstance(parent, dict) or key not in parent:
        raise _lost(path)
    position = list(parent).index(key)
    kept = {name: value for name, value in parent.items() if name != key}
    return _replace(data, path[:-1], kept), SetValue([*path], parent[key], position)


def _find_parent(data: Any, path: tuple[str | int, ...]) -> tuple[Any, str | int]:
    if not path:
        raise _lost(path)
    return _find(data, path[:-1], path), path[-1]


def _find(data: Any, path: tuple[str | int, ...], whole: tuple[str | int, ...]) -> Any:
    for key in path:
        if isinstance(data, list):
            data = data[_as_index(whole, key, len(data))]
        elif isinstance(data, dict) and key in data:
            data = data[key]
        else:
            raise _lost(whole)
    if not isinstance(data, dict | list):
        raise _lost(whole)
    return data


def _is_missing(data: Data, path: tuple[str | int, ...]) -> bool:
    parent, key = _find_parent(data, path)
    return isinstance(parent, dict) and key not in parent


def _find_list(data: Data, path: tuple[str | int, ...], *, can_be_new: bool = False) -> list[Any]:
    if can_be_new and _is_missing(data, path):
        return []
    found = _find(data, path, path)
    if not isinstance(found, list):
        raise _lost(path)
    return found


def _replace(data: Any, path: tuple[str | int, ...], value: Any) -> Any:
    """Return data with one value replaced; everything beside the path is shared."""
    if not path:
        return value
    key = path[0]
    if isinstance(data, list):
        copy: Any = list(data)
        copy[int(key)] = _replace(data[int(key)], path[1:], value)
        return copy
    copy = dict(data)
    copy[key] = _replace(data[key], path[1:], value) if len(path) > 1 else value
    return copy


def _as_index(path: tuple[str | int, ...], key: str | int, count: int) -> int:
    if isinstance(key, bool) or not isinstance(key, int) or not 0 <= key < count:
        raise _lost(path)
    return key


def _require_index(path: Sequence[str | int], index: int, count: int) -> None:
    if not 0 <= index < count:
        raise ShowError(
            f"Edit of {_say(path)}", f"there is no item {index}", f"give one from 0 to {count - 1}"
        )


def _lost(path: Sequence[str | int]) -> ShowError:
    return ShowError(
        f"Edit of {_say(path)}", "there is no such place", "reload the document and edit it again"
    )


def _say(path: Sequence[str | int]) -> str:
    return ".".join(map(str, path)) or "the whole document"
