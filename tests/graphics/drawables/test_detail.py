"""Test that avatars have the level of detail for their size in the picture, and are culled."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avatars import load_avatar
from avatars.instance import AvatarInstance
from avatars.model import Avatar
from renderer.graphics.drawables.avatar.detail_choice import (
    BAND,
    Choice,
    ViewOfFrame,
    choose_detail,
)
from renderer.graphics.drawables.avatar.geometry import Geometry, merge
from renderer.graphics.drawables.avatar.levels import AvatarLevels
from renderer.graphics.drawables.avatar.model import AvatarModel
from renderer.graphics.drawables.avatar.sections import find_lower_entries, split_upper_body
from renderer.graphics.drawables.base import Drawing, Phase
from renderer.graphics.gpu.matrices import camera_matrix
from renderer.graphics.renderer import StageRenderer
from renderer.paths import IDOL, STAGE
from renderer.stage.lights.rig import AMBIENT, default_lights
from renderer.stage.records import Camera, PosedAvatar, StageState
from renderer.stage.sets.stage_set import load_set

TALL_M = 1.6
SPHERE = np.array([(0.0, 0.8, 0.0, 0.8)], np.float32)
THRESHOLD = 200.0


def camera_at(distance: float) -> Camera:
    return Camera((0.0, 0.8, distance), (0.0, 0.8, 0.0), math.radians(30.0))


def view_from(camera: Camera, height: int = 360) -> ViewOfFrame:
    return ViewOfFrame("program", camera, camera_matrix(camera, 16 / 9), height)


def choose(camera: Camera, before: Choice | None = None) -> Choice:
    return choose_detail(view_from(camera), before, SPHERE, TALL_M, THRESHOLD)


@settings(deadline=None)  # The first call compiles.
@given(st.floats(1.5, 40.0), st.integers(90, 2160))
def test_the_height_is_that_of_the_projected_avatar(distance: float, height: int) -> None:
    camera = camera_at(distance)
    choice = choose_detail(view_from(camera, height), None, SPHERE, TALL_M, THRESHOLD)
    expected = height * TALL_M / (2.0 * distance * math.tan(math.radians(15.0)))
    assert choice.pixels == pytest.approx(expected, rel=1e-4)
    assert choice.is_full == (choice.pixels >= THRESHOLD)
    assert choice.is_visible


@settings(deadline=None)
@given(st.lists(st.floats(-0.3, 0.3), min_size=1, max_size=80))
def test_within_a_shot_a_level_changes_only_beyond_the_band(steps: list[float]) -> None:
    """Test that a camera that shakes at the threshold does not change the level."""
    distance = 360 * TALL_M / (2.0 * THRESHOLD * math.tan(math.radians(15.0)))
    choice = choose(camera_at(distance))
    for step in steps:
        distance = max(2.0, distance + step)
        before, choice = choice, choose(camera_at(distance), choice)
        if choice.is_full and not before.is_full:
            assert choice.pixels >= THRESHOLD * (1.0 + BAND)
        if before.is_full and not choice.is_full:
            assert choice.pixels < THRESHOLD * (1.0 - BAND)


def test_at_a_cut_the_threshold_decides() -> None:
    slightly_smaller = camera_at(1.05 * 360 * TALL_M / (2 * THRESHOLD * math.tan(0.2618)))
    full = choose(camera_at(2.0))
    assert full.is_full
    assert not choose(slightly_smaller, full).is_full
    near = choose(
        replace(slightly_smaller, position=(0.0, 0.8, slightly_smaller.position[2] - 0.4))
    )
    assert near.is_full
    assert choose(slightly_smaller, near).is_full


def test_what_is_beside_the_picture_is_not_visible() -> None:
    aside = Camera((0.0, 0.8, 4.0), (4.0, 0.8, 0.0), math.radians(20.0))
    assert not choose(aside).is_visible


@pytest.fixture(scope="module")
def pair() -> Iterator[tuple[StageRenderer, StageState]]:
    """Yield a renderer with two idols 1.4 m apart, and a state with both."""
    idol = load_avatar(IDOL)
    world = AvatarInstance(idol).world
    posed = []
    for number, x in enumerate((-0.7, 0.7)):
        own = world.copy()
        own[:, 0, 3] += x
        posed.append(PosedAvatar(number, own, np.zeros(idol.channel_count, np.float32)))
    state = StageState(0, 0, 0, tuple(posed), default_lights(0.0), AMBIENT, WIDE)
    with StageRenderer(320, 180, load_set(STAGE), [idol, idol], latency=0) as drawing:
        yield drawing, state


@pytest.fixture
def duo(
    pair: tuple[StageRenderer, StageState],
) -> Callable[[Camera], tuple[StageRenderer, StageState]]:
    """Return a function that returns the renderer, and the state seen by a camera."""
    drawing, state = pair
    return lambda camera: (drawing, replace(state, camera=camera))


WIDE = Camera((0.0, 1.2, 7.0), (0.0, 0.9, 0.0), math.radians(35.0))
WAIST = Camera((-0.7, 1.2, 4.0), (-0.7, 1.15, 0.0), math.radians(6.5))
FACE = Camera((-0.7, 1.48, 4.0), (-0.7, 1.46, 0.0), math.radians(5.0))


def phases_of(
    drawing: StageRenderer, state: StageState, monkeypatch: pytest.MonkeyPatch
) -> list[tuple[int, str, Phase]]:
    """Return the avatars and levels that are drawn, by phase."""
    drawn = []
    draw = AvatarModel.draw

    def noted(self: AvatarModel, phase: Phase, how: Drawing) -> None:
        for number, levels in enumerate(drawing._scene.avatars):
            named = ("full", levels._full), ("low", levels._low), ("upper", levels._upper)
            for name, level in named:
                if level is self:
                    drawn.append((number, name, phase))
        draw(self, phase, how)

    with monkeypatch.context() as patch:
        patch.setattr(AvatarModel, "draw", noted)
        assert drawing.draw(state) == ()
    drawing.collect()
    return drawn


def test_small_idols_are_drawn_in_low_detail_alone(
    duo: Callable[..., tuple[StageRenderer, StageState]], monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = phases_of(*duo(WIDE), monkeypatch)
    assert {level for _, level, _ in drawn} == {"low"}
    assert {(number, phase) for number, _, phase in drawn} >= {
        (number, phase) for number in (0, 1) for phase in (Phase.GEOMETRY, Phase.TOON)
    }


@pytest.mark.parametrize(("camera", "part"), [(WAIST, "full"), (FACE, "upper")])
def test_a_close_up_draws_what_it_shows_of_one_idol_and_the_other_as_a_shadow(
    duo: Callable[..., tuple[StageRenderer, StageState]], monkeypatch: pytest.MonkeyPatch,
    camera: Camera, part: str,
) -> None:  # fmt: skip
    drawn = phases_of(*duo(camera), monkeypatch)
    view = {Phase.DEPTH, Phase.TOON, Phase.OUTLINE}
    assert {(n, level) for n, level, phase in drawn if phase in view} == {(0, part)}
    # Its legs cast shadows, too.
    assert {level for n, level, phase in drawn if (n, phase) == (0, Phase.SHADOW)} == {"low"}
    assert {(level, phase) for n, level, phase in drawn if n == 1} == {
        ("low", Phase.GEOMETRY), ("low", Phase.SHADOW)
    }  # fmt: skip


@pytest.mark.parametrize("camera", [WAIST, FACE])
def test_leaving_out_what_is_not_seen_changes_no_pixel(
    duo: Callable[..., tuple[StageRenderer, StageState]], monkeypatch: pytest.MonkeyPatch,
    camera: Camera,
) -> None:  # fmt: skip
    drawing, state = duo(camera)
    drawing.draw(state)
    culled = drawing.picture()
    drawing.collect()
    choose_all = AvatarLevels.choose

    def seen(self: AvatarLevels, *args: object, **options: object) -> None:
        choose_all(self, *args, **options)  # type: ignore[arg-type]
        for choice in self._choices.values():
            choice.is_visible = choice.shows_lower = True
        levels = {self._level(choice) for choice in self._choices.values()}
        self._skinned = tuple({*self._skinned, *levels})

    monkeypatch.setattr(AvatarLevels, "choose", seen)
    drawing.draw(state)
    np.testing.assert_array_equal(drawing.picture(), culled)
    drawing.collect()


def test_the_upper_body_is_what_follows_the_spine() -> None:
    idol = load_avatar(IDOL)
    whole = merge(idol)
    lower = find_lower_entries(idol, whole)
    assert lower is not None
    parts = split_upper_body(whole, lower)
    assert parts is not None
    upper, rest = parts
    # A sixth of an idol's triangles is below its spine.
    assert len(upper.triangles) < 0.85 * len(whole.triangles)
    assert len(upper.vertices) == len(upper.uv) == int(upper.triangles.max()) + 1
    assert sum(draw.count for draw in upper.draws) == upper.triangles.size

    def corners(geometry: Geometry) -> np.ndarray:
        rows = geometry.vertices[geometry.triangles.reshape(-1)]
        texels = geometry.uv[geometry.triangles.reshape(-1)]
        return np.concatenate((rows["position"], rows["normal"], rows["weights"], texels), axis=1)

    assert len(upper.triangles) + len(rest.triangles) == len(whole.triangles)
    rows = whole.vertices[whole.triangles]
    is_lower = (lower[rows["joints"]] | (rows["weights"] == 0.0)).all(axis=(1, 2))
    expected = corners(replace(whole, triangles=whole.triangles[~is_lower]))
    np.testing.assert_array_equal(corners(upper), expected)
    assert lower[rest.vertices["joints"]][rest.vertices["weights"] > 0.0].all()
    # Each vertex keeps its morph targets.
    for geometry in (whole, upper):
        counts = geometry.vertices["morphs"][:, 1]
        firsts = geometry.vertices["morphs"][:, 0]
        assert counts.sum() == len(geometry.morphs)
        np.testing.assert_array_equal(firsts, np.cumsum(counts) - counts)

    def moved(geometry: Geometry, row: int) -> np.ndarray:
        first, count = geometry.vertices["morphs"][row]
        return geometry.morphs[first : first + count]

    kept = np.unique(whole.triangles[~is_lower])
    for row in np.linspace(0, len(kept) - 1, 200).astype(int):
        np.testing.assert_array_equal(moved(upper, row), moved(whole, int(kept[row])))


def test_an_avatar_without_a_lower_body_stays_whole(pillar: Avatar) -> None:
    whole = merge(pillar)
    assert find_lower_entries(pillar, whole) is None
    for flag in (False, True):
        assert split_upper_body(whole, np.full(len(whole.palette_nodes), flag)) is None


def test_levels_agree_where_they_change(
    duo: Callable[..., tuple[StageRenderer, StageState]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Test that at stage distance, the low level hardly differs from the full one."""
    drawing, state = duo(WIDE)
    drawing.draw(state)
    low = drawing.picture().astype(int)
    drawing.collect()
    for avatar in drawing._scene.avatars:
        monkeypatch.setattr(avatar, "_low", avatar._full)
    drawing.draw(state)
    full = drawing.picture().astype(int)
    drawing.collect()
    difference = np.abs(low - full)
    assert difference.max() > 0
    assert difference.mean() < 1.0
