"""Compare a show on two machines: its engines have to draw the same picture."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

import msgspec

from renderer.show.plan import ShowPlan

_ELSEWHERE: Final = ("show", "outputs", "recordings", "inputs")
"""Parts of a document that may differ: where the show comes from and goes to."""
_FILES: Final = ("licences", "consents")
"""Parts of its rights that may differ: where the files are."""
_DISTRIBUTION: Final = "encore-renderer"
_BLOCK: Final = 1 << 20


def describe_show(plan: ShowPlan) -> dict[str, str]:
    """Return what a show needs to be the same on two machines: hashes and versions, by name."""
    described = {
        "the version of Encore": _find_version(),
        "the version of Python": ".".join(platform.python_version_tuple()[:2]),
    }
    if plan.document is not None:
        parts = _list_fields(plan.document.show)
        kept = {name: part for name, part in parts.items() if name not in _ELSEWHERE}
        kept["rights"] = {name: one for name, one in kept["rights"].items() if name not in _FILES}
        text = msgspec.json.encode(kept, order="sorted")
        described["the show's document"] = hashlib.sha256(text).hexdigest()
    files = {f"avatar {number}": path for number, path in enumerate(plan.avatars, 1)}
    files |= {f"avatar {one.avatar}": one.file for one in plan.wardrobe}
    files |= {} if plan.set is None else {"set": plan.set}
    for what, path in files.items():
        described[f"the {what}, {path.name},"] = _hash_file(path)
    return described


def find_difference(here: Mapping[str, str], there: Mapping[str, str]) -> str:
    """Return what differs, a clause; empty if nothing does.

    Args:
        here: of the machine with the standby.
        there: of the show's machine.
    """
    for name, value in there.items():
        if name not in here:
            return f"{name} is not the one of this machine's show"
        if here[name] != value:
            if len(value) < hashlib.sha256().digest_size:
                return f"{name} is {here[name]} here, and {value} on the show's machine"
            return f"{name} is not the same as on the show's machine; copy it from there"
    return ""


def _find_version() -> str:
    try:
        return version(_DISTRIBUTION)
    except PackageNotFoundError:
        return ""  # It runs from a folder; what differs then is found when it is said.


def _list_fields(value: Any) -> Any:
    """Return a document's part as plain data with every field.

    msgspec leaves out fields that are the very object of their default, which they no longer are
    in another process.
    """
    if isinstance(value, msgspec.Struct):
        return {name: _list_fields(one) for name, one in msgspec.structs.asdict(value).items()}
    if isinstance(value, list | tuple):
        return [_list_fields(one) for one in value]
    if isinstance(value, dict):
        return {str(name): _list_fields(one) for name, one in value.items()}
    return value


def _hash_file(path: Path) -> str:
    """Return a file's SHA-256; empty if it cannot be read."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
    except OSError:
        return ""
    return digest.hexdigest()
