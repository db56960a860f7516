"""Test the shared picture: newest wins, never torn, and no file can crash a reader."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from renderer.errors import DeskError
from renderer.transport.latest import LatestPicture

WRITER = """
import sys, numpy as np
from renderer.transport.latest import LatestPicture
with LatestPicture.create(sys.argv[1], 320, 180) as picture:
    pixels = np.empty((180, 320, 3), np.uint8)
    number = 0
    while True:
        number += 1
        pixels[:] = number % 251
        picture.publish(pixels, number)
        if number == 1:
            print("ready", flush=True)
"""


def plain(value: int, width: int = 8, height: int = 4) -> np.ndarray:
    return np.full((height, width, 3), value, np.uint8)


@pytest.fixture
def writing_process(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    path = tmp_path / "picture"
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == b"ready"
        yield process, path
        process.kill()


def test_what_is_published_is_read_once(tmp_path: Path) -> None:
    with (
        LatestPicture.create(tmp_path / "p", 8, 4) as writer,
        LatestPicture.open(tmp_path / "p") as reader,
    ):
        assert (reader.width, reader.height) == (8, 4)
        assert reader.read() is None
        picture = np.arange(96, dtype=np.uint8).reshape(4, 8, 3)
        writer.publish(picture, 123_456_789_012)
        read = reader.read()
        assert read is not None
        np.testing.assert_array_equal(read[0], picture)
        assert read[1] == 123_456_789_012
        assert reader.read() is None


def test_times_may_be_before_the_start(tmp_path: Path) -> None:
    with (
        LatestPicture.create(tmp_path / "p", 8, 4) as writer,
        LatestPicture.open(tmp_path / "p") as reader,
    ):
        writer.publish(plain(1), -1)
        read = reader.read()
        assert read is not None and read[1] == -1


def test_it_closes_while_an_array_still_looks_into_it(tmp_path: Path) -> None:
    picture = LatestPicture.create(tmp_path / "p", 8, 4)
    held = picture._slots[0]
    picture.close()
    assert held.shape == (4, 8, 3)


def test_the_newest_wins_for_every_reader(tmp_path: Path) -> None:
    with (
        LatestPicture.create(tmp_path / "p", 8, 4) as writer,
        LatestPicture.open(tmp_path / "p") as early,
        LatestPicture.open(tmp_path / "p") as late,
    ):
        for number in range(1, 12):
            writer.publish(plain(number), number)
            read = early.read()
            assert read is not None and read[1] == number and (read[0] == number).all()
        read = late.read()
        assert read is not None and read[1] == 11


def test_a_given_buffer_is_filled(tmp_path: Path) -> None:
    with (
        LatestPicture.create(tmp_path / "p", 8, 4) as writer,
        LatestPicture.open(tmp_path / "p") as reader,
    ):
        buffer = plain(0)
        writer.publish(plain(9), 1)
        read = reader.read(buffer)
        assert read is not None and read[0] is buffer and (buffer == 9).all()


def test_no_picture_is_ever_torn(writing_process: tuple[object, Path]) -> None:
    """The writer fills slots as fast as possible; every picture read is from one publication."""
    _, path = writing_process
    buffer = np.empty((180, 320, 3), np.uint8)
    reads, last, until = 0, 0, time.monotonic() + 20
    with LatestPicture.open(path) as reader:
        while reads < 400 and time.monotonic() < until:
            if (read := reader.read(buffer)) is None:
                continue
            pixels, number = read
            assert number > last
            assert (pixels == number % 251).all()
            reads, last = reads + 1, number
    assert reads == 400


def test_a_killed_writer_leaves_its_last_whole_picture(
    writing_process: tuple[subprocess.Popen[bytes], Path],
) -> None:
    process, path = writing_process
    process.kill()
    process.wait()
    with LatestPicture.open(path) as reader:
        read = reader.read()
        assert read is None or (read[0] == read[1] % 251).all()


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    with (
        LatestPicture.create(tmp_path / "p", 8, 4),
        LatestPicture.open(tmp_path / "p") as reader,
        pytest.raises(ValueError, match="read-only"),
    ):
        reader.publish(plain(1), 1)


def test_a_remade_file_leaves_old_readers_whole(tmp_path: Path) -> None:
    with LatestPicture.create(tmp_path / "p", 8, 4) as old:
        old.publish(plain(1), 1)
        with (
            LatestPicture.open(tmp_path / "p") as reader,
            LatestPicture.create(tmp_path / "p", 16, 16) as new,
        ):
            new.publish(plain(2, 16, 16), 2)
            read = reader.read()
            assert read is not None and read[0].shape == (4, 8, 3) and read[1] == 1


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX file modes")
def test_only_the_user_can_read_it(tmp_path: Path) -> None:
    with LatestPicture.create(tmp_path / "p", 8, 4):
        assert (tmp_path / "p").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"ENC",
        b"not a picture" * 1000,
        b"ENCPIC01" + bytes(8),
        b"ENCPIC01" + b"\xff" * 8,
        b"ENCPIC01" + (8).to_bytes(4, "little") + (4).to_bytes(4, "little") + bytes(100),
    ],
)
def test_alien_and_truncated_files_are_reported(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "p"
    path.write_bytes(content)
    with pytest.raises(DeskError, match="shared picture"):
        LatestPicture.open(path)


def test_a_missing_file_and_a_folder_are_reported(tmp_path: Path) -> None:
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(DeskError, match="cannot be opened"):
            LatestPicture.open(path)
    with pytest.raises(DeskError, match="cannot be made"):
        LatestPicture.create(tmp_path / "no folder" / "p", 8, 4)


@pytest.mark.parametrize("size", [(0, 4), (8, -1), (1 << 20, 4)])
def test_senseless_sizes_are_reported(tmp_path: Path, size: tuple[int, int]) -> None:
    with pytest.raises(DeskError, match="size"):
        LatestPicture.create(tmp_path / "p", *size)
    assert list(tmp_path.iterdir()) == []


def test_wrong_pixels_are_reported(tmp_path: Path) -> None:
    with LatestPicture.create(tmp_path / "p", 8, 4) as writer:
        for wrong in (plain(1, 4, 8), np.zeros((4, 8, 3), np.float32)):
            with pytest.raises(DeskError, match="shape"):
                writer.publish(wrong, 1)


def test_closing_twice_is_fine(tmp_path: Path) -> None:
    writer = LatestPicture.create(tmp_path / "p", 8, 4)
    writer.close()
    writer.close()
