"""The benchmark of faults: real shows whose parts are stopped and killed, and what it says then."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from renderer.bench import rtmp_server
from renderer.bench.faults import bench
from renderer.bench.faults.gaps import decoded_length_s, longest_gap, picture_times
from renderer.bench.faults.inputs import write_repeated_clip
from renderer.bench.faults.records import FaultReport, FaultResult
from renderer.bench.faults.scenarios import (
    ALL,
    ENGINE,
    MEDIA,
    TICK_FAULTS,
    ProcessFault,
    TickFault,
)
from renderer.cli import USAGE_STATUS, main
from renderer.errors import OutputError
from renderer.paths import CLIP

WORDS = ("fault", "show_survived", "longest_gap_s", "told")


def results_of(path: Path) -> dict[str, dict[str, Any]]:
    return {one["fault"]: one for one in json.loads(path.read_text())}


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_what_a_show_survives_is_told_apart_from_what_ends_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "faults.json"
    words = ["--only", "watch killed", "--only", "relay stopped", "--only", "media killed"]
    words += ["--only", "exception in drawing", "--only", "exception in a command"]
    status = main(["bench", "faults", *words, "--json", str(file)])
    printed = capsys.readouterr().out
    assert status == 0, printed
    results = results_of(file)
    assert all(set(WORDS) <= one.keys() for one in results.values())
    assert all(one["told"] and one["ended_in_order"] for one in results.values())
    assert not results.pop("media killed")["show_survived"]
    assert all(one["show_survived"] for one in results.values())
    assert results["watch killed"]["gaps_s"]["page"] > 0.5
    if rtmp_server.is_installed():
        assert 7.0 < results["relay stopped for 8 s"]["longest_gap_s"] < 30.0
    else:
        assert "not tried: relay stopped" in printed
    assert "Not survived on this version: media killed." in printed


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_fault_that_ends_a_show_is_found_out_and_the_rest_is_tried_in_another() -> None:
    faults = [
        ProcessFault(ENGINE, "engine", "engine", is_killed=True),
        ProcessFault("watch ", "watch", "watch.", is_killed=True),
    ]
    steps: list[str] = []
    report = bench.run_fault_bench(steps.append, faults)
    engine, watch = report.results
    assert (engine.show_survived, engine.told, engine.ended_in_order) == (False, False, False)
    assert "the show ended" in engine.detail
    assert watch.is_passed, watch.detail
    assert "show 2 starts" in steps
    assert not report.is_passed
    assert (Path(report.kept) / "1" / "logs").is_dir()
    shutil.rmtree(report.kept)


def test_every_process_and_every_part_of_the_tick_is_tried() -> None:
    processes = {(one.label, one.is_killed) for one in ALL if isinstance(one, ProcessFault)}
    both = {(label, killed) for label in ("capture", "desk", "relay", "watch", "media")
            for killed in (False, True)}  # fmt: skip
    assert processes == both | {("engine", True)}
    assert len(TICK_FAULTS) == sum(isinstance(one, TickFault) for one in ALL) > 20
    assert len({one.name for one in ALL}) == len(ALL)
    assert {one.name for one in ALL if not one.must_survive} == {"media killed", "engine killed"}


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
    for look in (picture_times, decoded_length_s):
        check: Callable[[Path], object] = look
        with pytest.raises(OutputError, match=r"broken\.mp4"):
            check(path)
