"""Draw the audience: instanced people with light sticks, culled by blocks of seats.

One draw call draws all levels of detail where OpenGL has indirect draws; see levels.py.
"""

from __future__ import annotations

from itertools import accumulate
from typing import Final

import moderngl
import numpy as np
import numpy.typing as npt

from renderer.graphics.drawables.base import Bounds, Drawing, Phase, Point
from renderer.graphics.drawables.crowd.figures import (
    build_distant_figure,
    build_jointed_figure,
    build_plain_figure,
    build_simple_figure,
)
from renderer.graphics.drawables.crowd.levels import INSTANCE, LevelDraws
from renderer.graphics.gpu.matrices import visible_spheres
from renderer.graphics.gpu.shaders import Programs
from renderer.stage.records import Crowd, StageState

F32 = npt.NDArray[np.float32]

GPU_PEOPLE: Final = 10_000
SOFTWARE_PEOPLE: Final = 3_000
LEVELS_M: Final = (7.0, 18.0)
"""Distances from the camera, metres. Up to the first, people have two jointed arms; up to the
second, one arm and a round head; beyond it, they are a handful of triangles."""
NEAR_MOST: Final = 800
"""Maximum number of people at the finest level, the nearest; more than fit within its distance."""
_ROOM: Final = 0.9
"""Metres added to a block's bounding sphere around the heads, for arms, sticks and jumps."""
_BLOCK: Final = 4.0
"""Side of a block of seats, metres."""
_COLORS: Final = 3
_NO_WAVE: Final = (0.0, 0.0, 0.0)
"""Front, axis and height of a wave that nobody sees."""


class CrowdModel:
    """The GPU buffers and draw calls of the audience.

    Args:
        seats: (p, 3) tops of heads, metres; at least one.
        software: whether a software rasteriser draws, which gets fewer people and triangles.
    """

    name = "the crowd"
    phases = frozenset({Phase.SET})

    def __init__(
        self, context: moderngl.Context, programs: Programs, seats: F32, *, software: bool
    ) -> None:
        self._people, self._starts, self._spheres = _seat_blocks(
            _choose_seats(seats, SOFTWARE_PEOPLE if software else GPU_PEOPLE)
        )
        count = len(self._people)
        self._rank = np.random.default_rng(4).random(count)
        program = programs.get("crowd.vert.glsl", "crowd.frag.glsl")
        self._uniforms = programs.values(program)
        figures = (
            build_jointed_figure(),
            build_simple_figure() if software else build_plain_figure(),
            build_distant_figure(1 if software else 0),
        )
        self._levels = LevelDraws(context, program, figures, max(count, len(figures)))
        self._shown: tuple[object, ...] | None = None

    def update(self, state: StageState) -> bool:
        """Load the audience's behaviour; return whether the audience is visible."""
        crowd = state.crowd
        uniforms = self._uniforms
        uniforms.set("beat", state.beat)
        uniforms.set("energy", crowd.energy)
        uniforms.set("stage_light", crowd.stage_light)
        uniforms.set("stick_gain", crowd.stick_gain)
        uniforms.set("stick_colors", _palette(crowd))
        wave = crowd.wave
        uniforms.set(
            "wave", _NO_WAVE if wave is None else (wave.front, wave.axis.value, wave.height)
        )
        return crowd.stick_gain > 0.0 or max(crowd.stage_light) > 0.0

    def center(self) -> Point | None:
        """Return None: it surrounds the scene."""
        return None

    def bounds(self) -> Bounds | None:
        """Return None: it has its own lighting."""
        return None

    def draw(self, _phase: Phase, drawing: Drawing) -> None:
        """Draw the visible people, each at the level of detail for its distance."""
        if drawing.camera is None:
            raise ValueError("the crowd is drawn without a camera")
        if drawing.matrix is None:
            # One person at each level, so that the driver compiles the shader.
            self._shown = None
            self._levels.rows[:3] = self._people[0]
            self._levels.write((1, 1, 1))
            self._levels.draw()
            return
        blocks = visible_spheres(drawing.matrix, self._spheres)
        if not blocks.any():
            return
        self._upload(blocks, drawing.camera.position, drawing.limits.crowd)
        self._levels.draw()

    def _upload(self, blocks: npt.NDArray[np.bool_], eye: Point, share: float) -> None:
        """Write the blocks' instances by level of detail, unless the buffer already holds them."""
        # Quantise the camera position to half metres, so that the levels depend on this frame
        # alone.
        eye = (round(2.0 * eye[0]) / 2.0, round(2.0 * eye[1]) / 2.0, round(2.0 * eye[2]) / 2.0)
        key = (blocks.tobytes(), eye, share)
        if key == self._shown:
            return
        self._shown = key
        chosen = np.repeat(blocks, np.diff(self._starts))
        if share < 1.0:
            chosen &= self._rank < share
        people = self._people[chosen]
        distance = np.linalg.norm(people["place"][:, :3] - np.asarray(eye, np.float32), axis=1)
        order = np.argsort(distance, kind="stable")
        np.take(people, order, out=self._levels.rows[: len(people)], mode="clip")
        ends = np.searchsorted(distance[order], LEVELS_M).tolist()
        near = min(ends[0], NEAR_MOST)
        middle = max(near, ends[1])
        self._levels.write((near, middle - near, len(people) - middle))


