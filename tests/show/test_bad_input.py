"""Test bad input to the real command: one sentence, exit status 2, no incomplete files."""

from __future__ import annotations

import os
import socket
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import av
import numpy as np
import pytest
from forked_commands import ForkedCommands

from renderer.capture.trackers.models import model_path, read_manifest
from renderer.paths import CLIP, IDOL, SONG

Files = Callable[[str, bytes], Path]


class Command(Protocol):
    """Runs `encore` with arguments and additional environment variables."""

    def __call__(
        self, *words: str | Path, **environment: str
    ) -> subprocess.CompletedProcess[str]: ...


@pytest.fixture(scope="module")
def encore() -> Iterator[Command]:
    with ForkedCommands() as commands:
        yield commands.run


def demand_one_sentence(done: subprocess.CompletedProcess[str], *words: str) -> None:
    said = done.stderr.strip().splitlines()
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    faults = [line for line in said if line.startswith("encore: ")]
    assert len(faults) == 1, done.stderr
    assert said[-1] == faults[0], done.stderr
    for word in words:
        assert word.lower() in faults[0].lower(), faults[0]


@pytest.fixture
def files(tmp_path: Path) -> Files:
    folder = tmp_path / "input"
    folder.mkdir()

    def write(name: str, content: bytes) -> Path:
        (folder / name).write_bytes(content)
        return folder / name

    return write


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def an_empty_room(path: Path) -> Path:
    """Write a video of a second of grey noise, without a person."""
    noise = np.random.default_rng(1)
    with av.open(str(path), "w") as file:
        stream = file.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        for _ in range(25):
            pixels = noise.integers(100, 140, (240, 320, 3), dtype=np.uint8)
            file.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, "rgb24")))
        file.mux(stream.encode())
    return path


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("missing.mp4", None, "missing.mp4"),
        ("zero.mp4", b"", "zero.mp4"),
        ("words.mp4", b"these are words, no video\n" * 100, "words.mp4"),
        ("half.mp4", "half", "half.mp4"),
        ("sound.ogg", "song", "sound.ogg"),
    ],
)
def test_a_video_that_is_none(
    encore: Command,
    name: str,
    content: bytes | str | None,
    word: str,
    files: Files,
    out: Path,
    short_clip: Path,
) -> None:
    path = out.parent / "input" / name
    if content == "half":  # Its index is at the end, so none of the file can be read.
        whole = short_clip.read_bytes()
        path = files(name, whole[: len(whole) // 2])
    elif content == "song":
        path = files(name, SONG.read_bytes())
    elif isinstance(content, bytes):
        path = files(name, content)
    done = encore("show", "--input", path, "--record", out / "show.mp4")
    demand_one_sentence(done, word)
    assert list(out.iterdir()) == []


def test_a_video_that_breaks_off_is_shown_as_far_as_it_goes(
    encore: Command, files: Files, out: Path, short_avi: Path
) -> None:
    path = files("broken.avi", short_avi.read_bytes()[: short_avi.stat().st_size * 2 // 3])
    done = encore("show", "--input", path, "--record", out / "show.mp4", "--size", "256x144")
    demand_one_sentence(done, "broken.avi")
    with av.open(str(out / "show.mp4")) as recorded:
        assert 20 < sum(1 for _ in recorded.decode(video=0)) < 60


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("missing.vrm", None),
        ("zero.vrm", b""),
        ("words.vrm", b"no avatar at all\n" * 50),
        ("half.vrm", "half"),
        ("nobody.vrm", "glb"),
    ],
)
def test_an_avatar_that_is_none(
    encore: Command, name: str, kind: bytes | str | None, files: Files, out: Path
) -> None:
    path = out.parent / "input" / name
    if kind == "half":
        path = files(name, IDOL.read_bytes()[: IDOL.stat().st_size // 2])
    elif kind == "glb":
        text = b'{"asset":{"version":"2.0"},"nodes":[{"name":"alone"}]}'
        text += b" " * (-len(text) % 4)
        head = struct.pack("<4sII", b"glTF", 2, 20 + len(text))
        path = files(name, head + struct.pack("<I4s", len(text), b"JSON") + text)
    elif isinstance(kind, bytes):
        path = files(name, kind)
    done = encore("show", "--input", CLIP, "--avatar", path, "--record", out / "show.mp4")
    demand_one_sentence(done, name)
    assert list(out.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "content"),
    [("missing.ogg", None), ("zero.ogg", b""), ("words.ogg", b"no song\n" * 99)],
)
def test_a_song_that_is_none(
    encore: Command, name: str, content: bytes | None, files: Files, out: Path
) -> None:
    path = out.parent / "input" / name if content is None else files(name, content)
    done = encore("show", "--input", CLIP, "--song", path, "--record", out / "show.mp4")
    demand_one_sentence(done, name)
    assert list(out.iterdir()) == []


def test_a_video_with_nobody_in_it(encore: Command, tmp_path: Path, out: Path) -> None:
    room = an_empty_room(tmp_path / "room.mp4")
    done = encore("show", "--input", room, "--record", out / "show.mp4")
    demand_one_sentence(done, "room.mp4", "no person", "25 frames")
    assert list(out.iterdir()) == []


def test_an_unreachable_stream(encore: Command, out: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # Bound but not listening: connections are refused.
        place = f"127.0.0.1:{taken.getsockname()[1]}/live"
        (out.parent / "key").write_text("idol")
        address = f"rtmp://{place}/{{file:{out.parent / 'key'}}}"
        done = encore("show", "--input", CLIP, "--output", address, "--record", out / "show.mp4")
    demand_one_sentence(done, place)
    assert "idol" not in done.stderr  # A stream key is a password.
    assert list(out.iterdir()) == []


def test_a_folder_that_cannot_be_made(encore: Command, out: Path) -> None:
    (out / "file").write_bytes(b"")
    path = out / "file" / "show.mp4"
    demand_one_sentence(encore("show", "--input", CLIP, "--record", path), "show.mp4")
    assert [each.name for each in out.iterdir()] == ["file"]


def test_a_recording_that_is_there_already_stays(encore: Command, out: Path) -> None:
    kept = out / "show.mp4"
    kept.write_bytes(b"last night's show")
    done = encore("show", "--input", CLIP, "--record", kept)
    demand_one_sentence(done, "show.mp4", "is there already", "--overwrite")
    assert kept.read_bytes() == b"last night's show"


def test_more_avatars_than_performers(encore: Command, out: Path) -> None:
    done = encore(
        "show", "--input", CLIP, "--avatar", IDOL, "--avatar", IDOL, "--record", out / "show.mp4"
    )
    demand_one_sentence(done, "2 avatars", "--performers")
    assert list(out.iterdir()) == []


def test_one_of_two_licences_forbids_the_show(
    encore: Command, tmp_path: Path, out: Path, shared_data: Path
) -> None:
    personal = shared_data / "avatars" / "blender_5.2" / "basic_armature_vrm1.vrm"
    done = encore(
        "show", "--input", CLIP, "--performers", "2", "--avatar", IDOL, "--avatar", personal,
        "--record", out / "show.mp4", "--usage", "corporation",
        "--permission", "its author, in a letter",
    )  # fmt: skip
    demand_one_sentence(done, "commercialUsage")
    assert list(out.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"no take" * 99])
def test_a_take_that_is_none(encore: Command, content: bytes, files: Files, out: Path) -> None:
    done = encore("show", "--input", files("bad.mcap", content), "--record", out / "show.mp4")
    demand_one_sentence(done, "bad.mcap")
    assert list(out.iterdir()) == []


def test_an_output_of_no_known_kind(encore: Command, out: Path) -> None:
    done = encore("show", "--input", CLIP, "--output", "carrier-pigeon://roof")
    demand_one_sentence(done, "carrier-pigeon://roof")


def test_a_show_without_any_output(encore: Command) -> None:
    demand_one_sentence(encore("show", "--input", CLIP), "--record")


def test_a_model_with_the_wrong_hash(encore: Command, tmp_path: Path, out: Path) -> None:
    folder = tmp_path / "cache" / "models"
    folder.mkdir(parents=True)
    models = read_manifest().models
    for model in models:
        (folder / model.file).write_bytes(model_path(model.name).read_bytes())
    spoilt = folder / models[0].file
    spoilt.write_bytes(spoilt.read_bytes()[:-1] + b"!")
    done = encore(
        "show", "--input", CLIP, "--record", out / "show.mp4", ENCORE_CACHE=str(tmp_path / "cache")
    )
    demand_one_sentence(done, spoilt.name)
    assert list(out.iterdir()) == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="EGL is Linux's way to a GPU")
def test_no_egl(encore: Command, out: Path) -> None:
    done = encore(
        "show",
        "--input",
        CLIP,
        "--record",
        out / "show.mp4",
        __EGL_VENDOR_LIBRARY_FILENAMES="/nowhere.json",
    )
    demand_one_sentence(done, "OpenGL")
    assert list(out.iterdir()) == []


def test_a_licence_that_forbids_the_show(
    encore: Command, tmp_path: Path, out: Path, shared_data: Path
) -> None:
    personal = shared_data / "avatars" / "blender_5.2" / "basic_armature_vrm1.vrm"
    done = encore(
        "show", "--input", CLIP, "--avatar", personal, "--record", out / "show.mp4",
        "--performer", "Kim", "--usage", "corporation", "--permission", "its author, in a letter",
    )  # fmt: skip
    demand_one_sentence(done, "commercialUsage", "personalNonProfit", "corporation")
    assert list(out.iterdir()) == []


@pytest.mark.skipif(
    not sys.platform.startswith("linux") or os.geteuid() != 0,
    reason="a small full disk is mounted, which takes Linux and root",
)
def test_a_full_disk_keeps_what_was_recorded(encore: Command, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(disk)], check=True, timeout=10
    )
    try:
        done = encore("show", "--input", CLIP, "--record", disk / "show.mp4")
        demand_one_sentence(done, "show.mp4")
        with av.open(str(disk / "show.mp4")) as recorded:
            assert sum(1 for _ in recorded.decode(video=0)) > 25
    finally:
        subprocess.run(["umount", str(disk)], check=True, timeout=10)
