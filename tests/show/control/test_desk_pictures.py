"""Test the pictures that desks ask for, with a renderer that answers with plain frames."""

from __future__ import annotations

from collections import deque
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderer.errors import ShowError
from renderer.graphics.records import ProgramFrame
from renderer.protocol.pictures import LEASE_S, AskPicture
from renderer.protocol.schema import Reply
from renderer.show.control.desk_pictures import MOST_PICTURES, DeskPictures
from renderer.show.control.multiview import PREVIEW_TALLY, PROGRAM_TALLY, Multiview
from renderer.transport.latest import LatestPicture


class Renderer:
    """Draws grey frames of the number as their luma."""

    adapter = SimpleNamespace(is_software=False)

    def __init__(self) -> None:
        self.views: dict[str, tuple[int, int]] = {}
        self.frames: dict[str, deque[ProgramFrame]] = {}

    def open_view(self, name: str, width: int, height: int) -> None:
        self.views[name] = width, height
        self.frames[name] = deque()

    def close_view(self, name: str) -> None:
        del self.views[name], self.frames[name]

    def collect(self, name: str) -> ProgramFrame | None:
        return self.frames[name].popleft() if self.frames[name] else None

    def draw(self, name: str, number: int) -> None:
        self.frames[name].append(plain(*self.views[name], number))


