"""Test a whole show whose media process and engine are stopped and killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import av
import numpy as np
import pytest

from renderer.bench.faults.inputs import write_standing_performer
from renderer.output.media import ANSWER_S
from renderer.processes.find import find_named_children
from renderer.protocol.log import EventKind
from renderer.protocol.outputs import OutputsHealth, OutputState, StopRecording
from renderer.protocol.show import EndShow, ShowHealth, ShowState
from renderer.protocol.status import Status
from renderer.show.journal.reader import read_journal
from renderer.transport.bus import DeskLink
from renderer.transport.session import find_sessions

Start = Callable[..., subprocess.Popen[str]]
SMALL = ("--size", "256x144", "--rate", "20")


@pytest.fixture
def dancer(tmp_path: Path) -> Path:
    # Longer than all faults take on a busy machine: the input's end is the show's.
    return write_standing_performer(tmp_path / "still.vrma", 600)


@pytest.fixture
def click(tmp_path: Path) -> Path:
    """Write a minute of silence that begins with a click."""
    path = tmp_path / "click.wav"
    samples = np.zeros(60 * 48_000, "<i2")
    samples[:960] = 20_000 * np.sin(2 * np.pi * 1000 * np.arange(960) / 48_000)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes(samples.tobytes())
    return path


def until(look: Callable[[], object], what: str, seconds: float = 120.0) -> object:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.05)
    raise AssertionError(f"{what} did not come within {seconds:.0f} s")


@pytest.fixture
def desk(runtime: Path) -> Iterator[Callable[[], DeskLink]]:
    links: list[DeskLink] = []

    def find() -> DeskLink:
        (session,) = until(find_sessions, "a session")
        until((session.folder / "bus.json").exists, "the bus")
        links.append(DeskLink(session.folder))
        return links[-1]

    yield find
    for link in links:
        link.close()


def status_where(link: DeskLink, wanted: Callable[[Status], object]) -> Status:
    def look() -> Status | None:
        status = link.latest_status()
        return status if status is not None and wanted(status) else None

    found = until(look, "such a status")
    assert isinstance(found, Status)
    return found


def media_child(show: int) -> int:
    return find_named_children(show)["media"].pid


def alarms(status: Status) -> set[str]:
    return {alarm.id for alarm in status.of(ShowHealth).alarms}


def is_silent(status: Status) -> bool:
    return any(alarm.id == "media.silent" for alarm in status.of(ShowHealth).alarms)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_show_goes_on_when_media_is_stopped_and_its_engine_and_media_are_killed(
    start: Start,
    desk: Callable[[], DeskLink],
    dancer: Path,
    click: Path,
    logs: Path,
    tmp_path: Path,
) -> None:
    """One show for three faults: a start costs more than they do."""
    film, hls, report = tmp_path / "show.mp4", tmp_path / "hls", tmp_path / "report.json"
    process = start(
        "show", "--input", dancer, "--live", "--song", click, "--record", film,
        "--output", f"hls:{hls}", "--report", report, *SMALL,
    )  # fmt: skip
    link = desk()
    status_where(link, lambda _: (hls / "segment_00000.m4s").exists())
    stop_media(link, media_child(process.pid))
    kill_engine(link, process.pid)
    kill_media(link, process.pid, {str(tmp_path / "show.part2.mp4"), str(hls)})
    assert link.send(EndShow()).ok
    out, err = process.communicate(timeout=120)
    assert process.returncode == 2, out + err
    assert "Traceback" not in err

    told = json.loads(report.read_text())
    assert {output["state"] for output in told["outputs"]} == {"ended"}
    assert any("The engine was killed" in fault for fault in told["faults"])
    alarmed = {alarm["id"]: alarm for alarm in told["alarms"]}
    assert {"engine", "media.lost", "media.silent"} <= set(alarmed)
    assert alarmed["media.silent"]["cleared_at"] is not None
    assert told["replaced"] > 10, "pictures while the engine was away"
    assert find_sessions() == []
    assert [one.name for one in tmp_path.glob("*.mp4")] == ["show.mp4"]
    with av.open(str(film)) as file:
        times = [frame.time for frame in file.decode(video=0)]
    gaps = np.diff(times)
    assert gaps.min() > 0
    # Pictures go on while the engine is away; media itself was away twice.
    assert np.count_nonzero(gaps > 2.0) <= 2, gaps[gaps > 2.0]
    (mp4,) = [output for output in told["outputs"] if output["kind"] == "mp4"]
    assert mp4["seconds"] == pytest.approx(times[-1], abs=0.2)
    assert (hls / "live.m3u8").read_text().count("#EXT-X-DISCONTINUITY") == 1
    # The song begins with the recording's first frame, however long all took to open.
    assert times[0] == pytest.approx(0.0, abs=0.001)
    assert find_sound(film) == pytest.approx(0.0, abs=1 / 20)

    (journal,) = logs.glob(f"*-show-{process.pid}/journal.log")
    records = read_journal(journal)
    assert (records.damaged, records.missing, records.is_torn) == (0, 0, False)
    kinds = {record.kind for record in records.records}
    assert {EventKind.STATE, EventKind.COMMAND, EventKind.FAULT, EventKind.SNAPSHOT} <= kinds


def stop_media(link: DeskLink, media: int) -> None:
    """Stop the media process for longer than a request to it may take, and let it go on."""
    os.kill(media, signal.SIGSTOP)
    stopped = status_where(link, is_silent).of(ShowHealth)
    time.sleep(ANSWER_S)  # The duration of the stop is under test.
    status_where(
        link,
        lambda status: (
            status.of(ShowHealth).frames > stopped.frames
            and status.of(ShowHealth).dropped > stopped.dropped
        ),
    )
    os.kill(media, signal.SIGCONT)
    back = status_where(link, lambda status: not is_silent(status))
    packets, seconds = back.of(OutputsHealth).outputs[0].packets, back.of(ShowHealth).show_seconds
    # Until the frames that waited no longer count for the engine's lag.
    status_where(
        link,
        lambda status: (
            status.of(OutputsHealth).outputs[0].packets > packets
            and status.of(ShowHealth).show_seconds > seconds + 3.0
        ),
    )


def kill_engine(link: DeskLink, show: int) -> None:
    """Kill the engine, and wait until another one goes on."""
    os.kill(find_named_children(show)["engine"].pid, signal.SIGKILL)
    away = status_where(link, lambda status: "engine" in alarms(status)).of(ShowHealth)
    assert away.state is ShowState.ON_AIR
    refused = link.send(StopRecording())
    assert not refused.ok
    assert "engine is being started again" in refused.text
    back = status_where(link, lambda status: "engine" not in alarms(status))
    assert back.of(ShowHealth).show_seconds > away.show_seconds
    status_where(link, lambda status: status.of(ShowHealth).frames > back.of(ShowHealth).frames + 5)
    status_where(link, lambda status: "media.hold" not in alarms(status))


def kill_media(link: DeskLink, show: int, outputs: set[str]) -> None:
    """Kill the media process, and wait until another one has all outputs."""
    os.kill(media_child(show), signal.SIGKILL)
    status_where(link, lambda status: "media.lost" in alarms(status))
    status_where(link, lambda status: "media.lost" not in alarms(status))
    status_where(
        link,
        lambda status: (
            {one.address for one in status.of(OutputsHealth).outputs} == outputs
            and all(
                one.state is OutputState.RUNNING and one.packets > 10
                for one in status.of(OutputsHealth).outputs
            )
        ),
    )


def find_sound(film: Path) -> float:
    """Return when a recording's first loud sample is heard, seconds."""
    with av.open(str(film)) as file:
        for frame in file.decode(audio=0):
            loud = np.flatnonzero(np.abs(frame.to_ndarray()).max(axis=0) > 0.1)
            if len(loud):
                return float(frame.time + loud[0] / frame.sample_rate)
    raise AssertionError(f"{film} is silent")
