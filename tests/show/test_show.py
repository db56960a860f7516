"""Test whole shows with the real command: playable outputs, and isolation of dying processes."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import av
import numpy as np
import psutil
import pytest

from avatars.vrma import read_vrma
from renderer.bench.faults.inputs import write_standing_performer
from renderer.capture.records import Observation
from renderer.cli import main
from renderer.motion.takes.read import open_take
from renderer.output.spec import PLAYLIST
from renderer.paths import CLIP, IDOL, SONG
from renderer.protocol.inputs import CameraState, InputsHealth
from renderer.protocol.latency import STAGES, LatencyHealth
from renderer.protocol.outputs import GoLive, OutputsHealth, StartRecording, StopLive, StopRecording
from renderer.protocol.show import EndShow, ShowDocument, ShowHealth, ShowState
from renderer.protocol.status import Status
from renderer.rights.provenance.credentials import Signature
from renderer.rights.show_records import find_record
from renderer.rights.verify import read_own_credentials
from renderer.transport.bus import DeskLink
from renderer.transport.session import find_sessions

Start = Callable[..., subprocess.Popen[str]]
SMALL = ("--size", "256x144")
LONGER = 150
"""Frames of the longer clip."""


def ended(process: subprocess.Popen[str], seconds: float = 120.0) -> tuple[str, str]:
    out, err = process.communicate(timeout=seconds)
    assert process.returncode == 0, out + err
    return out, err


def pictures(path: Path) -> tuple[int, float]:
    """Return the number of pictures in a recording, and its length in seconds."""
    with av.open(str(path)) as file:
        count = sum(1 for _ in file.decode(video=0))
        assert file.duration is not None
        return count, file.duration / av.time_base


def eventually(look: Callable[[], object], what: str, seconds: float = 120.0) -> object:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.05)
    raise AssertionError(f"{what} did not come within {seconds} s")


@pytest.fixture
def desk() -> Iterator[Callable[[], DeskLink]]:
    links: list[DeskLink] = []

    def find() -> DeskLink:
        (session,) = eventually(find_sessions, "a session")
        eventually((session.folder / "bus.json").exists, "the bus")
        links.append(DeskLink(session.folder))
        return links[-1]

    yield find
    for link in links:
        link.close()


def status_where(link: DeskLink, wanted: Callable[[Status], bool]) -> Status:
    def look() -> Status | None:
        status = link.latest_status()
        return status if status is not None and wanted(status) else None

    found = eventually(look, "such a status")
    assert isinstance(found, Status)
    return found


def load_licence_hash(avatar: Path) -> str:
    text = avatar.with_suffix(".licence").read_text()
    return hashlib.sha256(text.strip().encode()).hexdigest()


@dataclass(frozen=True)
class Given:
    """An offline show that was given: its files, what it printed, and what was sent of it."""

    folder: Path
    out: str
    err: str
    packets: bytes
    desk_status: int | None


@pytest.fixture(scope="module")
def given(longer_clip: Path, tmp_path_factory: pytest.TempPathFactory) -> Given:
    """Give one show for all tests of what comes out of it, with a desk that is killed meanwhile."""
    folder = tmp_path_factory.mktemp("given")
    environment = {
        **os.environ, "ENCORE_RUNTIME": str(folder / "run"), "QT_QPA_PLATFORM": "offscreen",
    }  # fmt: skip
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("127.0.0.1", 0))
        receiver.settimeout(60.0)
        show = subprocess.Popen(
            [sys.executable, "-m", "renderer.cli", "show", "--input", str(longer_clip),
             "--song", str(SONG), "--record", str(folder / "show.mp4"),
             "--output", f"hls:{folder / 'hls'}", "--report", str(folder / "report.json"),
             "--take", str(folder / "take.mcap"),
             "--vmc-out", f"127.0.0.1:{receiver.getsockname()[1]}", *SMALL],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment,
        )  # fmt: skip
        try:
            packets = receiver.recv(65536)
            window = subprocess.Popen(
                [sys.executable, "-m", "renderer.cli", "desk"], env=environment
            )
            try:
                eventually(lambda: shows_picture(window) or show.poll() is not None, "the desk")
                status = window.poll()
            finally:
                window.kill()
                window.wait()
            out, err = ended(show)
        finally:
            show.kill()
            show.communicate()
    return Given(folder, out, err, packets, status)


def shows_picture(window: subprocess.Popen[bytes]) -> bool:
    """Return whether a desk has opened the program's shared picture."""
    with suppress(psutil.Error):
        return any(
            "program.picture" in one.path for one in psutil.Process(window.pid).memory_maps()
        )
    return False


def test_every_frame_is_rendered_recorded_and_streamed(given: Given) -> None:
    show = given.folder / "show.mp4"
    count, length = pictures(show)
    assert count == LONGER
    assert length == pytest.approx(5.0, abs=0.1)
    assert pictures(given.folder / "hls" / "live.m3u8")[0] == LONGER
    with av.open(str(show)) as file:
        sound = np.concatenate([f.to_ndarray().mean(axis=0) for f in file.decode(audio=0)])
    assert np.abs(sound).max() > 0.01  # The song is audible.
    told = json.loads((given.folder / "report.json").read_text())
    assert told["frames"] == told["input_frames"] == LONGER
    assert told["seen_frames"] >= LONGER - 3
    assert told["skipped"] == told["refused"] == told["capture_dropped"] == 0
    assert "http://127.0.0.1" in given.err
    assert "from light to encoder" not in given.out  # Offline, latency has no meaning.
    signed = read_own_credentials(show)
    assert signed.signature is Signature.TRUSTED
    record = find_record(signed.show)
    assert record is not None
    assert record.avatars[0].licence == load_licence_hash(IDOL)


