"""Test takes: a bit-identical round trip, and recovery after a crash or a disk fault."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from renderer.capture.audio.vowels import VowelFrame
from renderer.capture.network.records import TrackedBody, TrackedFace
from renderer.capture.process.wire import encode
from renderer.capture.records import Observation
from renderer.errors import MotionError, RendererError
from renderer.motion.core.records import Motion
from renderer.motion.core.sources import Entry, Event, Posed, Source
from renderer.motion.solver import MotionSolver
from renderer.motion.takes.layout import SCHEMAS
from renderer.motion.takes.layout import decode as decode_record
from renderer.motion.takes.layout import encode as encode_record
from renderer.motion.takes.read import open_take
from renderer.motion.takes.replay import solve_entries, solve_performance
from renderer.motion.takes.write import QUEUE_RECORDS, TakeWriter

Recorder = Callable[[list[Entry]], Path]
FRAME = 33_333_333
ZSTD_FRAME = b"\x28\xb5\x2f\xfd"


def motion_bytes(motion: Motion) -> bytes:
    arrays = (motion.root, motion.rotations, motion.expressions, motion.gaze, motion.confidence)
    numbers = f"{motion.t_seen_ns} {motion.hips_height.hex()}".encode()
    return numbers + b"".join(array.tobytes() for array in arrays)


def same(a: Entry, b: Entry) -> bool:
    if (a.source, a.performer) != (b.source, b.performer):
        return False
    match a.record, b.record:
        case Observation() as x, Observation() as y:
            return encode(x) == encode(y)
        case (Event() as x, Event() as y) | (Posed() as x, Posed() as y):
            return x == y
        case VowelFrame() as x, VowelFrame() as y:
            numbers = (x.t_ns, x.voice, x.level_db, x.pitch_hz, x.closed)
            same_numbers = numbers == (y.t_ns, y.voice, y.level_db, y.pitch_hz, y.closed)
            return same_numbers and np.array_equal(x.vowels, y.vowels)
        case TrackedFace() as x, TrackedFace() as y:
            heads = x.head is y.head is None or np.array_equal(x.head, y.head)
            return bool(heads) and np.array_equal(x.scores, y.scores)
        case TrackedBody() as x, TrackedBody() as y:
            arrays = [
                (x.rotations, y.rotations),
                (x.known, y.known),
                (x.contacts.parts, y.contacts.parts),
                (x.contacts.places, y.contacts.places),
                (x.contacts.weights, y.contacts.weights),
            ]
            return all(np.array_equal(a, b) for a, b in arrays)
    return False


def test_what_goes_in_comes_out(performance: list[Entry], record: Recorder) -> None:
    take = open_take(record(performance))
    read = list(take.entries())
    assert len(read) == len(performance)
    assert all(same(a, b) for a, b in zip(read, performance, strict=True))
    assert take.about["performer"] == "Ada"
    assert take.about["started"]
    assert take.warnings == []
    body = next(e.record for e in read if e.source is Source.SUIT)
    assert isinstance(body, TrackedBody)
    assert not body.rotations.flags.writeable
    assert (body.hips_height, body.known.sum()) == (0.95, 30)


def test_a_take_solves_to_the_bits_that_the_show_solved(
    performance: list[Entry], record: Recorder
) -> None:
    solver = MotionSolver()
    live = [solver.solve(e.record) for e in performance if isinstance(e.record, Observation)]
    take = open_take(record(performance))
    again = list(solve_entries(take.entries()))
    assert [motion_bytes(m) for m in again] == [motion_bytes(m) for m in live]
    once_more = list(solve_entries(take.entries()))
    assert [motion_bytes(m) for m in once_more] == [motion_bytes(m) for m in live]


def test_all_sources_are_performed_to_the_bit(performance: list[Entry], record: Recorder) -> None:
    take = open_take(record(performance))
    first, second = (list(solve_performance(take, 60)) for _ in range(2))
    assert [motion_bytes(m) for m in first] == [motion_bytes(m) for m in second]
    assert len(first) == pytest.approx(2 * 60, abs=3)
    # The suit bows at the end, and the phone opens the mouth; the camera shows neither.
    assert first[-1].rotations[1, 0] > 0.2
    assert first[-1].expressions.min() > 0.8


def test_performers_are_kept_apart(performance: list[Entry], record: Recorder) -> None:
    other = [Entry(e.source, 3, e.record) for e in performance]
    take = open_take(record([e for pair in zip(performance, other, strict=True) for e in pair]))
    one, two = list(solve_entries(take.entries(), 0)), list(solve_entries(take.entries(), 3))
    assert [motion_bytes(m) for m in one] == [motion_bytes(m) for m in two]
    with pytest.raises(MotionError, match="performer 3"):
        list(solve_performance(take, 30, performer=2))


def test_what_came_late_is_performed_at_its_time(
    performance: list[Entry], record: Recorder
) -> None:
    """A camera's observation arrives after a phone's later data."""
    seen = [entry for entry in performance if entry.source is Source.CAMERA]
    quick = [entry for entry in performance if entry.source in (Source.PHONE, Source.VOICE)]
    late = [*seen[:3], *sorted(seen[3:] + quick, key=lambda e: e.t_ns + _lag_ns(e))]
    assert [e.t_ns for e in late] != sorted(e.t_ns for e in late)
    in_order = sorted(late, key=lambda entry: entry.t_ns)
    one, two = (list(solve_performance(open_take(record(e)), 60)) for e in (late, in_order))
    assert [motion_bytes(m) for m in one] == [motion_bytes(m) for m in two]


def _lag_ns(entry: Entry) -> int:
    return 70_000_000 if entry.source is Source.CAMERA else 0


def test_takes_from_before_voices_were_kept_are_read(tmp_path: Path) -> None:
    """Channels are numbered by performer, five sources each."""
    from mcap.writer import Writer

    path = tmp_path / "old.mcap"
    sources = [Source.CAMERA, Source.PHONE, Source.SUIT, Source.SUIT_FACE, Source.SHOW]
    with path.open("wb") as file:
        writer = Writer(file)
        writer.start(profile="encore-take", library="encore")
        writer.add_metadata("about", {"performer": "Ada"})
        schemas = {source: writer.register_schema(SCHEMAS[source], "", b"") for source in sources}
        for performer in range(4):
            for source in sources:
                topic = f"/performer/{performer}/{source.value}"
                writer.register_channel(topic, "encore", schemas[source])
        for performer in range(4):
            data = encode(Observation(1000 + performer, 7, (640, 480)))
            writer.add_message(5 * performer + 1, 1000, data, 1000)
            event = f'{{"t_ns":{2000 + performer},"kind":"source"}}'.encode()
            writer.add_message(5 * performer + 5, 2000, event, 2000)
        writer.finish()
    read = [(entry.source, entry.performer, entry.t_ns) for entry in open_take(path).entries()]
    assert read == [
        word
        for who in range(4)
        for word in ((Source.CAMERA, who, 1000 + who), (Source.SHOW, who, 2000 + who))
    ]
    assert len(list(solve_entries(open_take(path).entries(), performer=3))) == 1


def test_no_take_is_ever_overwritten(performance: list[Entry], record: Recorder) -> None:
    path = record(performance[:5])
    before = path.read_bytes()
    with pytest.raises(MotionError, match="exists already"):
        TakeWriter(path, {})
    assert path.read_bytes() == before


def test_voices_from_before_closed_lips_were_recognised_are_read() -> None:
    heard = VowelFrame(5, 0.8, np.full(5, 0.2), -20.0, 220.0, 0.4)
    data = encode_record(heard)
    old = decode_record(Source.VOICE, data[:-8])
    assert isinstance(old, VowelFrame)
    assert (old.t_ns, old.pitch_hz, old.closed) == (heard.t_ns, heard.pitch_hz, 0.0)
    with pytest.raises(ValueError):
        decode_record(Source.VOICE, data[:-16])


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(MotionError, match="cannot be created"):
        TakeWriter(tmp_path / "no" / "take.mcap", {})


def test_what_the_queue_cannot_hold_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = TakeWriter(tmp_path / "take.mcap", {})
    add = writer._add_entry
    go_on = threading.Event()

    def stuck(entry: Entry) -> None:
        go_on.wait()
        add(entry)

    monkeypatch.setattr(writer, "_add_entry", stuck)
    for _ in range(QUEUE_RECORDS + 200):
        writer.put(Source.POSED, Posed(1))
    go_on.set()
    assert writer.fault is not None
    with pytest.raises(MotionError, match="are lost"):
        writer.close()
    # Everything that fitted is there.
    assert sum(1 for _ in open_take(tmp_path / "take.mcap").entries()) >= QUEUE_RECORDS


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
def test_a_full_disk_is_reported_and_ends_nothing(performance: list[Entry], tmp_path: Path) -> None:
    path = tmp_path / "take.mcap"
    writer = TakeWriter(path, {})
    with open("/dev/full", "wb") as full:  # noqa: PTH123 - a device, not a file of ours
        os.dup2(full.fileno(), writer._file.fileno())
    for _ in range(20):
        for entry in performance:
            writer.put(entry.source, entry.record)
    with pytest.raises(MotionError, match=os.strerror(errno.ENOSPC)):
        writer.close()
    assert list(open_take(path).about)


RECORD_UNTIL_KILLED = """
import sys, time
from pathlib import Path
from renderer.capture.records import Observation
from renderer.motion.core.sources import Source
from renderer.motion.takes.write import TakeWriter
writer = TakeWriter(Path(sys.argv[1]), {"performer": "Ada"})
for k in range(100_000):
    writer.put(Source.CAMERA, Observation(k * 10_000_000, k, (640, 480)))
    time.sleep(0.01)
    if k == 200:
        print("go", flush=True)
