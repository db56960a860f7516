"""Test that a sealed journal cannot be changed unnoticed, by any party."""

from __future__ import annotations

import base64
import os
import signal
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderer.cli import main
from renderer.errors import RightsError
from renderer.protocol.log import EventKind
from renderer.rights.audit.chain import START, extend, merkle_root, split_lines
from renderer.rights.audit.evidence import make_evidence, read_evidence
from renderer.rights.audit.seal import Seal, check_seals, make_seal
from renderer.rights.provenance.certificate import make_chain
from renderer.show.journal.records import JournalRecord, pack
from renderer.show.journal.sealer import SUFFIX, JournalSealer, read_seals
from renderer.show.journal.writer import JournalWriter

NOW = datetime.now(UTC)
CREW = make_chain(NOW)
STRANGER = make_chain(NOW)
LINES = [
    pack(JournalRecord(k, NOW.timestamp() + k, k, EventKind.STATE, f"e {k}")) for k in range(9)
]


def _seals(lines: list[bytes], cuts: tuple[int, ...] = (3, 4, 9)) -> list[Seal]:
    seals: list[Seal] = []
    head, done = START, 0
    for number, cut in enumerate(cuts):
        fresh = lines[done:cut]
        head, done = extend(head, fresh), cut
        at = NOW + timedelta(minutes=number)
        seals.append(make_seal(seals[-1] if seals else None, head, fresh, CREW, at))
    return seals


SEALS = _seals(LINES)


def test_an_unchanged_journal_is_sealed() -> None:
    covered = check_seals(LINES, SEALS, CREW.chain, "it")
    assert (covered.sealed, covered.open) == (9, 0)
    covered = check_seals([*LINES, b"more\n"], SEALS, CREW.chain, "it")
    assert (covered.sealed, covered.open) == (9, 1)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_any_change_of_the_lines_is_noticed(data: st.DataObject) -> None:
    lines = list(LINES)
    place = data.draw(st.integers(0, 8))
    match data.draw(st.sampled_from(["change", "remove", "repeat", "swap"])):
        case "change":
            line = bytearray(lines[place])
            line[data.draw(st.integers(0, len(line) - 1))] ^= 1 << data.draw(st.integers(0, 7))
            lines[place] = bytes(line)
        case "remove":
            del lines[place]
        case "repeat":
            lines.insert(place % 8, lines[place])
        case _:
            other = (place + 1) % 9
            lines[place], lines[other] = lines[other], lines[place]
    with pytest.raises(RightsError):
        check_seals(lines, SEALS, CREW.chain, "it")


def test_seals_cannot_be_left_out_or_exchanged() -> None:
    for seals in (SEALS[1:], [SEALS[0], SEALS[2]], [SEALS[1], SEALS[0], SEALS[2]], SEALS * 2):
        with pytest.raises(RightsError, match="seal"):
            check_seals(LINES, seals, CREW.chain, "it")
    with pytest.raises(RightsError, match="signed by somebody else"):
        check_seals(LINES, SEALS, STRANGER.chain, "it")


def test_the_tree_is_that_of_rfc_6962() -> None:
    from hashlib import sha256

    def slow(lines: list[bytes]) -> bytes:
        if len(lines) == 1:
            return sha256(b"\0" + lines[0]).digest()
        split = 1 << ((len(lines) - 1).bit_length() - 1)
        return sha256(b"\1" + slow(lines[:split]) + slow(lines[split:])).digest()

    for count in range(1, 10):
        assert merkle_root(LINES[:count]) == slow(LINES[:count])


def test_evidence_proves_itself_and_no_byte_of_it_can_change() -> None:
    data = make_evidence(b"".join(LINES), SEALS, None, CREW, NOW)
    told = read_evidence(data, "it").describe()
    assert "9 of 9 lines" in " ".join(told)
    plain = msgspec.json.decode(data)
    for place in range(0, len(data), 37):
        changed = bytearray(data)
        changed[place] ^= 1
        try:
            read_evidence(bytes(changed), "it")
        except RightsError:
            continue
        # JSON has more than one text of one content; only the same content may be believed.
        assert msgspec.json.decode(bytes(changed)) == plain


