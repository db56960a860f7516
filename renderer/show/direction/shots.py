"""Build the shots of a document's virtual cameras."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

from renderer.show.document.entries.rigs import RigEntry
from renderer.show.document.entries.stage import CameraEntry
from renderer.show.document.schema import ShowFile
from renderer.stage.cameras.framing import Framing
from renderer.stage.cameras.operator import Shot
from renderer.stage.cameras.rigs import (
    Crane,
    Dolly,
    Follow,
    Handheld,
    Orbit,
    Range,
    Rig,
    Tripod,
)

HOUSE_CAMERA: Final = Shot(0.0, Framing.FULL)
"""The camera of a show whose document has none."""


def build_shots(show: ShowFile) -> dict[int, Shot]:
    """Return the shot of every camera by its number; camera 1 alone for a show without cameras."""
    names = [one.name for one in show.performers]
    return {one.number: _build_shot(one, names) for one in show.cameras} or {1: HOUSE_CAMERA}


def movement_beats(show: ShowFile) -> Mapping[int, float]:
    """Return the length of every camera's rig movement by its number, beats."""
    return {one.number: one.beats for one in show.cameras} or {1: 16.0}


def _build_shot(entry: CameraEntry, names: Sequence[str]) -> Shot:
    return Shot(
        0.0,
        Framing[entry.framing.upper().replace(" ", "_").replace("-", "_")],
        tuple(_find_performer(who, names) for who in entry.who),
        build_rig(entry.rig, entry.number),
        math.radians(entry.side),
        entry.rise,
        entry.beside,
    )


def _find_performer(who: str | int, names: Sequence[str]) -> int:
    """Return a performer's index; 0 for a name that is not in the list."""
    if isinstance(who, str) and who in names:
        return names.index(who)
    number = str(who)
    return max(int(number) - 1, 0) if number.isdecimal() else 0


def build_rig(entry: RigEntry, seed: int) -> Rig:
    """Return a rig of a document; `seed` is that of its shake."""
    side: Range = math.radians(entry.side[0]), math.radians(entry.side[1])
    match entry.kind:
        case "dolly":
            return Dolly(entry.aside, entry.nearer)
        case "crane":
            return Crane(entry.rise, side, entry.nearer)
        case "orbit":
            return Orbit(side, entry.rise)
        case "follow":
            return Follow(side, entry.nearer)
        case "handheld":
            return Handheld(seed, entry.amount, side, entry.nearer)
    return Tripod()
