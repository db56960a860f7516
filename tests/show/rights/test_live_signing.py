"""Test that segments of live playlists are signed as they are made, and no other files."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from renderer.errors import RightsError
from renderer.output.spec import PLAYLIST
from renderer.protocol.alarms import Alarms
from renderer.protocol.outputs import OutputsHealth, OutputState, OutputStatus
from renderer.rights.provenance.certificate import load_certificate, make_chain
from renderer.rights.provenance.credentials import Signature
from renderer.rights.provenance.hls import read_playlist, sum_up
from renderer.rights.show_records import keep_record
from renderer.show.rights.live_signing import LiveSigner, run
from renderer.show.rights.signing import sign_recordings
from renderer.show.side_processes import SideProcesses
from renderer.transport.bus import ShowEndpoint
from tests.rights.test_hls_credentials import INIT, SEGMENTS
from tests.rights.test_provenance import NOW, RECORD

MARK = int(RECORD.code, 16)
LONG_S = 60.0


class Folder:
    """An HLS folder that a show writes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir()
        (path / "init.mp4").write_bytes(INIT)
        self._lines = ["#EXTM3U", '#EXT-X-MAP:URI="init.mp4"']
        self._count = 0

    def add(self) -> None:
        """Add a segment as a show does: the segment, then the playlist in place of the old one."""
        name = f"segment_{self._count:05d}.m4s"
        (self.path / name).write_bytes(SEGMENTS[self._count])
        self._lines += ["#EXTINF:0.166,", name]
        self._count += 1
        part = self.path / ".part"
        part.write_text("\n".join([*self._lines, ""]))
        part.replace(self.path / PLAYLIST)

    def status(self, state: OutputState = OutputState.RUNNING, packets: int = 9) -> OutputStatus:
        return OutputStatus("stream", "hls", f"hls:{self.path}", state, packets=packets)

    @property
    def signed(self) -> list[str]:
        return sorted(path.name for path in self.path.glob("*.c2pa"))


@pytest.fixture
def live(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    monkeypatch.setenv("ENCORE_DATA", str(tmp_path / "data"))
    keep_record(RECORD)
    return Folder(tmp_path / "hls")


def test_each_segment_is_signed_once_it_is_listed(live: Folder) -> None:
    signer = LiveSigner(MARK, load_certificate())
    assert signer.sign([live.status()]) == 0
    for number in range(3):
        live.add()
        assert signer.sign([live.status()]) == 1
        assert signer.sign([live.status()]) == 0
        assert len(live.signed) == number + 1
    found, others = sum_up(list(read_playlist(live.path / PLAYLIST, load_certificate().root)))
    assert (found.signature, found.show, others) == (Signature.TRUSTED, RECORD.code, [])


def test_an_earlier_show_s_segments_are_not_signed_in_this_one_s_name(live: Folder) -> None:
    """An output that waits for its folder has not removed them yet."""
    live.add()
    signer = LiveSigner(MARK, make_chain(NOW))
    waiting = live.status(OutputState.WAITING, packets=0)
    ended = live.status(OutputState.ENDED)
    recording = msgspec.structs.replace(live.status(), kind="mp4")
    assert signer.sign([waiting, ended, recording]) == 0
    assert live.signed == []


def test_a_show_without_a_record_signs_nothing(live: Folder) -> None:
    live.add()
    with pytest.raises(RightsError, match="has no record"):
        LiveSigner(MARK ^ 1, make_chain(NOW)).sign([live.status()])
    assert live.signed == []


class Process:
    """This process, as the signing process knows itself."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self.is_ready = threading.Event()

    def ready(self, detail: str = "") -> None:
        self.is_ready.set()


def _wait(true: Callable[[], object]) -> bool:
    deadline = time.monotonic() + LONG_S
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.02)
    return False


def test_the_process_follows_the_show_and_its_end_signs_what_is_left(
    live: Folder, tmp_path: Path
) -> None:
    bus = tmp_path / "bus"
    bus.mkdir(mode=0o700)
    process = Process()
    thread = threading.Thread(target=run, args=(process, bus, MARK))
    with ShowEndpoint(bus) as show:
        thread.start()
        try:
            assert process.is_ready.wait(LONG_S)
            for number in range(2):
                live.add()

                def is_signed(count: int = number + 1) -> bool:
                    show.publish(OutputsHealth([live.status()]))
                    return len(live.signed) == count

                assert _wait(is_signed)
        finally:
            process.stopping.set()
            thread.join(LONG_S)
    live.add()
    assert sign_recordings([live.status(OutputState.ENDED)], MARK) == []
    assert len(live.signed) == 3


def test_a_process_beside_the_show_signs(live: Folder, tmp_path: Path) -> None:
    bus = tmp_path / "bus"
    bus.mkdir(mode=0o700)
    alarms = Alarms()
    live.add()

    def is_signed() -> bool:
        show.publish(OutputsHealth([live.status()]))
        return live.signed == ["segment_00000.c2pa"]

    with ShowEndpoint(bus) as show, SideProcesses(alarms) as side:
        side.sign_playlists(MARK, bus)
        assert _wait(is_signed), [one.text for one in alarms.history]
