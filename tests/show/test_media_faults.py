"""Test whole shows whose media process is stopped or killed, with the real command."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import av
import numpy as np
import psutil
import pytest

from renderer.bench.faults.inputs import write_standing_performer
from renderer.output.spec import PLAYLIST
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
    return write_standing_performer(tmp_path / "still.vrma", 60)


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


def test_a_live_show_goes_on_while_media_is_stopped_and_with_it_afterwards(
    start: Start, desk: Callable[[], DeskLink], dancer: Path, click: Path, tmp_path: Path
) -> None:
    film, report = tmp_path / "show.mp4", tmp_path / "report.json"
    process = start(
        "show", "--input", dancer, "--live", "--song", click, "--record", film,
        "--report", report, *SMALL,
    )  # fmt: skip
    link = desk()
    status_where(link, lambda status: film.exists() and film.stat().st_size > 20_000)
    media = media_child(process.pid)
    os.kill(media, signal.SIGSTOP)
    stopped = status_where(link, is_silent).of(ShowHealth)
    time.sleep(8.0 - 2.0)  # The duration of the stop is under test.
    went_on = status_where(link, is_silent).of(ShowHealth)
    assert went_on.frames > stopped.frames
    assert went_on.dropped > stopped.dropped
    os.kill(media, signal.SIGCONT)
    back = status_where(link, lambda status: not is_silent(status)).of(OutputsHealth)
    status_where(
        link, lambda status: status.of(OutputsHealth).outputs[0].packets > back.outputs[0].packets
    )
    link.send(EndShow())
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, out + err
    told = json.loads(report.read_text())
    assert told["outputs"][0]["state"] == "ended"
    assert told["refused"] > 0
    (alarm,) = [alarm for alarm in told["alarms"] if alarm["id"] == "media.silent"]
    assert alarm["cleared_at"] is not None
    # The song begins with the recording's first frame, however long all took to open.
    with av.open(str(film)) as file:
        first = next(file.decode(video=0))
        assert first.time == pytest.approx(0.0, abs=0.001)
    with av.open(str(film)) as file:
        heard = [
            frame.time + float(np.flatnonzero(loud)[0]) / frame.sample_rate
            for frame in file.decode(audio=0)
            if (loud := np.abs(frame.to_ndarray()).max(axis=0) > 0.1).any()
        ]
    assert heard[0] == pytest.approx(0.0, abs=1 / 20)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_show_goes_on_when_its_engine_and_then_its_media_are_killed(
    start: Start,
    desk: Callable[[], DeskLink],
    dancer: Path,
    click: Path,
    logs: Path,
    tmp_path: Path,
) -> None:
    film, hls, report = tmp_path / "show.mp4", tmp_path / "hls", tmp_path / "report.json"
    process = start(
        "show", "--input", dancer, "--live", "--song", click, "--record", film,
        "--output", f"hls:{hls}", "--report", report, *SMALL,
    )  # fmt: skip
    link = desk()
    status_where(link, lambda _: (hls / "segment_00000.m4s").exists())

    os.kill(find_named_children(process.pid)["engine"].pid, signal.SIGKILL)
    away = status_where(link, lambda status: "engine" in alarms(status)).of(ShowHealth)
    assert away.state is ShowState.ON_AIR
    refused = link.send(StopRecording())
    assert not refused.ok
    assert "engine is being started again" in refused.text
    back = status_where(link, lambda status: "engine" not in alarms(status))
    assert back.of(ShowHealth).show_seconds > away.show_seconds
    status_where(link, lambda status: status.of(ShowHealth).frames > back.of(ShowHealth).frames + 5)
    status_where(link, lambda status: "media.hold" not in alarms(status))

    os.kill(media_child(process.pid), signal.SIGKILL)
    status_where(link, lambda status: "media.lost" in alarms(status))
    status_where(link, lambda status: "media.lost" not in alarms(status))
    status_where(
        link,
        lambda status: (
            {one.address for one in status.of(OutputsHealth).outputs}
            == {str(tmp_path / "show.part2.mp4"), str(hls)}
            and all(
                one.state is OutputState.RUNNING and one.packets > 40
                for one in status.of(OutputsHealth).outputs
            )
        ),
    )
    assert link.send(EndShow()).ok
    out, err = process.communicate(timeout=120)
    assert process.returncode == 2, out + err
    assert "Traceback" not in err

    told = json.loads(report.read_text())
    assert {output["state"] for output in told["outputs"]} == {"ended"}
    assert any("The engine was killed" in fault for fault in told["faults"])
    ids = [alarm["id"] for alarm in told["alarms"]]
    assert {"engine", "media.lost"} <= set(ids)
    assert told["replaced"] > 10, "pictures while the engine was away"
    assert find_sessions() == []
    assert [one.name for one in tmp_path.glob("*.mp4")] == ["show.mp4"]
    with av.open(str(film)) as file:
        times = [frame.time for frame in file.decode(video=0)]
    # Pictures go on while the engine is away; what media lost is at most a few seconds.
    lost_s = next(
        alarm["cleared_at"] - alarm["raised_at"]
        for alarm in told["alarms"]
        if alarm["id"] == "media.lost"
    )
    assert np.diff(times).min() > 0
    assert np.diff(times).max() < lost_s + 3.0
    (mp4,) = [output for output in told["outputs"] if output["kind"] == "mp4"]
    assert mp4["seconds"] == pytest.approx(times[-1], abs=0.2)
    assert (hls / "live.m3u8").read_text().count("#EXT-X-DISCONTINUITY") == 1

    (journal,) = logs.glob(f"*-show-{process.pid}/journal.log")
    records = read_journal(journal)
    assert (records.damaged, records.missing, records.is_torn) == (0, 0, False)
    kinds = {record.kind for record in records.records}
    assert {EventKind.STATE, EventKind.COMMAND, EventKind.FAULT, EventKind.SNAPSHOT} <= kinds


def test_media_logs_what_the_outputs_of_a_killed_show_came_to(
    start: Start, desk: Callable[[], DeskLink], dancer: Path, logs: Path, tmp_path: Path
) -> None:
    film, hls = tmp_path / "show.mp4", tmp_path / "hls"
    process = start(
        "show", "--input", dancer, "--live", "--record", film, "--output", f"hls:{hls}", *SMALL,
    )  # fmt: skip
    link = desk()
    status_where(link, lambda _: (hls / "segment_00001.m4s").exists())
    media = psutil.Process(media_child(process.pid))
    process.kill()
    media.wait(60)
    with av.open(str(film)) as file:
        length = [frame.time for frame in file.decode(video=0)][-1]
    (log,) = logs.glob(f"*-show-{process.pid}/media.log")
    told = [json.loads(line)["message"] for line in log.read_text().splitlines()]
    assert any("the show's process is gone" in line for line in told)
    (line,) = [line for line in told if str(film) in line]
    assert "ended" in line
    assert float(line.partition(" s,")[0].rpartition(" ")[2]) == pytest.approx(length, abs=1.0)
    assert any(str(hls) in line and "ended" in line for line in told)


def test_off_air_the_address_of_the_page_works_and_shows_no_earlier_show(
    start: Start, desk: Callable[[], DeskLink], dancer: Path, tmp_path: Path
) -> None:
    earlier = tmp_path / "hls" / PLAYLIST
    earlier.parent.mkdir()
    earlier.write_text("#EXTM3U\n")
    process = start(
        "show", "--input", dancer, "--live", "--off-air", "--output", f"hls:{tmp_path / 'hls'}",
        *SMALL,
    )  # fmt: skip
    link = desk()
    assert process.stderr is not None
    line = next(line for line in process.stderr if "Watch live at" in line)
    url = line.partition("Watch live at")[2].strip()
    assert url.startswith("http://127.0.0.1:")
    with urlopen(url, timeout=10) as page:
        assert page.status == 200
    with pytest.raises(HTTPError, match="404"):
        urlopen(f"{url}stream/{PLAYLIST}", timeout=10)
    link.send(EndShow())
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, out + err
