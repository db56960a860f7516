"""Hold the objects of a stage, and build a frame from them and a state, with light lists."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Final

import moderngl
import numpy as np
import numpy.typing as npt

from avatars.model import Avatar
from renderer.errors import GraphicsError
from renderer.graphics.drawables.avatar.detail_choice import ViewOfFrame
from renderer.graphics.drawables.avatar.geometry import Geometry
from renderer.graphics.drawables.avatar.levels import AvatarLevels
from renderer.graphics.drawables.avatar.pose import PosedShape, PoseTexture
from renderer.graphics.drawables.backdrop import BackdropModel
from renderer.graphics.drawables.base import Bounds, Drawable, Phase
from renderer.graphics.drawables.effects import effect_models
from renderer.graphics.drawables.screens.media import ScreenLibrary
from renderer.graphics.drawables.screens.model import ScreensModel
from renderer.graphics.drawables.sets.models import set_models
from renderer.graphics.effects import drop_unusable_effects
from renderer.graphics.gpu.beams import MOST_BEAMS, pack_beams, pack_flares
from renderer.graphics.gpu.gobos import gobo_texture
from renderer.graphics.gpu.light_lists import LightList, LightLists
from renderer.graphics.gpu.lights import LightTable, limit_shadows, pack_lights, split_unusable
from renderer.graphics.gpu.screen_feed import ScreenFeed
from renderer.graphics.gpu.shaders import UNITS, Programs
from renderer.graphics.gpu.shadow_fit import fit_shadow_view
from renderer.graphics.gpu.textures import Textures
from renderer.graphics.limits import Limits
from renderer.graphics.passes.base import DrawableError, Frame, Shown, View
from renderer.graphics.passes.reduced import REDUCED
from renderer.graphics.quality import Quality
from renderer.graphics.records import DrawFault
from renderer.stage.lights.reach import lights_reach
from renderer.stage.records import Camera, Light, StageState
from renderer.stage.sets.stage_set import StageSet

FINE_SHADOW: Final = 2048
COARSE_SHADOW: Final = 640
"""Side of a light's shadow map, texels, with and without penumbras. It is fitted to the avatars:
1.2 and 4 mm each for two dancers."""

_LATE_DEPTH: Final = "GL_ARB_shader_storage_buffer_object"
"""Extension that shaders/toon.frag.glsl needs to have depth tested late."""

GPU_ANISOTROPY: Final = 8.0
_GLOSSIEST: Final = 0.6
_LEAST_METALLIC: Final = 0.2
"""Roughness below which, and metallic factor above which, reflections of the set are visible."""
_FLOOR_M: Final = 0.02
"""Height up to which a mesh is part of the floor, metres."""
_BLACK: Final = (0.0, 0.0, 0.0)
_SPOT: Final = Light((0.0, 5.0, 0.0), (0.0, 0.0, 0.0), _BLACK, (0.3, 0.5), casts_shadow=True)
_NO_CASTERS: Final[frozenset[int]] = frozenset()


class Scene:
    """The objects of a stage on the GPU; a keyed one has no backdrop.

    Attributes:
        avatars: one model for each avatar.
        drawables: every object, avatars first.
        pose: the pose texture of the avatars.
        shadow_texels: side of a light's shadow map, texels.
        screens: the set's screens; None without any.
        feed: the pictures that they show; None without screens.
        backdrop: of the set.
        has_probe: whether anything glossy reflects the surroundings.
        reduced: phases of surfaces that are drawn at a reduced size.
        background: colour of what no object covers, linear RGB.

    Args:
        library: the files that the set's screens may show.
        software: whether a software rasteriser draws.
        samples: of multisampling; 0 for none.

    Raises:
        GraphicsError: an avatar cannot be drawn.
    """

    def __init__(
        self,
        context: moderngl.Context,
        programs: Programs,
        stage: StageSet,
        avatars: Sequence[Avatar],
        geometries: Sequence[Sequence[Geometry]],
        library: ScreenLibrary,
        *,
        quality: Quality,
        software: bool,
        samples: int,
        is_keyed: bool = False,
    ) -> None:
        self._context = context
        self.backdrop = stage.backdrop
        self._most_shadows = quality.most_shadows
        self._gobos = stage.gobos
        self._gobo_map = gobo_texture(context, stage.gobos)
        self._lists = LightLists(context, software=software)
        self._side_limit = int(context.info["GL_MAX_TEXTURE_SIZE"])
        self.shadow_texels = FINE_SHADOW if quality.penumbra else COARSE_SHADOW
        # Compiled now rather than in a show's first frame; warm-up has no spot with a shadow.
        fit_shadow_view(_SPOT, np.zeros((1, 4), np.float32), self.shadow_texels)
        self.has_probe = quality.probe and not is_keyed and _is_glossy(stage, avatars)
        surface_defines, set_defines = _shading_defines(
            quality, software=software, has_probe=self.has_probe
        )
        if quality.fast_surfaces:
            surface_defines = (*surface_defines, "LIGHTS_AT_VERTICES")
        if software and samples and _LATE_DEPTH in context.extensions:
            surface_defines = (*surface_defines, "TESTS_DEPTH_LATE")
        self.pose = PoseTexture(
            context,
            [
                PosedShape(
                    avatar.meta.name or avatar.path.name,
                    levels[0],
                    len(avatar.nodes.parents),
                    avatar.channel_count,
                )
                for avatar, levels in zip(avatars, geometries, strict=True)
            ],
        )
        textures = {
            id(avatar): Textures(
                context, avatar.textures, 1.0 if software else GPU_ANISOTROPY,
                are_roots=quality.fast_surfaces,
            )
            for avatar in avatars
        }  # fmt: skip
        self.avatars = [
            AvatarLevels(
                context,
                programs,
                avatar,
                levels,
                row,
                quality=quality,
                surface_defines=surface_defines,
                variants=self._lists.variants,
                textures=textures[id(avatar)],
            )
            for avatar, levels, row in zip(avatars, geometries, self.pose.rows, strict=True)
        ]
        self.drawables: list[Drawable] = [*self.avatars]
        self.feed = ScreenFeed(context) if stage.screens else None
        models = effect_models(
            context,
            programs,
            stage,
            self.feed,
            library,
            software=software,
            are_reduced=quality.reduced_scale < 1.0,
            is_keyed=is_keyed,
        )
        self.screens = next((m for m in models if isinstance(m, ScreensModel)), None)
        surfaces = set_models(
            context,
            programs,
            stage,
            surface_defines=set_defines,
            variants=self._lists.variants,
            anisotropy=1.0 if software else GPU_ANISOTROPY,
            lights_floor_apart=quality.reduced_scale < 1.0,
        )
        # Screens come before the set: they hide much of the hall behind them.
        self.drawables += [*models, *surfaces]
        phases = {phase for one in self.drawables for phase in one.phases}
        self.reduced = tuple(phase for phase in REDUCED if phase in phases)
        flat = stage.backdrop.flat_color
        self.background = _BLACK if is_keyed or flat is None else flat
        if not is_keyed and flat is None:
            self.drawables.append(BackdropModel(context, programs))

    @property
    def variant_sizes(self) -> tuple[int, ...]:
        """Return the number of lights besides the key light in each shader variant."""
        return tuple(variant.unrolled for variant in self._lists.variants)

    def forget_lights(self) -> None:
        """Discard the light lists' plan, so that the next frame does not depend on earlier ones."""
        self._lists.forget_plan()

    def build_frame(
        self,
        state: StageState,
        cameras: Mapping[str, Camera],
        views: Sequence[View],
        left_out: Collection[Drawable],
        limits: Limits,
        *,
        culls: bool,
    ) -> tuple[Frame, tuple[DrawFault, ...]]:
        """Build a frame from a state and upload its lights; return it with the faults.

        Args:
            cameras: of the views that are drawn, by view name.
            views: those that are drawn, whose uniforms are written.
            left_out: objects to exclude.
            limits: what to leave out to hold the frame rate.
            culls: whether objects that are not in a view are left out of it.

        Raises:
            DrawableError: an object cannot load the state.
        """
        lights, faults = split_unusable(state.lights)
        lights = limit_shadows(lights, self._most_shadows)
        present = [
            (one, _bounds(one))
            for one in self.drawables
            if one not in left_out and _update(one, state)
        ]
        seen_from = [
            ViewOfFrame(
                view.name, cameras[view.name], view.block.matrix,
                round(limits.scale * view.size[1]),
            )
            for view in views
        ]  # fmt: skip
        for avatar in self.avatars:
            avatar.choose(seen_from, limits, culls=culls)
        table = pack_lights(
            lights, self.shadow_texels, self._side_limit, _caster_spheres(present), self._gobos.find
        )
        shown = self._light(table, present)
        state, cameras, effect_faults = drop_unusable_effects(state, cameras)
        beams, beam_faults = pack_beams(state.beams, self._gobos.find)
        flares = pack_flares(state.lamps, MOST_BEAMS - len(beams))
        beams = np.concatenate((beams, flares))
        self._gobo_map.use(UNITS["gobo_map"])
        frame = Frame(
            self._context, state, shown, table.casters, table.shadow_side, cameras, beams,
            self._feet(state), limits, culls=culls,
            travel_m=max((avatar.travel_m for avatar in self.avatars), default=0.0),
        )  # fmt: skip
        screen_faults = () if self.screens is None else self.screens.faults
        return frame, (
            *faults,
            *screen_faults,
            *effect_faults,
            *beam_faults,
            *self._unknown_avatars(state),
        )

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
        # For each part the numbers of the shadow-casting lights that reach it, as bits.
        by_caster = _join_bits(reached[: len(table.casters)]) if table.casters else []
        shown = []
        first = 0
        for drawable, bounds in present:
            count = 0 if bounds is None else len(bounds.starts)
            own: Sequence[LightList] = lists[first : first + count]
            casters = _NO_CASTERS
            if by_caster and count and Phase.SHADOW in drawable.phases:
                casters = _numbers_in(by_caster[first : first + count])
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


