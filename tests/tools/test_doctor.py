"""Test the doctor: a problem is no-go, a warning is not, and no failed check is omitted."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from renderer.cli import main
from renderer.errors import SetupError
from renderer.tools import doctor
from renderer.tools.doctor import machine, parts, storage
from renderer.tools.doctor.examine import run_check
from renderer.tools.doctor.records import Finding, Verdict, as_text, is_go

OK = Finding("Python", Verdict.OK, "CPython")
WARNING = Finding("Display", Verdict.WARNING, "none", "plug one in")
PROBLEM = Finding("Graphics", Verdict.PROBLEM, "none", "install a driver")


def test_only_a_problem_is_no_go() -> None:
    assert is_go([OK, WARNING])
    assert as_text([OK, WARNING]).splitlines()[-1].startswith("go")
    assert not is_go([OK, PROBLEM])
    assert as_text([OK, PROBLEM]).splitlines()[-1].startswith("no-go")
    assert "plug one in" in as_text([WARNING])


@pytest.mark.parametrize(("found", "status"), [([OK, WARNING], 0), ([PROBLEM], 1)])
def test_the_exit_status_says_go_or_no_go(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    found: list[Finding],
    status: int,
) -> None:
    monkeypatch.setattr(doctor, "examine", lambda out: found)
    assert main(["doctor"]) == status
    capsys.readouterr()
    assert main(["doctor", "--json"]) == status
    told = json.loads(capsys.readouterr().out)
    assert told["go"] is (status == 0)
    assert [one["verdict"] for one in told["findings"]] == [one.verdict.value for one in found]


def test_every_finding_but_a_good_one_has_a_remedy(tmp_path: Path) -> None:
    findings = doctor.examine(tmp_path)
    assert {"Clock", "Graphics", "Video encoder", "Tracking models", "Log folder", "Cameras"} <= {
        finding.thing for finding in findings
    }
    for finding in findings:
        assert (finding.verdict is Verdict.OK) == (not finding.remedy), finding


def test_a_check_that_fails_is_a_problem_and_the_others_continue() -> None:
    def refuse() -> list[Finding]:
        raise SetupError("Model", "is spoilt", "fetch it again")

    def stumble() -> list[Finding]:
        raise ZeroDivisionError("by zero")

    (refused,) = run_check("Models", refuse)
    assert (refused.verdict, refused.remedy) == (Verdict.PROBLEM, "fetch it again")
    (stumbled,) = run_check("Fonts", stumble)
    assert stumbled.verdict is Verdict.PROBLEM and "ZeroDivisionError" in stumbled.text


def test_a_full_or_slow_disk_is_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "TWO_HOURS_GB", 1e9)
    monkeypatch.setattr(storage, "SLOWEST_MB_S", 1e9)
    room, speed = storage.check_output_folder(tmp_path / "not" / "made" / "yet")
    assert room.verdict is speed.verdict is Verdict.WARNING
    assert list(tmp_path.iterdir()) == [], "the measurement leaves something behind"


def test_a_disk_that_cannot_be_written_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(folder: Path) -> float:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(storage, "measure_write_speed", refuse)
    *_, speed = storage.check_output_folder(tmp_path)
    assert speed.verdict is Verdict.PROBLEM and "Read-only" in speed.text


def test_a_clock_that_jumps_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    walls = iter([0, 10**12])
    monkeypatch.setattr(time, "time_ns", lambda: next(walls))
    clock, wall = machine.check_clock()
    assert clock.verdict is Verdict.OK
    assert wall.verdict is Verdict.WARNING and "was set by" in wall.text


@pytest.mark.parametrize(
    ("told", "verdict"), [("yes\n", Verdict.OK), ("no\n", Verdict.WARNING), ("", Verdict.OK)]
)
def test_ntp_is_asked(monkeypatch: pytest.MonkeyPatch, told: str, verdict: Verdict) -> None:
    monkeypatch.setattr(machine, "_ask", lambda *command: told)
    monkeypatch.setattr(machine.shutil, "which", lambda name: f"/bin/{name}")
    _, wall = machine.check_clock()
    assert wall.verdict is verdict


def test_a_missing_font_is_reported_with_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine.shutil, "which", lambda name: f"/bin/{name}")
    monkeypatch.setattr(machine, "_ask", lambda *c: "" if c[1] == ":lang=ko" else "Noto Sans\n")
    found = {finding.thing: finding for finding in machine.check_fonts()}
    assert found["Japanese font"].verdict is Verdict.OK
    assert found["Korean font"].verdict is Verdict.WARNING
    assert "fonts-noto-cjk" in found["Korean font"].remedy


@pytest.mark.skipif(os.name != "posix", reason="POSIX display variables")
def test_a_missing_display_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    (display,) = machine.check_display()
    assert display.verdict is Verdict.WARNING


def test_a_gpu_that_encodes_by_vaapi_alone_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "_DEVICES", tmp_path)
    monkeypatch.setattr("renderer.output.media.MediaProcess", SoftwareMedia)
    assert [one.text for one in parts.check_encoder()] == ["libx264"]
    (tmp_path / "renderD128").touch()
    encoder, vaapi = parts.check_encoder()
    assert (encoder.verdict, vaapi.verdict) == (Verdict.OK, Verdict.WARNING)
    assert "renderD128" in vaapi.text and "VAAPI" in vaapi.text and vaapi.remedy


class SoftwareMedia:
    """Stands in for a media process of a machine without NVENC, Quick Sync or AMF."""

    encoder = "libx264"

    def __init__(self, *_: object, **__: object) -> None: ...

    def start(self) -> None: ...

    def finish(self) -> None: ...