def test_a_certificate_with_a_key_of_an_unknown_kind_is_refused() -> None:
    _, head, body, tail, _ = CREW.chain.decode().split("-----", 4)
    der = bytearray(base64.b64decode(body))
    # The identifier of elliptic keys, 1.2.840.10045.2.1, becomes one that nobody uses.
    der[der.index(bytes.fromhex("2a8648ce3d0201"))] += 2
    chain = f"-----{head}-----\n{base64.encodebytes(der).decode()}-----{tail}-----\n"
    with pytest.raises(RightsError, match="no usable certificate"):
        check_seals(LINES, SEALS, chain.encode(), "it")


def test_a_damaged_certificate_is_refused_in_one_sentence() -> None:
    _, head, body, tail, _ = CREW.chain.decode().split("-----", 4)
    der = base64.b64decode(body)
    for place in range(len(der)):
        damaged = bytearray(der)
        damaged[place] ^= 0x42
        chain = f"-----{head}-----\n{base64.encodebytes(damaged).decode()}-----{tail}-----\n"
        with suppress(RightsError):
            check_seals(LINES, SEALS, chain.encode(), "it")


def test_evidence_of_a_changed_journal_is_not_made() -> None:
    with pytest.raises(RightsError, match="was changed in lines 1 to 3"):
        make_evidence(b"".join([LINES[0], LINES[2], *LINES[2:]]), SEALS, None, CREW)


def test_a_closed_journal_is_sealed_to_its_end_and_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "journal.log"
    for count in (1, 2):
        sealer = JournalSealer(path, load=lambda: CREW)
        with JournalWriter(path) as journal:
            for number in range(5):
                text = f"event {number}"
                journal.append(JournalRecord(number, 0.0, 0, EventKind.STATE, text))
        sealer.close()
        lines, seals = split_lines(path.read_bytes()), read_seals(path)
        covered = check_seals(lines, seals, CREW.chain, "it")
        assert (covered.sealed, covered.open) == (5 * count, 0)
        # A write that was cut off leaves half a seal, which is not believed and then replaced.
        with path.with_suffix(SUFFIX).open("ab") as file:
            file.write(b'{"number":')


def test_a_full_disk_ends_no_show(tmp_path: Path) -> None:
    path = tmp_path / "journal.log"
    path.write_bytes(b"".join(LINES))
    path.with_suffix(SUFFIX).mkdir()
    JournalSealer(path, load=lambda: CREW).close()


_SEALS_UNTIL_KILLED = """
import sys, time
from pathlib import Path
from renderer.protocol.log import EventKind
from renderer.show.event_log import EventLog
from renderer.show.journal.sealer import JournalSealer
from renderer.show.journal.writer import JournalWriter
path = Path(sys.argv[1])
seals = path.with_suffix(".seals")
events = EventLog(JournalWriter(path))
JournalSealer(path, every_s=0.01)
for number in range(10**9):
    events.add(EventKind.STATE, f"state {number}")
    if number == 100:
        while not seals.exists() or b"\\n" not in seals.read_bytes():
            time.sleep(0.01)
        print("sealed", flush=True)
"""


def test_what_a_killed_show_sealed_is_proved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ENCORE_DATA", str(tmp_path / "data"))
    path = tmp_path / "journal.log"
    process = subprocess.Popen(
        [sys.executable, "-c", _SEALS_UNTIL_KILLED, str(path)], stdout=subprocess.PIPE
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"sealed\n"
        os.kill(process.pid, signal.SIGKILL)
    pack_path, report = tmp_path / "it.json", tmp_path / "it.pdf"
    arguments = ["log", str(path), "--evidence", str(pack_path), "--report", str(report)]
    assert main(arguments) == 0
    assert report.read_bytes().startswith(b"%PDF")
    assert main(["verify", str(pack_path)]) == 0
    assert "signed and intact" in capsys.readouterr().out
    data = path.read_bytes().replace(b"state 7", b"state 8", 1)
    path.write_bytes(data)
    assert main(arguments) != 0
    assert "was changed in lines 1 to" in capsys.readouterr().err
