"""Recordings with alpha: every format keeps colour and soft edges, and tells what it cannot do."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest

from renderer.errors import OutputError
from renderer.output.encode.alpha import FORMATS, AlphaRecording

WIDTH, HEIGHT, RATE = 160, 120, 30
U8 = npt.NDArray[np.uint8]


def soft_disc(number: int) -> U8:
    """A disc with a wide soft edge on transparency, in straight alpha."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    away = np.hypot(x - WIDTH / 2 - 4 * number, y - HEIGHT / 2)
    picture = np.empty((HEIGHT, WIDTH, 4), np.uint8)
    picture[..., :3] = 200, 90, 40
    picture[..., 3] = np.clip((44.0 - away) / 16.0, 0.0, 1.0) * 255
    return picture


def read(path: Path) -> list[U8]:
    """The frames of a recording, RGBA. libav's own VP9 decoder drops alpha."""
    with av.open(str(path)) as file:
        stream = file.streams.video[0]
        assert stream.codec_context.colorspace == 1
        if path.suffix == ".mov":
            frames = list(file.decode(stream))
        else:
            decoder = av.CodecContext.create("libvpx-vp9", "r")
            frames = [frame for packet in file.demux(stream) for frame in decoder.decode(packet)]
    return [frame.to_ndarray(format="rgba") for frame in frames]


@pytest.mark.parametrize("suffix", list(FORMATS))
def test_colour_and_alpha_come_back(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / "made" / f"key{suffix}"
    pictures = [soft_disc(number) for number in range(4)]
    with AlphaRecording(path, WIDTH, HEIGHT, RATE) as recording:
        for picture in pictures:
            recording.write(picture.reshape(HEIGHT, WIDTH * 4))
    frames = read(path)
    assert len(frames) == len(pictures)
    for frame, picture in zip(frames, pictures, strict=True):
        assert np.abs(frame[..., 3].astype(int) - picture[..., 3]).mean() <= 1.0
        seen = picture[..., 3] > 200
        assert np.abs(frame[seen][:, :3].astype(int) - picture[seen][:, :3]).mean() <= 4.0


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="without alpha"):
        AlphaRecording(tmp_path / "key.mp4", WIDTH, HEIGHT, RATE)


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "no_folder").write_text("a file")
    with pytest.raises(OutputError, match="cannot be written"):
        AlphaRecording(tmp_path / "no_folder" / "key.mov", WIDTH, HEIGHT, RATE)
