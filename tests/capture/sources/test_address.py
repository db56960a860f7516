"""What an input's name says, and that no password is ever shown."""

from __future__ import annotations

import pytest

from renderer.capture.sources.address import check_address, is_live, is_take, without_password
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
    assert is_take("Take.MCAP")
    assert not is_take("rtsp://host/x.mcap")
