"""Test that pictures are upright and timed, and that other files are rejected."""

from __future__ import annotations

import struct
from collections.abc import Callable
from contextlib import closing
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from renderer.capture.records import CameraFrame
from renderer.capture.sources.open import Source, open_source
from renderer.errors import CaptureError

VideoMaker = Callable[..., Path]


def grey(count: int) -> list[np.ndarray]:
    """Return pictures of increasing brightness, so that they can be told apart."""
    return [np.full((48, 64, 3), 20 + 15 * number, np.uint8) for number in range(count)]


def read(path: Path) -> tuple[list[CameraFrame], str]:
    with closing(open_source(str(path))) as source:
        return list(source.frames()), source.warning


def test_every_picture_of_a_file_comes_with_its_time(make_video: VideoMaker) -> None:
    path = make_video(grey(12))
    with closing(open_source(str(path))) as source:
        assert (source.name, source.size, source.rate) == ("made.mp4", (64, 48), 25.0)
        assert source.length_ns == pytest.approx(480e6, rel=0.1)
        assert not source.is_live
        frames = list(source.frames())
        assert not source.warning
    assert [frame.index for frame in frames] == list(range(12))
    assert [frame.t_seen_ns for frame in frames] == [40_000_000 * n for n in range(12)]
    assert frames[0].pixels.shape == (48, 64, 3)
    for number, frame in enumerate(frames):
        assert frame.pixels.mean() == pytest.approx(20 + 15 * number, abs=7)


@pytest.mark.parametrize("name", ["100%.mp4", "take %04d.mp4"])
def test_a_video_may_have_a_percent_sign_in_its_name(name: str, make_video: VideoMaker) -> None:
    frames, _ = read(make_video(grey(3), name=name))
    assert len(frames) == 3


def test_a_file_of_varying_rate_keeps_its_times(make_video: VideoMaker) -> None:
    times = [0, 16, 33, 133, 150, 400, 416, 433]
    frames, _ = read(make_video(grey(8), times=times))
    assert [round(frame.t_seen_ns / 1e6) for frame in frames] == times


def test_times_grow_from_zero_even_if_the_file_starts_late(make_video: VideoMaker) -> None:
    frames, _ = read(make_video(grey(3), name="late.mkv", times=[5000, 5040, 5080]))
    assert [round(frame.t_seen_ns / 1e6) for frame in frames] == [0, 40, 80]


def turn(path: Path, matrix: tuple[int, int, int, int]) -> None:
    """Write the linear part (a, b, c, d) of the display matrix into an MP4's track header.

    ISO/IEC 14496-12, 6.2.2: x' = a x + c y, y' = b x + d y.
    """
    data = bytearray(path.read_bytes())
    at = data.index(b"tkhd") + 4 + 40
    a, b, c, d = (value << 16 for value in matrix)
    data[at : at + 36] = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)
    path.write_bytes(data)


@pytest.mark.parametrize(
    "matrix",
    [
        (1, 0, 0, 1), (0, 1, -1, 0), (-1, 0, 0, -1), (0, -1, 1, 0),
        (-1, 0, 0, 1), (1, 0, 0, -1), (0, 1, 1, 0), (0, -1, -1, 0),
    ],
    ids=[
        "as it is", "a quarter clockwise", "upside down", "a quarter back",
        "mirrored", "head over heels", "rows for columns", "rows for columns, upside down",
    ],
)  # fmt: skip
def test_a_turned_or_mirrored_video_comes_upright(
    make_video: VideoMaker, matrix: tuple[int, int, int, int]
) -> None:
    """Two different lights distinguish all eight orientations."""
    picture = np.full((48, 64, 3), 30, np.uint8)
    picture[:16, :16], picture[:16, 48:] = 220, 120
    path = make_video([picture] * 4)
    turn(path, matrix)
    a, b, c, d = matrix
    with closing(open_source(str(path))) as source:
        assert source.size == ((64, 48) if a else (48, 64))
        half = np.array(source.size) / 2
        for frame in source.frames():
            height, width = frame.pixels.shape[:2]
            assert (width, height) == source.size
            grey = frame.pixels[..., 0]
            for (x, y), lit in (((-24, -16), grey > 170), ((24, -16), (grey > 75) & (grey < 165))):
                found = np.median(np.argwhere(lit)[:, ::-1], axis=0) + 0.5
                wanted = half + np.array([a * x + c * y, b * x + d * y])
                assert found == pytest.approx(wanted, abs=2.0)


