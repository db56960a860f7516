"""Test titles: position, legibility, wipe, and limited memory."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest

from avatars.model import Avatar
from renderer.graphics.renderer import StageRenderer
from renderer.graphics.text.fonts import fonts_for
from renderer.graphics.text.raster import rasterise
from renderer.graphics.titles import atlas
from renderer.graphics.titles.label_clock import LabelClock
from renderer.graphics.titles.page import LABEL_TOP, SAFE, UPRIGHT_BOTTOM, UPRIGHT_TOP, Page
from renderer.protocol.pictures import PROGRAM
from renderer.stage.records import PosedAvatar, StageState
from renderer.stage.sets.stage_set import StageSet
from renderer.stage.text.label import LabelPlace, LabelStyle
from renderer.stage.text.lyrics import LyricLine, Lyrics, SungLine
from renderer.stage.text.titles import Logo, LowerThird, TitlePlan, Titles

pytestmark = pytest.mark.skipif(
    not fonts_for("가") or 0xAC00 not in fonts_for("가")[0].characters,
    reason="no font with Hangul is installed",
)

Make = Callable[..., StageRenderer]
State = Callable[..., StageState]
Stage = Callable[..., StageSet]
U8 = npt.NDArray[np.uint8]

LYRICS = (SungLine("꽃핀 창문, 저 먼 곳에", 5.5), SungLine("A flower window, far away", 9.0))
LABEL = "버추얼 공연 · VIRTUAL PERFORMANCE"
MARK = Logo(np.full((20, 40, 4), (250, 60, 120, 255), np.uint8))
ALL = Titles(LYRICS, LowerThird("하나 Hana 花", "Lead vocal"), MARK, LABEL)


def draw(drawing: StageRenderer, state: StageState, titles: Titles) -> U8:
    assert drawing.draw(replace(state, titles=titles)) == ()
    drawing.collect()
    return drawing.picture()


def wall(stage: Stage, light: float) -> StageSet:
    """Return a stage of uniform brightness."""
    return stage(((0.0, 0.0, 0.0), 9.0, 0.0, light))


def find_changes(before: U8, after: U8) -> npt.NDArray[np.bool_]:
    return np.abs(before.astype(int) - after).max(axis=-1) > 8


@pytest.mark.parametrize("size", [(320, 180), (640, 360), (180, 320), (240, 240)])
def test_titles_stay_within_the_safe_area(
    renderer: Make, stage: Stage, state: State, size: tuple[int, int]
) -> None:
    width, height = size
    drawing = renderer(width, height, wall(stage, 0.3), [], samples=0)
    bare = draw(drawing, state(), Titles())
    drawn = find_changes(bare, draw(drawing, state(), ALL))
    rows, columns = np.flatnonzero(drawn.any(axis=1)), np.flatnonzero(drawn.any(axis=0))
    is_upright = height > width
    top = UPRIGHT_TOP if is_upright else LABEL_TOP
    bottom = UPRIGHT_BOTTOM if is_upright else SAFE
    # Shadows, which carry no information, may reach a little further.
    soft = 0.02 * max(size)
    assert rows[0] >= top * height - soft
    assert rows[-1] <= (1.0 - bottom) * height + soft
    assert columns[0] >= SAFE * width - soft
    assert columns[-1] <= (1.0 - SAFE) * width + soft


@pytest.mark.parametrize("size", [(320, 180), (640, 360), (3840, 2160), (180, 320), (1080, 1920)])
def test_titles_do_not_overlap(size: tuple[int, int]) -> None:
    third, sung = LowerThird("하나 Hana 花", "Lead vocal"), LYRICS[0]
    page = Page(*size)
    lines = [
        page.third_name(third), page.third_role(third), page.lyric(sung, 0), page.lyric(sung, 1)
    ]  # fmt: skip
    for above, below in pairwise(lines):
        assert above.y + 0.15 * above.key.size < below.y - 0.80 * below.key.size
    assert lines[-1].y < size[1] * (1.0 - SAFE)
    low = replace(third, is_low=True)
    name, role = page.third_name(low), page.third_role(low)
    assert lines[0].y < name.y < role.y - 0.80 * role.key.size
    is_upright = size[1] > size[0]
    bottom = size[1] * (1.0 - (UPRIGHT_BOTTOM if is_upright else SAFE))
    assert role.y + 0.62 * role.key.size == pytest.approx(bottom)


def test_without_titles_no_pixel_changes(renderer: Make, stage: Stage, state: State) -> None:
    drawing = renderer(160, 90, wall(stage, 0.3), [], samples=0)
    bare = draw(drawing, state(), Titles())
    draw(drawing, state(), ALL)
    np.testing.assert_array_equal(draw(drawing, state(), Titles()), bare)
    gone = Titles((SungLine("꽃", 1.0, 0.0),), LowerThird("Hana", shown=0.0))
    np.testing.assert_array_equal(draw(drawing, state(), gone), bare)


def test_the_wipe_moves_forwards_with_the_place(renderer: Make, stage: Stage, state: State) -> None:
    text = LYRICS[0].text
    drawing = renderer(640, 360, wall(stage, 0.0), [], samples=0)
    ends = []
    for place in np.linspace(0.0, len(text), 25):
        picture = draw(drawing, state(), Titles((SungLine(text, float(place)),))).astype(int)
        golden = (picture[..., 0] > 200) & (picture[..., 2] < 110)
        ends.append(int(np.flatnonzero(golden.any(axis=0)).max(initial=0)))
    assert ends == sorted(ends)
    assert ends[0] == 0
    assert len(set(ends)) > 12
    # At the end, everything has been sung.
    white = draw(drawing, state(), Titles((SungLine(text, 0.0),))).max(axis=-1) > 200
    assert ends[-1] >= np.flatnonzero(white.any(axis=0)).max() - 2


def luminance(picture: U8) -> npt.NDArray[np.float64]:
    """Return the relative luminance (WCAG 2.2)."""
    share = picture.astype(np.float64) / 255.0
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return linear @ (0.2126, 0.7152, 0.0722)


@pytest.mark.parametrize("light", [0.0, 0.2, 6.0])
def test_the_disclosure_is_legible_over_anything(
    renderer: Make, stage: Stage, state: State, light: float
) -> None:
    drawing = renderer(640, 360, wall(stage, light), [], samples=0)
    bare = draw(drawing, state(), Titles())
    picture = draw(drawing, state(), Titles(disclosure=LABEL))
    rows, columns = np.nonzero(find_changes(bare, picture) if light else picture.max(axis=-1) > 8)
    box = luminance(picture[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1])
    text, ground = np.percentile(box, 99), np.percentile(box, 50)
    assert (text + 0.05) / (ground + 0.05) > 4.5


def test_the_disclosure_is_above_every_other_title(
    renderer: Make, stage: Stage, state: State
) -> None:
    drawing = renderer(320, 180, wall(stage, 0.3), [], samples=0)
    alone = draw(drawing, state(), Titles(disclosure=LABEL))
    bare = draw(drawing, state(), Titles())
    # A logo as wide as the picture would cover the label.
    banner = Logo(np.full((8, 900, 4), (250, 60, 120, 255), np.uint8))
    both = draw(drawing, state(), Titles(logo=banner, disclosure=LABEL))
    text = (alone.min(axis=-1) > 230) & find_changes(bare, alone)
    assert text.sum() > 50
    np.testing.assert_allclose(both[text].astype(int), alone[text], atol=24)
    # No pixel of the logo is brighter than the label's plate allows.
    assert find_changes(both, draw(drawing, state(), Titles(logo=banner)))[text].all()


def test_a_logo_is_blended_by_its_alpha(renderer: Make, stage: Stage, state: State) -> None:
    half = Logo(np.full((64, 64, 4), (255, 255, 255, 128), np.uint8))
    drawing = renderer(640, 360, wall(stage, 0.0), [], samples=0)
    picture = draw(drawing, state(), Titles(logo=half))
    assert picture.max() == pytest.approx(128, abs=2)


def test_a_lower_third_comes_in_by_degrees(renderer: Make, stage: Stage, state: State) -> None:
    drawing = renderer(320, 180, wall(stage, 0.3), [], samples=0)
    bare = draw(drawing, state(), Titles())
    areas = [
        int(find_changes(bare, draw(drawing, state(), Titles(lower_third=third))).sum())
        for third in (LowerThird("Hana", "Vocal", shown) for shown in (0.1, 0.3, 0.6, 1.0))
    ]
    assert areas == sorted(areas)
    assert 0 < areas[0] < areas[-1]


def test_a_hundred_lines_take_no_more_memory(
    renderer: Make, stage: Stage, state: State, caplog: pytest.LogCaptureFixture
) -> None:
    drawing = renderer(320, 180, wall(stage, 0.3), [], samples=0)
    draw(drawing, state(), ALL)
    context = drawing._context
    made: list[str] = []
    for kind in ("texture", "buffer", "framebuffer", "program", "vertex_array"):
        real = getattr(context, kind)

        def counted(*args: object, real: Callable[..., object] = real, **options: object) -> object:
            made.append("made")
            return real(*args, **options)

        context.__dict__[kind] = counted
    for number in range(100):
        lines = SungLine(f"노래 한 줄 {number}", 3.0), SungLine(f"A line of the song {number}", 2.0)
        draw(drawing, state(number=number), Titles(lines, disclosure=LABEL))
    assert not made
    with caplog.at_level(logging.WARNING):
        wide = Logo(np.full((4, 8000, 4), 255, np.uint8))
        draw(drawing, state(), Titles(LYRICS, logo=wide))
        assert "too large" in caplog.text


def test_a_prepared_line_is_not_rasterised_on_air(
    renderer: Make, stage: Stage, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    lyrics = Lyrics([LyricLine(line.text, ((0.0, 0), (2.0, 3))) for line in LYRICS])
    drawing = renderer(320, 180, wall(stage, 0.3), [], samples=0)
    drawing.prepare_titles(TitlePlan((lyrics, lyrics)))
    rasterised: list[object] = []
    monkeypatch.setattr(
        atlas, "rasterise", lambda line, size: rasterised.append(size) or rasterise(line, size)
    )
    draw(drawing, state(), Titles(LYRICS))
    assert not rasterised
    draw(drawing, state(), Titles(LYRICS, disclosure=LABEL))
    assert len(rasterised) == 1


@pytest.mark.parametrize("size", [(320, 180), (180, 320)])
def test_titles_look_as_they_did(
    renderer: Make, stage: Stage, state: State, size: tuple[int, int],
    require_golden: Callable[[StageRenderer, str], None],
) -> None:  # fmt: skip
    if "CJK" not in fonts_for("가")[0].name:
        pytest.skip("pictures are kept for Noto Sans CJK")
    drawing = renderer(*size, wall(stage, 0.25), [], samples=0)
    draw(drawing, state(), ALL)
    require_golden(drawing, "titles" if size[0] > size[1] else "titles_upright")


def test_every_view_has_titles_of_its_own_size(renderer: Make, stage: Stage, state: State) -> None:
    drawing = renderer(320, 180, wall(stage, 0.3), [], samples=0)
    drawing.open_view("vertical", 180, 320)
    seen = state()
    seen = replace(seen, view_cameras={"vertical": seen.camera}, titles=ALL)
    drawing.draw(seen)
    for view in (PROGRAM, "vertical"):
        drawing.collect(view)
    alone = renderer(180, 320, wall(stage, 0.3), [], samples=0)
    np.testing.assert_array_equal(drawing.picture("vertical"), draw(alone, state(), ALL))


SOMEBODY = PosedAvatar(0, np.eye(4, dtype=np.float32)[None], np.zeros(0, np.float32))
LONG = "Digitally generated likeness of Ann Example-Person · " * 2 + "안예시의 디지털 생성 모습"


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080), (720, 1280), (1080, 1080)])
@pytest.mark.parametrize("place", LabelPlace)
@pytest.mark.parametrize("height", [0.021, 0.028])
def test_the_label_keeps_its_height_and_place(
    size: tuple[int, int], place: LabelPlace, height: float
) -> None:
    width, tall = size
    page = Page(*size, LONG, LabelStyle(place, height), has_logo=True)
    em = height * (1.2 * width if tall > width else tall)
    assert len(page.label) > 1
    for line in page.label:
        assert line.key.size >= round(em)
        assert line.x >= SAFE * width
        assert line.x + line.width <= (1.0 - SAFE) * width
        assert 0.0 < line.y - line.key.size < line.y < tall
        assert (line.x + line.width / 2.0 < width / 2.0) == place.is_left
    assert (page.label[0].y > tall / 2.0) == place.is_low
    assert "".join(line.key.text for line in page.label).count("likeness") == 2


@pytest.mark.parametrize("size", [(1280, 720), (720, 1280)])
@pytest.mark.parametrize("place", LabelPlace)
def test_other_titles_leave_the_label_its_place(size: tuple[int, int], place: LabelPlace) -> None:
    page = Page(*size, LONG, LabelStyle(place, 0.028), has_logo=True)
    top = page.label[0].y - 1.15 * page.label[0].key.size
    bottom = page.label[-1].y + 0.45 * page.label[0].key.size
    third = LowerThird("하나 Hana 花", "Lead vocal")
    role, low = page.third_role(third), page.third_role(replace(third, is_low=True))
    sung = page.lyric(LYRICS[1], 1)
    if place.is_low:
        assert max(one.y + 0.3 * one.key.size for one in (role, low, sung)) < top
    else:
        name = page.third_name(third)
        assert bottom < name.y - name.key.size
        if not place.is_left:
            assert top > page.top + page.logo_height


def test_a_label_without_spaces_is_split_too() -> None:
    page = Page(640, 360, "사" * 200)
    assert 1 < len(page.label) <= 8
    assert sum(len(line.key.text) for line in page.label) == 200


def test_a_timed_label_stands_at_the_start_and_after_breaks(state: State) -> None:
    clock, style = LabelClock(), LabelStyle(seconds=2.0)
    number = 0

    def is_due(seconds: float, scene: str = "one", *, on_stage: bool = True) -> bool:
        nonlocal number
        number += 1
        made = state(SOMEBODY) if on_stage else state()
        titles = Titles(disclosure=LABEL, label=style, scene=scene)
        frame = replace(made, number=number, t_show_ns=round(seconds * 1e9), titles=titles)
        due = clock.is_due(frame)
        assert clock.is_due(frame) == due
        return due

    assert all(is_due(-1.0) for _ in range(3))
    # The first two seconds of the show, however long it was waited for.
    assert [is_due(0.5 * k) for k in range(6)] == [True, True, True, True, False, False]
    assert [is_due(2.6 + 0.5 * k, "two") for k in range(5)] == [True, True, True, True, False]
    # An empty stage for longer than a second, and a gap in the frames, are breaks.
    assert not is_due(5.0, "two", on_stage=False)
    assert is_due(6.0, "two", on_stage=False)
    assert is_due(7.0, "two", on_stage=False)
    assert [is_due(7.1 + 0.5 * k, "two") for k in range(5)] == [True, True, True, True, False]
    assert is_due(20.0, "two")


def test_a_label_that_stands_always_never_leaves(state: State) -> None:
    clock = LabelClock()
    titles = Titles(disclosure=LABEL)
    frames = (replace(state(), number=k, t_show_ns=k * 10**10, titles=titles) for k in range(9))
    assert all(map(clock.is_due, frames))


def test_the_last_pass_draws_the_label_where_and_while_it_stands(
    renderer: Make, stage: Stage, state: State, pillar: Avatar, pillar_pose: PosedAvatar
) -> None:
    drawing = renderer(320, 180, wall(stage, 0.3), [pillar], samples=0)
    bare = draw(drawing, state(pillar_pose), Titles())
    style = LabelStyle(LabelPlace.BOTTOM_RIGHT, 0.08, 1.0)
    titles = Titles(disclosure="AI", label=style)

    def changes(number: int) -> npt.NDArray[np.bool_]:
        frame = state(pillar_pose, number=number, seconds=0.1 * number)
        return find_changes(bare, draw(drawing, frame, titles))

    drawn = [changes(number) for number in range(15)]
    assert [one.any() for one in drawn] == [number < 10 for number in range(15)]
    rows, columns = np.nonzero(drawn[5])
    assert rows.min() > 120
    assert columns.min() > 220
