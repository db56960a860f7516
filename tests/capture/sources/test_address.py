"""Test the parsing of input names, and that no password is ever shown."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from renderer.capture.sources.address import check_address, is_live, is_take, without_password
from renderer.capture.sources.open import open_source
from renderer.errors import CaptureError


@pytest.mark.parametrize(
    ("spec", "shown"),
    [
        ("rtsp://kim:se%3Acret@10.0.0.7:8554/stage", "rtsp://10.0.0.7:8554/stage"),
        ("https://kim:secret@cams.example/live.m3u8?token=secret", "https://cams.example/live.m3u8?…"),
        ("rtsp://kim:secret@host:port/secret", "rtsp://…"),
        ("rtsp://[::1/secret", "rtsp://…"),
        ("camera:0", "camera:0"),
        ("dance.mp4", "dance.mp4"),
    ],
)  # fmt: skip
def test_names_and_passwords_are_kept_back(spec: str, shown: str) -> None:
    assert without_password(spec) == shown
    assert "secret" not in without_password(spec)


@pytest.mark.parametrize(
    "spec",
    [
        "rtsp://kim:secret@/path", "rtsp://kim:secret@host:port/x", "ftp://kim:secret@host/a.mp4",
        "http://kim:secret@host/film.mp4", "rtsp://[::1", "file://secret/etc/passwd",
    ],
)  # fmt: skip
def test_what_is_no_camera_is_refused(spec: str) -> None:
    with pytest.raises(CaptureError) as caught:
        check_address(spec)
    assert "secret" not in str(caught.value).replace("file://secret", "")


def test_what_comes_in_real_time() -> None:
    for spec in ("camera:0", "/dev/video2", "rtsp://host/x", "https://host/live.m3u8"):
        assert is_live(spec)
    for spec in ("dance.mp4", "images", "img_%04d.png", "take.mcap"):
        assert not is_live(spec)
    assert not is_live("camera.mp4")
    assert is_take("Take.MCAP")
    assert not is_take("rtsp://host/x.mcap")


@pytest.mark.parametrize(
    "name", ["camera:wide.avi", "http:dance.avi", "take:1.avi", "concat:a.avi"]
)
def test_a_video_may_be_named_like_something_else(
    name: str, make_video: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_video([np.full((48, 64, 3), 99, np.uint8)] * 3, "made.avi")
    path.rename(path.with_name(name))
    monkeypatch.chdir(path.parent)
    assert not is_live(name)
    with closing(open_source(name)) as source:
        assert (source.name, len(list(source.frames()))) == (name, 3)


def test_an_image_folder_may_be_named_like_a_protocol(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "http:images").mkdir()
    monkeypatch.chdir(tmp_path)
    Image.new("RGB", (64, 48)).save("http:images/img:1.png")
    with closing(open_source("http:images")) as source:
        assert len(list(source.frames())) == 1
