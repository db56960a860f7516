"""Test image sequences, complete and with gaps."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from renderer.capture.records import CameraFrame
from renderer.capture.sources.open import open_source
from renderer.errors import CaptureError


def write(
    folder: Path, numbers: list[int], name: str = "img_{:04d}.png", mode: str = "RGB"
) -> Path:
    folder.mkdir(exist_ok=True)
    for number in numbers:
        picture = np.full((48, 64, 3), 10 * number, np.uint8)
        picture[..., 0] = 200
        Image.fromarray(picture).convert(mode).save(folder / name.format(number))
    return folder


def read(spec: Path, rate: float | None = None) -> tuple[list[CameraFrame], str]:
    with closing(open_source(str(spec), rate)) as source:
        assert not source.is_live
        return list(source.frames()), source.warning


def test_a_folder_and_a_pattern_give_every_image_in_order(tmp_path: Path) -> None:
    folder = write(tmp_path / "row", list(range(1, 13)), name="img_{}.png")
    (folder / "notes.txt").write_text("no image")
    for spec in (folder, folder / "img_%d.png"):
        frames, warning = read(spec, 25.0)
        assert [int(frame.pixels[0, 0, 1]) for frame in frames] == [10 * n for n in range(1, 13)]
        assert [frame.t_seen_ns for frame in frames] == [40_000_000 * n for n in range(12)]
        assert all((frame.pixels[..., 0] == 200).all() for frame in frames)
        assert not warning
    with closing(open_source(str(folder))) as source:
        assert (source.rate, source.size, source.length_ns) == (30.0, (64, 48), 400_000_000)


def test_a_pattern_takes_its_own_images_alone(tmp_path: Path) -> None:
    write(tmp_path, [3, 4])
    write(tmp_path, [7], name="img_{}.png")
    write(tmp_path, [5], name="other_{:04d}.png")
    frames, _ = read(tmp_path / "img_%04d.png")
    assert [frame.index for frame in frames] == [0, 1]


def test_missing_and_broken_images_cost_their_own_time_alone(tmp_path: Path) -> None:
    write(tmp_path, [1, 2, 4, 5])
    (tmp_path / "img_0002.png").write_bytes(b"no image")
    (tmp_path / "img_0005.png").write_bytes(b"")
    frames, warning = read(tmp_path / "img_%04d.png", 10.0)
    assert [frame.index for frame in frames] == [0, 3]
    assert frames[1].t_seen_ns == 300_000_000
    assert "lacks 3 of its images" in warning


def test_a_sequence_is_read_from_a_time_on(tmp_path: Path) -> None:
    write(tmp_path, [1, 2, 3, 4, 6])
    with closing(open_source(str(tmp_path / "img_%04d.png"), 10.0)) as source:
        assert [frame.t_seen_ns // 1_000_000 for frame in source.frames(200_000_000)] == [
            200, 300, 500,
        ]  # fmt: skip
        assert "lacks 1 of its images" in source.warning


def test_missing_images_are_told_when_they_are_missed(tmp_path: Path) -> None:
    write(tmp_path, [1, 2, 4, 5])
    (tmp_path / "img_0005.png").write_bytes(b"")
    with closing(open_source(str(tmp_path / "img_%04d.png"))) as source:
        told = [(frame.index, source.warning) for frame in source.frames()]
        assert [bool(warning) for _, warning in told] == [False, False, True]
        assert "lacks 1 of its images" in told[2][1]
        assert "lacks 2 of its images" in source.warning


@pytest.mark.parametrize("mode", ["L", "RGBA", "P", "I;16"])
def test_grey_deep_and_transparent_images_become_rgb(tmp_path: Path, mode: str) -> None:
    if mode == "I;16":
        Image.fromarray(np.full((48, 64), 40_000, np.uint16)).save(tmp_path / "img_0001.png")
    else:
        write(tmp_path, [1], mode=mode)
    frames, _ = read(tmp_path / "img_%04d.png")
    assert frames[0].pixels.shape == (48, 64, 3)
    assert frames[0].pixels.dtype == np.uint8
    assert frames[0].pixels.max() > 50


def test_an_image_of_another_size_is_brought_to_the_first_ones(tmp_path: Path) -> None:
    write(tmp_path, [1])
    Image.new("RGB", (200, 30)).save(tmp_path / "img_0002.png")
    frames, _ = read(tmp_path / "img_%04d.png")
    assert {frame.pixels.shape for frame in frames} == {(48, 64, 3)}


def test_what_is_no_row_of_images_is_refused_in_one_sentence(tmp_path: Path) -> None:
    write(tmp_path / "bad", [1])
    (tmp_path / "bad" / "img_0001.png").write_bytes(b"")
    (tmp_path / "empty").mkdir()
    for spec, fault in [
        (tmp_path / "empty", "without images"),
        (tmp_path / "empty" / "img_%04d.png", "names no image"),
        (tmp_path / "nowhere" / "img_%04d.png", "cannot be listed"),
        (tmp_path / "empty" / "img_%s.png", "no pattern"),
        (tmp_path / "empty" / "%d_%d.png", "no pattern"),
        (tmp_path / "bad", "cannot be read as an image"),
    ]:
        with pytest.raises(CaptureError) as caught:
            open_source(str(spec))
        assert fault in caught.value.fault
