"""Test the grade's parameters, and that the neutral grade is the identity."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from renderer.graphics.quality import FULL, SOFTWARE
from renderer.graphics.renderer import StageRenderer
from renderer.stage.lut import Cdl, Lut
from renderer.stage.records import Grade, StageState
from renderer.stage.sets.stage_set import StageSet

SIZE = 64
LUMA = np.array((0.2126, 0.7152, 0.0722))


def ramp() -> list[tuple[tuple[float, float, float], float, float, float]]:
    """Return squares of increasing emission, four across and four up."""
    return [
        ((0.45 * (x - 1.5), 0.45 * (y - 1.5), 0.0), 0.21, 0.0, 0.002 * 1.65 ** (4 * y + x))
        for y in range(4)
        for x in range(4)
    ]


@pytest.fixture
def develop(
    renderer: Callable[..., StageRenderer],
    stage: Callable[..., StageSet],
    state: Callable[..., StageState],
) -> Callable[..., np.ndarray]:
    """Return the ramp as display values 0 to 1, under a grade."""
    opened: dict[str, StageRenderer] = {}

    def draw(grade: Grade, quality: object = FULL, number: int = 0) -> np.ndarray:
        name = str(quality)
        if name not in opened:
            opened[name] = renderer(SIZE, SIZE, stage(*ramp()), [], samples=0, quality=quality)
        opened[name].draw(replace(state(number=number), grade=grade))
        opened[name].collect()
        return opened[name].picture() / 255.0

    return draw


def test_a_neutral_grade_is_the_plain_picture(develop: Callable[..., np.ndarray]) -> None:
    # A neutral colour decision list runs the whole grade.
    assert np.abs(develop(Grade(cdl=Cdl())) - develop(Grade())).max() <= 1.01 / 255.0


def test_square_roots_are_close_to_srgb(develop: Callable[..., np.ndarray]) -> None:
    plain, rooted = develop(Grade()), develop(Grade(cdl=Cdl()), SOFTWARE)
    assert np.abs(plain - rooted).max() <= 0.011 + 1.0 / 255.0
    assert np.abs(plain - rooted)[plain > 0.1].max() <= 2.01 / 255.0


def test_exposure_and_black_point_act_as_they_say(develop: Callable[..., np.ndarray]) -> None:
    plain = develop(Grade())
    black = develop(Grade(black_point=0.1))
    expected = np.clip((plain - 0.1) / 0.9, 0.0, 1.0)
    assert np.abs(black - expected).max() <= 2.5 / 255.0
    doubled = develop(Grade(exposure=2.0))
    dark = (plain > 0.05) & (plain < 0.5)
    linear = ((plain[dark] + 0.055) / 1.055) ** 2.4
    assert np.abs(doubled[dark] - (1.055 * (2.0 * linear) ** (1 / 2.4) - 0.055)).max() < 0.02


def test_a_colour_decision_list_is_slope_offset_power_then_saturation(
    develop: Callable[..., np.ndarray],
) -> None:
    cdl = Cdl((1.2, 0.9, 1.0), (0.02, -0.03, 0.05), (0.9, 1.1, 1.3), 0.6)
    plain, graded = develop(Grade()), develop(Grade(cdl=cdl))
    wanted = np.clip(plain * cdl.slope + cdl.offset, 0.0, 1.0) ** np.array(cdl.power)
    luma = wanted @ LUMA
    wanted = np.clip(luma[..., None] + cdl.saturation * (wanted - luma[..., None]), 0.0, 1.0)
    assert np.abs(graded - wanted).max() <= 3.0 / 255.0


def between(lut: Lut, color: np.ndarray) -> np.ndarray:
    """Interpolate tetrahedrally by sorting, one colour at a time."""
    last = len(lut.table) - 1
    place = np.clip((color - lut.low) / np.subtract(lut.high, lut.low), 0.0, 1.0) * last
    low = np.minimum(np.floor(place), last - 1).astype(int)
    share = place - low
    corner = low.copy()
    result = np.zeros(3)
    weight = 1.0
    for axis in np.argsort(-share, kind="stable"):
        result += (weight - share[axis]) * lut.table[tuple(corner[::-1])]
        weight = share[axis]
        corner[axis] += 1
    return np.asarray(result + weight * lut.table[tuple(corner[::-1])])


def test_a_table_is_looked_up_between_its_points(develop: Callable[..., np.ndarray]) -> None:
    random = np.random.default_rng(3)
    table = random.random((5, 5, 5, 3)).astype(np.float32)
    lut = Lut("random", table, (0.0, -0.1, 0.1), (1.0, 1.1, 0.8))
    # Tinted, so that the three channels differ and every tetrahedron is covered.
    tint = Grade(shadow_tint=(1.0, 0.6, 0.3), light_tint=(0.4, 1.0, 0.8), cdl=Cdl())
    plain, looked_up = develop(tint), develop(replace(tint, lut=lut))
    shown = plain[::3, ::3].reshape(-1, 3)
    wanted = np.array([between(lut, color) for color in shown])
    # Effect of an 8-bit step of the input on the steepest output.
    assert np.abs(looked_up[::3, ::3].reshape(-1, 3) - wanted).max() < 0.035


def test_grain_moves_with_every_frame_and_keeps_the_mean(
    develop: Callable[..., np.ndarray],
) -> None:
    still = develop(Grade(cdl=Cdl()))
    first, second = (develop(Grade(grain=0.1), number=number) for number in (1, 2))
    assert np.array_equal(first, develop(Grade(grain=0.1), number=1))
    middle = (still > 0.2) & (still < 0.8)
    assert np.abs(first - second)[middle].mean() > 0.01
    assert (first - still)[middle].mean() == pytest.approx(0.0, abs=0.004)


def test_a_vignette_darkens_corners_and_leaves_the_middle(
    renderer: Callable[..., StageRenderer],
    stage: Callable[..., StageSet],
    state: Callable[..., StageState],
) -> None:
    drawing = renderer(SIZE, SIZE, stage(((0.0, 0.0, 0.0), 3.0, 0.0, 0.4)), [], samples=0)
    made = []
    for grade in (Grade(cdl=Cdl()), Grade(vignette=0.5)):
        drawing.draw(replace(state(), grade=grade))
        drawing.collect()
        made.append(drawing.picture()[..., 1].astype(int))
    lost = made[0] - made[1]
    assert np.abs(lost[28:36, 28:36]).max() <= 1
    assert lost[[0, 0, -1, -1], [0, -1, 0, -1]].min() > 15
