"""Hold the objects of a stage, and build a frame from them and a state, with light lists."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

import moderngl
import numpy as np
import numpy.typing as npt

from avatars.model import Avatar
from renderer.errors import GraphicsError
from renderer.graphics.drawables.avatar_model import AvatarModel
from renderer.graphics.drawables.backdrop import BackdropModel
from renderer.graphics.drawables.baked_set import BakedSetModel
from renderer.graphics.drawables.base import Bounds, Drawable
from renderer.graphics.drawables.effects import effect_models
from renderer.graphics.drawables.geometry import Geometry
from renderer.graphics.drawables.pose import PosedShape, PoseTexture
from renderer.graphics.drawables.set_model import SetModel
from renderer.graphics.effects import drop_unusable_effects
from renderer.graphics.gpu.beams import pack_beams
from renderer.graphics.gpu.light_lists import LightList, LightLists
from renderer.graphics.gpu.lights import LightTable, pack_lights, split_unusable
from renderer.graphics.gpu.screen_feed import ScreenFeed
from renderer.graphics.gpu.shaders import Programs
from renderer.graphics.passes.base import DrawableError, Frame, Shown
from renderer.graphics.records import DrawFault
from renderer.stage.reach import lights_reach
from renderer.stage.records import Camera, StageState
from renderer.stage.set import StageSet

GPU_SHADOW: Final = 2048
SOFTWARE_SHADOW: Final = 1024
"""Side of a light's shadow map on a software rasteriser, texels."""

GPU_ANISOTROPY: Final = 8.0


