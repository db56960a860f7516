"""Test laws that real faces broke: neutral faces, shut eyes, and mouths to one side."""

from __future__ import annotations

import numpy as np
import pytest

from avatars.names import ARKIT, ARKIT_INDEX
from renderer.motion.face.anchors import SLOPES
from renderer.motion.face.brows import BrowShapes
from renderer.motion.face.landmarks import (
    BROWS,
    CORNERS,
    GAP,
    LOWER_LIDS,
    MEASURES,
    UPPER_LIDS,
    WIDTH,
)
from renderer.motion.face.lateral import MAX_LATERAL, limit_lateral
from renderer.motion.face.lids import LidShapes
from renderer.motion.face.quantiles import RunningQuantiles
from renderer.motion.face.regression import REGRESSED_SHAPES
from renderer.motion.face.rest import WHOLE, FaceAtRest
from renderer.motion.face.smile import SmileShapes

STEP = 1 / 30
BLINKS = [ARKIT_INDEX["eyeBlinkLeft"], ARKIT_INDEX["eyeBlinkRight"]]


def scores(**named: float) -> np.ndarray:
    out = np.zeros(len(ARKIT))
    for name, value in named.items():
        out[ARKIT_INDEX[name]] = value
    return out


@pytest.mark.parametrize("first", [{}, {"mouthSmileLeft": 0.8, "mouthSmileRight": 0.8}])
def test_a_show_that_begins_with_a_smile_finds_the_same_neutral_mouth(
    first: dict[str, float],
) -> None:
    own = np.zeros(len(MEASURES))
    own[WIDTH] = 0.55
    rest = FaceAtRest()
    said = scores(**first)
    for _ in range(30):
        neutral = rest.settle_scores(said, STEP)
        found = rest.settle(own + said @ SLOPES, said, neutral, WHOLE, 1.0, STEP)
    assert found[WIDTH] == pytest.approx(0.55, abs=0.02)


def test_slopes_are_mirrored() -> None:
    def mirrored(name: str) -> str:
        for a, b in (("Left", "Right"), ("left", "right")):
            if a in name:
                return name.replace(a, b)
            if b in name:
                return name.replace(b, a)
        return name

    rows = [ARKIT_INDEX[mirrored(name)] for name in ARKIT]
    columns = [MEASURES.index(mirrored(name)) for name in MEASURES]
    signs = np.array([-1.0 if name in ("chin", "mouth") else 1.0 for name in MEASURES])
    np.testing.assert_allclose(SLOPES[np.ix_(rows, columns)], SLOPES * signs)


def test_a_lateral_sum_never_passes_one_and_a_smile_keeps_its_mean() -> None:
    rng = np.random.default_rng(1)
    for _ in range(200):
        shapes = rng.uniform(0.0, 1.0, len(ARKIT))
        limited = limit_lateral(shapes)
        sides = [ARKIT_INDEX[f"mouthSmile{side}"] for side in ("Left", "Right")]
        aside = [ARKIT_INDEX[f"{each}{s}"] for each in ("mouth", "jaw") for s in ("Left", "Right")]
        total = limited[aside].sum() + abs(np.diff(limited[sides])[0])
        assert total <= MAX_LATERAL + 1e-9
        dimples = [ARKIT_INDEX[f"mouthDimple{side}"] for side in ("Left", "Right")]
        assert total + abs(np.diff(limited[dimples])[0]) <= MAX_LATERAL + 1e-9
        assert limited[dimples].min() == shapes[dimples].min()
        assert limited[sides].mean() == pytest.approx(shapes[sides].mean())
        assert limited.min() >= 0.0 and limited.max() <= 1.0
        others = np.delete(np.arange(len(ARKIT)), sides + aside + dimples)
        np.testing.assert_array_equal(limited[others], shapes[others])