@pytest.mark.parametrize(
    ("aspect", "size"),
    [
        (Fraction(1), (64, 48)),
        (Fraction(2), (128, 48)),
        (Fraction(8, 9), (64, 54)),
        (Fraction(1, 2), (64, 96)),
        (Fraction(40, 33), (78, 48)),
    ],
)
@pytest.mark.parametrize("name", ["wide.mp4", "wide.mkv"])
def test_pixels_are_made_square(
    make_video: VideoMaker, name: str, aspect: Fraction, size: tuple[int, int]
) -> None:
    picture = np.full((48, 64, 3), 30, np.uint8)
    picture[:16, 48:] = 220
    path = make_video([picture] * 4, name, codec="libx264", pixel_aspect=aspect)
    with closing(open_source(str(path))) as source:
        assert source.size == size
        for frame in source.frames():
            assert frame.pixels.shape == (size[1], size[0], 3)
            lit = np.median(np.argwhere(frame.pixels[..., 0] > 125)[:, ::-1], axis=0) + 0.5
            assert lit == pytest.approx((size[0] * 0.875, size[1] / 6), abs=2.0)
        assert source.note == ""


@pytest.mark.parametrize("matrix", [(0, 1, -1, 0), (0, -1, 1, 0), (0, 1, 1, 0), (-1, 0, 0, 1)])
def test_pixels_are_made_square_before_a_picture_is_turned(
    make_video: VideoMaker, matrix: tuple[int, int, int, int]
) -> None:
    """A disc squeezed to half its width is round again, at the rotated position."""
    down, across = np.mgrid[:48, :64]
    disc = ((across - 16) * 2.0) ** 2 + (down - 16) ** 2 < 12**2
    picture = np.where(disc[..., None], 220, 30).astype(np.uint8).repeat(3, axis=2)
    path = make_video([picture] * 4, codec="libx264", pixel_aspect=Fraction(2))
    turn(path, matrix)
    a, b, c, d = matrix
    with closing(open_source(str(path))) as source:
        assert source.size == ((128, 48) if a else (48, 128))
        frame = next(iter(source.frames()))
        lit = np.argwhere(frame.pixels[..., 0] > 125)[:, ::-1]
        x, y = 32 - 64, 16 - 24
        wanted = np.array(source.size) / 2 + np.array([a * x + c * y, b * x + d * y])
        assert lit.mean(axis=0) + 0.5 == pytest.approx(wanted, abs=2.0)
        assert np.ptp(lit, axis=0) == pytest.approx((23, 23), abs=2)


def test_pixels_that_no_lens_makes_are_taken_as_square_and_said(make_video: VideoMaker) -> None:
    path = make_video(grey(4), codec="libx264", pixel_aspect=Fraction(40))
    with closing(open_source(str(path))) as source:
        assert source.size == (64, 48)
        assert source.note == "made.mp4 states pixels 40 times as wide as high, taken as square"


UNEVEN = [40 * n + 7 * (n % 3) for n in range(24)]


def demand_closed_leap(path: Path, length: str) -> None:
    """Intervals are kept before and after the gap, which becomes one usual interval."""
    with closing(open_source(str(path))) as source:
        seen = np.array([frame.t_seen_ns for frame in source.frames()]) / 1e6
        assert len(seen) == 24 and source.warning == ""
        assert source.note.startswith(f"the timestamps of {path.name} leap once by {length}")
    for half in (slice(None, 12), slice(12, None)):
        assert np.diff(seen[half]) == pytest.approx(np.diff(UNEVEN[half]), abs=1)
    assert 20 <= seen[12] - seen[11] <= 60