def test_a_desk_that_is_killed_costs_no_frame(given: Given) -> None:
    assert given.desk_status is None, "it ran until it was killed"
    assert pictures(given.folder / "show.mp4")[0] == LONGER


def test_a_take_is_kept_and_the_motion_sent_on(given: Given, tmp_path: Path) -> None:
    take, animation = given.folder / "take.mcap", tmp_path / "take.vrma"
    assert b"/VMC/Ext/Bone/Pos" in given.packets
    kept = [entry.record for entry in open_take(take).entries()]
    assert sum(isinstance(record, Observation) for record in kept) == LONGER
    assert main(["take", "export", str(take), str(animation)]) == 0
    assert read_vrma(animation).times[-1] == pytest.approx((LONGER - 1) / 30, abs=0.05)
    assert main(["take", "export", str(take), str(animation), "--as-shown"]) == 0
    assert len(read_vrma(animation).times) == LONGER


def test_the_idol_moves(given: Given) -> None:
    with av.open(str(given.folder / "show.mp4")) as file:
        frames = [f.to_ndarray(format="gray").astype(int) for f in file.decode(video=0)]
    centre = [frame[:, 96:160] for frame in frames]
    assert max(np.abs(a - b).max() for a, b in zip(centre, centre[10:], strict=False)) > 60


def test_the_desk_runs_a_live_show_and_a_signal_ends_it_in_order(
    start: Start, desk: Callable[[], DeskLink], tmp_path: Path
) -> None:
    hls, film = tmp_path / "hls", tmp_path / "film.mp4"
    earlier = hls / PLAYLIST
    earlier.parent.mkdir()
    earlier.write_text("#EXTM3U\n")
    dancer = write_standing_performer(tmp_path / "still.vrma", 120)
    process = start(
        "show", "--input", dancer, "--live", "--off-air", "--output", f"hls:{hls}", *SMALL
    )
    link = desk()
    preview = status_where(link, lambda status: status.of(ShowHealth).frames > 0)
    assert preview.of(ShowHealth).state is ShowState.PREVIEW
    assert preview.of(ShowDocument).licence
    assert preview.of(ShowDocument).target_rate == 30
    assert list(hls.glob("*")) == [earlier]  # Off air, nothing is sent.
    assert process.stderr is not None
    line = next(line for line in process.stderr if "Watch live at" in line)
    url = line.partition("Watch live at")[2].strip()
    assert url.startswith("http://127.0.0.1:")
    with urlopen(url, timeout=60) as page:
        assert page.status == 200
    with pytest.raises(HTTPError, match="404") as missing:
        urlopen(f"{url}stream/{PLAYLIST}", timeout=60)
    missing.value.close()

    assert link.send(StartRecording(str(film)), 60.0).ok
    assert link.send(GoLive(), 60.0).ok
    status_where(link, lambda status: status.of(ShowHealth).state is ShowState.ON_AIR)
    assert status_where(link, lambda status: status.of(OutputsHealth).recording) != preview
    # The media process is asked for its outputs a few times per second, not for every status.
    status_where(
        link,
        lambda status: (
            {out.kind for out in status.of(OutputsHealth).outputs} >= {"mp4", "hls"}
            and all(out.packets > 20 for out in status.of(OutputsHealth).outputs)
        ),
    )
    stages = status_where(link, lambda status: "total" in status.of(LatencyHealth).stages)
    assert set(stages.of(LatencyHealth).stages) == set(STAGES)
    assert link.send(StopLive(), 60.0).ok
    status_where(link, lambda status: status.of(ShowHealth).state is ShowState.PREVIEW)
    assert link.send(StopRecording(), 60.0).ok
    refused = link.send(GoLive("carrier-pigeon://roof"), 60.0)
    assert not refused.ok
    assert "carrier-pigeon" in refused.text
    process.send_signal(signal.SIGINT)
    ended(process)
    assert find_sessions() == []
    assert pictures(film)[0] > 1
    assert pictures(hls / "live.m3u8")[0] > 0


def capture_child(show: int) -> int:
    """Return the child process of a show that runs MediaPipe."""
    for folder in Path("/proc").iterdir():
        try:
            parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
            if parent == show and "mediapipe" in (folder / "maps").read_text():
                return int(folder.name)
        except (OSError, ValueError, IndexError):
            continue
    return 0


def frames(status: Status) -> int:
    return status.of(ShowHealth).frames


def alarms(status: Status) -> set[str]:
    return {alarm.id for alarm in status.of(ShowHealth).alarms}


def seeing(status: Status) -> bool:
    return any(camera.state is CameraState.SEEING for camera in status.of(InputsHealth).cameras)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="children are found in /proc")
def test_a_capture_that_is_killed_on_air_comes_back(
    start: Start, desk: Callable[[], DeskLink], tmp_path: Path
) -> None:
    show = tmp_path / "show.mp4"
    process = start("show", "--input", CLIP, "--live", "--record", show, *SMALL)
    link = desk()
    status_where(link, lambda status: seeing(status) and frames(status) > 5)
    os.kill(capture_child(process.pid), signal.SIGKILL)
    lost = status_where(link, lambda status: "camera.1" in alarms(status))
    status_where(link, lambda status: frames(status) > frames(lost) + 20)  # The show continues.
    eventually(lambda: capture_child(process.pid), "a new capture process")
    # Conditions that are over are cleared automatically.
    status_where(link, lambda status: seeing(status) and "camera.1" not in alarms(status))
    link.send(EndShow())
    ended(process)
    assert pictures(show)[0] > 20
