"""Test pictures and videos on LED screens: timing, loops, seeks, damage and the fallback."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import moderngl
import numpy as np
import pytest
from PIL import Image

from renderer.errors import StageError
from renderer.graphics.drawables.screens.media import LONGEST, ScreenLibrary
from renderer.graphics.drawables.screens.shape import measure_screen
from renderer.graphics.drawables.screens.video import QUEUE, ScreenVideo
from renderer.graphics.records import DrawFault
from renderer.graphics.renderer import StageRenderer
from renderer.stage.records import (
    Camera,
    Floor,
    LedContent,
    ScreenFeed,
    Screens,
    ScreenSource,
    StageState,
)
from renderer.stage.sets.stage_set import Backdrop, Screen, SetMesh, StageSet

FRAMES, RATE = 20, 10
SIZE = 64, 48


def write_video(
    path: Path, frames: int = FRAMES, size: tuple[int, int] = SIZE, codec: str = "libx264"
) -> Path:
    """Write a video whose frame n has the grey value 10 n."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=RATE)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        stream.gop_size = 7
        for number in range(frames):
            pixels = np.full((size[1], size[0], 3), min(10 * number, 255), np.uint8)
            for packet in stream.encode(av.VideoFrame.from_ndarray(pixels)):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    return path


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return write_video(tmp_path / "clip.mp4")


@pytest.fixture
def play() -> Iterator[Callable[..., ScreenVideo]]:
    opened: list[ScreenVideo] = []

    def make(path: Path, *, waits: bool = True) -> ScreenVideo:
        opened.append(ScreenVideo(path, 768, waits=waits))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


def frame_number(pixels: np.ndarray | None) -> int | None:
    return None if pixels is None else round(float(pixels.mean()) / 10.0)


def test_a_video_shows_the_frame_of_the_show_time_and_loops(
    clip: Path, play: Callable[..., ScreenVideo]
) -> None:
    video = play(clip)
    assert video.size == SIZE
    shown = [
        frame_number(video.frame_at((tick + 0.5) / (3 * RATE))) for tick in range(2 * FRAMES * 3)
    ]
    assert shown == [number for number in (*range(FRAMES), *range(FRAMES)) for _ in range(3)]
    first = video.frame_at(0.01)
    assert video.frame_at(0.06) is first, "the same frame is uploaded once"
    assert video.fault is None


def test_the_same_times_give_the_same_frames(clip: Path, play: Callable[..., ScreenVideo]) -> None:
    times = [0.05, 0.45, 1.25, 7.75, 7.85, 0.35, 3.95, 100.15, 0.05]
    through, jumped = play(clip), play(clip)
    for time in np.arange(0.05, 1.5, 0.1):
        through.frame_at(float(time))
    for time in times:
        expected = round((time % 2.0) * RATE - 0.5)
        # A video that has played, and one that has just been opened.
        assert frame_number(through.frame_at(time)) == expected
        assert frame_number(jumped.frame_at(time)) == expected


def test_decoding_ahead_is_bounded(clip: Path, play: Callable[..., ScreenVideo]) -> None:
    video = play(clip)
    video.frame_at(0.0)
    for _ in range(200):
        if len(video._frames) == QUEUE:
            break
        threading.Event().wait(0.01)
    threading.Event().wait(0.1)
    assert len(video._frames) == QUEUE


def test_a_live_screen_never_waits(clip: Path, play: Callable[..., ScreenVideo]) -> None:
    video = play(clip, waits=False)
    with video._changed:
        # The thread cannot continue while the lock is held, and still a frame is requested.
        assert frame_number(video.frame_at(1.0)) in (None, *range(FRAMES))
    seen = set()
    for _ in range(500):
        seen.add(frame_number(video.frame_at(1.05)))
        if 10 in seen:
            break
        threading.Event().wait(0.01)
    assert 10 in seen


def test_a_single_frame_and_other_containers_play(
    tmp_path: Path, play: Callable[..., ScreenVideo]
) -> None:
    still = play(write_video(tmp_path / "one.mp4", frames=1))
    assert frame_number(still.frame_at(0.0)) == 0
    assert frame_number(still.frame_at(0.05)) == 0
    gif = tmp_path / "moving.gif"
    pictures = [Image.new("L", SIZE, 40 * n) for n in range(4)]
    pictures[0].save(gif, save_all=True, append_images=pictures[1:], duration=100, loop=0)
    moving = play(gif)
    shown = [frame_number(moving.frame_at(0.05 + 0.1 * n)) for n in range(8)]
    assert shown == [0, 4, 8, 12] * 2
    # Matroska from a pipe has no duration.
    mkv = play(write_video(tmp_path / "clip.mkv"))
    assert [frame_number(mkv.frame_at(time)) for time in (0.05, 1.05, 2.55)] == [0, 10, 5]


