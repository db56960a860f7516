"""Test both ends of the bus: delivery, counting of malformed messages, and no blocking."""

from __future__ import annotations

import getpass
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
from renderer.protocol.outputs import GoLive, OutputsHealth, StopLive
from renderer.protocol.schema import SCHEMA_VERSION, Command, Reply, Section, section_types
from renderer.protocol.show import EndShow, ShowHealth, ShowState
from renderer.protocol.status import Status
from renderer.transport.bus import DeskLink, ShowEndpoint

HEALTH = ShowHealth(
    state=ShowState.PREVIEW, show_seconds=1.5, frames=45, frame_rate=30.0, latency_ms=48.0,
    stage_ms={"draw": 8.0},
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
    """Return the result of `there` as soon as it is true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := there():
            return found
        time.sleep(0.005)
    raise AssertionError("it did not happen in time")


@pytest.fixture(params=["socket file", "loopback"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a session folder; one with a name too long for a socket file makes the bus use TCP."""
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


def next_status(show: ShowEndpoint, desk: DeskLink, section: Section) -> Status:
    """Return the first status in which a section has arrived."""

    def received() -> Status | None:
        show.publish(section)
        status = desk.latest_status()
        return status if status is not None and status.has(type(section)) else None

    found = until(received)
    assert isinstance(found, Status)
    return found


def test_a_section_arrives_whole(show: ShowEndpoint, desk: DeskLink) -> None:
    assert next_status(show, desk, HEALTH).of(ShowHealth) == HEALTH


@pytest.mark.parametrize("kind", section_types())
def test_every_kind_of_section_arrives(
    show: ShowEndpoint, desk: DeskLink, kind: type[Section]
) -> None:
    status = next_status(show, desk, kind())
    assert status.of(kind) == kind()
    assert not any(status.has(other) for other in section_types() if other is not kind)


def test_sections_of_other_kinds_stay(show: ShowEndpoint, desk: DeskLink) -> None:
    next_status(show, desk, HEALTH)
    status = next_status(show, desk, OutputsHealth(recording=True))
    assert status.of(ShowHealth) == HEALTH
    assert status.of(OutputsHealth).recording


def test_figures_may_be_numpy_s(show: ShowEndpoint, desk: DeskLink) -> None:
    measured = msgspec.structs.replace(
        HEALTH, latency_ms=np.float64(48.0), stage_ms={"draw": np.float32(8.0)}, frames=np.int64(45)
    )
    assert next_status(show, desk, measured).of(ShowHealth) == HEALTH


def test_only_the_newest_section_of_a_kind_is_kept(show: ShowEndpoint, desk: DeskLink) -> None:
    next_status(show, desk, HEALTH)
    for frames in range(1000, 1050):
        show.publish(msgspec.structs.replace(HEALTH, frames=frames))
    newest: list[int] = []

    def arrived() -> bool:
        if (status := desk.latest_status()) is not None:
            newest.append(status.of(ShowHealth).frames)
        return bool(newest) and newest[-1] == 1049

    until(arrived)
    assert newest == sorted(newest)
    assert desk.latest_status() is None


def test_a_desk_that_slept_has_the_present_soon(show: ShowEndpoint, desk: DeskLink) -> None:
    next_status(show, desk, HEALTH)
    for frames in range(1000, 3000):  # More than the queue holds.
        show.publish(msgspec.structs.replace(HEALTH, frames=frames))
    present = msgspec.structs.replace(HEALTH, frames=9999)

    def arrived() -> bool:
        show.publish(present)
        status = desk.latest_status()
        return status is not None and status.of(ShowHealth) == present

    until(arrived)


def card_with(folder: Path, **fields: object) -> None:
    card = msgspec.json.decode((folder / "bus.json").read_bytes())
    (folder / "bus.json").write_bytes(msgspec.json.encode({**card, **fields}))


@pytest.mark.parametrize("version", [1, SCHEMA_VERSION + 1])
def test_a_desk_of_another_version_is_refused_with_both_versions(
    folder: Path, show: ShowEndpoint, version: int
) -> None:
    card_with(folder, schema=version)
    with pytest.raises(DeskError, match=f"version {version} .* version {SCHEMA_VERSION}"):
        DeskLink(folder)


@pytest.mark.parametrize("version", [(), (SCHEMA_VERSION + 1,)])
def test_a_command_of_another_version_is_answered_and_not_done(
    show: ShowEndpoint, desk: DeskLink, version: tuple[int, ...]
) -> None:
    asked = [9, 2**62, {"type": "EndShow"}, *version]
    raw_dealer(desk).send(msgspec.msgpack.encode(asked))
    answers: dict[int, Reply] = {}

    def answered() -> bool:
        assert list(show.commands()) == []
        answers.update(desk.replies())
        return bool(answers)

    until(answered)
    assert not answers[9].ok
    assert "version" in answers[9].text


def test_commands_are_answered(show: ShowEndpoint, desk: DeskLink) -> None:
    live, stop = GoLive("rtmp://example.invalid/live"), StopLive(operator="Mina")
    asked = [ask(desk, live), ask(desk, stop)]
    heard: list[Command] = []

    def served() -> bool:
        for command, reply in show.commands():
            heard.append(command)
            reply(Reply(True, type(command).__name__))
        return len(heard) == 2

    until(served)
    # Who names no operator is the machine's user.
    assert heard == [msgspec.structs.replace(live, operator=getpass.getuser()), stop]
    answers: dict[int, Reply] = {}
    until(lambda: answers.update(desk.replies()) or len(answers) == 2)
    assert answers == {asked[0]: Reply(True, "GoLive"), asked[1]: Reply(True, "StopLive")}


def test_send_waits_for_its_own_answer(show: ShowEndpoint, desk: DeskLink) -> None:
    ask(desk, StopLive())  # Its answer arrives first and is not the awaited one.
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


def test_a_silent_show_is_reported_in_time(show: ShowEndpoint, desk: DeskLink) -> None:
    with pytest.raises(DeskError, match="does not answer"):
        desk.send(GoLive(), timeout=0.2)


def test_a_command_that_waited_too_long_is_not_executed(show: ShowEndpoint, desk: DeskLink) -> None:
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
    """Return the desk's own socket, to send what no desk would."""
    until(lambda: desk._dealer.poll(0, zmq.POLLOUT))
    return desk._dealer


def test_rubbish_for_the_show_is_counted_and_reported(show: ShowEndpoint, desk: DeskLink) -> None:
    dice = random.Random(7)
    request = msgspec.msgpack.encode(
        [1, 2**62, {"type": "GoLive", "address": "héé"}, SCHEMA_VERSION]
    )
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
    stop = StopLive(operator="Mina")
    number = ask(desk, stop)
    heard: list[Command] = []
    until(lambda: heard.extend(command for command, _ in show.commands()) or stop in heard)
    assert show.malformed > 300
    assert show.last_fault.startswith("a desk sent a command that cannot be read")
    assert number > 0


def test_a_broken_command_gets_a_plain_answer(show: ShowEndpoint, desk: DeskLink) -> None:
    raw_dealer(desk).send(msgspec.msgpack.encode([77, 2**62, {"type": "Explode"}, SCHEMA_VERSION]))
    answers: dict[int, Reply] = {}
    until(lambda: list(show.commands()) or answers.update(desk.replies()) or answers)
    assert not answers[77].ok
    assert "cannot be read" in answers[77].text


def test_rubbish_for_the_desk_is_counted_and_reported(show: ShowEndpoint, desk: DeskLink) -> None:
    next_status(show, desk, HEALTH)
    topic, dancing = b"ShowHealth", {"type": "ShowHealth", "state": "dancing"}
    for rubbish in (
        [b""],
        [topic],
        [topic, b"\x93"],
        [topic, b"\xff" * 100],
        [topic, msgspec.msgpack.encode(dancing)],
        [topic, b"one", b"two"],
        [b"Weather", b"\x80"],
    ):
        before = desk.malformed

        def counted(rubbish: list[bytes] = rubbish, before: int = before) -> bool:
            show._publisher.send_multipart(rubbish)  # Repeatedly: one may be skipped.
            return desk.latest_status() is None and desk.malformed > before

        until(counted)
    assert "status that cannot be read" in desk.last_fault
    assert next_status(show, desk, HEALTH).of(ShowHealth) == HEALTH


def test_a_flood_does_not_hold_the_tick(show: ShowEndpoint, desk: DeskLink) -> None:
    dealer = raw_dealer(desk)
    for _ in range(40):
        dealer.send(b"rubbish")
    until(lambda: show._router.poll(0, zmq.POLLIN))
    before = show.malformed
    list(show.commands())
    assert show.malformed - before <= 16


def test_a_hundred_thousand_malformed_messages_are_survived(
    show: ShowEndpoint, desk: DeskLink
) -> None:
    dealer = raw_dealer(desk)
    sent = 0
    while sent < 100_000:
        try:
            dealer.send(b"\x93\x01rubbish", zmq.DONTWAIT)
            sent += 1
        except zmq.Again:
            assert not list(show.commands())
    end = time.monotonic() + 60.0
    while show.malformed < sent and time.monotonic() < end:
        assert not list(show.commands())
    stop = StopLive(operator="Mina")
    number = ask(desk, stop)
    heard: list[Command] = []
    until(lambda: heard.extend(command for command, _ in show.commands()) or stop in heard, 60.0)
    assert heard == [stop]
    assert show.malformed == sent
    assert number > 0


def test_a_killed_desk_leaves_the_show_alone_and_the_next_finds_it(
    folder: Path, show: ShowEndpoint
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", DESK, str(folder)], stdout=subprocess.PIPE
    ) as process:
        until(lambda: show.publish(HEALTH) or (process.stdout and _readable(process)))
        process.send_signal(signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)
        process.wait()
    for _ in range(100):
        show.publish(HEALTH)
    assert list(show.commands()) == []
    assert show.malformed == 0
    with DeskLink(folder) as second:
        assert next_status(show, second, HEALTH).of(ShowHealth) == HEALTH


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


NOWHERE = msgspec.json.encode({"status": "x", "commands": "y", "schema": SCHEMA_VERSION})


@pytest.mark.parametrize("card", [None, b"", b"\xff\xfe", b"{}", NOWHERE])
def test_a_folder_without_a_bus_is_reported(tmp_path: Path, card: bytes | None) -> None:
    if card is not None:
        (tmp_path / "bus.json").write_bytes(card)
    with pytest.raises(DeskError, match="start the show"):
        DeskLink(tmp_path)


def test_a_bus_that_cannot_be_opened_is_reported(tmp_path: Path) -> None:
    with pytest.raises(DeskError, match="cannot be opened"):
        ShowEndpoint(tmp_path / "none")
