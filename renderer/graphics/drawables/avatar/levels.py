"""Draw an avatar at a level of detail chosen for each view, and cull it where it is not visible."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Final

import moderngl
import numpy as np
import numpy.typing as npt

from avatars.low_detail import load_low_detail
from avatars.model import Avatar
from renderer.graphics.drawables.avatar.detail_choice import Choice, ViewOfFrame, choose_detail
from renderer.graphics.drawables.avatar.geometry import Geometry, merge
from renderer.graphics.drawables.avatar.joint_spheres import JointSpheres, measure_travel
from renderer.graphics.drawables.avatar.model import AvatarModel
from renderer.graphics.drawables.avatar.motion import MotionHistory
from renderer.graphics.drawables.avatar.pose import PoseRow
from renderer.graphics.drawables.avatar.sections import find_lower_entries, split_upper_body
from renderer.graphics.drawables.base import Bounds, Drawing, Phase, Point
from renderer.graphics.gpu.light_lists import LightVariant
from renderer.graphics.gpu.matrices import is_any_visible
from renderer.graphics.gpu.shaders import Programs
from renderer.graphics.gpu.textures import Textures
from renderer.graphics.limits import Limits
from renderer.graphics.quality import Quality
from renderer.rights.sealed.opener import AvatarOpener
from renderer.rights.shape.fingerprint import compare_shapes, describe_shape
from renderer.stage.cameras.performers import standing_height
from renderer.stage.records import StageState

_log = logging.getLogger(__name__)

_LOW_DETAIL_GAP: Final = 2.0
"""Greatest difference of the two levels' shapes. The house idols' have 1.1 and 1.3; other
proportions have 2.4 and more, another idol 6."""
_VIEW_PHASES: Final = frozenset({Phase.DEPTH, Phase.TOON, Phase.OUTLINE, Phase.BLENDED})
_CELL_M: Final = 0.12
"""Size of the spheres around what is below the spine, metres: hips are wider than high."""
_NONE: Final = -2
"""Number of no frame, and of none before the first."""
_JUMP_M: Final = 0.75
"""Least distance that no limb covers within a frame, metres: the avatar was put elsewhere."""


def merge_levels(avatar: Avatar) -> tuple[Geometry, ...]:
    """Return an avatar's merged meshes: in full, then its low level of detail if it has one.

    Raises:
        GraphicsError: the avatar has nothing to draw.
    """
    full = merge(avatar)
    low = load_low_detail(avatar, AvatarOpener().read)
    if low is None:
        return (full,)
    if compare_shapes(describe_shape(avatar), describe_shape(low)) > _LOW_DETAIL_GAP:
        # Only the full one was licensed: another model must not stand in for it far away.
        _log.warning("%s has another shape than %s and is not used", low.path, avatar.path)
        return (full,)
    coarse = merge(low)
    materials = {draw.material for draw in full.draws}
    used = {draw.material for draw in coarse.draws}
    ours, theirs = full.streams, coarse.streams
    if (
        not np.array_equal(full.palette_nodes, coarse.palette_nodes)
        or not used <= materials
        or (ours.second_uv is None) != (theirs.second_uv is None)
        or set(ours.colored) & used != set(theirs.colored)
        or set(ours.bumped) & used != set(theirs.bumped)
    ):
        _log.warning("%s is skinned otherwise than %s and is not used", low.path, avatar.path)
        return (full,)
    return full, coarse


class MergedLevels:
    """The merged meshes of avatars; each avatar's are merged once.

    A context that is opened again needs them, and an engine merges them before it has a context.
    """

    def __init__(self) -> None:
        # The avatar is kept, so that its id stays its own.
        self._merged: dict[int, tuple[Avatar, tuple[Geometry, ...]]] = {}

    def get(self, avatar: Avatar) -> tuple[Geometry, ...]:
        """Return an avatar's levels of detail; see `merge_levels`.

        Raises:
            GraphicsError: as there.
        """
        if id(avatar) not in self._merged:
            self._merged[id(avatar)] = avatar, merge_levels(avatar)
        return self._merged[id(avatar)][1]


class AvatarLevels:
    """An avatar's levels of detail: full, and low where its file has one.

    The levels share materials and pose. Each frame, every view chooses one; only chosen ones are
    skinned. A view that shows nothing below the spine draws the full level's upper body alone.

    Args:
        geometries: the full level of detail, then the low one if there is one.
        row: the avatar's row of the pose texture.
        quality: from which height the full level is drawn.
        surface_defines: shader defines of every lit surface.
        variants: light-list variants to compile at once.
        textures: of its materials; models of the same avatar may share them.
    """

    phases = AvatarModel.phases | {Phase.MOTION}

    def __init__(
        self,
        context: moderngl.Context,
        programs: Programs,
        avatar: Avatar,
        geometries: Sequence[Geometry],
        row: PoseRow,
        *,
        quality: Quality,
        surface_defines: tuple[str, ...],
        variants: Sequence[LightVariant],
        textures: Textures,
    ) -> None:
        def level(geometry: Geometry, full: AvatarModel | None) -> AvatarModel:
            return AvatarModel(
                context, programs, avatar, geometry, row, surface_defines=surface_defines,
                variants=variants, textures=textures, bindings_of=full,
            )  # fmt: skip

        self._full = level(geometries[0], None)
        self._low = level(geometries[1], self._full) if len(geometries) > 1 else self._full
        lower = find_lower_entries(avatar, geometries[0])
        parts = None if lower is None else split_upper_body(geometries[0], lower)
        self._upper = self._full if parts is None else level(parts[0], self._full)
        self._below = (
            None if parts is None else JointSpheres(parts[1], avatar.channel_count, _CELL_M)
        )
        self._row = row
        self._morphs = np.zeros(avatar.channel_count, np.float32)
        self._histories: dict[AvatarModel, MotionHistory] = {}
        if quality.motion_blur:
            meshes = {self._full: geometries[0], self._low: geometries[-1]}
            if parts is not None:
                meshes[self._upper] = parts[0]
            self._histories = {one: one.keep_motion(avatar, mesh) for one, mesh in meshes.items()}
        self._quality = quality
        self._tall_m = standing_height(avatar)
        self._spheres = np.zeros((0, 4), np.float32)
        self._before = self._spheres
        self._number = self._before_number = _NONE
        self._travel_m = 0.0
        self._choices: dict[str, Choice] = {}
        self._skinned: tuple[AvatarModel, ...] = ()
        self._outlines_from = 0.0
        self._secondary = self._full
        self.name = self._full.name

    def update(self, state: StageState) -> bool:
        """Load the avatar's pose and material values; return whether the state contains it."""
        self._number = state.number
        for posed in state.avatars:
            if posed.avatar == self._row.number:
                self._morphs = posed.morphs
                self._full.load(posed)
                return True
        self._full.load(None)
        return False

    def center(self) -> Point | None:
        """Return the mean position of the joints."""
        return self._full.center()

    def feet(self, floor_m: float) -> list[tuple[float, float, float, float, float]]:
        """Return its feet: x and z of the ankle, x and z of the toes, height over the floor [m]."""
        return self._full.feet(floor_m)

    def bounds(self) -> Bounds | None:
        """Return one bounding sphere for each joint, all in a single part."""
        bounds = self._full.bounds()
        if bounds is not None:
            self._spheres = bounds.spheres
            if self._histories:
                self._measure_travel()
        return bounds

    def _measure_travel(self) -> None:
        """Measure how far the spheres' centres have moved since the previous frame."""
        if len(self._before) != len(self._spheres):
            self._before = np.empty_like(self._spheres)
            self._before_number = _NONE
        travel_m = measure_travel(self._spheres, self._before)
        if self._number != self._before_number:
            is_next = self._number == self._before_number + 1
            self._travel_m = travel_m if is_next else 0.0
        self._before_number = self._number

    @property
    def travel_m(self) -> float:
        """Return the distance that its fastest joint covered since the previous frame, metres.

        0 without a previous frame, or if the avatar was elsewhere in it.
        """
        return self._travel_m if self._travel_m < _JUMP_M else 0.0

    def choose(self, views: Sequence[ViewOfFrame], limits: Limits, *, culls: bool) -> None:
        """Choose the level of detail in each view of the frame, after `bounds`.

        Args:
            culls: whether views that do not show the avatar leave it out; they do not while
                shaders are warmed up.
        """
        full_from = limits.detail * self._quality.full_detail_from
        self._choices = {
            view.name: choose_detail(
                view, self._choices.get(view.name), self._spheres, self._tall_m, full_from
            )
            for view in views
        }
        self._outlines_from = limits.outlines_from
        if not culls:
            for choice in self._choices.values():
                choice.is_visible = choice.is_full = True
        elif self._below is not None and any(
            choice.is_full and choice.is_visible for choice in self._choices.values()
        ):
            below = self._below.place(self._row.palette, self._morphs)
            for view in views:
                self._choices[view.name].shows_lower = is_any_visible(view.matrix, below)
        seen = [choice for choice in self._choices.values() if choice.is_visible]
        levels = dict.fromkeys(self._level(choice) for choice in seen)
        # An avatar that is in no view needs no detail for its shadow.
        is_low = self._quality.low_secondary or not levels
        self._secondary = self._low if is_low else next(iter(levels))
        if self._secondary is self._upper:
            # Its legs are not seen, but cast shadows and are reflected.
            self._secondary = self._full
        self._skinned = tuple(dict.fromkeys((*levels, self._secondary)))

    def _level(self, choice: Choice) -> AvatarModel:
        if not choice.is_full:
            return self._low
        return self._full if choice.shows_lower else self._upper

    def draw(self, phase: Phase, drawing: Drawing) -> None:
        """Draw the avatar in one of its phases, at the level of detail of the drawing's view."""
        if phase is Phase.GEOMETRY:
            for level in self._skinned:
                if level in self._histories:
                    self._histories[level].keep(self._number)
                level.draw(phase, drawing)
        elif phase is Phase.SHADOW:
            self._secondary.draw(phase, drawing)
        elif phase is Phase.MIRROR:
            if drawing.matrix is None or is_any_visible(drawing.matrix, self._spheres):
                self._secondary.draw(phase, drawing)
        elif phase is Phase.MOTION:
            choice = self._choices[drawing.view]
            if choice.is_visible and self._histories:
                history = self._histories[self._level(choice)]
                history.draw(jumps=self._travel_m >= _JUMP_M)
        elif phase in _VIEW_PHASES:
            choice = self._choices[drawing.view]
            if choice.is_visible and not (
                phase is Phase.OUTLINE and choice.pixels < self._outlines_from
            ):
                self._level(choice).draw(phase, drawing)

    def read_skinned_points(self) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """Return the full level's skinned positions and normals (n, 3), as last drawn."""
        if self._full not in self._skinned:
            self._full.skin_vertices()
        return self._full.read_skinned_points()