def _choose_seats(seats: F32, most: int) -> F32:
    """Return at most `most` seats, thinned out with distance from the stage."""
    order = np.argsort(np.hypot(seats[:, 0], seats[:, 2]), kind="stable")
    if len(seats) > most:
        share = np.linspace(0.0, 1.0, most) ** 1.35
        order = order[np.unique((share * (len(seats) - 1)).astype(np.intp))]
    return np.asarray(seats[order])


def _seat_blocks(seats: F32) -> tuple[npt.NDArray[np.void], npt.NDArray[np.intp], F32]:
    """Return instances sorted by block, each block's start and end, and its sphere (b, 4)."""
    cells = np.floor(seats / np.array((_BLOCK, 2.0 * _BLOCK, _BLOCK), np.float32)).astype(np.int64)
    _, block = np.unique(cells, axis=0, return_inverse=True)
    block = block.reshape(-1)
    order = np.argsort(block, kind="stable")
    rng = np.random.default_rng(3)
    people = np.zeros(len(seats), INSTANCE)
    people["place"][:, :3] = seats[order]
    people["place"][:, 3] = rng.random(len(seats))
    block = block[order]
    starts = np.searchsorted(block, np.arange(block[-1] + 2)).astype(np.intp)
    middle = np.add.reduceat(people["place"][:, :3], starts[:-1]) / np.diff(starts)[:, None]
    # The audience faces the stage, towards -z: its left is on the stage's own -x.
    across = _normalise(np.arctan2(middle[:, 0], middle[:, 2]))
    depth = _normalise(np.hypot(middle[:, 0], middle[:, 2]))
    people["block"] = np.stack((rng.random(len(middle)), across, depth), axis=1)[block]
    spheres = np.zeros((len(starts) - 1, 4), np.float32)
    for sphere, first, end in zip(spheres, starts, starts[1:], strict=False):
        points = people["place"][first:end, :3]
        sphere[:3] = (points.min(axis=0) + points.max(axis=0)) / 2.0
        sphere[3] = np.linalg.norm(points - sphere[:3], axis=1).max() + _ROOM
    return people, starts, spheres


def _normalise(values: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    """Return values from 0 for the least to 1 for the greatest."""
    least, greatest = values.min(), values.max()
    return np.asarray((values - least) / max(greatest - least, 1e-6))


def _palette(crowd: Crowd) -> list[tuple[float, float, float, float]]:
    """Return the colours with their cumulative shares; the last one takes the remainder."""
    colors = crowd.stick_colors[:_COLORS]
    shares = list(accumulate(crowd.stick_shares[: len(colors)]))
    whole = shares[-1] or 1.0
    rows = [(*color, share / whole) for color, share in zip(colors, shares, strict=True)]
    return rows + [(*colors[-1], 1.0)] * (_COLORS - len(rows))
