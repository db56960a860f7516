"""Build a list of the lights that reach each part of a scene, so that other lights cost nothing.

A list is a slice of one uniform buffer. On a GPU a shader loops over its list. A software
rasteriser needs constant indices to be fast, so its shaders are compiled in variants by number
of lights, and each list is padded with black lights to the next variant.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Final

import moderngl
import numpy as np
import numpy.typing as npt

from avatars.compile import compiled
from renderer.graphics.gpu.lights import LIGHT_FLOATS, LightTable
from renderer.graphics.gpu.shaders import BLOCKS

F32 = npt.NDArray[np.float32]

UNROLLED: Final = (3, 5, 7)
"""Lights besides the key light in the variants of a software rasteriser; see shaders/lights.glsl.

    Three is key, fill and two rims on an avatar. Each variant takes about 0.2 s to compile on
    llvmpipe, once on each machine; measured with tests/benchmarks/test_graphics_cost.
"""

_LIGHT_BYTES: Final = 4 * LIGHT_FLOATS

MAX_LIGHTS: Final = (16384 - 16) // _LIGHT_BYTES
"""Maximum list length: 16384 bytes is the smallest block size that OpenGL 4.1 guarantees."""

PLAN_FRAMES: Final = 15
"""Frames between two plans of the lists; a new plan drops lights that are out of reach."""

_HEADER: Final = 16
"""Bytes before a list's lights: the count, padded to a vec4."""
_VECTOR: Final = 16
"""Bytes of a vec4."""
_LIGHT_VECTORS: Final = LIGHT_FLOATS // 4
_ALIGNMENT: Final = 256 // _VECTOR
"""In vec4; the largest uniform block offset alignment that OpenGL allows a driver to require."""
_TAIL: Final = _HEADER + MAX_LIGHTS * _LIGHT_BYTES
"""Bytes after the last list, since a shader's block must be within the buffer."""
_FIRST_CAPACITY: Final = 4096
"""In vec4; enough for the lists of a few hundred parts with a dozen lights each."""


@dataclass(frozen=True, slots=True, eq=False)
class LightVariant:
    """How a shader iterates over its lights. Made by `light_variant`, and compared by identity.

    Attributes:
        unrolled: number of lights after the key light that are unrolled in the code.
        looped: whether a loop handles the remaining lights.
    """

    unrolled: int
    looped: bool

    @property
    def capacity(self) -> int:
        """Return the capacity of the shader's block in lights, key light included."""
        return MAX_LIGHTS if self.looped else 1 + self.unrolled

    @property
    def defines(self) -> tuple[str, ...]:
        """Return the shader defines for shaders/lights.glsl."""
        head = f"UNROLLED_LIGHTS {self.unrolled}"
        return (head, "LOOPED_LIGHTS", f"MAX_LIGHTS {MAX_LIGHTS}") if self.looped else (head,)


@cache
def light_variant(unrolled: int, *, looped: bool) -> LightVariant:
    """Return the variant with these attributes, of which there is one."""
    return LightVariant(unrolled, looped)


@dataclass(frozen=True, slots=True)
class LightList:
    """The lights that reach one part of a scene.

    Attributes:
        buffer, offset, size: where it is, in bytes.
        bind: binds this list for the next draw calls.
    """

    variant: LightVariant
    buffer: moderngl.Buffer
    offset: int
    size: int
    bind: Callable[[], object] = field(compare=False)


def _make_list(variant: LightVariant, buffer: moderngl.Buffer, offset: int) -> LightList:
    # Bind the exact size: a software rasteriser copies the whole bound range for every draw call.
    size = _HEADER + variant.capacity * _LIGHT_BYTES
    bind = partial(buffer.mglo.bind_to_uniform_block, BLOCKS["Lights"], offset, size)
    return LightList(variant, buffer, offset, size, bind)