@pytest.mark.parametrize("name", ["leap.mkv", "leap.mp4"])
@pytest.mark.parametrize("leap_s", [3600, 20, 6])
def test_timestamps_that_leap_are_closed_up_and_said(
    make_video: VideoMaker, name: str, leap_s: int
) -> None:
    times = [t + (1000 * leap_s if n >= 12 else 0) for n, t in enumerate(UNEVEN)]
    demand_closed_leap(make_video(grey(8) * 3, name, times, codec="libx264"), f"{leap_s}.0 s")


def first_told(source: Source) -> tuple[int | None, int | None]:
    """The indices of the first frames with which a note and a warning are there."""
    noted = warned = None
    for frame in source.frames():
        noted = frame.index if noted is None and source.note else noted
        warned = frame.index if warned is None and source.warning else warned
    return noted, warned


def test_a_leap_is_told_with_the_picture_after_it(make_video: VideoMaker) -> None:
    times = [40 * n + (20_000 if n >= 5 else 0) for n in range(24)]
    with closing(open_source(str(make_video(grey(8) * 3, "leap.mkv", times)))) as source:
        assert first_told(source) == (5, None)


@pytest.mark.parametrize("name", ["made.mp4", "made.mkv", "made.avi", "made.ts"])
@pytest.mark.parametrize("start_ms", [40, 1000, 1999])
def test_a_file_is_read_from_a_time_on(make_video: VideoMaker, name: str, start_ms: int) -> None:
    path = make_video(noisy(60), name)
    with closing(open_source(str(path))) as source:
        whole = list(source.frames())
    later = [frame for frame in whole if frame.t_seen_ns >= start_ms * 1_000_000]
    with closing(open_source(str(path))) as source:
        frames = list(source.frames(start_ms * 1_000_000))
        assert (source.note, source.warning) == ("", "")
    assert [frame.t_seen_ns for frame in frames] == [frame.t_seen_ns for frame in later]
    for frame, same in zip(frames, later, strict=True):
        assert np.array_equal(frame.pixels, same.pixels)


@pytest.mark.parametrize(("first_s", "second_s"), [(10, 900), (900, 10), (100, 90)])
def test_timestamps_that_begin_again_are_closed_up_and_said(
    make_video: VideoMaker, tmp_path: Path, first_s: int, second_s: int
) -> None:
    """As in an interrupted recorder's MPEG-TS: two recordings in one file."""
    parts = []
    for start_s, half in ((first_s, UNEVEN[:12]), (second_s, UNEVEN[12:])):
        times = [1000 * start_s + t for t in half]
        part = make_video(grey(12), f"{start_s}.ts", times, codec="libx264")
        parts.append(part.read_bytes())
    path = tmp_path / "both.ts"
    path.write_bytes(b"".join(parts))
    demand_closed_leap(path, "")  # FFmpeg takes a return to nearly 0 for the clock's wrap-around.


def test_a_picture_that_stands_still_for_seconds_is_no_leap(make_video: VideoMaker) -> None:
    times = [0, 40, 80, 4000, 4040]
    with closing(open_source(str(make_video(grey(5), times=times)))) as source:
        assert [round(frame.t_seen_ns / 1e6) for frame in source.frames()] == times
        assert source.note == ""


@pytest.mark.parametrize("name", ["slow.mkv", "slow.mp4"])
@pytest.mark.parametrize("step_ms", [1000, 10_000])
def test_a_slow_video_keeps_its_times_and_its_last_picture(
    make_video: VideoMaker, name: str, step_ms: int
) -> None:
    times = [n * step_ms for n in range(5)]
    path = make_video(grey(5), name, times, codec="libx264", rate=Fraction(1000, step_ms))
    with closing(open_source(str(path))) as source:
        times = [round(frame.t_seen_ns / 1e6) for frame in source.frames()]
        assert times == [n * step_ms for n in range(5)]
        assert source.last_duration_ns == pytest.approx(step_ms * 1e6, rel=0.01)
        assert source.note == source.warning == ""


