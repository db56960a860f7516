"""Composite a picture's effects and grade it: linear light to display-ready RGB."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from itertools import product
from typing import Final

import moderngl

from renderer.graphics.gpu.full_screen import full_screen
from renderer.graphics.gpu.grade_block import GradeBlock
from renderer.graphics.gpu.shaders import Programs
from renderer.graphics.passes.base import Frame, Scope, Targets
from renderer.graphics.passes.defocus import has_foreground
from renderer.graphics.passes.picture import DISPLAY, GRADED, SmoothPass
from renderer.graphics.quality import Quality
from renderer.stage.lut import Lut
from renderer.stage.records import Grade

_PLAIN: Final = Grade()
_DEFOCUS: Final = "DEFOCUS"
_FOREGROUND: Final = "FOREGROUND"
_PARTS: Final = ("AIR", _DEFOCUS, _FOREGROUND, "LOOK")
"""Optional parts of the shader, compiled in if a state uses them; FOREGROUND only with DEFOCUS."""
_TABLES_KEPT: Final = 8
"""Maximum number of lookup tables in GPU memory: those of the looks that a show fades between."""


class GradePass:
    """Composites effects, tone-maps and grades in one draw, so pixels are read and written once.

    A state without effects gets only the tone curve, at no additional cost.

    Args:
        source: the target of linear light, with its depth.
        blurred: the target of the defocused background.
        foreground: the target of the defocused foreground.
        smooth: the pass that reads "graded"; frames that do not need it are graded into "display".
        matte: name of the target of coverage, for a keyed picture; None for an opaque one.
    """

    name = "grade"
    scope = Scope.VIEW
    writes = (GRADED.name, DISPLAY.name)
    targets = (GRADED,)

    def __init__(
        self,
        context: moderngl.Context,
        programs: Programs,
        quality: Quality,
        *,
        source: str,
        blurred: str,
        foreground: str,
        smooth: SmoothPass,
        matte: str | None = None,
    ) -> None:
        self._source, self._smooth, self._matte = source, smooth, matte
        self._blurred, self._foreground = blurred, foreground
        self.reads = (
            source, "beams", blurred, foreground, *((matte,) if matte else ())
        )  # fmt: skip
        self._block = GradeBlock(context)
        roots = () if quality.exact_srgb else ("SQUARE_ROOTS",)
        self._plain = full_screen(
            context, programs, "tonemap.frag.glsl", roots, samplers={"scene": 0}
        )
        encoding = (
            *roots,
            *(("DISCS",) if quality.disc_defocus else ()),
            *(("KEYED",) if matte is not None else ()),
        )
        self._graded = {
            parts: full_screen(
                context, programs, "grade.frag.glsl", (*encoding, *parts),
                samplers={"scene": 0, "depth": 1, "beams": 3, "blurred": 4, "table": 5,
                          "foreground": 6, "matte": 7},
            )
            for parts in _variants()
        }  # fmt: skip
        self._tables = _Tables(context)
        # For samplers whose effect the state does not use.
        self._black = context.texture((1, 1), 4, bytes(4))

    def run(self, frame: Frame, targets: Targets) -> None:
        """Fill the target."""
        frame.context.enable_only(moderngl.NOTHING)
        target = GRADED if self._smooth.reads_graded(frame) else DISPLAY
        targets[target.name].framebuffer.use()
        picture = targets[self._source]
        picture.read_from(0)
        grade = frame.state.grade
        parts = _parts(frame)
        if self._matte is not None:
            targets[self._matte].read_from(7)
        elif not parts and grade == _PLAIN:
            self._plain.render(moderngl.TRIANGLES, vertices=3)
            return
        picture.read_depth_from(1)
        for unit, name, is_there in (
            (3, "beams", frame.has_lit_air or grade.bloom > 0.0),
            (4, self._blurred, _DEFOCUS in parts),
            (6, self._foreground, _FOREGROUND in parts),
        ):
            if is_there:
                targets[name].read_from(unit)
            else:
                self._black.use(unit)
        self._tables.get(grade.lut).use(5)
        self._block.write(frame.state, frame.camera)
        self._graded[parts].render(moderngl.TRIANGLES, vertices=3)


def _variants() -> Iterator[tuple[str, ...]]:
    """Return every combination of parts for which the shader is compiled."""
    for chosen in product((False, True), repeat=len(_PARTS)):
        parts = tuple(part for part, is_in in zip(_PARTS, chosen, strict=True) if is_in)
        if _DEFOCUS in parts or _FOREGROUND not in parts:
            yield parts


def _parts(frame: Frame) -> tuple[str, ...]:
    """Return the shader parts that a frame needs."""
    grade = frame.state.grade
    chosen = (
        frame.has_lit_air or grade.bloom > 0.0 or any(frame.state.air.fog),
        frame.camera.focus is not None,
        has_foreground(frame),
        grade.cdl is not None or grade.lut is not None or grade.grain > 0.0,
    )
    return tuple(part for part, is_in in zip(_PARTS, chosen, strict=True) if is_in)


class _Tables:
    """Cache of lookup tables on the GPU; the least recently used are dropped."""

    def __init__(self, context: moderngl.Context) -> None:
        self._context = context
        self._textures: OrderedDict[int, tuple[Lut, moderngl.Texture3D]] = OrderedDict()
        # A sampler needs a bound texture, even if the shader does not sample it.
        self._none = context.texture3d((1, 1, 1), 3, dtype="f4")

    def get(self, lut: Lut | None) -> moderngl.Texture3D:
        if lut is None:
            return self._none
        if id(lut) not in self._textures:
            if len(self._textures) == _TABLES_KEPT:
                self._textures.popitem(last=False)[1][1].release()
            side = len(lut.table)
            texture = self._context.texture3d((side,) * 3, 3, lut.table.tobytes(), dtype="f4")
            texture.filter = moderngl.NEAREST, moderngl.NEAREST
            # Keep a reference to the table, so that its id is not reused.
            self._textures[id(lut)] = lut, texture
        self._textures.move_to_end(id(lut))
        return self._textures[id(lut)][1]