class LightLists:
    """The light lists of a frame, in one uniform buffer.

    Lists are planned again when a light reaches a part whose list lacks it, and periodically to
    drop lights that are out of reach; an extra light costs time but does not change the picture.

    Attributes:
        variants: those compiled at the start. A software rasteriser needs one more, a loop,
            when eight lights besides the key light, a second shadow, a gobo or framing blades reach
            one part.

    Args:
        software: whether a software rasteriser draws.
    """

    def __init__(self, context: moderngl.Context, *, software: bool) -> None:
        self._context = context
        self._software = software
        self.variants = (
            tuple(light_variant(count, looped=False) for count in UNROLLED)
            if software
            else (light_variant(0, looped=True),)
        )
        self._allocate(_FIRST_CAPACITY)
        self._key: tuple[int, int, int] | None = None
        self._covered = np.zeros((0, 0), bool)
        self._frames_left = 0
        self._gather = np.zeros(0, np.intp)
        self._headers = np.zeros((0, 4), np.float32)
        self._lists: tuple[LightList, ...] = ()

    def _allocate(self, vectors: int) -> None:
        self._staging = np.zeros((vectors, 4), np.float32)
        self._buffer = self._context.buffer(reserve=self._staging.nbytes + _TAIL, dynamic=True)

    def write(self, table: LightTable, reached: npt.NDArray[np.bool_]) -> tuple[LightList, ...]:
        """Upload a frame's lists.

        Args:
            reached: (l, p) bool, whether a light of the table reaches a part of the scene.

        Returns:
            The list of each part; parts with the same lights share one.
        """
        self._frames_left -= 1
        key = len(table.casters), len(table.lights), table.shaped
        if (
            key != self._key
            or reached.shape != self._covered.shape
            or self._frames_left < 0
            or not _are_covered(reached, self._covered)
        ):
            self._plan(table, reached)
            self._key = key
            self._frames_left = PLAN_FRAMES
        _gather(table.rows.reshape(-1, 4), self._headers, self._gather, self._staging)
        self._buffer.write(self._staging[: len(self._gather)])
        return self._lists

    def forget_plan(self) -> None:
        """Discard the plan, so that the next frame's lists are planned from scratch."""
        self._key = None

    def _plan(self, table: LightTable, reached: npt.NDArray[np.bool_]) -> None:
        count = len(table.lights)
        packed = np.ascontiguousarray(np.packbits(reached, axis=0, bitorder="little").T)
        wanted = [int.from_bytes(column.tobytes(), "little") for column in packed]
        chosen = _join(set(wanted), table, software=self._software)
        placed: list[tuple[int, LightVariant, int]] = []
        headers: list[int] = []
        gather: list[int] = []
        header_row = (count + 1) * _LIGHT_VECTORS
        for lights in sorted(set(chosen.values())):
            variant, rows = _rows_of(lights, table, software=self._software)
            placed.append((lights, variant, len(gather) * _VECTOR))
            gather.append(header_row + len(headers))
            headers.append(len(rows))
            for row in rows:
                gather.extend(range(row * _LIGHT_VECTORS, (row + 1) * _LIGHT_VECTORS))
            gather.extend([header_row] * (-len(gather) % _ALIGNMENT))
        self._gather = np.array(gather, np.intp)
        # The shader reads the header as integers.
        self._headers = np.zeros((len(headers), 4), np.float32)
        self._headers.view(np.int32)[:, 0] = headers
        if len(gather) > len(self._staging):
            self._allocate(2 * len(gather))
        lists = {
            lights: _make_list(variant, self._buffer, offset) for lights, variant, offset in placed
        }
        self._lists = tuple(lists[chosen[one]] for one in wanted)
        self._covered = np.zeros(reached.shape, bool)
        for part, one in enumerate(wanted):
            self._covered[:, part] = [chosen[one] >> light & 1 for light in range(count)]


@compiled
def _are_covered(reached: npt.NDArray[np.bool_], covered: npt.NDArray[np.bool_]) -> bool:
    """Return whether all lights and parts (l, p) that are true in one table are so in another."""
    for light in range(len(reached)):
        for part in range(reached.shape[1]):
            if reached[light, part] and not covered[light, part]:
                return False
    return True


@compiled
def _gather(rows: F32, headers: F32, places: npt.NDArray[np.intp], staging: F32) -> None:
    """Fill `staging` (n or more, 4) with vectors of two tables.

    Args:
        rows, headers: (r, 4) and (h, 4).
        places: (n,) row of the tables, as if the second followed the first.
    """
    for number in range(len(places)):
        place = places[number]
        for part in range(4):
            if place < len(rows):
                staging[number, part] = rows[place, part]
            else:
                staging[number, part] = headers[place - len(rows), part]


def _mask_looped_lights(lights: int, table: LightTable) -> int:
    """Return those of a set of lights that only the loop draws: with shadow, gobo or blades."""
    casters = (1 << len(table.casters)) - 1
    return lights & (casters | table.shaped) & ~1


def _variant(lights: int, table: LightTable, *, software: bool) -> LightVariant:
    """Return the shader variant for a set of lights, given as a bit mask."""
    if not software:
        return light_variant(0, looped=True)
    looped = _mask_looped_lights(lights, table)
    # The key is not in the loop, but its gobo is in the same variants.
    is_key_shaped = bool(lights & table.shaped & 1)
    plain = (lights & ~looped & ~1).bit_count()
    if plain > UNROLLED[-1]:
        return light_variant(UNROLLED[-1], looped=True)
    if looped or is_key_shaped:
        return light_variant(UNROLLED[0], looped=True)
    return light_variant(next(count for count in UNROLLED if count >= plain), looped=False)


def _join(sets: set[int], table: LightTable, *, software: bool) -> dict[int, int]:
    """Map each set of lights to the set whose list it uses.

    For unrolled variants, a list with spare capacity costs the same with one more light, and fewer
    lists mean fewer draw calls. A loop costs time for every light, so there each set keeps its own
    list.
    """
    if not software:
        return {one: one for one in sets}
    joined: list[tuple[int, LightVariant]] = []
    for one in sorted(sets, key=lambda bits: (-bits.bit_count(), bits)):
        variant = _variant(one, table, software=True)
        for place, (other, same) in enumerate(joined):
            if same == variant and not variant.looped:
                union = one | other
                if _variant(union, table, software=True) == variant:
                    joined[place] = union, variant
                    break
        else:
            joined.append((one, variant))
    # The last match has the fewest lights.
    return {one: next(other for other, _ in reversed(joined) if not one & ~other) for one in sets}


def _rows_of(lights: int, table: LightTable, *, software: bool) -> tuple[LightVariant, list[int]]:
    """Return a set's shader variant and the table rows of its list, key light first."""
    black = len(table.lights)
    variant = _variant(lights, table, software=software)
    key = 0 if lights & 1 else black
    looped = _mask_looped_lights(lights, table)
    special = [index for index in range(1, black) if looped >> index & 1]
    plain = [index for index in range(1, black) if (lights & ~looped) >> index & 1]
    room = MAX_LIGHTS - 1 - len(special)
    if len(plain) > room:
        plain.sort(key=lambda index: -max(table.lights[index].color))
        plain = plain[: max(0, room)]
    unrolled = plain[: variant.unrolled]
    padding = [black] * (variant.unrolled - len(unrolled))
    rows = [key, *unrolled, *padding, *special, *plain[variant.unrolled :]]
    return variant, rows[:MAX_LIGHTS]
