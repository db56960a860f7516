"""Test the smaller commands: their output, and one-sentence errors."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from renderer.cli import main
from renderer.cli.commands import send
from renderer.errors import ShowError
from renderer.faults import FaultCollector
from renderer.paths import CLIP, IDOL
from renderer.protocol.control.midi import LearnMidi
from renderer.protocol.document import EditDocument, SetValue
from renderer.protocol.schema import Command
from renderer.protocol.titles import ShowTitle
from renderer.rights.vrm_terms import in_plain_words
from renderer.show.plan import parse_size, program_rate


def test_info_shows_size_and_licence(capsys: pytest.CaptureFixture[str]) -> None:
    from avatars import load_avatar

    assert main(["avatar", "info", str(IDOL)]) == 0
    told = capsys.readouterr().out
    for line in in_plain_words(load_avatar(IDOL).meta):
        assert line in told


def test_check_finds_no_error_in_the_default_idol(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["avatar", "check", str(IDOL), "--json"]) == 0
    assert isinstance(json.loads(capsys.readouterr().out), list | dict)


def test_check_of_a_broken_file_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = tmp_path / "broken.vrm"
    broken.write_bytes(IDOL.read_bytes()[:5000])
    assert main(["avatar", "check", str(broken)]) == 2
    told = capsys.readouterr()
    assert "Traceback" not in told.out + told.err
    assert told.out + told.err


def test_doctor_finds_this_machine_able_to_give_a_show(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["doctor", "--out", str(tmp_path)]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[-1].startswith("go")
    assert not any(line.startswith("problem") for line in told)


def test_lists_and_tables_are_sent_as_json_and_other_words_as_they_are() -> None:
    def read(address: str, *words: str) -> Command | None:
        arguments = SimpleNamespace(address=address, arguments=list(words), session=None)
        faults = FaultCollector()
        request = send.prepare(arguments, faults)  # type: ignore[arg-type]
        assert not faults.faults
        return request.command

    edits = '[{"type": "SetValue", "path": ["stage", "text"], "value": "x"}]'
    sent = read("/document/edit_document", "operator=Mina", f"edits={edits}")
    assert sent == EditDocument(operator="Mina", edits=[SetValue(["stage", "text"], "x")])
    learned = read("/midi/learn", "address=/look/Gold", 'arguments={"seconds": 0.5}')
    assert learned == LearnMidi(address="/look/Gold", arguments={"seconds": 0.5})
    assert read("/title", "name=[Hana") == ShowTitle(name="[Hana")


@pytest.mark.parametrize("text", ["", "x", "1280", "1280x", "axb", "1281x720", "64x36", "1280x721"])
def test_a_size_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ShowError):
        parse_size(text)


def test_a_size_is_read() -> None:
    assert parse_size("1920X1080") == (1920, 1080)


@pytest.mark.parametrize(
    ("asked", "given", "rate"),
    [(50, 25.0, 50), (None, 25.0, 25), (None, 29.97, 30), (None, 240.0, 60), (None, 10.0, 24),
     (None, 0.0, 30)],
)  # fmt: skip
def test_the_program_runs_at_the_inputs_rate(asked: int | None, given: float, rate: int) -> None:
    assert program_rate(asked, given) == rate


def test_a_reader_who_has_enough_is_no_fault() -> None:
    words = [sys.executable, "-m", "renderer.cli", "avatar", "info", str(IDOL)]
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as pipe:
        done = subprocess.run(words, stdout=pipe, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 0
    assert not done.stderr


def test_a_typed_stream_key_is_warned_of(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    report = SimpleNamespace(text=lambda: "", as_dict=dict, faults=[])
    monkeypatch.setattr("renderer.show.console.give", lambda plan, desk: report)
    monkeypatch.setenv("SHOW_KEY", "secret")
    words = ["show", "--input", str(CLIP), "--output"]
    assert main([*words, "rtmp://host/app/secret"]) == 0
    warning = capsys.readouterr().err
    assert "rtmp://host/app/…: other users of this machine can read its key" in warning
    assert "secret" not in warning
    assert main([*words, "rtmp://host/app/{env:SHOW_KEY}"]) == 0
    assert capsys.readouterr().err == ""


def test_a_stream_key_that_is_not_there_is_reported_before_the_show(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("SHOW_KEY", raising=False)
    words = ["show", "--input", str(CLIP), "--output", "rtmp://host/app/{env:SHOW_KEY}"]
    assert main(words) == 2
    assert "SHOW_KEY: is not set" in capsys.readouterr().err
