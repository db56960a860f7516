"""Pack a view's grading parameters, in the layout of shaders/grade.frag.glsl."""

from __future__ import annotations

from typing import Final

import moderngl
import numpy as np

from renderer.graphics.gpu.shaders import BLOCKS
from renderer.stage.lut import Cdl
from renderer.stage.records import Camera, StageState

_LAYOUT: Final = np.dtype(
    [
        ("tone", "f4", 4),
        ("amounts", "f4", 4),
        ("uses", "f4", 4),
        ("fog", "f4", 4),
        ("shadow_tint", "f4", 4),
        ("light_tint", "f4", 4),
        ("slope", "f4", 4),
        ("offset", "f4", 4),
        ("power", "f4", 4),
        ("lut_low", "f4", 4),
        ("lut_range", "f4", 4),
        ("focus", "f4", 4),
    ]
)
_NEUTRAL: Final = Cdl()
_GRAIN_FRAMES: Final = 1 << 16
"""Frames after which the grain repeats; a float represents frame numbers exactly up to 2^24."""


class GradeBlock:
    """The uniform buffer of the grade, shared by all views in turn."""

    def __init__(self, context: moderngl.Context) -> None:
        self._data = np.zeros((), _LAYOUT)
        self._buffer = context.buffer(reserve=_LAYOUT.itemsize, dynamic=True)

    def write(self, state: StageState, camera: Camera) -> None:
        """Upload a frame's grading parameters and bind the buffer."""
        data, grade = self._data, state.grade
        cdl = grade.cdl or _NEUTRAL
        focus = camera.focus
        data["uses"][0] = grade.lut is not None
        data["tone"] = grade.exposure, grade.black_point, grade.contrast, grade.saturation
        number = state.number % _GRAIN_FRAMES
        data["amounts"] = grade.vignette, grade.grain, number, 0.0
        data["fog"] = *state.air.fog, state.air.fog_density
        data["shadow_tint"][:3] = grade.shadow_tint
        data["light_tint"][:3] = grade.light_tint
        data["slope"][:3] = cdl.slope
        data["offset"][:3] = cdl.offset
        data["power"] = *cdl.power, cdl.saturation
        if grade.lut is not None:
            data["lut_low"] = *grade.lut.low, len(grade.lut.table)
            data["lut_range"][:3] = np.subtract(grade.lut.high, grade.lut.low)
        if focus is not None:
            data["focus"][:3] = focus.begin_m, focus.range_m, focus.front_m
        self._buffer.write(data)
        self._buffer.bind_to_uniform_block(BLOCKS["Grade"])
