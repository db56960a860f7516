"""Test NDI sources and virtual cameras, with stand-ins for the libraries that users install."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from showing import HEIGHT, RATE, WIDTH, Showing, wait_until

from renderer.errors import OutputError
from renderer.output.media import MediaProcess
from renderer.output.output_words import parse_output
from renderer.protocol.outputs import OutputState

Start = Callable[..., MediaProcess]

CAMERA = """
from enum import Enum
from pathlib import Path
KEPT = Path(__file__).with_name("camera.bin")
class PixelFormat(Enum):
    NV12 = "NV12"
class Camera:
    def __init__(self, width, height, fps, *, fmt, device):
        if device == "/dev/video99":
            raise RuntimeError("'v4l2loopback' backend: /dev/video99 does not exist\\nmore")
        assert fmt is PixelFormat.NV12
        self.size = width * height * 3 // 2
        KEPT.with_suffix(".txt").write_text(f"{width} {height} {fps:g} {device}")
    def send(self, frame):
        assert frame.size == self.size
        with KEPT.open("ab") as file:
            file.write(frame.tobytes())
    def close(self):
        KEPT.with_suffix(".closed").touch()
"""

NDI = {
    "__init__.py": "",
    "video_frame.py": """
class VideoSendFrame:
    def set_resolution(self, width, height):
        self.size = width * height * 3 // 2
    def set_frame_rate(self, rate):
        self.rate = rate
    def set_fourcc(self, fourcc):
        self.fourcc = fourcc
""",
    "audio_frame.py": """
class AudioSendFrame:
    def __init__(self, most):
        self.most = most
""",
    "sender.py": """
from pathlib import Path
KEPT = Path(__file__).parents[1]
class Sender:
    def __init__(self, name, *, clock_video, clock_audio):
        assert not clock_video and not clock_audio
        self.name = name
    def set_video_frame(self, video):
        self.video = video
    def set_audio_frame(self, sound):
        self.sound = sound
    def open(self):
        if self.name == "taken":
            raise RuntimeError("the name is taken")
        (KEPT / "source.txt").write_text(f"{self.name} {self.video.rate} {self.video.fourcc}")
    def write_video_async(self, data):
        assert data.size == self.video.size and data.flags.writeable
        with (KEPT / "video.bin").open("ab") as file:
            file.write(bytes(data))
    def write_audio(self, data):
        assert data.shape[0] == 2 and data.shape[1] <= self.sound.most and data.dtype == "float32"
        with (KEPT / "sound.bin").open("ab") as file:
            file.write(data[0].tobytes())
    def close(self):
        (KEPT / "source.closed").touch()
""",
    "wrapper/__init__.py": "",
    "wrapper/ndi_structs.py": "class FourCC:\n    NV12 = 'NV12'\n",
}


@pytest.fixture
def libraries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Install the stand-ins; return the folder in which they keep what they get."""
    folder = tmp_path / "libraries"
    (folder / "cyndilib" / "wrapper").mkdir(parents=True)
    (folder / "pyvirtualcam.py").write_text(CAMERA)
    for name, text in NDI.items():
        (folder / "cyndilib" / name).write_text(text)
    monkeypatch.syspath_prepend(folder)
    return folder


def size_of(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def show_until(media: MediaProcess, true: Callable[[], bool]) -> None:
    """Send frames until something is true."""
    showing = Showing(media)
    try:
        assert wait_until(true, 60.0)
    finally:
        showing.stop()


def test_a_virtual_camera_shows_the_program(start: Start, song: Path, libraries: Path) -> None:
    media = start(True, song)
    media.add(parse_output("vcam:/dev/video7"))
    kept = libraries / "camera.bin"
    frame = WIDTH * HEIGHT * 3 // 2
    show_until(media, lambda: size_of(kept) >= 3 * frame)
    (status,) = media.finish().outputs
    assert status.state is OutputState.ENDED and status.rendition == "NV12"
    assert (libraries / "camera.txt").read_text() == f"{WIDTH} {HEIGHT} {RATE} /dev/video7"
    assert (libraries / "camera.closed").exists()
    assert size_of(kept) % frame == 0


def test_an_ndi_source_has_picture_and_sound(start: Start, song: Path, libraries: Path) -> None:
    media = start(True, song)
    media.add(parse_output("ndi:Encore Live"))
    video, sound = libraries / "video.bin", libraries / "sound.bin"
    show_until(media, lambda: size_of(video) > 0 < size_of(sound))
    (status,) = media.finish().outputs
    assert status.state is OutputState.ENDED
    assert (libraries / "source.txt").read_text() == f"Encore Live {RATE} NV12"
    assert (libraries / "source.closed").exists()
    assert np.isfinite(np.fromfile(sound, np.float32)).all()


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("vcam:/dev/video99", "no virtual camera /dev/video99 .*load v4l2loopback"),
        ("ndi:taken", "cannot be opened .the name is taken"),
    ],
)
def test_a_device_that_does_not_open_is_told(
    start: Start, libraries: Path, word: str, told: str
) -> None:
    media = start(True)
    with pytest.raises(OutputError, match=told):
        media.add(parse_output(word))


@pytest.mark.parametrize(
    ("word", "package"), [("vcam:", "pyvirtualcam"), ("ndi:Encore", "cyndilib")]
)
def test_without_its_library_an_output_says_what_to_install(
    start: Start, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, word: str, package: str
) -> None:
    # As if it were not installed, wherever it is.
    (tmp_path / f"{package}.py").write_text("raise ImportError")
    monkeypatch.syspath_prepend(tmp_path)
    kind, media = word.partition(":")[0], start(True)
    with pytest.raises(OutputError, match=rf"{package}.*encore-renderer\[{kind}\]"):
        media.add(parse_output(word))


@pytest.mark.parametrize("word", ["ndi:", "ndi:" + "x" * 101, "vcam:\0", "vcam:#bitrate=2M"])
def test_an_address_that_is_none_is_refused(word: str) -> None:
    with pytest.raises(OutputError):
        parse_output(word)