def _is_glossy(stage: StageSet, avatars: Sequence[Avatar]) -> bool:
    """Return whether any surface reflects its surroundings visibly."""
    is_set_glossy = any(
        mesh.light is None
        # The floor has a reflection of its own.
        and float(mesh.position[:, 1].max()) > _FLOOR_M
        and (
            mesh.metallic > _LEAST_METALLIC
            or mesh.roughness < _GLOSSIEST
            or (mesh.material is not None and mesh.material.roughness is not None)
        )
        for mesh in stage.meshes
    )
    return is_set_glossy or any(
        material.physically_based for avatar in avatars for material in avatar.materials
    )


def _shading_defines(
    quality: Quality, *, software: bool, has_probe: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the shader defines of avatars and of sets."""
    alone = ("KEY_SHADOW_ALONE",) if quality.most_shadows == 1 else ()
    if quality.penumbra:
        soft = ("SHADOW_TAPS 10", "PENUMBRA", *alone, *(("PROBE",) if has_probe else ()))
        return soft, soft
    if software:
        return ("OUTLINES_AT_VERTICES", *alone), ("SHADOW_TAPS 4", *alone)
    return ("SHADOW_TAPS 8", *alone), ("SHADOW_TAPS 8", *alone)


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


def _caster_spheres(
    present: Sequence[tuple[Drawable, Bounds | None]],
) -> npt.NDArray[np.float32]:
    """Return the bounding spheres (s, 4) of all objects that cast shadows."""
    spheres = [
        bounds.spheres
        for one, bounds in present
        if bounds is not None and Phase.SHADOW in one.phases
    ]
    return np.concatenate(spheres) if spheres else np.zeros((0, 4), np.float32)


def _join_bits(reached: npt.NDArray[np.bool_]) -> list[int]:
    """Return for each column of (c, p) bool the rows that hold True, as bits of a number."""
    joined = reached[0].astype(np.int64)
    for number in range(1, len(reached)):
        joined |= reached[number].astype(np.int64) << number
    numbers: list[int] = joined.tolist()
    return numbers


def _numbers_in(parts: Sequence[int]) -> frozenset[int]:
    """Return the places of the bits that are set in any of some numbers."""
    joined = reduce(or_, parts)
    return frozenset(place for place in range(joined.bit_length()) if joined >> place & 1)


def _select_reached_parts(table: LightTable, lit: Sequence[Bounds]) -> npt.NDArray[np.bool_]:
    """Return (l, p) bool: whether a light reaches a part, over all objects in order."""
    if not lit:
        return np.zeros((len(table.lights), 0), bool)
    spheres = np.concatenate([bounds.spheres for bounds in lit])
    first = np.cumsum([0, *(len(bounds.spheres) for bounds in lit)])
    starts = np.concatenate([b.starts + f for b, f in zip(lit, first, strict=False)])
    return lights_reach(table.lights, spheres, starts)
