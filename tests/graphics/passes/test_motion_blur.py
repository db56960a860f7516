"""Test that the set blurs along a camera's movement and avatars along their own, and that nothing
at rest is blurred."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from avatars.model import Avatar, Material, OutlineMode
from renderer.graphics.passes import motion_blur
from renderer.graphics.quality import FULL, SOFTWARE
from renderer.graphics.renderer import StageRenderer
from renderer.stage.records import Camera, PosedAvatar, Shutter, StageState
from renderer.stage.sets.stage_set import StageSet

SIZE = 128
CAMERA = Camera((0.0, 0.0, 3.0), (0.0, 0.0, 0.0), math.radians(35.0))
PAN = replace(CAMERA, shutter=Shutter((0.0, 0.0, 3.0), (0.10, 0.0, 0.0), CAMERA.fov_y))
"""A pan of 1.9 degrees during the exposure: 7 of 128 pixels."""
REST = replace(CAMERA, shutter=Shutter(CAMERA.position, CAMERA.target, CAMERA.fov_y))
BARS = [((0.5 * x, 0.2 * y, -4.0), 0.10, 0.0, 0.5) for x in range(-6, 7) for y in range(-20, 20)]
"""Upright bars of light behind the card."""
Picture = np.ndarray


@pytest.fixture
def shoot(
    renderer: Callable[..., StageRenderer],
    stage: Callable[..., StageSet],
    state: Callable[..., StageState],
    card: Callable[..., Avatar],
    standing: PosedAvatar,
) -> Callable[..., Picture]:
    """Return a function that draws an outlined card in front of upright bars, by a camera."""
    inked = Material(
        "inked", (0.4, 0.3, 0.3, 1.0), unlit=True, double_sided=True,
        outline_mode=OutlineMode.WORLD, outline_width=0.03, outline_color=(0.0, 0.0, 0.0),
    )  # fmt: skip
    drawings = {
        samples: renderer(SIZE, SIZE, stage(*BARS), [card(inked)], samples=samples, quality=FULL)
        for samples in (0, 4)
    }

    def draw(camera: Camera, samples: int = 0, *, number: int = 0) -> Picture:
        drawing = drawings[samples]
        assert drawing.draw(replace(state(standing, camera=camera), number=number)) == ()
        drawing.collect()
        return drawing.picture()[..., 1].astype(int)

    return draw


def moved(pose: PosedAvatar, x: float) -> PosedAvatar:
    """Return a pose moved to the side, metres."""
    world = pose.world.copy()
    world[..., 0, 3] += x
    return replace(pose, world=world)


@pytest.fixture
def shoot_card(
    renderer: Callable[..., StageRenderer], stage: Callable[..., StageSet],
    state: Callable[..., StageState], card: Callable[..., Avatar], standing: PosedAvatar,
) -> Callable[..., Picture]:  # fmt: skip
    """Return a function that draws a bright card at places of successive frames, and returns the
    last picture. The frames of two calls do not follow each other."""
    bright = Material("bright", (0.6, 0.6, 0.6, 1.0), unlit=True, double_sided=True)
    drawing = renderer(SIZE, SIZE, stage(*BARS), [card(bright)], samples=0, quality=FULL)

    calls = itertools.count()

    def draw(*places: float, camera: Camera = REST, numbers: tuple[int, ...] = ()) -> Picture:
        first = 10 * next(calls)
        for number, x in zip(numbers or range(len(places)), places, strict=True):
            shown = state(moved(standing, x), camera=camera, number=first + number)
            assert drawing.draw(shown) == ()
            drawing.collect()
        return drawing.picture()[..., 1].astype(int)

    return draw


def test_an_avatar_blurs_along_its_own_path(shoot_card: Callable[..., Picture]) -> None:
    sharp, blurred = shoot_card(0.0), shoot_card(-0.12, 0.0)
    rows, columns = card_area()
    inner = np.s_[rows.start + 8 : rows.stop - 8, columns.start + 8 : columns.stop - 8]
    assert np.abs(sharp - blurred)[inner].max() <= 2
    band = np.s_[rows.start + 4 : rows.stop - 4]
    edge = np.s_[columns.start - 6 : columns.start + 6]
    steps = [np.abs(np.diff(one[band, edge], axis=1)).max() for one in (sharp, blurred)]
    assert steps[1] < 0.6 * steps[0]
    # Its upper and lower edge, along which it moves, stay where they are.
    away = np.s_[:, columns.start + 8 : columns.stop - 8]
    assert np.abs(sharp - blurred)[away].max() <= 2
    # What it does not pass stays as it is.
    far = np.s_[:, : columns.start - 8]
    np.testing.assert_array_equal(sharp[far], blurred[far])


def test_an_avatar_that_a_camera_follows_stays_sharp(shoot_card: Callable[..., Picture]) -> None:
    follows = replace(
        CAMERA, position=(0.06, 0.0, 3.0), target=(0.06, 0.0, 0.0),
        shutter=Shutter((0.0, 0.0, 3.0), (0.0, 0.0, 0.0), CAMERA.fov_y),
    )  # fmt: skip
    sharp = shoot_card(0.06, camera=replace(follows, shutter=None))
    # The exposure is half of the interval, in which the camera moves as far as the card.
    blurred = shoot_card(-0.06, 0.06, camera=follows)
    rows, columns = card_area()
    inside = np.s_[rows.start + 1 : rows.stop - 1, columns.start + 1 : columns.stop - 1]
    assert np.abs(sharp - blurred)[inside].max() <= 2
    assert np.abs(sharp - blurred)[2:20].max() > 20


@pytest.mark.parametrize(
    ("places", "numbers"),
    [((-0.12, 0.0), (0, 2)), ((-0.12, 0.0), (0, 0)), ((-1.5, 0.0), (0, 1))],
    ids=["a frame is missing", "the same frame", "it was elsewhere"],
)
def test_an_avatar_without_a_path_is_not_blurred(
    shoot_card: Callable[..., Picture], places: tuple[float, ...], numbers: tuple[int, ...]
) -> None:
    sharp = shoot_card(0.0)
    np.testing.assert_array_equal(shoot_card(*places, numbers=numbers), sharp)


def card_area() -> tuple[slice, slice]:
    half = 0.5 / (3.0 * math.tan(CAMERA.fov_y / 2.0)) * SIZE / 2
    low, high = math.ceil(SIZE / 2 - half), math.floor(SIZE / 2 + half)
    return slice(low, high), slice(low, high)


@pytest.mark.parametrize("samples", [0, 4])
def test_a_pan_blurs_the_set_across_and_leaves_the_avatar(
    shoot: Callable[..., Picture], samples: int
) -> None:
    sharp, moved = shoot(CAMERA, samples), shoot(PAN, samples)
    outer = np.s_[2:20, 4:-4]
    across = [np.abs(np.diff(one[outer], axis=1)).max() for one in (sharp, moved)]
    assert across[1] < 0.6 * across[0]
    # Blur conserves light.
    linear = [((one[outer] / 255.0) ** 2.2).mean() for one in (sharp, moved)]
    assert linear[1] == pytest.approx(linear[0], rel=0.25)
    assert np.abs(sharp - moved)[card_area()].max() <= 2


def test_the_avatar_gives_nothing_to_the_blur_around_it(
    renderer: Callable[..., StageRenderer], stage: Callable[..., StageSet],
    state: Callable[..., StageState], card: Callable[..., Avatar], standing: PosedAvatar,
) -> None:  # fmt: skip
    made = []
    for grey in (0.0, 0.8):
        plain = card(Material("plain", (grey, grey, grey, 1.0), unlit=True, double_sided=True))
        drawing = renderer(SIZE, SIZE, stage(*BARS), [plain], samples=0, quality=FULL)
        drawing.draw(state(standing, camera=PAN))
        made.append(drawing.picture()[..., 1].astype(int))
    around = np.ones((SIZE, SIZE), bool)
    rows, columns = card_area()
    around[rows.start - 1 : rows.stop + 1, columns.start - 1 : columns.stop + 1] = False
    assert np.abs(made[0] - made[1])[around].max() <= 1


def test_lines_count_as_the_avatar_that_they_are_drawn_around(
    renderer: Callable[..., StageRenderer], stage: Callable[..., StageSet],
    state: Callable[..., StageState], pillar: Avatar, pillar_pose: PosedAvatar,
) -> None:  # fmt: skip
    inked = Material(
        "inked", (0.4, 0.3, 0.3, 1.0), unlit=True,
        outline_mode=OutlineMode.WORLD, outline_width=0.04, outline_color=(0.1, 0.0, 0.0),
    )  # fmt: skip
    wall = stage(((0.0, 0.0, -4.0), 4.0, 0.0, 0.6))
    drawing = renderer(
        SIZE, SIZE, wall, [replace(pillar, materials=(inked,))], samples=0, quality=FULL
    )
    camera = Camera((0.0, 0.8, 3.0), (0.0, 0.8, 0.0), math.radians(35.0))
    made = []
    for shutter in (None, Shutter(camera.position, (0.1, 0.8, 0.0), camera.fov_y)):
        drawing.draw(state(pillar_pose, camera=replace(camera, shutter=shutter)))
        drawing.collect()
        made.append(drawing.picture()[..., 1].astype(int))
    lines = made[0] < 20
    assert np.count_nonzero(lines) > 100
    assert made[1][lines].max() < 30


def test_a_tilt_blurs_along_and_a_zoom_from_the_middle(shoot: Callable[..., Picture]) -> None:
    sharp = shoot(CAMERA)
    zoomed = shoot(
        replace(CAMERA, shutter=Shutter(CAMERA.position, CAMERA.target, 0.95 * CAMERA.fov_y))
    )
    change = np.abs(zoomed - sharp)
    assert change[:, :12].mean() > change[SIZE // 2 - 6 : SIZE // 2 + 6, :].mean()


def test_a_camera_at_rest_or_after_a_cut_draws_as_without(
    shoot: Callable[..., Picture], monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = shoot(CAMERA)
    rests = replace(CAMERA, shutter=Shutter(CAMERA.position, CAMERA.target, CAMERA.fov_y))
    drawn: list[str] = []
    monkeypatch.setattr(
        motion_blur.MotionBlurPass, "_draw_figures", lambda *_: drawn.append("figures")
    )
    np.testing.assert_array_equal(shoot(rests), plain)
    assert not drawn


def test_a_frame_does_not_depend_on_one_that_does_not_precede_it(
    shoot: Callable[..., Picture],
) -> None:
    first = shoot(PAN)
    shoot(replace(CAMERA, position=(1.0, 0.0, 3.0)), number=2)
    np.testing.assert_array_equal(shoot(PAN, number=4), first)


def test_a_software_rasteriser_spares_it(
    renderer: Callable[..., StageRenderer], stage: Callable[..., StageSet],
    state: Callable[..., StageState],
) -> None:  # fmt: skip
    wall = stage(((0.5, 0.0, -1.0), 0.5, 0.0, 0.5))
    drawing = renderer(64, 64, wall, [], samples=0, quality=SOFTWARE)
    pictures = []
    for camera in (CAMERA, PAN):
        drawing.draw(state(camera=camera))
        drawing.collect()
        pictures.append(drawing.picture())
    np.testing.assert_array_equal(*pictures)
    assert "motion blur" not in drawing.pass_times_ms()


def test_a_shutter_that_no_camera_had_is_left_out_and_told(
    renderer: Callable[..., StageRenderer], stage: Callable[..., StageSet],
    state: Callable[..., StageState],
) -> None:  # fmt: skip
    drawing = renderer(64, 64, stage(), [], quality=FULL)
    for broken in (
        Shutter((math.nan, 0.0, 3.0), (0.0, 0.0, 0.0), 0.6),
        Shutter((0.0, 0.0, 3.0), (0.0, 0.0, 3.0), 0.6),
        Shutter((0.0, 0.0, 3.0), (0.0, 0.0, 0.0), 0.0),
    ):
        (fault,) = drawing.draw(state(camera=replace(CAMERA, shutter=broken)))
        drawing.collect()
        assert fault.thing == "the shutter of camera 'program'"
