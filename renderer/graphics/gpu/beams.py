"""Pack a frame's beams as instances for shaders/beam.vert.glsl."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.compile import compiled
from renderer.errors import GraphicsError
from renderer.graphics.records import DrawFault
from renderer.stage.latest import remember_latest
from renderer.stage.lights.gobos import Gobo
from renderer.stage.records import Beam, Lamps

MOST_BEAMS: Final = 256
"""Maximum number of beams in a frame; the size of the GPU buffer."""
BEAM_FLOATS: Final = 16
"""Floats of an instance: apex and spread, direction and length, colour and haze; the gobo's layer
and angle, relative size of the lens flare, padding."""
_DARK: Final = 1e-3
"""Minimum light of a lamp with a lens flare."""
_GLARE: Final = 0.35
"""Brightness of a lens flare, as a fraction of the lamp's light."""
_WIDEST: Final = 1.0
"""Maximum tangent of the half angle; a wider beam is a wash, outside the closed form's validity."""

_NO_GOBO: Final = -1.0
"""Layer of a beam without a gobo."""

_GOOD, _INFINITE, _UNDIRECTED, _SHAPELESS = range(4)
"""Kinds of beams."""

F32 = npt.NDArray[np.float32]


def pack_beams(
    beams: Sequence[Beam], find_gobo: Callable[[str], int | None] = lambda _name: None
) -> tuple[F32, tuple[DrawFault, ...]]:
    """Return rows (n, 16) float32 of the drawable beams, and a fault for each of the others."""
    faults: list[DrawFault] = []
    if len(beams) > MOST_BEAMS:
        faults.append(
            _fault(f"beams from {MOST_BEAMS + 1} on", "there are too many", f"give {MOST_BEAMS}")
        )
        beams = beams[:MOST_BEAMS]
    rows = tabulate_beams(tuple(beams)).copy()
    for row, one in zip(rows, beams, strict=True):
        if one.gobo is not None:
            row[12:14] = _pack_gobo(one.gobo, find_gobo)
    kinds = np.empty(len(rows), np.int8)
    if _normalise(rows, kinds):
        return rows, tuple(faults)
    good = kinds == _GOOD
    for number in np.flatnonzero(~good).tolist():
        if kinds[number] == _INFINITE:
            what, right = "it holds a number that is not finite", "give finite numbers"
        elif kinds[number] == _UNDIRECTED:
            what, right = "its direction has no length", "give the way that it shines"
        else:
            what = "its spread or its length is none that a beam has"
            right = f"give a spread above 0 and up to {_WIDEST:g}, and a length above 0"
        faults.append(_fault(f"beam {number + 1}", what, right))
    return rows[good], tuple(faults)


@remember_latest
def tabulate_beams(beams: tuple[Beam, ...]) -> F32:
    """Return rows (n, 16) of beams as they are, without gobos; the result must not be changed."""
    return np.array(
        [
            (
                *one.apex, one.spread, *one.direction, one.length_m, *one.color, one.haze,
                _NO_GOBO, 0.0, 0.0, 0.0,
            )
            for one in beams
        ],
        np.float32,
    ).reshape(-1, BEAM_FLOATS)  # fmt: skip


@compiled
def _normalise(rows: F32, kinds: npt.NDArray[np.int8]) -> bool:
    """Normalise the direction of each row, and find out whether all beams can be drawn.

    Args:
        rows: (n, 16), changed in place.
        kinds: (n,) is filled: _GOOD, or the reason why the beam cannot be drawn.
    """
    for number in range(len(rows)):
        row = rows[number]
        length = math.sqrt(row[4] * row[4] + row[5] * row[5] + row[6] * row[6])
        is_finite = math.isfinite(length)
        for value in row:
            is_finite = is_finite and math.isfinite(value)
        if not is_finite:
            kinds[number] = _INFINITE
        elif not length > 0.0:
            kinds[number] = _UNDIRECTED
        elif not (0.0 < row[3] <= _WIDEST and row[7] > 0.0):
            kinds[number] = _SHAPELESS
        else:
            kinds[number] = _GOOD
            for axis in range(4, 7):
                row[axis] /= length
    return bool((kinds == _GOOD).all())


def pack_flares(lamps: Lamps | None, room: int) -> F32:
    """Return rows (n, 16) of the lens flares of lit lamps, as beams without visible haze.

    Args:
        room: maximum number of rows.
    """
    if lamps is None:
        return np.zeros((0, BEAM_FLOATS), np.float32)
    shines = (lamps.flare > 0.0) & (lamps.color.max(axis=1) > _DARK)
    numbers = np.flatnonzero(shines)[:room]
    rows = np.zeros((len(numbers), BEAM_FLOATS), np.float32)
    rows[:, :3] = lamps.position[numbers]
    rows[:, 3] = 0.05
    rows[:, 4:7] = lamps.direction[numbers]
    rows[:, 7] = 1.0
    rows[:, 8:11] = lamps.color[numbers] * (_GLARE * lamps.flare[numbers, None])
    rows[:, 12] = -1.0
    rows[:, 14] = 1.0
    return rows


def _pack_gobo(gobo: Gobo, find_gobo: Callable[[str], int | None]) -> tuple[float, float]:
    """Return layer and angle of a gobo; layer -1 for one that there is not."""
    layer = find_gobo(gobo.name)
    return (_NO_GOBO, 0.0) if layer is None else (float(layer), gobo.angle)


def _fault(thing: str, what: str, right: str) -> DrawFault:
    return DrawFault(thing, GraphicsError(thing, what, right))