def test_a_dimple_on_one_side_needs_a_smile_on_one_side() -> None:
    dimples = [ARKIT_INDEX[f"mouthDimple{side}"] for side in ("Left", "Right")]
    spoken = limit_lateral(scores(mouthDimpleRight=0.7))[dimples]
    assert spoken.max() < 0.2
    smirk = scores(mouthSmileRight=0.4, mouthDimpleRight=0.5)
    np.testing.assert_array_equal(limit_lateral(smirk), smirk)


@pytest.mark.parametrize("opening", [0.09, 0.14])
def test_shut_lids_shut_the_eye_whatever_the_score_and_one_lid_alone_winks(opening: float) -> None:
    lids = LidShapes()
    seen, off = np.zeros(len(MEASURES)), np.zeros(len(MEASURES))
    for k in range(60):
        seen[UPPER_LIDS], seen[LOWER_LIDS] = 0.6 * opening, -0.4 * opening
        if k == 59:
            seen[UPPER_LIDS.start] = -0.4 * opening
        shapes = np.zeros(len(ARKIT))
        lids.blend(shapes, seen, off, np.zeros(len(ARKIT)), 1.0, STEP)
        if k < 59:
            assert shapes[BLINKS].max() < 0.02
    assert shapes[BLINKS[0]] > 0.95 and shapes[BLINKS[1]] < 0.02


def test_lids_that_differ_a_little_are_shut_alike_unless_the_scores_wink() -> None:
    for said, alike in ((0.05, True), (0.4, False)):
        lids = LidShapes()
        seen, off = np.zeros(len(MEASURES)), np.zeros(len(MEASURES))
        for k in range(60):
            seen[UPPER_LIDS] = 0.12
            if k == 59:
                seen[UPPER_LIDS] = 0.072, 0.09
            shapes = np.zeros(len(ARKIT))
            lids.blend(shapes, seen, off, scores(eyeBlinkLeft=said), 1.0, STEP)
        left, right = shapes[BLINKS]
        assert left > 0.1
        assert (abs(left - right) < 0.05) == alike


def test_open_lids_outvote_a_blink_s_score_and_half_open_ones_do_not() -> None:
    for share, low, high in ((1.0, 0.0, 0.05), (0.3, 0.75, 1.0)):
        lids = LidShapes()
        seen, off = np.zeros(len(MEASURES)), np.zeros(len(MEASURES))
        for k in range(60):
            seen[UPPER_LIDS] = 0.12 * (share if k == 59 else 1.0)
            shapes = scores(eyeBlinkLeft=0.5, eyeBlinkRight=0.5)
            lids.blend(shapes, seen, off, np.zeros(len(ARKIT)), 1.0, STEP)
        assert low <= shapes[BLINKS].min() and shapes[BLINKS].max() <= high


def browed(
    heights: tuple[float, float],
    said: np.ndarray,
    frames: int = 60,
    shapes: np.ndarray | None = None,
) -> np.ndarray:
    """Return the shapes of a performer who rests for some frames and then moves the brows.

    `shapes` is what the rest of the face does then.
    """
    brows, none = BrowShapes(), np.zeros(len(ARKIT))
    seen = np.zeros(len(MEASURES))
    seen[BROWS] = 0.33
    neutral = scores(browInnerUp=0.3, browOuterUpLeft=0.3, browOuterUpRight=0.3)
    for _ in range(frames):
        brows.blend(none.copy(), seen, neutral, neutral, WHOLE, 1.0, STEP)
    seen[BROWS] = heights
    none = none if shapes is None else shapes
    brows.blend(none, seen, neutral + said, neutral, WHOLE, 1.0, STEP)
    return none


def test_one_brow_of_a_large_face_rises_alone_and_inner_ends_alone_worry() -> None:
    shapes = browed((0.38, 0.29), scores(browOuterUpLeft=0.3, browOuterUpRight=-0.3))
    assert shapes[ARKIT_INDEX["browOuterUpLeft"]] > 0.4
    assert shapes[ARKIT_INDEX["browDownRight"]] > 0.2
    assert shapes[ARKIT_INDEX["browDownLeft"]] == shapes[ARKIT_INDEX["browOuterUpRight"]] == 0.0
    shapes = browed((0.33, 0.33), scores(browInnerUp=0.6))
    assert shapes[ARKIT_INDEX["browInnerUp"]] > shapes[ARKIT_INDEX["browOuterUpLeft"]] + 0.2


