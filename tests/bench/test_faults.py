"""Test the fault benchmark: real shows whose parts are stopped and killed, and its report."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from renderer.bench import rtmp_server
from renderer.bench.faults import bench, scenarios
from renderer.bench.faults.gaps import longest_gap, measure_decoded_s, picture_times
from renderer.bench.faults.inputs import write_repeated_clip
from renderer.bench.faults.records import FaultReport, FaultResult
from renderer.bench.faults.running_show import ShowSetup
from renderer.bench.faults.scenarios import (
    ALL,
    MEDIA,
    RELAY,
    SUPERVISOR,
    TICK_FAULTS,
    Fault,
    ProcessFault,
    TickFault,
)
from renderer.cli import USAGE_STATUS, main
from renderer.errors import OutputError
from renderer.paths import CLIP

WORDS = ("fault", "show_survived", "longest_gap_s", "told")


def results_of(path: Path) -> dict[str, dict[str, Any]]:
    return {one["fault"]: one for one in json.loads(path.read_text())}


@pytest.fixture
def light_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the benchmark's shows need no tracker, and wait no longer than a fault takes."""

    def set_up(self: Any, fault: Fault) -> ShowSetup:
        inputs = ("--input", str(self._companion))
        is_injected = isinstance(fault, TickFault)
        return ShowSetup(inputs, self._stream, has_desk=False, is_injected=is_injected)

    monkeypatch.setattr(bench._Bench, "_setup", set_up)
    monkeypatch.setattr(bench, "INPUT_S", 600)
    monkeypatch.setattr(bench, "USUAL_S", 1.0)
    monkeypatch.setattr(scenarios, "_BETWEEN_S", 0.5)


@pytest.mark.parametrize("fault", TICK_FAULTS, ids=lambda fault: fault.name)
def test_the_function_of_each_part_of_the_tick_is_where_it_is_said_to_be(fault: TickFault) -> None:
    assert callable(getattr(fault.part.resolve(), fault.part.function))


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_what_a_show_survives_is_distinguished_from_what_ends_it(light_shows: None) -> None:
    """A supervisor that is killed ends its show; the faults after it are tried in another."""
    command = next(one for one in TICK_FAULTS if one.part.name == "a command")
    faults: list[Fault] = [
        ProcessFault(SUPERVISOR, "supervisor", "supervisor", is_killed=True),
        ProcessFault("watch ", "watch", "watch.", is_killed=True),
        command,
    ]
    if rtmp_server.is_installed():
        faults.insert(1, ProcessFault(RELAY, "relay", "output.rtmp", is_killed=True))
    steps: list[str] = []
    report = bench.run_fault_bench(steps.append, faults)
    assert report.omitted == []
    supervisor, *survived = report.results
    assert not supervisor.show_survived and not supervisor.told and not supervisor.ended_in_order
    assert "the show ended" in supervisor.detail
    assert all(one.is_passed for one in survived), [one.detail for one in survived]
    watch = next(one for one in survived if one.fault == "watch killed")
    assert watch.gaps_s["page"] > 0.5
    assert [step for step in steps if step.endswith("starts")] == [
        "show 1 starts", "show 2 starts", "show 3 starts",
    ]  # fmt: skip
    assert not report.is_passed
    assert (Path(report.kept) / "1" / "logs").is_dir()
    shutil.rmtree(report.kept)


def test_every_process_and_every_part_of_the_tick_is_tried() -> None:
    processes = {(one.label, one.is_killed) for one in ALL if isinstance(one, ProcessFault)}
    both = {(label, killed)
            for label in ("capture", "desk", "engine", "media", "relay", "watch")
            for killed in (False, True)}  # fmt: skip
    assert processes == both | {("supervisor", True)}
    assert len(TICK_FAULTS) == sum(isinstance(one, TickFault) for one in ALL) > 20
    assert len({one.name for one in ALL}) == len(ALL)
    assert {one.name for one in ALL if not one.must_survive} == {"supervisor killed"}


def result(**changes: Any) -> FaultResult:
    usual: dict[str, Any] = {
        "fault": "desk killed", "show_survived": True, "longest_gap_s": 0.1, "told": True,
        "ended_in_order": True, "must_survive": True, "usual_gap_s": 0.1, "back_after_s": 3.0,
        "gaps_s": {}, "detail": "",
    }  # fmt: skip
    return FaultResult(**(usual | changes))


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, 0),
        ({"show_survived": False}, 1),
        ({"told": False}, 1),
        ({"ended_in_order": False}, 1),
        ({"show_survived": False, "must_survive": False}, 0),
        ({"show_survived": False, "must_survive": False, "told": False}, 1),
    ],
)
def test_the_exit_status_says_whether_all_was_survived(
    changes: dict[str, Any], status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    file = tmp_path / "faults.json"
    report = FaultReport("a machine", [result(**changes)], ["relay killed: no nginx"], "")
    monkeypatch.setattr(bench, "run_fault_bench", lambda *_: report)
    assert main(["bench", "faults", "--json", str(file)]) == status
    assert results_of(file)["desk killed"]["show_survived"] is report.results[0].show_survived
    printed = capsys.readouterr().out
    assert "not tried: relay killed: no nginx" in printed
    assert ("FAILED" in printed) is bool(status)


def test_a_fault_that_is_not_there_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "faults", "--only", "moon"]) == USAGE_STATUS
    assert "desk killed" in capsys.readouterr().err


def test_without_a_stream_server_its_faults_are_named_and_left_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tried: list[str] = []

    def try_all(_self: object, faults: list[Any]) -> list[FaultResult]:
        tried.extend(fault.name for fault in faults)
        return []

    monkeypatch.setattr(rtmp_server, "is_installed", lambda: False)
    monkeypatch.setattr(bench._Bench, "try_all", try_all)
    report = bench.run_fault_bench(lambda _text: None)
    assert [fault.split(":")[0] for fault in report.omitted] == [
        "relay stopped for 8 s",
        "relay killed",
    ]
    assert len(tried) == len(ALL) - 2
    assert f"{MEDIA} killed" in tried


@pytest.mark.parametrize(
    ("begin", "end", "gap"),
    [
        (0.0, 1.0, 1.0),
        (2.5, 2.6, 1.0),
        (2.2, 4.0, 3.0),
        (4.0, 4.1, 3.0),
        (6.5, 9.0, 3.0),
    ],
)
def test_the_longest_gap_counts_where_it_falls_into_the_span_even_in_part(
    begin: float, end: float, gap: float
) -> None:
    assert longest_gap([0.0, 1.0, 2.0, 3.0, 6.0], begin, end) == pytest.approx(gap)


def test_the_input_is_the_clip_again_and_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "long.mp4"
    write_repeated_clip(CLIP, path, 70.0)
    times = picture_times(path)
    assert 70.0 < times[-1] < 105.0
    assert longest_gap(times, 0.0, times[-1]) < 0.05


def test_what_cannot_be_played_is_named(tmp_path: Path) -> None:
    path = tmp_path / "broken.mp4"
    path.write_bytes(b"no film")
    for look in (picture_times, measure_decoded_s):
        check: Callable[[Path], object] = look
        with pytest.raises(OutputError, match=r"broken\.mp4"):
            check(path)
