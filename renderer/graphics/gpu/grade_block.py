"""Pack a view's grading parameters, in the layout of shaders/grade.frag.glsl."""

from __future__ import annotations

from typing import Final

import moderngl
import numpy as np

from renderer.graphics.gpu.shaders import BLOCKS
from renderer.stage.lut import Cdl, Lut
from renderer.stage.records import Camera, StageState

_FLOATS: Final = 48
"""Floats of the block: twelve vec4."""
_NEUTRAL: Final = Cdl()
_NO_TABLE: Final = (0.0,) * 8
_NO_FOCUS: Final = (0.0,) * 4
_GRAIN_FRAMES: Final = 1 << 16
"""Frames after which the grain repeats; a float represents frame numbers exactly up to 2^24."""


class GradeBlock:
    """The uniform buffer of the grade, shared by all views in turn."""

    def __init__(self, context: moderngl.Context) -> None:
        self._data = np.zeros(_FLOATS, np.float32)
        self._buffer = context.buffer(reserve=self._data.nbytes, dynamic=True)

    def write(self, state: StageState, camera: Camera) -> None:
        """Upload a frame's grading parameters and bind the buffer."""
        grade, focus = state.grade, camera.focus
        cdl, lut = grade.cdl or _NEUTRAL, grade.lut
        # In one assignment: numpy takes a microsecond for each.
        self._data[:] = (
            grade.exposure, grade.black_point, grade.contrast, grade.saturation,
            grade.vignette, grade.grain, state.number % _GRAIN_FRAMES, 0.0,
            lut is not None, 0.0, 0.0, 0.0,
            *state.air.fog, state.air.fog_density,
            *grade.shadow_tint, 0.0,
            *grade.light_tint, 0.0,
            *cdl.slope, 0.0,
            *cdl.offset, 0.0,
            *cdl.power, cdl.saturation,
            *(_NO_TABLE if lut is None else _place_table(lut)),
            *(_NO_FOCUS if focus is None else (focus.begin_m, focus.range_m, focus.front_m, 0.0)),
        )  # fmt: skip
        self._buffer.write(self._data)
        self._buffer.bind_to_uniform_block(BLOCKS["Grade"])


def _place_table(lut: Lut) -> tuple[float, ...]:
    """Return the lowest colour of a table, its side, and the range of its colours, padded."""
    spans = (high - low for low, high in zip(lut.low, lut.high, strict=True))
    return (*lut.low, float(len(lut.table)), *spans, 0.0)
