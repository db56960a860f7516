"""The bus, both real ends: words arrive, rubbish is counted, and nobody waits for anybody."""

from __future__ import annotations

import random
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest
import zmq

from renderer.errors import DeskError
from renderer.protocol.messages import Command, EndShow, GoLive, Reply, ShowState, Status, StopLive
from renderer.transport.bus import DeskLink, ShowEndpoint

STATUS = Status(
    state=ShowState.PREVIEW, show_seconds=1.5, length_seconds=60.0, frames=45, frame_rate=30.0,
    target_rate=30.0, latency_ms=48.0, dropped=0, performer="Ren", avatar="Aoi",
    song="", usage="stream", licence=["Credit is required."], outputs=[], recording=False,
    stage_ms={"draw": 8.0}, warnings=[],
)  # fmt: skip

DESK = """
import sys, time
from pathlib import Path
from renderer.transport.bus import DeskLink
link = DeskLink(Path(sys.argv[1]))
while link.latest_status() is None:
    time.sleep(0.01)
print("seen", flush=True)
time.sleep(60)
"""


def until(there: Callable[[], object], seconds: float = 10.0) -> object:
    """What `there` returns as soon as that is anything."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := there():
            return found
        time.sleep(0.005)
    raise AssertionError("it did not happen in time")


@pytest.fixture(params=["socket file", "loopback"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A session folder; one of a name too long for a socket file makes the bus use TCP."""
    made = tmp_path_factory.mktemp("bus")
    if request.param == "loopback":
        made = made / ("a" * 120)
        made.mkdir()
    return made


@pytest.fixture
def show(folder: Path) -> Iterator[ShowEndpoint]:
    with ShowEndpoint(folder) as endpoint:
        yield endpoint


@pytest.fixture
def desk(folder: Path, show: ShowEndpoint) -> Iterator[DeskLink]:
    with DeskLink(folder) as link:
        yield link


def ask(desk: DeskLink, command: Command) -> int:
    """Post as soon as the desk is connected."""

    def posted() -> int | None:
        try:
            return desk.post(command)
        except DeskError:
            return None

    number = until(posted)
    assert isinstance(number, int)
    return number


def next_status(show: ShowEndpoint, desk: DeskLink, status: Status) -> Status:
    def received() -> Status | None:
        show.publish(status)
        return desk.latest_status()

    found = until(received)
    assert isinstance(found, Status)
    return found


def test_a_status_arrives_whole(show: ShowEndpoint, desk: DeskLink) -> None:
    assert next_status(show, desk, STATUS) == STATUS


def test_figures_may_be_numpy_s(show: ShowEndpoint, desk: DeskLink) -> None:
    measured = msgspec.structs.replace(
        STATUS, latency_ms=np.float64(48.0), stage_ms={"draw": np.float32(8.0)}, frames=np.int64(45)
    )
    assert next_status(show, desk, measured) == STATUS


def test_only_the_newest_status_is_kept(show: ShowEndpoint, desk: DeskLink) -> None:
    next_status(show, desk, STATUS)
    for frames in range(1000, 1200):
        show.publish(msgspec.structs.replace(STATUS, frames=frames))
    time.sleep(0.2)
    newest = desk.latest_status()
    assert newest is not None
    assert newest.frames > 1000
    assert desk.latest_status() is None


def test_commands_are_answered(show: ShowEndpoint, desk: DeskLink) -> None:
    asked = [ask(desk, GoLive("rtmp://example.invalid/live")), ask(desk, StopLive())]
    heard: list[Command] = []

    def served() -> bool:
        for command, reply in show.commands():
            heard.append(command)
            reply(Reply(True, type(command).__name__))
        return len(heard) == 2

    until(served)
    assert heard == [GoLive("rtmp://example.invalid/live"), StopLive()]
    answers: dict[int, Reply] = {}
    until(lambda: answers.update(desk.replies()) or len(answers) == 2)
    assert answers == {asked[0]: Reply(True, "GoLive"), asked[1]: Reply(True, "StopLive")}


def test_send_waits_for_its_own_answer(show: ShowEndpoint, desk: DeskLink) -> None:
    ask(desk, StopLive())  # Its answer comes first and is not the one waited for.
    done = threading.Event()

    def serve() -> None:
        while not done.wait(0.005):
            for command, reply in show.commands():
                reply(Reply(True, type(command).__name__))

    server = threading.Thread(target=serve)
    server.start()
    try:
        assert desk.send(EndShow(), timeout=10) == Reply(True, "EndShow")
    finally:
        done.set()
        server.join()


def test_a_silent_show_is_told_in_time(show: ShowEndpoint, desk: DeskLink) -> None:
    with pytest.raises(DeskError, match="does not answer"):
        desk.send(GoLive(), timeout=0.2)


def test_a_command_that_waited_too_long_is_not_obeyed(show: ShowEndpoint, desk: DeskLink) -> None:
    until(lambda: desk._dealer.poll(0, zmq.POLLOUT))
    number = desk.post(GoLive(), lifetime=0.0)
    answers: dict[int, Reply] = {}

    def answered() -> bool:
        assert list(show.commands()) == []
        answers.update(desk.replies())
        return bool(answers)

    until(answered)
    assert not answers[number].ok
    assert "too late" in answers[number].text