class Scene:
    """The objects of a stage on the GPU.

    Attributes:
        avatars: one model for each avatar.
        drawables: every object, avatars first.
        pose: the pose texture of the avatars.
        shadow_texels: side of a light's shadow map, texels.
        feed: the last program picture, for the set's screens; None without screens.

    Raises:
        GraphicsError: an avatar cannot be drawn.
    """

    def __init__(
        self,
        context: moderngl.Context,
        programs: Programs,
        stage: StageSet,
        avatars: Sequence[Avatar],
        geometries: Sequence[Geometry],
        *,
        software: bool,
    ) -> None:
        self._context = context
        self._lists = LightLists(context, software=software)
        self._side_limit = int(context.info["GL_MAX_TEXTURE_SIZE"])
        self.shadow_texels = SOFTWARE_SHADOW if software else GPU_SHADOW
        surface_defines = () if software else ("SOFT_SHADOW",)
        self.pose = PoseTexture(
            context,
            [
                PosedShape(
                    avatar.meta.name or avatar.path.name,
                    geometry,
                    len(avatar.nodes.parents),
                    avatar.channel_count,
                )
                for avatar, geometry in zip(avatars, geometries, strict=True)
            ],
        )
        self.avatars = [
            AvatarModel(
                context,
                programs,
                avatar,
                geometry,
                row,
                surface_defines=surface_defines,
                variants=self._lists.variants,
                anisotropy=1.0 if software else GPU_ANISOTROPY,
            )
            for avatar, geometry, row in zip(avatars, geometries, self.pose.rows, strict=True)
        ]
        self.drawables: list[Drawable] = [*self.avatars]
        lit = tuple(mesh for mesh in stage.meshes if mesh.light is None)
        baked = tuple(mesh for mesh in stage.meshes if mesh.light is not None)
        if lit:
            self.drawables.append(
                SetModel(
                    context,
                    programs,
                    stage.name,
                    lit,
                    surface_defines=surface_defines,
                    variants=self._lists.variants,
                )
            )
        if baked:
            self.drawables.append(BakedSetModel(context, programs, stage.name, baked))
        self.feed = ScreenFeed(context) if stage.screens else None
        self.drawables += effect_models(context, programs, stage, self.feed, software=software)
        self.drawables.append(BackdropModel(context, programs))

    @property
    def variant_sizes(self) -> tuple[int, ...]:
        """Return the number of lights besides the key light in each shader variant."""
        return tuple(variant.unrolled for variant in self._lists.variants)

    def forget_lights(self) -> None:
        """Discard the light lists' plan, so that the next frame does not depend on earlier ones."""
        self._lists.forget_plan()

    def build_frame(
        self, state: StageState, cameras: Mapping[str, Camera], left_out: Collection[Drawable]
    ) -> tuple[Frame, tuple[DrawFault, ...]]:
        """Build a frame from a state and upload its lights; return it with the faults.

        Args:
            cameras: of the views that are drawn, by view name.
            left_out: objects to exclude.

        Raises:
            DrawableError: an object cannot load the state.
        """
        lights, faults = split_unusable(state.lights)
        table = pack_lights(lights, self.shadow_texels, self._side_limit)
        present = [
            (one, _bounds(one))
            for one in self.drawables
            if one not in left_out and _update(one, state)
        ]
        shown = self._light(table, present)
        state, cameras, effect_faults = drop_unusable_effects(state, cameras)
        beams, beam_faults = pack_beams(state.beams)
        frame = Frame(
            self._context, state, shown, table.casters, table.shadow_side, cameras, beams,
            self._feet(state),
        )  # fmt: skip
        return frame, (*faults, *effect_faults, *beam_faults, *self._unknown_avatars(state))

    def _feet(self, state: StageState) -> npt.NDArray[np.float32]:
        """Return the feet as in Frame.feet; empty if they cast no contact shadow."""
        if state.floor.contact <= 0.0:
            return np.zeros((0, 5), np.float32)
        height = state.floor.height_m
        feet = [foot for avatar in self.avatars for foot in avatar.feet(height)]
        return np.array(feet, np.float32).reshape(-1, 5)

    def _light(
        self, table: LightTable, present: Sequence[tuple[Drawable, Bounds | None]]
    ) -> list[Shown]:
        """Assign to every object the light lists of its parts."""
        lit = [bounds for _, bounds in present if bounds is not None]
        reached = _select_reached_parts(table, lit)
        lists = self._lists.write(table, reached)
        shown = []
        first = 0
        for drawable, bounds in present:
            count = 0 if bounds is None else len(bounds.starts)
            own: Sequence[LightList] = lists[first : first + count]
            by_caster = reached[: len(table.casters), first : first + count].any(axis=1)
            casters = frozenset(np.flatnonzero(by_caster).tolist())
            shown.append(Shown(drawable, drawable.center(), own, casters))
            first += count
        return shown

    def _unknown_avatars(self, state: StageState) -> list[DrawFault]:
        faults = []
        seen: set[int] = set()
        for posed in state.avatars:
            if not 0 <= posed.avatar < len(self.avatars):
                error = GraphicsError(
                    f"avatar number {posed.avatar}",
                    f"it is posed, and the renderer was given {len(self.avatars)}",
                    "pose the avatars that it was given",
                )
                faults.append(DrawFault(error.thing, error))
            elif posed.avatar in seen:
                name = self.avatars[posed.avatar].name
                error = GraphicsError(
                    name, "it is posed twice in a frame", "give the renderer twins as two avatars"
                )
                faults.append(DrawFault(name, error, posed.avatar))
            seen.add(posed.avatar)
        return faults

    def fault_of(self, drawable: Drawable, error: Exception) -> DrawFault:
        """Return the fault that reports an object's error."""
        numbers = [number for number, one in enumerate(self.avatars) if one is drawable]
        return DrawFault(drawable.name, error, numbers[0] if numbers else None)


def _update(drawable: Drawable, state: StageState) -> bool:
    try:
        return drawable.update(state)
    except Exception as error:
        raise DrawableError(drawable, error) from error


def _bounds(drawable: Drawable) -> Bounds | None:
    try:
        return drawable.bounds()
    except Exception as error:
        raise DrawableError(drawable, error) from error


def _select_reached_parts(table: LightTable, lit: Sequence[Bounds]) -> npt.NDArray[np.bool_]:
    """Return (l, p) bool: whether a light reaches a part, over all objects in order."""
    if not lit:
        return np.zeros((len(table.lights), 0), bool)
    spheres = np.concatenate([bounds.spheres for bounds in lit])
    first = np.cumsum([0, *(len(bounds.spheres) for bounds in lit)])
    starts = np.concatenate([b.starts + f for b, f in zip(lit, first, strict=False)])
    return lights_reach(table.lights, spheres, starts)
