"""Test that the show continues, and reports, when each of its processes is killed or stopped."""

from __future__ import annotations

import json
import signal
import subprocess
import time
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import av
import numpy as np
import psutil
import pytest

from renderer.paths import CLIP
from renderer.protocol.inputs import InputsHealth, TrackerState
from renderer.protocol.show import EndShow, ShowHealth
from renderer.protocol.status import Status
from renderer.transport.bus import DeskLink
from renderer.transport.session import find_sessions

Start = Callable[..., subprocess.Popen[str]]
LONG_S = 120.0


class Running:
    """A show with all of its child processes, observed through the bus and the process list."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self._sections = Status()
        self.link: DeskLink | None = None

    def status(self) -> Status:
        if self.link is None:
            sessions = find_sessions()
            if not sessions or not (sessions[0].folder / "bus.json").exists():
                return self._sections
            self.link = DeskLink(sessions[0].folder)
        newer = self.link.latest_status()
        if newer is not None:
            self._sections = newer
        return self._sections

    def wait(self, true: Callable[[Status], bool], what: str) -> Status:
        deadline = time.monotonic() + LONG_S
        while time.monotonic() < deadline:
            status = self.status()
            if true(status):
                return status
            assert self.process.poll() is None, self.process.communicate()
            time.sleep(0.02)
        raise AssertionError(f"{what} did not come; alarms: {self.alarms(self.status())}")

    def child(self, name: str) -> psutil.Process | None:
        """Return the process of a name such as `desk`, of the show or of its media process."""
        for child in psutil.Process(self.process.pid).children(recursive=True):
            try:
                if child.cmdline()[-1].startswith(name) and child.status() != psutil.STATUS_ZOMBIE:
                    return child
            except (psutil.NoSuchProcess, IndexError):
                continue
        return None

    @staticmethod
    def alarms(status: Status) -> dict[str, str]:
        return {alarm.id: alarm.text for alarm in status.of(ShowHealth).alarms}


def frames(status: Status) -> int:
    return status.of(ShowHealth).frames


@pytest.fixture(scope="module")
def long_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the demo's performer repeatedly, for five minutes."""
    path = tmp_path_factory.mktemp("clips") / "long.mp4"
    with av.open(str(CLIP)) as source, av.open(str(path), "w") as target:
        given = source.streams.video[0]
        stream = target.add_stream_from_template(given)
        packets = [packet for packet in source.demux(given) if packet.dts is not None]
        length = max(packet.pts + packet.duration for packet in packets)
        times = [(packet.pts, packet.dts) for packet in packets]
        for turn in range(300 // round(length * given.time_base) + 1):
            for packet, (pts, dts) in zip(packets, times, strict=True):
                packet.stream = stream
                packet.time_base = given.time_base
                packet.pts, packet.dts = pts + turn * length, dts + turn * length
                target.mux(packet)
    return path


@pytest.fixture(scope="module")
def voice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write five minutes of a tone: longer than a process decodes ahead."""
    path = tmp_path_factory.mktemp("voices") / "voice.wav"
    tone = 8000 * np.sin(np.arange(300 * 16_000) * (440.0 * 2.0 * np.pi / 16_000.0))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(tone.astype("<i2").tobytes())
    return path


@pytest.fixture
def show(
    start: Start, tmp_path: Path, long_clip: Path, voice: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Running]:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    process = start(
        "show", "--input", long_clip, "--live", "--voice", voice, "--desk", "--size", "256x144",
        "--record", tmp_path / "show.mp4", "--output", f"hls:{tmp_path / 'hls'}",
        "--report", tmp_path / "report.json",
    )  # fmt: skip
    running = Running(process)
    yield running
    if running.link is not None:
        running.link.close()


# The name of a process, the alarm that its death raises, and what happens to it. The others of both
# fates are in the fault benchmark.
PROCESSES = {
    "capture": ("camera.1", signal.SIGKILL),
    "voice": ("tracker.1.voice", signal.SIGSTOP),
    "watch": ("watch.1", signal.SIGSTOP),
    "desk": ("desk", signal.SIGKILL),
}
WORDS = {signal.SIGKILL: "killed", signal.SIGSTOP: "hung"}
ALARMS = {alarm for alarm, _ in PROCESSES.values()}


def listens(child: psutil.Process | None) -> bool:
    """Return whether a process serves a port."""
    if child is None:
        return False
    try:
        connections = child.net_connections("inet")
    except psutil.Error:
        return False
    return any(one.status == psutil.CONN_LISTEN for one in connections)


def kill_all(show: Running) -> None:
    """Kill and stop all at once, and wait until each is reported and replaced, and frames go on."""
    for name in PROCESSES:
        show.wait(lambda _, name=name: show.child(name) is not None, f"the process {name}")
    show.wait(lambda _: listens(show.child("watch")), "the watch page")
    before = {name: show.child(name) for name in PROCESSES}
    began = frames(show.status())
    reported: set[str] = set()
    for name, (_, fate) in PROCESSES.items():
        if (child := before[name]) is not None:
            child.send_signal(fate)

    def is_told(status: Status) -> bool:
        reported.update(ALARMS & set(show.alarms(status)))
        return reported == ALARMS

    def is_replaced(name: str) -> bool:
        child, gone = show.child(name), before[name]
        return child is not None and gone is not None and child.pid != gone.pid

    show.wait(is_told, "word of each process")
    show.wait(lambda _: all(map(is_replaced, PROCESSES)), "new processes")
    show.wait(lambda status: frames(status) > began + 10, "further frames")
    for gone in before.values():
        assert gone is not None and not psutil.pid_exists(gone.pid), "not even as a zombie"


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_show_survives_each_of_its_processes(show: Running, tmp_path: Path) -> None:
    show.wait(lambda status: frames(status) > 5, "the first frames")
    kill_all(show)
    show.wait(
        lambda status: not ALARMS & set(show.alarms(status)),
        "the end of their alarms",
    )
    show.wait(
        lambda status: all(
            tracker.state is TrackerState.HEARD for tracker in status.of(InputsHealth).trackers
        ),
        "the voice",
    )
    desk = show.child("desk")
    assert show.link is not None
    show.link.send(EndShow())
    out, err = show.process.communicate(timeout=LONG_S)
    assert show.process.returncode == 0, out + err
    report = json.loads((tmp_path / "report.json").read_text())
    told = " ".join([*report["warnings"], *(alarm["text"] for alarm in report["alarms"])])
    assert Path(report["log"]).is_file()
    log = [json.loads(line) for line in Path(report["log"]).read_text().splitlines()]
    for word in WORDS.values():
        assert word in told
        assert any(word in line["message"] for line in log)
    assert desk is not None and desk.is_running(), "the desk stays to show how it ended"
    desk.kill()
    desk.wait(20.0)


def test_nothing_of_a_killed_show_is_left_but_its_outputs(
    show: Running, logs: Path, tmp_path: Path
) -> None:
    """The desk stays for the next show; all others end, and the next start removes the session."""
    film, hls = tmp_path / "show.mp4", tmp_path / "hls"
    show.wait(lambda _: (hls / "segment_00000.m4s").exists(), "the first segment")
    show.wait(lambda _: show.child("desk") is not None, "the desk")
    desk = show.child("desk")
    others = [
        child
        for child in psutil.Process(show.process.pid).children(recursive=True)
        if child.pid != (desk.pid if desk else 0)
    ]
    assert {"capture", "engine", "media", "voice", "watch"} <= {
        child.cmdline()[-1].split()[0] for child in others
    }
    show.process.kill()
    show.process.wait()
    _, alive = psutil.wait_procs(others, timeout=60.0)
    assert alive == []
    assert find_sessions() == []
    assert desk is not None and desk.is_running()
    desk.kill()
    psutil.wait_procs([desk], timeout=20.0)

    with av.open(str(film)) as file:
        length = [frame.time for frame in file.decode(video=0)][-1]
    (log,) = logs.glob(f"*-show-{show.process.pid}/media.log")
    told = [json.loads(line)["message"] for line in log.read_text().splitlines()]
    assert any("the show's process is gone" in line for line in told)
    (line,) = [line for line in told if str(film) in line]
    assert "ended" in line
    assert float(line.partition(" s,")[0].rpartition(" ")[2]) == pytest.approx(length, abs=1.0)
    assert any(str(hls) in line and "ended" in line for line in told)