@pytest.mark.parametrize("raised_share", [0.0, 0.6])
def test_neutral_brows_are_found_though_they_are_raised_most_of_the_time(
    raised_share: float,
) -> None:
    brows = BrowShapes()
    for k in range(600):
        up = k % 30 < 30 * raised_share
        found, _ = brows.find_rest(np.full(2, 0.42 if up else 0.34), np.full(2, 0.9 * up), STEP)
    np.testing.assert_allclose(found, 0.34, atol=0.015)


def test_a_performer_whose_still_brows_are_high_rests() -> None:
    brows = BrowShapes()
    for _ in range(60):
        found, said = brows.find_rest(np.array([0.362, 0.358]), np.full(2, 0.55), STEP)
    np.testing.assert_allclose(found, (0.362, 0.358), atol=0.002)
    np.testing.assert_allclose(said, 0.55, atol=0.02)


def test_a_running_quantile_forgets_its_prior() -> None:
    found = RunningQuantiles(np.zeros(1), prior_s=1.0)
    values = [float(found.update(np.ones(1), STEP)[0]) for _ in range(120)]
    assert values[0] == 0.0 and values[-1] > 0.9


def smiled(curve: float, gap: float, said: float) -> float:
    """Return the smile of a mouth that has rested closed for four seconds and then has this."""
    smiles, seen = SmileShapes(), np.zeros(len(MEASURES))
    read = np.zeros(len(REGRESSED_SHAPES))
    seen[CORNERS] = -0.075
    for _ in range(120):
        smiles.blend(np.zeros(len(ARKIT)), seen, np.zeros(2), 0.0, read, 1.0, STEP)
    seen[CORNERS], seen[GAP] = curve, gap
    shapes = scores(mouthSmileLeft=said, mouthSmileRight=said)
    smiles.blend(shapes, seen, np.zeros(2), 0.0, read, 1.0, STEP)
    return float(shapes[ARKIT_INDEX["mouthSmileLeft"]])


def test_teeth_bared_in_speech_are_no_smile_and_raised_corners_are() -> None:
    assert smiled(-0.073, 0.07, 0.7) < 0.1
    assert smiled(-0.03, 0.07, 0.7) == pytest.approx(0.7)
    assert smiled(-0.073, 0.2, 0.7) == pytest.approx(0.7)


def test_a_faint_smile_that_a_show_begins_with_stays_a_smile() -> None:
    smiles, seen = SmileShapes(), np.zeros(len(MEASURES))
    seen[CORNERS] = -0.035
    for _ in range(60):
        shapes = np.zeros(len(ARKIT))
        smiles.blend(shapes, seen, np.zeros(2), 0.0, np.zeros(len(REGRESSED_SHAPES)), 1.0, STEP)
    assert shapes[ARKIT_INDEX["mouthSmileLeft"]] > 0.3


def test_a_smile_lowers_no_brow_and_a_brow_below_a_raised_one_is_lowered() -> None:
    sunk = (0.30, 0.30)
    down = ARKIT_INDEX["browDownLeft"], ARKIT_INDEX["browDownRight"]
    plain = browed(sunk, scores(browOuterUpLeft=-0.1, browOuterUpRight=-0.1))
    smiling = scores(browOuterUpLeft=-0.1, browOuterUpRight=-0.1)
    smile = scores(mouthSmileLeft=1.0, mouthSmileRight=1.0)
    assert plain[down[0]] > 0.1 and browed(sunk, smiling, shapes=smile)[down[0]] == 0.0
    even, odd = browed((0.315, 0.315), scores()), browed((0.36, 0.315), scores())
    assert even[down[1]] == 0.0 and odd[down[1]] > 0.1 and odd[down[0]] == 0.0