def test_large_videos_are_scaled_down(tmp_path: Path, play: Callable[..., ScreenVideo]) -> None:
    video = play(write_video(tmp_path / "large.mp4", frames=2, size=(1920, 1080)))
    assert video.size == (LONGEST, LONGEST * 9 // 16)
    pixels = video.frame_at(0.0)
    assert pixels is not None
    assert pixels.shape == (432, 768, 3)


@pytest.mark.parametrize("kind", ["missing", "text", "empty", "sound", "cut"])
@pytest.mark.parametrize("suffix", [".mp4", ".png"])
def test_files_that_cannot_be_shown_are_refused_in_one_sentence(
    tmp_path: Path, kind: str, suffix: str
) -> None:
    path = tmp_path / f"broken{suffix}"
    if kind == "text":
        path.write_text("this is no video")
    elif kind == "empty":
        path.touch()
    elif kind == "sound":
        with av.open(str(path), "w", format="mp4") as container:
            stream = container.add_stream("aac", rate=48_000)
            samples = np.zeros((1, 1024), np.float32)
            frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout="mono")
            frame.sample_rate = 48_000
            for packet in (*stream.encode(frame), *stream.encode()):
                container.mux(packet)
    elif kind == "cut":
        if suffix == ".mp4":
            path.write_bytes(write_video(tmp_path / "whole.mp4").read_bytes()[:400])
        else:
            Image.new("RGB", (64, 64)).save(tmp_path / "whole.png")
            path.write_bytes((tmp_path / "whole.png").read_bytes()[:50])
    with pytest.raises(StageError) as caught:
        ScreenLibrary([path])
    assert path.name in str(caught.value)
    assert "\n" not in str(caught.value)


