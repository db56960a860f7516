"""Test that an encrypted take reads like a plain one, and that no changed byte is believed."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from renderer.capture.records import Observation
from renderer.errors import MotionError
from renderer.motion.core.sources import Source
from renderer.motion.takes.encryption import DecryptedSource, EncryptedSink, read_head
from renderer.motion.takes.read import open_take, read_take_head
from renderer.motion.takes.write import TakeWriter

KEY = bytes(range(32))
HEAD = b'{"for":"tests"}'
RECORDS = 300


def _unlock(_head: bytes) -> bytes:
    return KEY


@pytest.fixture
def take(tmp_path: Path) -> Path:
    path = tmp_path / "take.mcap"
    with TakeWriter(
        path, {"performer": "Ada"}, lambda file: EncryptedSink(file, HEAD, KEY)
    ) as writer:
        for number in range(RECORDS):
            writer.put(Source.CAMERA, Observation(number * 1000, number, (640, 480)))
    return path


def test_it_reads_like_a_plain_one(take: Path) -> None:
    read = open_take(take, _unlock)
    assert read.about["performer"] == "Ada"
    assert len(list(read.entries())) == RECORDS
    assert not read.warnings
    assert b"Ada" not in take.read_bytes()
    assert read_take_head(take) == HEAD
    with pytest.raises(MotionError, match="is encrypted"):
        open_take(take)


def test_the_key_is_asked_for_once(take: Path) -> None:
    asked: list[bytes] = []

    def unlock(head: bytes) -> bytes:
        asked.append(head)
        return KEY

    read = open_take(take, unlock)
    for _ in range(2):
        assert len(list(read.entries())) == RECORDS
    assert asked == [HEAD]


@pytest.mark.parametrize("seed", range(4))
def test_no_changed_byte_is_believed(take: Path, seed: int) -> None:
    data, chosen = take.read_bytes(), random.Random(seed)
    whole = [entry.t_ns for entry in open_take(take, _unlock).entries()]
    for _ in range(40):
        place = chosen.randrange(len(data))
        changed = bytearray(data)
        changed[place] ^= 1 << chosen.randrange(8)
        take.write_bytes(changed)
        try:
            read = open_take(take, _unlock)
            times = [entry.t_ns for entry in read.entries()]
        except MotionError:
            continue
        # What is read is the beginning of what was written, and the damage is reported.
        assert times == whole[: len(times)]
        assert read.warnings, place


def test_a_take_that_breaks_off_is_read_up_to_its_last_block(tmp_path: Path) -> None:
    file = io.BytesIO()
    sink = EncryptedSink(file, HEAD, KEY)
    for part in (b"one", b"two", b"three"):
        sink.write(part)
        sink.flush()
    assert sink.tell() == 11
    data = file.getvalue()

    def read(data: bytes) -> bytes:
        source = io.BytesIO(data)
        head = read_head(source)
        assert head == HEAD
        return DecryptedSource(source, head, KEY).read(100)

    assert read(data) == b"onetwothree"
    assert read(data[:-1]) == b"onetwo"
    with pytest.raises(ValueError, match="was changed"):
        # A block in the place of another.
        block = 4 + 3 + 16
        start = len(data) - (4 + 5 + 16)
        read(data[: start - block] + data[start - 2 * block : start - block] + data[start:])


def test_a_damaged_head_is_told(take: Path) -> None:
    take.write_bytes(take.read_bytes()[:14])
    for act in (open_take, read_take_head):
        reader: Callable[[Path], object] = act
        with pytest.raises(MotionError, match="head is cut short"):
            reader(take)
