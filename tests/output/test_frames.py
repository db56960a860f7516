"""Test folders of images: what is in the files, their numbers, and what a disk does to them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image
from showing import HEIGHT, RATE, WIDTH, send, time_ns, wait_until

from renderer.errors import OutputError
from renderer.output.media import MediaProcess
from renderer.output.output_words import parse_output, parse_recording
from renderer.output.spec import list_images
from renderer.protocol.outputs import OutputState
from renderer.transport.pixel_layout import PixelLayout

Start = Callable[..., MediaProcess]


def keyed_picture(number: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """Return RGBA with a soft edge and colours under the transparent part."""
    pixels = np.zeros((HEIGHT, WIDTH, 4), np.uint8)
    pixels[..., 0] = np.arange(WIDTH, dtype=np.uint8)
    pixels[..., 1] = 40 + 20 * number
    pixels[..., 2] = np.arange(HEIGHT, dtype=np.uint8)[:, None]
    pixels[..., 3] = np.linspace(0, 255, WIDTH).astype(np.uint8)
    return pixels


@pytest.fixture
def keyed() -> object:
    media = MediaProcess(WIDTH, HEIGHT, RATE, False, has_alpha=True)
    media.start()
    yield media
    media.close()


def film(media: MediaProcess, count: int) -> None:
    for number in range(count):
        buffer = media.frame_buffer(10.0)
        assert buffer is not None
        buffer[:] = keyed_picture(number).reshape(buffer.shape)
        media.submit(number, time_ns(number), 0, layout=PixelLayout.RGBA)


def test_a_png_has_the_very_pixels_with_straight_alpha(keyed: MediaProcess, tmp_path: Path) -> None:
    folder = tmp_path / "images"
    keyed.add(parse_output(f"frames:{folder}"))
    film(keyed, 5)
    (status,) = keyed.finish().outputs
    assert status.state is OutputState.ENDED and status.packets == 5 and status.dropped == 0
    assert status.rendition == "PNG"
    files = list_images(folder)
    assert [file.name for file in files] == [f"frame_{n:06d}.png" for n in range(5)]
    for number, file in enumerate(files):
        with Image.open(file) as image:
            assert image.mode == "RGBA"
            assert np.array_equal(np.asarray(image), keyed_picture(number))


def test_an_exr_has_linear_light_with_premultiplied_alpha(
    keyed: MediaProcess, tmp_path: Path
) -> None:
    keyed.add(parse_recording(f"frames:{tmp_path}#image=exr"))
    film(keyed, 2)
    keyed.finish()
    (file, _) = list_images(tmp_path)
    with av.open(str(file)) as container:
        frame = next(container.decode(video=0))
    assert frame.format.name == "gbrapf16le"
    green, blue, red, alpha = (
        np.frombuffer(memoryview(plane), np.float16).reshape(HEIGHT, -1)[:, :WIDTH].astype(float)
        for plane in frame.planes
    )
    code = keyed_picture(0).astype(np.float64) / 255
    linear = np.where(code <= 0.04045, code / 12.92, ((code + 0.055) / 1.055) ** 2.4)
    assert np.abs(alpha - code[..., 3]).max() < 1e-3
    for found, component in ((red, 0), (green, 1), (blue, 2)):
        assert np.abs(found - linear[..., component] * code[..., 3]).max() < 2e-3


def test_a_program_without_alpha_keeps_its_colours(start: Start, tmp_path: Path) -> None:
    media = start(False)
    media.add(parse_output(f"frames:{tmp_path}"))
    assert send(media, 0)
    media.finish()
    (file,) = list_images(tmp_path)
    with Image.open(file) as image:
        assert image.mode == "RGB" and image.size == (WIDTH, HEIGHT)
        # BT.709, limited range: luma 40 without colour.
        assert np.abs(np.asarray(image).astype(int) - round((40 - 16) * 255 / 219)).max() <= 2


def test_a_live_sequence_leaves_gaps_for_what_is_missing(start: Start, tmp_path: Path) -> None:
    (tmp_path / "other.png").write_bytes(b"old")
    media = start(True)
    media.add(parse_output(f"frames:{tmp_path}"))
    for number in (3, 4, 8):
        assert wait_until(lambda at=number: send(media, at), 60)  # type: ignore[misc]
    (status,) = media.finish().outputs
    assert status.packets == 3
    media = start(True)
    with pytest.raises(OutputError, match="has images already"):
        media.add(parse_output(f"frames:{tmp_path}"))
    assert [file.name for file in list_images(tmp_path)] == [
        "frame_000000.png",
        "frame_000001.png",
        "frame_000005.png",
    ]
    assert (tmp_path / "other.png").exists()


def test_a_full_disk_ends_the_sequence_and_leaves_whole_images(
    start: Start, small_disk: Path, tmp_path: Path
) -> None:
    media = start(False)
    folder = small_disk / "images"
    media.add_all([parse_output(f"frames:{folder}"), parse_output(str(tmp_path / "show.mp4"))])
    for number in range(12):
        assert send(media, number, 250)
    images, recording = media.finish().outputs
    assert images.state is OutputState.FAILED
    assert "images until then are complete" in images.detail
    assert recording.state is OutputState.ENDED and recording.seconds == pytest.approx(12 / RATE)
    files = list_images(folder)
    assert files and len(files) == images.packets
    for file in files:
        with Image.open(file) as image:
            image.load()
    assert not list(folder.glob(".*"))


def test_a_sequence_does_not_replace_an_earlier_one_unasked(tmp_path: Path) -> None:
    from renderer.show.plan import require_new

    spec = parse_output(f"frames:{tmp_path}")
    require_new(spec, "choose another")
    (tmp_path / "frame_000000.png").write_bytes(b"")
    with pytest.raises(OutputError, match="has images already"):
        require_new(spec, "choose another")
