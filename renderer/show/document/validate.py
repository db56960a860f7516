"""Find every fault of a document's data, each with its path and in plain words.

`msgspec.convert` stops at the first fault and names the items of a mapping `[...]`; this walks the
same types to the end. What it accepts, `msgspec.convert` accepts.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import msgspec
from msgspec import inspect as types

from renderer.show.document.positions import Path
from renderer.show.document.schema import ShowFile
from renderer.spelling import nearest

_SHOWN: Final = 40
"""Longest part of a value in a message, characters."""
_EXAMPLES: Final = {
    r"^\d{1,5}:\d{1,2}(\.\d+)?\Z": 'a bar and a beat such as "12:3"',
    r"^(\d{1,5}:\d{1,2}(\.\d+)?)?\Z": 'a bar and a beat such as "12:3"',
    r"^\d{1,2}:\d{2}:\d{2}[:;]\d{2}\Z": 'a timecode such as "01:00:12:05"',
    r"^(ltc(:.+)?|mtc:.+)\Z": 'a source such as "ltc", "ltc:DEVICE" or "mtc:PORT"',
    r"^/.+": 'an address such as "/go"',
    r"^\d{1,6}(\.\d{1,4})*\Z": 'a cue number such as "12" or "12.5"',
}
"""What a pattern of the schema asks for."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of a value.

    Attributes:
        path: of the value; of the table, if something is missing in it.
        fault: what is wrong, a predicate.
        remedy: what would be right.
    """

    path: Path
    fault: str
    remedy: str


def find_faults(data: Any) -> list[Fault]:
    """Return all faults of a document's plain data; none if `msgspec.convert` accepts it."""
    return list(_walk(data, _root(), ()))


@lru_cache(1)
def _root() -> Any:
    return types.type_info(ShowFile)


def _walk(value: Any, wanted: Any, path: Path) -> Iterator[Fault]:
    if isinstance(wanted, types.UnionType):
        yield from _walk_union(value, wanted, path)
    elif isinstance(wanted, types.StructType):
        yield from _walk_struct(value, wanted, path)
    elif isinstance(wanted, types.DictType):
        if not isinstance(value, Mapping):
            yield Fault(path, _wrong_kind(value, "a table"), "write it as name = value")
            return
        for key, item in value.items():
            yield from _walk(item, wanted.value_type, (*path, key))
    elif isinstance(wanted, types.VarTupleType | types.ListType):
        yield from _walk_array(value, wanted, path)
    elif isinstance(wanted, types.TupleType):
        count = len(wanted.item_types)
        if not isinstance(value, list) or len(value) != count:
            yield Fault(path, _wrong_kind(value, f"a list of {count} values"), f"give {count}")
            return
        for number, (item, kind) in enumerate(zip(value, wanted.item_types, strict=True)):
            yield from _walk(item, kind, (*path, number))
    elif not isinstance(wanted, types.AnyType):
        yield from _walk_plain(value, wanted, path)


def _walk_struct(value: Any, wanted: types.StructType, path: Path) -> Iterator[Fault]:
    if not isinstance(value, Mapping):
        yield Fault(path, _wrong_kind(value, "a table"), "write it as { name = value }")
        return
    fields = {field.encode_name: field for field in wanted.fields}
    known = [*fields, *([wanted.tag_field] if wanted.tag_field else [])]
    for key, item in value.items():
        if key in fields:
            yield from _walk(item, fields[key].type, (*path, key))
        elif key != wanted.tag_field:
            yield Fault((*path, key), f"{key!r} is not known here", _suggest(key, known))
    for field in wanted.fields:
        if field.required and field.encode_name not in value:
            yield Fault(path, f"{field.encode_name!r} is missing", f"add {field.encode_name} = …")


def _walk_array(value: Any, wanted: Any, path: Path) -> Iterator[Fault]:
    if not isinstance(value, list):
        yield Fault(path, _wrong_kind(value, "a list"), "write it in [ ]")
        return
    least, most = wanted.min_length or 0, wanted.max_length
    if len(value) < least or (most is not None and len(value) > most):
        bounds = f"{least} to {most}" if most is not None else f"at least {least}"
        yield Fault(path, f"has {len(value)} items", f"give {bounds}")
    for number, item in enumerate(value):
        yield from _walk(item, wanted.item_type, (*path, number))


