"""Test the mixer: dissolves pair frames by number, and black and slate cover the picture."""

from __future__ import annotations

from collections import deque
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from renderer.errors import OutputError
from renderer.graphics.records import ProgramFrame
from renderer.show.direction.mixer import Mix, PictureMixer
from renderer.show.direction.transitions import load_stinger
from renderer.transport.pixel_layout import PixelLayout

WIDE, HIGH = 32, 16


def frame(number: int, value: int, layout: PixelLayout = PixelLayout.I420) -> ProgramFrame:
    planes = np.full((HIGH * 3 // 2, WIDE), value, np.uint8)
    return ProgramFrame(planes, number, 0, 0, layout)


def mixer_of(*others: ProgramFrame, slate: Path | None = None) -> PictureMixer:
    waiting = deque(others)
    return PictureMixer(lambda: waiting.popleft() if waiting else None, slate)


def test_a_dissolve_blends_the_frames_of_one_number() -> None:
    mixer = mixer_of(frame(3, 0), frame(4, 0), frame(6, 40))
    for number in range(8):
        mixer.plan(number, Mix(share=0.25 if 3 <= number <= 6 else 1.0))
    values = []
    for number in range(8):
        mixed = mixer.mix(frame(number, 200))
        assert mixed is not None and mixed.number == number
        values.append(int(mixed.planes[0, 0]))
    # Frame 5 of the other camera was lost: the program stands alone.
    assert values == [200, 200, 200, 50, 50, 200, 80, 200]
    assert mixer.mix(None) is None


@pytest.mark.parametrize("layout", [PixelLayout.I420, PixelLayout.NV12])
def test_black_and_slate_cover_the_picture(tmp_path: Path, layout: PixelLayout) -> None:
    file = tmp_path / "slate.png"
    picture = np.zeros((30, 60, 3), np.uint8)
    picture[:] = (0, 0, 255)  # Red, as OpenCV has it.
    cv2.imwrite(str(file), picture)
    mixer = mixer_of(slate=file)
    mixer.plan(0, Mix(black=1.0))
    mixer.plan(1, Mix(black=0.5))
    mixer.plan(2, Mix(black=1.0, slate=1.0))
    black = mixer.mix(frame(0, 200, layout))
    assert black is not None
    assert (black.planes[:HIGH] == 16).all() and (black.planes[HIGH:] == 128).all()
    half = mixer.mix(frame(1, 200, layout))
    assert half is not None and half.planes[0, 0] == 108
    red = mixer.mix(frame(2, 200, layout))
    assert red is not None
    # Red in BT.709, limited range: Y 63, Cb 102, Cr 240.
    assert set(np.unique(red.planes[:HIGH])) == {63}
    assert set(np.unique(red.planes[HIGH:])) == {102, 240}
    vertical = mixer.cover("vertical", frame(2, 90, layout))
    assert (vertical.planes == red.planes).all()
    assert mixer.cover("vertical", frame(9, 90, layout)).planes[0, 0] == 90


def test_a_keyed_picture_is_left_alone() -> None:
    mixer = mixer_of()
    mixer.plan(0, Mix(black=1.0))
    keyed = frame(0, 77, PixelLayout.RGBA)
    assert mixer.mix(keyed) is keyed and mixer.cover("vertical", keyed) is keyed


@pytest.mark.parametrize("layout", [PixelLayout.I420, PixelLayout.NV12])
def test_a_wipe_shows_the_new_picture_on_the_left(layout: PixelLayout) -> None:
    mixer = mixer_of(*(frame(number, 40, layout) for number in range(3)))
    for number, share in enumerate((0.0, 0.5, 0.999)):
        mixer.plan(number, Mix(share=share, transition="wipe"))
    for number, column in enumerate((0, WIDE // 2, WIDE)):
        mixed = mixer.mix(frame(number, 200, layout))
        assert mixed is not None
        rgb = cv2.COLOR_YUV2RGB_I420 if layout is PixelLayout.I420 else cv2.COLOR_YUV2RGB_NV12
        seen = cv2.cvtColor(mixed.planes, rgb)
        for part, value in ((seen[:, :column], 200), (seen[:, column:], 40)):
            whole = cv2.cvtColor(frame(0, value, layout).planes, rgb)
            assert (part == whole[0, 0]).all()


def write_stinger(path: Path, codec: str, pixels: str) -> Path:
    """Write ten frames whose left half is white, and whose right half is transparent."""
    picture = np.zeros((HIGH, WIDE, 4), np.uint8)
    picture[:, : WIDE // 2] = 255
    with av.open(str(path), "w") as file:
        stream = file.add_stream(codec, rate=10)
        stream.width, stream.height, stream.pix_fmt = WIDE, HIGH, pixels
        for _ in range(10):
            one = av.VideoFrame.from_ndarray(picture, "rgba").reformat(format=pixels)
            file.mux(stream.encode(one))
        file.mux(stream.encode())
    return path


@pytest.mark.parametrize(
    ("name", "codec", "pixels"),
    [("s.mov", "prores_ks", "yuva444p10le"), ("s.webm", "libvpx-vp9", "yuva420p")],
)
@pytest.mark.parametrize("layout", [PixelLayout.I420, PixelLayout.NV12])
def test_a_stinger_covers_the_change(
    tmp_path: Path, name: str, codec: str, pixels: str, layout: PixelLayout
) -> None:
    path = write_stinger(tmp_path / name, codec, pixels)
    stinger = load_stinger(path, 0.5, (WIDE, HIGH), layout)
    assert stinger.length_ns == 1_000_000_000 and stinger.cut == 0.5
    mixer = mixer_of(*(frame(number, 40, layout) for number in range(3)))
    mixer.stingers = {"Flash": stinger}
    for number, share in enumerate((0.3, 0.7)):
        mixer.plan(number, Mix(share=share, transition="stinger", stinger="Flash"))
    for number, beneath in enumerate((40, 200)):
        mixed = mixer.mix(frame(number, 200, layout))
        assert mixed is not None
        luma = mixed.planes[:HIGH].astype(int)
        assert abs(luma[:, : WIDE // 2 - 4] - 235).max() <= 3
        assert abs(luma[:, WIDE // 2 + 4 :] - beneath).max() <= 3
    # A stinger that is not there is a cut.
    mixer.plan(2, Mix(share=0.2, transition="stinger", stinger="Lost"))
    cut = mixer.mix(frame(2, 200, layout))
    assert cut is not None and (cut.planes == 200).all()


def test_a_file_that_is_no_stinger_is_refused_before_air(tmp_path: Path) -> None:
    opaque = write_stinger(tmp_path / "opaque.mp4", "libx264", "yuv420p")
    text = tmp_path / "text.mov"
    text.write_text("no video")
    for path, why in ((opaque, "has no alpha"), (text, "cannot be read"),
                      (tmp_path / "lost.mov", "cannot be read")):  # fmt: skip
        with pytest.raises(OutputError, match=why):
            load_stinger(path, 0.5, (WIDE, HIGH), PixelLayout.I420)


def test_a_slate_that_is_refused_gives_way_to_the_houses(tmp_path: Path) -> None:
    file = tmp_path / "slate.png"
    cv2.imwrite(str(file), np.full((30, 60, 3), 255, np.uint8))
    refused: set[Path] = set()
    mixer = PictureMixer(lambda: None, file, refused.__contains__)
    mixer.prepare((WIDE, HIGH), PixelLayout.I420)
    house = mixer_of()

    def see(one: PictureMixer, number: int) -> np.ndarray:
        one.plan(number, Mix(slate=1.0))
        mixed = one.mix(frame(number, 90))
        assert mixed is not None
        return mixed.planes.copy()

    own = see(mixer, 0)
    assert set(np.unique(own[:HIGH])) == {235}
    refused.add(file)
    np.testing.assert_array_equal(see(mixer, 1), see(house, 1))
    refused.clear()
    np.testing.assert_array_equal(see(mixer, 2), own)


def test_a_stinger_that_is_refused_is_left_out(tmp_path: Path) -> None:
    file = write_stinger(tmp_path / "s.webm", "libvpx-vp9", "yuva420p")
    refused: set[Path] = set()
    mixer = PictureMixer(lambda: None, None, refused.__contains__)
    mixer.stingers = {"s": load_stinger(file, 0.5, (WIDE, HIGH), PixelLayout.I420)}
    mixer.plan(0, Mix(share=0.5, transition="stinger", stinger="s"))
    mixer.plan(1, Mix(share=0.5, transition="stinger", stinger="s"))
    covered = mixer.mix(frame(0, 90))
    assert covered is not None and covered.planes[0, 0] > 200
    refused.add(file)
    plain = mixer.mix(frame(1, 90))
    assert plain is not None and (plain.planes == 90).all()