def plain(width: int, height: int, number: int) -> ProgramFrame:
    planes = np.full((height * 3 // 2, width), 128, np.uint8)
    planes[:height] = 16 + number
    return ProgramFrame(planes, number, number, number)


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def renderer() -> Renderer:
    return Renderer()


@pytest.fixture
def pictures(tmp_path: Path, renderer: Renderer, clock: Clock) -> Any:
    director = SimpleNamespace(
        cameras=(1, 4), camera_names={1: "Hall", 4: "하나"}, desk_shot=0,
        camera_of=lambda _: (4, 0), state=SimpleNamespace(preview=1),
    )  # fmt: skip
    scene: Any = SimpleNamespace(director=director, desk_views={})
    made = DeskPictures(renderer, scene, tmp_path, (64, 36), clock)  # type: ignore[arg-type]
    made.scene = scene  # type: ignore[attr-defined]
    yield made
    made.close()


def ask(pictures: DeskPictures, view: str, width: int, height: int) -> None:
    said: list[Reply] = []
    pictures.ask(AskPicture(view, width, height), said.append)
    assert said == [Reply(True, "")]


def test_the_program_is_shared_in_every_size_that_is_asked_for(pictures: DeskPictures) -> None:
    ask(pictures, "program", 33, 18)
    ask(pictures, "program", 64, 36)
    pictures.show_program(plain(64, 36, 100))
    shared = {(one.picture.width, one.picture.height): one for one in pictures.health().pictures}
    assert set(shared) == {(32, 18), (64, 36)}
    for one in shared.values():
        with LatestPicture.open(one.picture.path) as picture:
            read = picture.read()
            assert read is not None
            # Limited-range luma 116 is grey (116 − 16) · 255 / 219.
            assert np.abs(read[0].astype(int) - 116).max() <= 1


def test_a_picture_that_nobody_asks_for_again_is_given_up(
    pictures: DeskPictures, renderer: Renderer, clock: Clock
) -> None:
    ask(pictures, "preview", 32, 18)
    pictures.plan(1)
    assert renderer.views == {"preview": (32, 18)}
    clock.now += LEASE_S - 1
    ask(pictures, "preview", 32, 18)
    clock.now += LEASE_S - 1
    pictures.plan(2)
    assert renderer.views == {"preview": (32, 18)}, "it was asked for again"
    clock.now += LEASE_S
    pictures.plan(3)
    assert renderer.views == {}
    assert pictures.health().pictures == []


def test_without_a_gpu_no_view_is_drawn_larger_than_the_program(
    pictures: DeskPictures, renderer: Renderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renderer, "adapter", SimpleNamespace(is_software=True))
    ask(pictures, "preview", 128, 72)
    pictures.plan(0)
    assert renderer.views == {"preview": (64, 36)}
    ask(pictures, "preview", 160, 90)  # Another desk, while the view is open.
    pictures.plan(0)
    renderer.draw("preview", 100)
    pictures.collect()
    for one in pictures.health().pictures:
        with LatestPicture.open(one.picture.path) as picture:
            read = picture.read()
            assert read is not None
            assert read[0].shape[:2] == (one.picture.height, one.picture.width)
            assert np.abs(read[0].astype(int) - 116).max() <= 1


def test_shots_take_turns_and_reach_their_own_pictures(pictures: Any, renderer: Renderer) -> None:
    for camera in (1, 4):
        ask(pictures, f"shot.{camera}", 32, 18)
    drawn = {}
    for number in range(4):
        pictures.plan(number)
        drawn[number] = pictures.scene.director.desk_shot
        renderer.draw("shot.", number)
        pictures.collect()
    assert sorted(drawn.values()) == [1, 1, 4, 4]
    for one in pictures.health().pictures:
        with LatestPicture.open(one.picture.path) as picture:
            read = picture.read()
            assert read is not None
            assert drawn[read[1]] == int(one.view.removeprefix("shot."))


@pytest.mark.parametrize(
    ("view", "width", "height"),
    [("shot.9", 32, 18), ("vertical", 32, 18), ("program", 4, 18), ("program", 99999, 18)],
    ids=["no-camera", "no-view", "tiny", "huge"],
)
def test_what_cannot_be_shared_is_refused(
    pictures: DeskPictures, view: str, width: int, height: int
) -> None:
    with pytest.raises(ShowError):
        pictures.ask(AskPicture(view, width, height), lambda _: None)
    assert pictures.health().pictures == []


def test_a_desk_cannot_ask_without_end(pictures: DeskPictures) -> None:
    for side in range(MOST_PICTURES):
        ask(pictures, "program", 16 + 2 * side, 16)
    with pytest.raises(ShowError, match="one too many"):
        pictures.ask(AskPicture("program", 16, 200), lambda _: None)


def test_a_show_without_cameras_has_no_preview(tmp_path: Path, renderer: Renderer) -> None:
    made = DeskPictures(renderer, None, tmp_path, (64, 36))  # type: ignore[arg-type]
    with pytest.raises(ShowError, match="ask for one of program"):
        made.ask(AskPicture("preview", 32, 18), lambda _: None)


def test_the_multiview_shows_every_source_with_its_tally(
    pictures: Any, renderer: Renderer, clock: Clock
) -> None:
    ask(pictures, "multiview", 320, 180)
    for number in range(4):
        pictures.plan(number)
        renderer.draw("preview", 60)
        renderer.draw("shot.", number)
        pictures.show_program(plain(64, 36, 100))
        pictures.collect()
    (shared,) = [one for one in pictures.health().pictures if one.view == "multiview"]
    with LatestPicture.open(shared.picture.path) as picture:
        read = picture.read()
    assert read is not None
    seen = read[0].astype(int)
    # Two columns and two rows: program, preview, camera 1, camera 4.
    for row, column, luma, tally in (
        (0, 0, 116, PROGRAM_TALLY), (0, 1, 70, PREVIEW_TALLY),
        (1, 0, None, PREVIEW_TALLY), (1, 1, None, PROGRAM_TALLY),
    ):  # fmt: skip
        cell = seen[90 * row :, 160 * column :][:90, :160]
        assert tuple(cell[0, 80]) == tally and tuple(cell[86, 3]) == tally
        assert (cell[78:] == 255).all(axis=2).any(), "its name"
        assert luma is None or abs(cell[40, 80, 0] - luma) <= 1
    clock.now += LEASE_S + 1
    pictures.plan(9)
    assert not pictures.health().pictures and not renderer.views, "with all that it is made of"


@settings(max_examples=30, deadline=None)
@given(st.integers(16, 2000), st.integers(16, 1200), st.integers(0, 30))
def test_a_multiview_of_any_size_holds_all_its_pictures(
    width: int, height: int, cameras: int
) -> None:
    multiview = Multiview((width, height), dict.fromkeys(range(1, cameras + 1), "x"))
    tile = np.full((*multiview.tile[::-1], 3), 9, np.uint8)
    for view in multiview.views:
        multiview.place(view, tile)
    assert multiview.is_changed
    assert multiview.compose(1, 2).shape == (height, width, 3) and not multiview.is_changed