def test_commands_for_a_show_that_is_gone_are_refused(folder: Path) -> None:
    with ShowEndpoint(folder), DeskLink(folder) as desk:
        ask(desk, StopLive())
    with ShowEndpoint(folder) as gone:
        gone.close()
        with DeskLink(folder) as desk:
            assert desk.latest_status() is None
            with pytest.raises(DeskError, match="does not answer"):
                desk.post(GoLive())
            with pytest.raises(DeskError, match="does not answer"):
                desk.send(GoLive(), timeout=0.1)


def raw_dealer(desk: DeskLink) -> zmq.Socket[bytes]:
    """The desk's own socket, for saying what no desk would."""
    until(lambda: desk._dealer.poll(0, zmq.POLLOUT))
    return desk._dealer


def test_rubbish_for_the_show_is_counted_and_told(show: ShowEndpoint, desk: DeskLink) -> None:
    dice = random.Random(7)
    request = msgspec.msgpack.encode([1, 2**62, {"type": "GoLive", "address": "héé"}])
    hostile = [b"", b"\x91" * 60_000, b"\x93\x01\x02" + b"\x91" * 60_000]
    for _ in range(300):
        broken = bytearray(request)
        broken[dice.randrange(len(broken))] = dice.randrange(256)
        hostile += [bytes(broken), dice.randbytes(dice.randrange(50))]
    dealer = raw_dealer(desk)
    for message in hostile:
        dealer.send(message)
        list(show.commands())
        desk_answers = list(desk.replies())
        assert all(isinstance(reply, Reply) for _, reply in desk_answers)
    dealer.send_multipart([b"one", b"two", b"three"])
    number = ask(desk, StopLive())
    heard: list[Command] = []
    until(lambda: heard.extend(command for command, _ in show.commands()) or StopLive() in heard)
    assert show.malformed > 300
    assert show.last_fault.startswith("a desk sent a command that cannot be read")
    assert number > 0


def test_a_broken_command_gets_a_plain_answer(show: ShowEndpoint, desk: DeskLink) -> None:
    raw_dealer(desk).send(msgspec.msgpack.encode([77, 2**62, {"type": "Explode"}]))
    answers: dict[int, Reply] = {}
    until(lambda: list(show.commands()) or answers.update(desk.replies()) or answers)
    assert not answers[77].ok
    assert "cannot be read" in answers[77].text


def test_rubbish_for_the_desk_is_counted_and_told(show: ShowEndpoint, desk: DeskLink) -> None:
    next_status(show, desk, STATUS)
    for rubbish in (b"", b"\x93", b"\xff" * 100, msgspec.msgpack.encode({"state": "dancing"})):
        before = desk.malformed

        def counted(rubbish: bytes = rubbish, before: int = before) -> bool:
            show._publisher.send(rubbish)  # Like statuses, again and again: one may be skipped.
            return desk.latest_status() is None and desk.malformed > before

        until(counted)
    assert "status that cannot be read" in desk.last_fault
    assert next_status(show, desk, STATUS) == STATUS


def test_a_flood_does_not_hold_the_tick(show: ShowEndpoint, desk: DeskLink) -> None:
    dealer = raw_dealer(desk)
    for _ in range(40):
        dealer.send(b"rubbish")
    until(lambda: show._router.poll(0, zmq.POLLIN))
    before = show.malformed
    list(show.commands())
    assert show.malformed - before <= 16


def test_a_killed_desk_leaves_the_show_alone_and_the_next_finds_it(
    folder: Path, show: ShowEndpoint
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", DESK, str(folder)], stdout=subprocess.PIPE
    ) as process:
        until(lambda: show.publish(STATUS) or (process.stdout and _readable(process)))
        process.send_signal(signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)
        process.wait()
    for _ in range(100):
        show.publish(STATUS)
    assert list(show.commands()) == []
    assert show.malformed == 0
    with DeskLink(folder) as second:
        assert next_status(show, second, STATUS) == STATUS


def _readable(process: subprocess.Popen[bytes]) -> bool:
    assert process.stdout is not None
    ready, _, _ = select.select([process.stdout], [], [], 0.01)
    return bool(ready)


def test_strangers_without_the_key_are_not_heard(tmp_path: Path) -> None:
    folder = tmp_path / ("a" * 120)
    folder.mkdir()
    with ShowEndpoint(folder) as show:
        card = msgspec.json.decode((folder / "bus.json").read_bytes())
        assert card["key"]
        with zmq.Context() as context, context.socket(zmq.DEALER) as stranger:
            stranger.set(zmq.LINGER, 0)
            stranger.connect(card["commands"])
            stranger.send(msgspec.msgpack.encode([1, 2**62, {"type": "EndShow"}]))
            time.sleep(0.3)
            assert list(show.commands()) == []
            assert show.malformed == 0


@pytest.mark.parametrize("card", [None, b"", b"\xff\xfe", b"{}", b'{"status":"x","commands":"y"}'])
def test_a_folder_without_a_bus_is_told(tmp_path: Path, card: bytes | None) -> None:
    if card is not None:
        (tmp_path / "bus.json").write_bytes(card)
    with pytest.raises(DeskError, match="start the show"):
        DeskLink(tmp_path)


def test_a_bus_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    with pytest.raises(DeskError, match="cannot be opened"):
        ShowEndpoint(tmp_path / "none")
