"""Test the journal: what survives a kill, a full disk and damage, and `encore log`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from renderer.cli import USAGE_STATUS, main
from renderer.errors import ShowError
from renderer.logs.redact import hide
from renderer.protocol.alarms import Alarms, Severity
from renderer.protocol.log import EventKind
from renderer.show.event_log import EventLog
from renderer.show.journal import writer as writer_module
from renderer.show.journal.reader import read_journal
from renderer.show.journal.records import JournalRecord, pack, unpack
from renderer.show.journal.writer import JournalWriter

_WRITES_UNTIL_KILLED = """
import sys
from pathlib import Path
from renderer.protocol.log import EventKind
from renderer.show.event_log import EventLog
from renderer.show.journal.writer import JournalWriter
events = EventLog(JournalWriter(Path(sys.argv[1])))
for number in range(1000):
    events.add(EventKind.STATE, f"state {number}")
print("written", flush=True)
sys.stdin.read()
"""


def record(number: int, text: str = "The show is on air", t_ns: int = 0) -> JournalRecord:
    return JournalRecord(number, 1_700_000_000.0 + number, t_ns, EventKind.STATE, text)


def write(path: Path, count: int) -> None:
    with JournalWriter(path) as journal:
        for number in range(1, count + 1):
            journal.append(record(number))


def test_every_record_of_a_killed_process_is_in_its_journal(tmp_path: Path) -> None:
    path = tmp_path / "journal.log"
    process = subprocess.Popen(
        [sys.executable, "-c", _WRITES_UNTIL_KILLED, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"written\n"
        os.kill(process.pid, signal.SIGKILL)
    journal = read_journal(path)
    assert [one.text for one in journal.records] == [f"state {number}" for number in range(1000)]
    assert (journal.damaged, journal.missing, journal.is_torn) == (0, 0, False)


@pytest.mark.parametrize("cut", [1, 2, 9, 30])
def test_a_torn_last_record_is_recognised(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "journal.log"
    write(path, 3)
    path.write_bytes(path.read_bytes()[:-cut])
    journal = read_journal(path)
    assert [one.number for one in journal.records] == [1, 2]
    assert journal.is_torn
    assert journal.damaged == 0


def test_every_damaged_byte_is_detected(tmp_path: Path) -> None:
    line = pack(record(7))
    assert unpack(line) == record(7)
    for place in range(len(line)):
        damaged = bytearray(line)
        damaged[place] ^= 0x04
        assert unpack(bytes(damaged)) is None


def test_a_damaged_record_in_the_middle_costs_itself_alone(tmp_path: Path) -> None:
    path = tmp_path / "journal.log"
    write(path, 5)
    lines = path.read_bytes().splitlines(keepends=True)
    lines[2] = lines[2].replace(b"on air", b"on fire")
    path.write_bytes(b"".join(lines))
    journal = read_journal(path)
    assert [one.number for one in journal.records] == [1, 2, 4, 5]
    assert (journal.damaged, journal.missing, journal.is_torn) == (1, 1, False)


def test_what_a_full_disk_refuses_is_written_when_it_has_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, room = tmp_path / "journal.log", 250
    write_file = os.write

    def write_some(descriptor: int, data: bytes) -> int:
        nonlocal room
        if room == 0:
            raise OSError(28, "No space left on device")
        taken = min(room, len(data))
        room -= taken
        return write_file(descriptor, data[:taken])

    monkeypatch.setattr(writer_module.os, "write", write_some)
    monkeypatch.setattr(writer_module, "_RETRY_S", 0.0)
    with JournalWriter(path) as journal:
        for number in range(1, 11):
            journal.append(record(number))
        assert "No space" in journal.fault
        assert len(journal.unwritten) > 5
        assert read_journal(path).is_torn
        room = 1_000_000
        journal.append(record(11))
        assert (journal.fault, journal.unwritten, journal.lost) == ("", [], 0)
    read = read_journal(path)
    assert [one.number for one in read.records] == list(range(1, 12))
    assert read.damaged == 1, "the record that was torn is there again, whole"


def test_without_a_file_the_last_ten_minutes_are_kept() -> None:
    minute_ns = 60_000_000_000
    with JournalWriter(None) as journal:
        for number in range(60):
            journal.append(record(number + 1, t_ns=number * minute_ns))
        assert [one.number for one in journal.unwritten] == list(range(50, 61))
        assert journal.lost == 0


def test_a_file_that_is_no_journal_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "song.mp3"
    path.write_bytes(os.urandom(5000))
    for wrong in (path, tmp_path, tmp_path / "nowhere.log"):
        with pytest.raises(ShowError, match=r"journal\.log"):
            read_journal(wrong)


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    path = tmp_path / "journal.log"
    with JournalWriter(path) as file:
        events = EventLog(file)
        alarms = Alarms(events.add_alarm)
        hide(["sesame"])
        events.add(EventKind.STATE, "The show is on air")
        alarms.raise_("camera.1", Severity.WARNING, "Camera 1 is silent")
        events.add(EventKind.SNAPSHOT, "One", {"run": 1})
        alarms.clear("camera.1")
        events.add(EventKind.COMMAND, "GoLive: to rtmp://host/live/sesame")
    return path


def test_the_log_command_prints_and_filters(
    journal: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["log", str(journal)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["1", "2", "4", "5"]
    assert "sesame" not in "".join(lines)
    assert main(["log", str(journal.parent), "--word", "CAMERA", "--kind", "alarm raised"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert "Camera 1 is silent" in line
    assert main(["log", str(journal), "--json", "--kind", "snapshot", "--last", "60"]) == 0
    assert msgspec.json.decode(capsys.readouterr().out)["data"] == {"run": 1}


def test_the_log_command_tells_what_is_lost(
    journal: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join([lines[0], *lines[2:]])[:-3])
    assert main(["log", str(journal)]) == 1
    told = capsys.readouterr().err
    assert "cut off" in told
    assert "1 records are damaged or missing" in told
    assert main(["log", str(journal.with_name("none.log"))]) == USAGE_STATUS