def _walk_union(value: Any, wanted: types.UnionType, path: Path) -> Iterator[Fault]:
    structs = [one for one in wanted.types if isinstance(one, types.StructType)]
    tagged = [one for one in structs if one.tag_field]
    if not tagged:
        first: list[Fault] = []
        for kind in wanted.types:
            found = list(_walk(value, kind, path))
            if not found:
                return
            # The alternative that accepts the value's kind explains best what is wrong with it.
            first = first or (found if not isinstance(kind, types.NoneType) else [])
        yield from first
        return
    field = tagged[0].tag_field or ""
    tags = {str(one.tag): one for one in tagged}
    if not isinstance(value, Mapping):
        example = f'{{ {field} = "{next(iter(tags))}" }}'
        yield Fault(path, _wrong_kind(value, "a table"), f"write it like {example}")
    elif field not in value:
        yield Fault(path, f"{field!r} is missing", f"add {field} = one of {_list(tags)}")
    elif not isinstance(value[field], str) or value[field] not in tags:
        yield Fault(
            (*path, field),
            f"{_show(value[field])} is not known here",
            _suggest(str(value[field]), tags),
        )
    else:
        yield from _walk_struct(value, tags[value[field]], path)


def _walk_plain(value: Any, wanted: Any, path: Path) -> Iterator[Fault]:
    match wanted:
        case types.LiteralType(values=values):
            if not isinstance(value, str) or value not in values:
                yield Fault(path, f"{_show(value)} is not known here", _suggest(str(value), values))
        case types.BoolType():
            if not isinstance(value, bool):
                yield Fault(path, _wrong_kind(value, "true or false"), "write true or false")
        case types.StrType():
            yield from _walk_text(value, wanted, path)
        case types.IntType() | types.FloatType():
            yield from _walk_number(value, wanted, path)
        case types.NoneType():
            yield Fault(path, _wrong_kind(value, "left out"), "leave it out")


def _walk_text(value: Any, wanted: types.StrType, path: Path) -> Iterator[Fault]:
    if not isinstance(value, str):
        yield Fault(path, _wrong_kind(value, "text"), "write it in quotes")
        return
    if wanted.max_length is not None and len(value) > wanted.max_length:
        yield Fault(path, f"has {len(value)} characters", f"write at most {wanted.max_length}")
    if len(value) < (wanted.min_length or 0):
        yield Fault(path, "is empty", "write a name, or leave the line out")
    if wanted.pattern and re.search(wanted.pattern, value) is None:
        asked = _EXAMPLES.get(wanted.pattern, wanted.pattern)
        yield Fault(path, f"{_show(value)} cannot be read", f"write {asked}")


def _walk_number(value: Any, wanted: Any, path: Path) -> Iterator[Fault]:
    is_whole = isinstance(wanted, types.IntType)
    kind = "a whole number" if is_whole else "a number"
    if isinstance(value, bool) or not isinstance(value, int if is_whole else int | float):
        yield Fault(path, _wrong_kind(value, kind), f"write {kind}")
        return
    is_inside = (
        math.isfinite(value)
        and (wanted.ge is None or value >= wanted.ge)
        and (wanted.gt is None or value > wanted.gt)
        and (wanted.le is None or value <= wanted.le)
        and abs(value) < 2**63
    )
    if not is_inside:
        least = wanted.ge if wanted.ge is not None else wanted.gt
        bounds = [f"from {least:g}"] if least is not None else []
        bounds += [f"to {wanted.le:g}"] if wanted.le is not None else []
        yield Fault(path, f"{value} is out of range", f"write {kind} {' '.join(bounds)}".rstrip())


def _wrong_kind(value: Any, wanted: str) -> str:
    if isinstance(value, list):
        return f"is a list of {len(value)}, and must be {wanted}"
    kinds = {bool: "true or false", str: "text", int: "a whole number", float: "a number"}
    kind = "a table" if isinstance(value, Mapping) else kinds.get(type(value), "a date or time")
    return f"is {kind}, and must be {wanted}"


def _suggest(word: str, known: Any) -> str:
    names = [str(name) for name in known]
    meant = nearest(word, names)
    return f"did you mean {meant!r}?" if meant else f"write one of {_list(names)}"


def _list(names: Any) -> str:
    return ", ".join(sorted(map(str, names))) or "none"


def _show(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def convert(data: Any) -> ShowFile:
    """Return the document of plain data that has no faults.

    Raises:
        msgspec.ValidationError: it has.
    """
    return msgspec.convert(data, ShowFile)