def make_sound(path: Path) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=8000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 800), np.int16), "s16", "mono")
        frame.rate = 8000
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def make_folder(path: Path) -> Path:
    path.mkdir()
    return path


def test_what_is_no_video_is_refused_in_one_sentence(tmp_path: Path) -> None:
    empty = tmp_path / "empty.mp4"
    empty.touch()
    text = tmp_path / "text.mp4"
    text.write_text("This is not a video. " * 50)
    noise = tmp_path / "noise.avi"
    noise.write_bytes(np.random.default_rng(1).bytes(5000))
    playlist = tmp_path / "list.mp4"
    playlist.write_text("#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/one.ts\n")
    sound = make_sound(tmp_path / "sound.wav")
    for path, fault in [
        (empty, "is empty"),
        (text, "cannot be read as a video"),
        (noise, "cannot be read as a video"),
        (playlist, "cannot be read as a video"),
        (sound, "has no video in it"),
        (make_folder(tmp_path / "folder"), "is a folder without images"),
        (tmp_path / "nowhere.mp4", "does not exist"),
    ]:
        with pytest.raises(CaptureError) as caught:
            open_source(str(path))
        assert caught.value.thing == str(path)
        assert fault in caught.value.fault
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize("spec", ["camera:", "camera:front", "camera:-1", "camera:²"])
def test_a_camera_is_named_by_a_number(spec: str) -> None:
    with pytest.raises(CaptureError, match="names no camera"):
        open_source(spec)


def test_a_camera_that_is_not_there_is_refused() -> None:
    with pytest.raises(CaptureError, match="camera 97: cannot be opened"):
        open_source("camera:97")


def test_a_device_that_is_not_there_is_refused() -> None:
    with pytest.raises(CaptureError, match="/dev/video97: cannot be opened"):
        open_source("/dev/video97")


def noisy(count: int) -> list[np.ndarray]:
    random = np.random.default_rng(2)
    return [random.integers(0, 255, (48, 64, 3), np.uint8) for _ in range(count)]


def test_a_file_cut_off_midway_gives_what_it_has_and_says_so(make_video: VideoMaker) -> None:
    path = make_video(noisy(50), name="cut.avi")
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    frames, warning = read(path)
    assert 10 <= len(frames) <= 45
    assert "its end is missing" in warning


def test_a_file_cut_off_anywhere_never_leads_to_a_traceback(make_video: VideoMaker) -> None:
    path = make_video(noisy(6), name="cut.avi")
    data = path.read_bytes()
    for length in range(1, len(data), len(data) // 60):
        path.write_bytes(data[:length])
        try:
            frames, _ = read(path)
        except CaptureError as error:
            assert str(path) in str(error)
        else:
            assert 1 <= len(frames) <= 6


def test_damage_in_the_middle_is_left_out_and_told_of(shared_data: Path, tmp_path: Path) -> None:
    data = bytearray((shared_data / "video" / "exercise_cam01.mp4").read_bytes())
    data[150_000:160_000] = b"\x55" * 10_000
    path = tmp_path / "damaged.mp4"
    path.write_bytes(data)
    frames, warning = read(path)
    assert 80 <= len(frames) < 100
    assert frames[-1].t_seen_ns == pytest.approx(99e9 / 60, rel=0.01)
    assert "damaged" in warning


def test_damage_is_told_before_the_end(make_video: VideoMaker) -> None:
    """Codecs with threads return pictures some frames late, and report damage as late."""
    path = make_video(noisy(100), name="damaged.avi")
    with av.open(str(path)) as file:
        packet = [packet for packet in file.demux(video=0) if packet.size][20]
    path.write_bytes(path.read_bytes().replace(bytes(packet), b"\xff" * packet.size))
    with closing(open_source(str(path))) as source:
        _, warned = first_told(source)
        assert warned is not None and warned < 60
        assert source.warning == "damaged.avi is damaged in one place, which was left out"
