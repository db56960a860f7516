"""Open the fixtures of a show's document: read their files, hang them, patch them, group them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

from renderer.errors import RendererError
from renderer.show.document.entries.lights import FixtureLook, FixtureValues
from renderer.show.document.read import ReadShow, place_fault
from renderer.show.document.schema import ShowFile
from renderer.stage.fixtures.cues import FixtureCue, FixtureEffect, FixtureProgrammer
from renderer.stage.fixtures.mvr import TO_STAGE, Placed, read_rig
from renderer.stage.fixtures.personality import read_personality
from renderer.stage.fixtures.rig import FixtureRig

F64 = npt.NDArray[np.float64]

_VALUES: Final = ("color", "pan", "tilt", "zoom", "iris", "gobo", "strobe")


def open_fixtures(read: ReadShow) -> tuple[FixtureProgrammer | None, list[str]]:
    """Return what drives a show's fixtures, None for a show without any, and warnings.

    Raises:
        RendererError: a file cannot be read; the message names the place in the document.
    """
    show, warnings = read.show, []
    placed: list[Placed] = []
    for number, entry in enumerate(show.fixtures):
        try:
            personality = read_personality(read.folder / entry.file, entry.mode)
        except RendererError as fault:
            raise place_fault(read, ("fixtures", number, "file"), fault) from fault
        matrix = _rotate(*entry.rotation) @ TO_STAGE
        matrix[:3, 3] = entry.position
        address = dict.fromkeys(personality.channels, (entry.universe, entry.address))
        placed.append(Placed(entry.name, personality, matrix, address))
        warnings += [f"{entry.name}: {text}" for text in personality.warnings]
        longest = max(personality.channels.values(), default=0)
        if entry.address - 1 + longest > 512:
            warnings.append(
                f"{entry.name} has {longest} channels from {entry.address}, and ends beyond 512"
            )
    for number, rig_entry in enumerate(show.rigs):
        try:
            rig = read_rig(read.folder / rig_entry.file)
        except RendererError as fault:
            raise place_fault(read, ("rigs", number, "file"), fault) from fault
        moved = _rotate(0.0, rig_entry.turn, 0.0)
        moved[:3, 3] = rig_entry.position
        placed += [
            Placed(one.name, one.personality, moved @ one.matrix, one.addresses)
            for one in rig.fixtures
        ]
        warnings += rig.warnings
        warnings += sorted({text for one in rig.fixtures for text in one.personality.warnings})
    if not placed:
        return None, warnings
    return FixtureProgrammer(FixtureRig(placed), _find_groups(show, placed)), warnings


def build_fixture_cues(show: ShowFile) -> dict[str, dict[str, FixtureCue]]:
    """Return what each look sets in each group, by name."""
    palettes = {one.name: one for one in show.palettes}
    effects = {
        one.name: FixtureEffect(one.kind, one.beats, one.low, one.width)
        for one in show.fixture_effects
    }
    return {
        look.name: {
            target: _build_cue(values, palettes, effects)
            for target, values in look.fixtures.items()
        }
        for look in show.looks
    }


def _build_cue(
    values: FixtureLook,
    palettes: Mapping[str, FixtureValues],
    effects: Mapping[str, FixtureEffect],
) -> FixtureCue:
    found: dict[str, object] = {"level": 1.0}
    for one in (*(palettes[name] for name in values.palettes), values):
        for field in ("level", *_VALUES):
            value = getattr(one, field)
            if value is not msgspec.UNSET:
                found[field] = value if isinstance(value, tuple) else float(value)
    found["effects"] = tuple(effects[name] for name in values.effects)
    return FixtureCue(**found)  # type: ignore[arg-type]


def _find_groups(show: ShowFile, placed: list[Placed]) -> dict[str, list[int]]:
    """Return the numbers of the fixtures of every group, and of every fixture's name."""
    names = [one.name for one in placed]
    groups: dict[str, list[int]] = {}
    for number, name in enumerate(names):
        groups.setdefault(name, []).append(number)
    for group in show.groups:
        found: list[int] = []
        for word in group.fixtures:
            begin = word.removesuffix("*")
            found += [
                number
                for number, name in enumerate(names)
                if (name.startswith(begin) if begin != word else name == word)
            ]
        groups[group.name] = list(dict.fromkeys(found))
    return groups


def _rotate(x: float, y: float, z: float) -> F64:
    """Return the turn about x, then y, then z, degrees, as (4, 4)."""
    out = np.eye(4)
    for axis, degrees in enumerate((x, y, z)):
        cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
        turn = np.eye(4)
        one, other = (axis + 1) % 3, (axis + 2) % 3
        turn[one, one] = turn[other, other] = cos
        turn[one, other], turn[other, one] = -sin, sin
        out = turn @ out
    return out