def test_damage_is_skipped_and_a_file_without_its_end_holds_its_last_frame(
    tmp_path: Path, play: Callable[..., ScreenVideo]
) -> None:
    # Transport streams are readable from any position.
    whole = write_video(tmp_path / "whole.ts", codec="mpeg2video").read_bytes()
    path = tmp_path / "damaged.ts"
    data = bytearray(whole[: len(whole) * 3 // 4])
    random = np.random.default_rng(3)
    for place in random.integers(len(data) // 3, len(data), 60):
        data[place] = random.integers(0, 256)
    path.write_bytes(data)
    video = play(path)
    for time in np.arange(0.0, 6.0, 0.1):
        video.frame_at(float(time))
    assert video.fault is None


# What is drawn.


def stage() -> StageSet:
    """Return a stage with two screens side by side that face +Z, and a small object."""
    square = np.array([(-1, -1, 0), (1, -1, 0), (1, 1, 0), (-1, 1, 0)], np.float32) * 0.45
    uv = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], np.float32)
    triangles = np.array([(0, 1, 2), (0, 2, 3)], np.uint32)
    screens = tuple(
        Screen(name, square + np.float32((x, 0.0, 0.0)), uv, triangles)
        for name, x in (("wall", -0.5), ("side", 0.5))
    )
    speck = SetMesh(
        "speck", square * 0.01 + np.float32((0, -5, 0)), np.tile(np.float32((0, 0, 1)), (4, 1)),
        np.zeros((4, 3), np.float32), triangles,
    )  # fmt: skip
    return StageSet("screens", (speck,), Backdrop((0,) * 3, (0,) * 3, (0,) * 3), screens=screens)


def state(*sources: ScreenSource, seconds: float = 0.0) -> StageState:
    camera = Camera((0.0, 0.0, 3.0), (0.0, 0.0, 0.0), math.radians(30.0))
    screens = Screens(level=1.0, floor_level=1.0, sources=sources, seconds=seconds)
    return StageState(0, 0, 0, (), (), (0.0,) * 3, camera, screens=screens)


def on(screen: str, file: Path) -> ScreenSource:
    return ScreenSource(screen, ScreenFeed.FILE, file)


def quadrants(path: Path) -> Path:
    pixels = np.zeros((40, 40, 3), np.uint8)
    pixels[:20, :20, 0] = pixels[:20, 20:, 1] = pixels[20:, :20, 2] = 255
    Image.fromarray(pixels).save(path)
    return path


def test_a_picture_is_drawn_the_right_way_up_and_not_mirrored(tmp_path: Path) -> None:
    file = quadrants(tmp_path / "logo.png")
    with ScreenLibrary([file]) as library, StageRenderer(
        160, 80, stage(), [], samples=0, library=library
    ) as drawing:  # fmt: skip
        assert drawing.draw(state(on("side", file))) == ()
        picture = drawing.picture().astype(int)
    red, green, blue, black = (
        picture[row, column] for row, column in ((30, 100), (30, 125), (50, 100), (50, 125))
    )
    assert red.argmax() == 0
    assert green.argmax() == 1
    assert blue.argmax() == 2
    assert black.max() < 40


def test_screens_change_their_source_and_back(tmp_path: Path, clip: Path) -> None:
    file = quadrants(tmp_path / "logo.png")
    with ScreenLibrary([file, clip]) as library, StageRenderer(
        160, 80, stage(), [], samples=0, library=library
    ) as drawing:  # fmt: skip

        def draw_picture(*sources: ScreenSource, seconds: float = 0.0) -> np.ndarray:
            assert drawing.draw(state(*sources, seconds=seconds)) == ()
            drawing.collect()
            return drawing.picture().astype(int)

        plain = draw_picture()
        both = draw_picture(on("wall", file), on("side", file))
        assert np.abs(both[:, 33:77] - both[:, 83:127]).mean() < 3.0
        swapped = draw_picture(
            ScreenSource("wall", ScreenFeed.PROGRAM), ScreenSource("side", ScreenFeed.GENERATED)
        )
        assert np.abs(swapped - plain)[:, 83:].max() > 20
        early, late = (
            draw_picture(on("side", clip), seconds=time)[40, 120] for time in (0.25, 1.85)
        )
        assert late.min() > early.max() + 40


def test_a_wall_shows_the_program_without_distortion() -> None:
    with StageRenderer(160, 80, stage(), [], samples=0) as drawing:
        for _ in range(2):
            drawing.draw(
                state(
                    ScreenSource("wall", ScreenFeed.PROGRAM),
                    ScreenSource("side", ScreenFeed.GENERATED),
                )
            )
            drawing.collect()
        picture = drawing.picture().astype(int)
    # The square wall shows the middle of the picture, in which both screens lie: its own middle
    # is the dark gap between them.
    wall = picture[20:60, 33:77].max(axis=-1)
    assert wall[:, 21:23].mean() + 8 < wall[:, 28:42].mean()


def test_nothing_is_created_on_the_gpu_while_videos_play(
    clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ScreenLibrary([clip]) as library, StageRenderer(
        160, 80, stage(), [], samples=0, library=library
    ) as drawing:  # fmt: skip
        drawing.draw(state())
        drawing.collect()

        def create(*_: object, **__: object) -> None:
            raise AssertionError("something was created on air")

        for kind in ("texture", "buffer", "program", "vertex_array", "framebuffer"):
            monkeypatch.setattr(moderngl.Context, kind, create)
        for sources in ((), (on("wall", clip),), (on("side", clip), on("wall", clip)), ()):
            for number in range(3):
                assert drawing.draw(state(*sources, seconds=0.1 * number)) == ()
                drawing.collect()


def test_a_broken_video_costs_its_own_screen_and_is_reported(tmp_path: Path, clip: Path) -> None:
    with ScreenLibrary([clip]) as library, StageRenderer(
        160, 80, stage(), [], samples=0, library=library
    ) as drawing:  # fmt: skip
        drawing.draw(state(on("side", clip), seconds=1.0))
        drawing.collect()
        media = library.get(clip)
        assert isinstance(media, ScreenVideo)
        media._fail(StageError(str(clip), "breaks off", "choose another"))
        (fault,) = drawing.draw(state(on("side", clip), seconds=1.1))
        drawing.collect()
        broken = drawing.picture().astype(int)
        assert "side" in fault.thing
        assert "breaks off" in str(fault.error)
        # It shows the same as a screen with generated content.
        drawing.draw(state(ScreenSource("side", ScreenFeed.GENERATED)))
        drawing.collect()
        np.testing.assert_array_equal(drawing.picture().astype(int), broken)
        unknown = tmp_path / "never opened.mp4"
        (fault,) = drawing.draw(state(on("side", unknown)))
        assert "not opened before the show" in str(fault.error)


ABOVE = Camera((0.0, 1.5, 2.5), (0.0, 0.0, 0.0), math.radians(40.0))


def floor_and_wall() -> tuple[Screen, Screen]:
    """A screen in the floor, and one that stands upright behind it."""
    wall, side = stage().screens
    lying = wall.position[:, [0, 2, 1]] * np.float32((1.0, 0.0, -1.0))
    floor = replace(side, name="floor", position=lying + np.float32((0.5, 0.0, 0.0)))
    return floor, replace(wall, position=wall.position + np.float32((0.5, 0.5, -0.5)))


def draw_with(
    shown: tuple[Screen, ...], meshes: tuple[SetMesh, ...] = (), **changes: Any
) -> np.ndarray:
    stage_set = replace(stage(), screens=shown, meshes=(*stage().meshes, *meshes))
    with StageRenderer(160, 80, stage_set, [], samples=0) as drawing:
        drawing.draw(replace(state(), camera=ABOVE, **changes))
        drawing.collect()
        return drawing.picture().astype(int)


def test_a_screen_in_the_floor_is_not_mirrored_by_it() -> None:
    floor, behind = floor_and_wall()

    def drawn(screens: tuple[Screen, ...], mirror: float) -> np.ndarray:
        return draw_with(screens, floor=Floor(mirror=mirror))

    np.testing.assert_array_equal(drawn((floor,), 1.0), drawn((floor,), 0.0))
    assert drawn((floor,), 0.0).max() > 60
    # An upright one is.
    assert np.abs(drawn((floor, behind), 1.0) - drawn((floor, behind), 0.0)).max() > 8


def test_a_screen_in_the_floor_mirrors_less_than_varnish_does() -> None:
    floor, behind = floor_and_wall()
    up = np.tile(np.float32((0, 1, 0)), (4, 1))
    black = np.zeros((4, 3), np.float32)
    varnish = SetMesh("deck", floor.position, up, black, floor.triangles)
    gains = []
    for meshes, screens in (((), (floor, behind)), ((varnish,), (behind,))):
        made = [
            draw_with(screens, meshes, screens=Screens(level=1.0), floor=Floor(mirror=mirror))
            for mirror in (1.0, 0.0)
        ]
        gains.append((decode(made[0]) - decode(made[1])).sum())
    panel, whole = gains
    assert 0.5 * whole < panel < 0.8 * whole


@pytest.mark.parametrize("content", list(LedContent))
def test_a_screen_in_the_floor_stays_darker_than_shoes(content: LedContent) -> None:
    floor, _ = floor_and_wall()
    means = []
    for level in (0.2, 1.0):
        brightest, total = 0.0, 0.0
        for beat in (0.0, 0.4, 1.1, 2.7):
            screens = Screens(content, 1.0, level, (0.75, 0.10, 0.26), (1.10, 0.50, 0.12))
            linear = decode(draw_with((floor,), screens=screens, beat=beat))
            brightest, total = max(brightest, linear.max()), total + linear.mean()
        means.append(total)
        # A key light of 0.6 on white leather of 0.8 is half; emitters peak at 1.8 times their mean.
        assert brightest < 0.48
    assert means[1] > 2.0 * means[0] > 0.0


def decode(picture: np.ndarray) -> np.ndarray:
    """Return linear light of an sRGB picture."""
    display = picture / 255.0
    return np.where(display > 0.04045, ((display + 0.055) / 1.055) ** 2.4, display / 12.92)


def test_the_shape_of_a_screen_is_measured() -> None:
    (wall, _) = stage().screens
    wide = replace(wall, position=wall.position * np.float32((10.0, 5.0, 1.0)))
    shape = measure_screen(wide)
    assert shape.width == pytest.approx(9.0, rel=1e-5)
    assert shape.height == pytest.approx(4.5, rel=1e-5)
    # A picture of 4:3 on a screen of 2:1 loses its top and bottom.
    left, top, width, height = shape.cover((400, 300))
    assert (left, width) == pytest.approx((0.0, 1.0))
    assert height == pytest.approx(2.0 / 3.0)
    assert top == pytest.approx(1.0 / 6.0)
    assert shape.fit((400, 300)) == (left, top, width, height)
    # Of an upright one less than half would be left: it is shown between bars.
    left, top, width, height = shape.fit((270, 480))
    assert (top, height) == pytest.approx((0.0, 1.0))
    assert width == pytest.approx(2.0 / (9.0 / 16.0))
    assert left == pytest.approx(0.5 - width / 2.0)
    flat = replace(wall, uv=np.zeros_like(wall.uv))
    assert measure_screen(flat).width > 0.0


def test_a_file_that_is_refused_leaves_its_screen_and_returns(tmp_path: Path) -> None:
    file = quadrants(tmp_path / "person.png")
    refused: set[Path] = set()
    library = ScreenLibrary([file], is_refused=lambda path: path in refused)
    with library, StageRenderer(160, 80, stage(), [], samples=0, library=library) as drawing:

        def draw_picture(source: ScreenSource) -> tuple[tuple[DrawFault, ...], np.ndarray]:
            faults = drawing.draw(state(source))
            drawing.collect()
            return faults, drawing.picture().astype(int)

        faults, seen = draw_picture(on("side", file))
        assert faults == ()
        refused.add(file)
        (fault,), hidden = draw_picture(on("side", file))
        assert "side" in fault.thing and "person.png" in str(fault.error)
        _, generated = draw_picture(ScreenSource("side", ScreenFeed.GENERATED))
        np.testing.assert_array_equal(hidden, generated)
        refused.clear()
        faults, again = draw_picture(on("side", file))
        assert faults == ()
        np.testing.assert_array_equal(seen, again)
