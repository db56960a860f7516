"""Test the go/no-go before air: what is a problem, who may answer for it, and where it is shown."""

from __future__ import annotations

import socket
import threading
from contextlib import closing
from pathlib import Path

import pytest

from renderer.bench.faults.inputs import write_standing_performer
from renderer.cli import main
from renderer.errors import OutputError, RendererError, ShowError
from renderer.output.media_client import MediaClient
from renderer.output.output_words import parse_output
from renderer.output.spec import OutputSpec
from renderer.protocol.alarms import Alarm, Alarms, Severity
from renderer.protocol.inputs import (
    CameraState,
    CameraStatus,
    InputsHealth,
    TrackerKind,
    TrackerState,
    TrackerStatus,
)
from renderer.protocol.log import EventKind
from renderer.protocol.outputs import GoLive
from renderer.protocol.readiness import Finding, Verdict, is_go
from renderer.protocol.sound import DeviceState, SoundDeviceStatus, SoundHealth
from renderer.rights.clause import Clause, Outcome
from renderer.rights.clause import Verdict as RightsVerdict
from renderer.show.health import readiness
from renderer.show.health.readiness import ReadinessCheck, judge_inputs, probe_streams
from renderer.show.program.program import Program

ALLOWED = RightsVerdict("Hana", "Ren", (Clause(Outcome.ALLOW, "licence.unsigned"),))
DENIED = RightsVerdict("Hana", "Ren", (Clause(Outcome.EVIDENCE, "licence.required"),))


class Log:
    def __init__(self) -> None:
        self.lines: list[str] = []

    def add(self, kind: EventKind, text: str, data: object = None) -> None:
        self.lines.append(text)

    def add_alarm(self, alarm: Alarm) -> None: ...


def make_check(
    log: Log,
    *,
    verdict: RightsVerdict = ALLOWED,
    camera: CameraState = CameraState.SEEING,
    sound: SoundHealth | None = None,
    outputs: tuple[OutputSpec, ...] = (),
    alarms: tuple[Alarm, ...] = (),
) -> ReadinessCheck:
    health = InputsHealth([CameraStatus("camera:0", camera)])
    return ReadinessCheck(
        lambda: [verdict], lambda: health, lambda: sound or SoundHealth(), outputs, lambda: alarms,
        log,
    )  # fmt: skip


def worst(findings: list[Finding]) -> Finding:
    return max(findings, key=lambda one: list(Verdict).index(one.verdict))


def test_a_show_that_has_everything_goes(tmp_path: Path) -> None:
    log = Log()
    check = make_check(log, outputs=(parse_output(str(tmp_path / "show.mp4")),))
    assert {one.verdict for one in check.examine()} == {Verdict.OK}
    check.require(GoLive())
    assert log.lines == []


@pytest.mark.parametrize(
    ("state", "verdict"),
    [
        (CameraState.SEEING, Verdict.OK),
        (CameraState.EMPTY, Verdict.WARNING),
        (CameraState.OPENING, Verdict.WARNING),
        (CameraState.SILENT, Verdict.PROBLEM),
        (CameraState.RECONNECTING, Verdict.PROBLEM),
        (CameraState.ENDED, Verdict.WARNING),
    ],
)
def test_a_camera_that_delivers_nothing_is_a_problem(state: CameraState, verdict: Verdict) -> None:
    (found,) = judge_inputs(InputsHealth([CameraStatus("camera:0", state)]))
    assert found.verdict is verdict
    assert bool(found.remedy) is (verdict is not Verdict.OK)


def test_a_file_that_does_not_run_yet_is_not_warned_of() -> None:
    health = InputsHealth([CameraStatus("take.mp4", CameraState.EMPTY)])
    (found,) = judge_inputs(health, is_live=False)
    assert found.verdict is Verdict.OK


def test_problems_keep_a_show_off_the_air_until_somebody_answers_for_them() -> None:
    log = Log()
    check = make_check(log, verdict=DENIED, camera=CameraState.RECONNECTING)
    with pytest.raises(ShowError, match="No-go") as refused:
        check.require(GoLive())
    assert "Hana" in str(refused.value) and "camera:0" in str(refused.value)
    with pytest.raises(ShowError):
        check.require(GoLive(override="  "))
    check.require(GoLive(override="Mina"))
    (line,) = log.lines
    assert line.startswith("Mina answers for") and "camera:0" in line


def test_sound_alarms_trackers_and_disks_are_in_the_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = SoundHealth(devices=[SoundDeviceStatus("room", "USB", DeviceState.LOST, "unplugged")])
    alarm = Alarm("engine", Severity.CRITICAL, "The engine is away", 1.0)
    monkeypatch.setattr(readiness, "LEAST_ROOM_GB", 1e9)
    check = make_check(
        Log(), sound=lost, alarms=(alarm,), outputs=(parse_output(f"hls:{tmp_path / 'new'}"),)
    )
    found = {one.thing: one for one in check.examine()}
    assert found["Sound device room"].verdict is Verdict.WARNING
    assert found["Alarm"].text == "The engine is away"
    assert "ten minutes" in found[f"Output {tmp_path / 'new'}"].text
    assert is_go(list(found.values())), "warnings let a show start"
    failed = TrackerStatus(TrackerKind.PHONE, "livelink:1", 0, TrackerState.FAILED, "in use")
    assert worst(list(judge_inputs(InputsHealth([], [failed])))).verdict is Verdict.PROBLEM


def test_a_stream_s_server_is_probed() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port = server.getsockname()[1]
        accepting = threading.Thread(target=lambda: server.accept()[0].close())
        accepting.start()
        (there,) = probe_streams([parse_output(f"rtmp://127.0.0.1:{port}/live/secret")])
        accepting.join()
    assert there.verdict is Verdict.OK
    (gone,) = probe_streams([parse_output(f"rtmp://127.0.0.1:{port}/live/secret")])
    assert gone.verdict is Verdict.PROBLEM and gone.remedy
    assert "secret" not in gone.thing + gone.text


def test_the_desk_s_command_is_refused_before_an_output_is_opened() -> None:
    program = Program(MediaClient(live=True), (), Alarms(), live=True)

    def refuse(command: GoLive) -> None:
        raise OutputError("No-go", "the camera is away", "see to it")

    program.require_ready = refuse
    with pytest.raises(RendererError, match="No-go"):
        program.handle(GoLive(), lambda _reply: None)
    program._background.close()


def test_the_check_prints_one_list_with_a_verdict_per_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dancer = write_standing_performer(tmp_path / "still.vrma", 2)
    words = ["show", "--check", "--input", str(dancer), "--record", str(tmp_path / "show.mp4")]
    status = main([*words, "--size", "128x128"])
    printed = capsys.readouterr().out
    verdicts = [line.split()[0] for line in printed.partition("\n\n")[2].splitlines()[:-1]]
    assert set(verdicts) <= {one.value for one in Verdict}
    assert len(verdicts) > 10, "the machine's and the show's"
    assert any(line.startswith("ok") and "show.mp4" in line for line in printed.splitlines())
    assert printed.splitlines()[-1].startswith("go" if status == 0 else "no-go")
    assert not (tmp_path / "show.mp4").exists()