"""


def test_a_killed_program_leaves_a_take_that_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "take.mcap"
    command = [sys.executable, "-c", RECORD_UNTIL_KILLED, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "go\n"
        child.send_signal(signal.SIGKILL)
    take = open_take(path)
    entries = list(take.entries())
    # Two seconds were recorded; at most the last half second is lost.
    assert len(entries) >= 130
    assert [e.record.index for e in entries] == list(range(len(entries)))  # type: ignore[union-attr]
    assert "breaks off" in take.warnings[0]


@pytest.mark.parametrize(
    "change",
    [
        lambda seen: replace(seen, pose=np.full((33, 3), np.nan, np.float32)),
        lambda seen: replace(seen, visibility=np.full(33, 1e38, np.float32)),
        lambda seen: replace(seen, t_seen_ns=1 << 62),
        lambda seen: replace(seen, t_seen_ns=-(1 << 62)),
    ],
)
def test_what_nobody_can_have_seen_is_left_out(
    performance: list[Entry], record: Recorder, change: Callable[[Observation], Observation]
) -> None:
    entries = list(performance)
    place = len(entries) - 1
    while not isinstance(seen := entries[place].record, Observation):
        place -= 1
    entries[place] = replace(entries[place], record=change(seen))
    take = open_take(record(entries))
    read = list(take.entries())
    assert "1 records are damaged" in take.warnings[0]
    assert all(
        same(a, b) for a, b in zip(read, entries[:place] + entries[place + 1 :], strict=True)
    )


def test_damage_is_reported_when_it_is_found(performance: list[Entry], record: Recorder) -> None:
    entries = [entry for entry in performance if isinstance(entry.record, Observation)]
    bad = [replace(e, record=replace(e.record, t_seen_ns=1 << 62)) for e in entries[:2]]
    take = open_take(record([entries[0], bad[0], entries[1], bad[1], *entries[2:]]))
    told = [(same(entry, entries[2]), list(take.warnings)) for entry in take.entries()]
    assert [len(warnings) for _, warnings in told[:3]] == [0, 1, 1]
    assert "1 records are damaged" in told[1][1][0]
    assert "2 records are damaged" in told[2][1][0] and told[2][0]


def test_every_truncation_reads_what_stands_before_it(
    performance: list[Entry], record: Recorder, tmp_path: Path
) -> None:
    whole = record(performance * 4).read_bytes()
    cut = tmp_path / "cut.mcap"
    counts = []
    for length in range(0, len(whole), max(1, len(whole) // 60)):
        cut.write_bytes(whole[:length])
        try:
            take = open_take(cut)
            entries = list(take.entries())
        except MotionError:
            counts.append(0)
            continue
        assert take.warnings or len(entries) == 4 * len(performance)
        assert all(same(a, b) for a, b in zip(entries, performance * 4, strict=False))
        counts.append(len(entries))
    assert counts == sorted(counts)
    assert counts[-1] > 0


def test_a_damaged_part_costs_itself_alone(
    performance: list[Entry], record: Recorder, tmp_path: Path
) -> None:
    entries = performance * 6
    data = bytearray(record(entries).read_bytes())
    # Within a chunk: between chunks there are indices, whose loss has no effect.
    within = data.index(ZSTD_FRAME, len(data) // 2) + 100
    data[within : within + 20] = bytes(20)
    path = tmp_path / "damaged.mcap"
    path.write_bytes(data)
    take = open_take(path)
    read = list(take.entries())
    assert 0 < len(read) < len(entries)
    assert "damaged" in take.warnings[0]
    assert same(read[-1], entries[-1])


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(at=st.integers(0, 30_000), noise=st.binary(min_size=1, max_size=12))
@example(at=234, noise=b"\x06")
@example(at=216, noise=b"\x00\x80")
def test_no_damage_is_more_than_one_sentence(
    whole_take: Path, tmp_path: Path, at: int, noise: bytes
) -> None:
    data = bytearray(whole_take.read_bytes())
    at %= len(data)
    data[at : at + len(noise)] = noise
    path = tmp_path / "damaged.mcap"
    path.write_bytes(data)
    try:
        take = open_take(path)
        list(take.entries())
    except RendererError as error:
        assert str(path) in str(error)


@pytest.fixture
def whole_take(performance: list[Entry], record: Recorder) -> Path:
    return record(performance)


@pytest.mark.parametrize(
    ("content", "fault"),
    [(b"", "empty"), (b"\x89MCAP0\r\n", "breaks off"), (b"hello world, no take", "not a take")],
)
def test_what_is_no_take(tmp_path: Path, content: bytes, fault: str) -> None:
    path = tmp_path / "take.mcap"
    path.write_bytes(content)
    with pytest.raises(MotionError, match=fault):
        open_take(path)


def test_a_take_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(MotionError, match="does not exist"):
        open_take(tmp_path / "take.mcap")
    with pytest.raises(MotionError, match="cannot be opened"):
        open_take(tmp_path)


def test_another_programs_log_is_no_take(tmp_path: Path) -> None:
    from mcap.writer import Writer

    path = tmp_path / "robot.mcap"
    with path.open("wb") as file:
        writer = Writer(file)
        writer.start(profile="ros2", library="x")
        writer.finish()
    with pytest.raises(MotionError, match="another program"):
        open_take(path)


def test_a_take_of_nothing_leaves_no_file(tmp_path: Path) -> None:
    path = tmp_path / "take.mcap"
    TakeWriter(path, {}).close()
    assert not path.exists()


def test_an_empty_take_is_reported(tmp_path: Path) -> None:
    from mcap.writer import Writer

    path = tmp_path / "take.mcap"
    with path.open("wb") as file:
        writer = Writer(file)
        writer.start(profile="encore-take", library="encore")
        writer.finish()
    with pytest.raises(MotionError, match="no readable record"):
        list(open_take(path).entries())
