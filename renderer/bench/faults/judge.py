"""Judge how a show went: whether it ended in order, what it reported, its longest gaps."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from renderer.bench.faults.follow import wait_until
from renderer.bench.faults.gaps import longest_gap, measure_decoded_s, picture_times
from renderer.bench.faults.records import FaultResult
from renderer.bench.faults.running_show import Moment, RunningShow
from renderer.bench.faults.scenarios import MEDIA, SUPERVISOR, ProcessFault, TickFault, Trial
from renderer.errors import OutputError
from renderer.output.interrupted import END_MARK
from renderer.output.spec import PLAYLIST

_LENGTH_TOLERANCE_S: Final = 1.0
"""Tolerance in seconds: a report counts until the end of the last picture, which takes long on a
busy machine."""
_AROUND_S: Final = 0.5
"""Tolerance in seconds before and after a fault: the show's clock is read ten times per second."""
_FINISHED_S: Final = 30.0
_ORDERLY: Final = (0, 2)
"""Exit statuses of a show that wrote a report: without faults, and with faults."""
_FILES: Final = ("recording", "hls")
"""Outputs whose pictures carry show time."""
_SECONDS: Final = re.compile(r"(\d+\.\d+) s\b")


def judge_show(
    show: RunningShow, usual: tuple[Moment, Moment], trials: Sequence[Trial]
) -> list[FaultResult]:
    """Return the effect of each fault on a show that has ended.

    Args:
        usual: time span before the first fault.
        trials: the injected faults, in order.
    """
    ending = [one.fault for one in trials if isinstance(one.fault, ProcessFault) and one.ends_show]
    wait_until(lambda: END_MARK in _text(show.hls / PLAYLIST), _FINISHED_S)
    lengths, problems = _play(show)
    report = show.report()
    if any(fault.process == SUPERVISOR for fault in ending):
        problems += _differences(_read_logged_lengths(show), lengths, "the media process's log")
    else:
        problems += _check_end(show, report, lengths, "interrupted" if ending else "ended")
    problems += [f"{name} was left behind" for name in show.leftovers()]
    times = _times(show)
    results = []
    for trial in trials:
        survived = trial.is_back
        gaps = (
            _missing(times, trial.begun)
            if trial.ends_show
            else _gaps(times, trial.begun, trial.ended)
        )
        usual_gaps = _gaps(times, *usual)
        results.append(
            FaultResult(
                fault=trial.fault.name,
                show_survived=survived,
                longest_gap_s=round(max(gaps.values(), default=0.0), 2),
                told=_is_told(show, trial, report, lengths),
                ended_in_order=not problems,
                must_survive=trial.fault.must_survive,
                usual_gap_s=round(max(usual_gaps.values(), default=0.0), 2),
                back_after_s=round(trial.ended.monotonic - trial.begun.monotonic, 1)
                if survived
                else None,
                gaps_s={name: round(gap, 2) for name, gap in gaps.items()},
                detail="; ".join([*trial.remarks, *problems]),
            )
        )
    return results


def _times(show: RunningShow) -> dict[str, list[float]]:
    """Return the times of the pictures: files in show time, viewers in monotonic time."""
    times: dict[str, list[float]] = {}
    for name, path in zip(_FILES, (show.recording, show.hls / PLAYLIST), strict=True):
        try:
            times[name] = picture_times(path)
        except OutputError:
            times[name] = []
    if show.setup.stream:
        times["stream"] = show.stream_times()
    times["page"] = show.page_times()
    return times


def _gaps(times: dict[str, list[float]], begin: Moment, end: Moment) -> dict[str, float]:
    gaps = {}
    for name, seen in times.items():
        if name in _FILES:
            gaps[name] = longest_gap(seen, begin.show - _AROUND_S, end.show + _AROUND_S)
        else:
            gaps[name] = longest_gap(seen, begin.monotonic, end.monotonic)
    return gaps


def _missing(times: dict[str, list[float]], killed: Moment) -> dict[str, float]:
    """Return the seconds of the program before a fatal fault that are missing in every file."""
    return {
        name: max(0.0, killed.show - seen[-1])
        for name, seen in times.items()
        if name in _FILES and seen
    }


def _play(show: RunningShow) -> tuple[dict[str, float], list[str]]:
    """Decode the files; return their lengths by address, and the faults found."""
    lengths: dict[str, float] = {}
    problems = []
    for address, path in (
        (str(show.recording), show.recording),
        (str(show.hls), show.hls / PLAYLIST),
    ):
        try:
            lengths[address] = measure_decoded_s(path)
        except OutputError as fault:
            problems.append(str(fault))
    if END_MARK not in _text(show.hls / PLAYLIST):
        problems.append("the playlist has no end mark")
    return lengths, problems


def _check_end(
    show: RunningShow, report: dict[str, Any] | None, lengths: dict[str, float], state: str
) -> list[str]:
    """Return the faults in the ending and in the report of a show whose supervisor survived."""
    problems = []
    if show.exit_status not in _ORDERLY:
        problems.append(f"the show ended with status {show.exit_status}")
    if "Traceback" in show.errors:
        problems.append("the show wrote a traceback")
    if list((show.folder / "run").glob("show-*")):
        problems.append("the session's folder was left behind")
    if report is None:
        return [*problems, "there is no report"]
    outputs = {one["address"]: one for one in report["outputs"]}
    problems += [
        f"the report calls {address} {one['state']}"
        for address, one in outputs.items()
        if one["state"] != state
    ]
    reported = {address: one["seconds"] for address, one in outputs.items()}
    return problems + _differences(reported, lengths, "the report")


def _differences(reported: dict[str, float], lengths: dict[str, float], where: str) -> list[str]:
    """Return where the reported lengths differ from the decoded ones."""
    wrong = []
    for address, length in lengths.items():
        said = next((s for name, s in reported.items() if name.endswith(address)), None)
        if said is None:
            wrong.append(f"{where} says nothing of {Path(address).name}")
        elif abs(said - length) > _LENGTH_TOLERANCE_S:
            wrong.append(f"{where} says {said:.1f} s of {Path(address).name}: {length:.1f} s")
    return wrong


def _read_logged_lengths(show: RunningShow) -> dict[str, float]:
    """Return the lengths of the files as logged by the media process, by address."""
    lengths = {}
    for message in show.log_messages(MEDIA):
        for path in (show.recording, show.hls):
            if str(path) in message and (found := _SECONDS.search(message)) is not None:
                lengths[str(path)] = float(found.group(1))
    return lengths


def _is_told(
    show: RunningShow, trial: Trial, report: dict[str, Any] | None, lengths: dict[str, float]
) -> bool:
    """Return whether a fault was reported to the crew, at the time and in the report."""
    fault = trial.fault
    if trial.ends_show:
        if report is None:
            return bool(lengths) and not _differences(_read_logged_lengths(show), lengths, "")
        return any("the media process" in one for one in report["faults"])
    if report is None:
        return False
    prefix = fault.part.part if isinstance(fault, TickFault) else fault.alarm
    is_alarmed = any(
        one["raised_at"] >= trial.begun.epoch
        and one["raised_at"] <= trial.ended.epoch + _AROUND_S
        and (one["id"].startswith(prefix) or one["text"].startswith(prefix))
        for one in report["alarms"]
    )
    if isinstance(fault, TickFault):
        return is_alarmed and any(one.startswith(prefix) for one in report["faults"])
    return is_alarmed


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""
