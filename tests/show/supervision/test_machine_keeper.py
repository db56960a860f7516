"""Test the port for other machines as a show has it: a process that may die, alarms, desks."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import msgspec
import numpy as np
import psutil
import pytest
import zmq

from renderer.errors import DeskError
from renderer.protocol.alarms import Alarms
from renderer.protocol.inputs import CameraState, CameraStatus, InputsHealth
from renderer.protocol.machines import MachinePart, MachinesHealth
from renderer.protocol.outputs import GoLive, StopLive
from renderer.protocol.pictures import AskPicture, PictureStatus
from renderer.protocol.roles import Role
from renderer.protocol.schema import Command, Reply
from renderer.protocol.show import EndShow
from renderer.show.event_log import EventLog
from renderer.show.supervision.machine_keeper import MachineKeeper
from renderer.transport.bus import ShowEndpoint
from renderer.transport.latest import LatestPicture
from renderer.transport.machines.address import HostPort
from renderer.transport.machines.member import Membership
from renderer.transport.machines.messages import (
    DeskAnswer,
    DeskCommand,
    DeskPicture,
    DeskSection,
    ToMachine,
)
from renderer.transport.machines.pairing_file import join_by_file, write_pairing
from renderer.transport.machines.store import JoinedShow, PairedMachine, PairingStore, make_keys

DEADLINE_S = 60.0
LOOPBACK = HostPort("127.0.0.1", 0)


class Show:
    """What the supervisor has: the bus, alarms, the log, and the keeper."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "session"
        self.folder.mkdir()
        self._other = folder
        self.endpoint = ShowEndpoint(self.folder)
        self.events = EventLog()
        self.alarms = Alarms(self.events.add_alarm)
        self.keeper = MachineKeeper(LOOPBACK, self.folder, "First Light", self.alarms, self.events)
        self.context = zmq.Context()
        self.members: list[Membership] = []
        self.received: list[ToMachine] = []
        self.commands: list[Command] = []
        self.health = MachinesHealth()

    def pair(self, name: str, part: MachinePart, role: Role = Role.CONTROL) -> JoinedShow:
        path = self._other / f"{name}.pairing"
        at = HostPort("127.0.0.1", self.keeper.port)
        write_pairing(PairingStore(), PairedMachine(name, part, role, "", 0.0), at, path)
        return join_by_file(PairingStore(self._other / name), path)

    def join(self, show: JoinedShow) -> Membership:
        member = Membership(self.context, show, "1.0", lambda sentence: None)
        self.members.append(member)
        return member

    def until(self, there: Callable[[], object]) -> None:
        deadline = time.monotonic() + DEADLINE_S
        while not there():
            assert time.monotonic() < deadline, "it did not happen in time"
            time.sleep(0.005)
            self.keeper.poll(lambda health: setattr(self, "health", health))
            for member in self.members:
                member.keep_up()
                self.received += member.messages()
            for command, reply in self.endpoint.commands():
                self.commands.append(command)
                reply(Reply(True, f"{type(command).__name__} done"))

    def texts(self) -> list[str]:
        return [event.text for event in self.events.section().events]

    def answer_to(self, member: Membership, number: int, command: Command) -> Reply:
        """Return the answer to a desk's command."""
        raw = msgspec.Raw(msgspec.msgpack.encode(command))
        member.send(DeskCommand(number, time.monotonic_ns() + 10**11, raw))

        def answers() -> list[Reply]:
            return [
                one.reply
                for one in self.received
                if isinstance(one, DeskAnswer) and one.number == number
            ]

        self.until(answers)
        return answers()[0]

    def close(self) -> None:
        for member in self.members:
            member.close()
        self.context.term()
        self.keeper.close()
        self.endpoint.close()


@pytest.fixture
def show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Show]:
    monkeypatch.setenv("ENCORE_DATA", str(tmp_path / "data"))
    opened = Show(tmp_path)
    yield opened
    opened.close()


def test_a_machine_joins_and_its_loss_is_an_alarm_until_it_is_back(show: Show) -> None:
    paired = show.pair("studio-b", MachinePart.CAPTURE)
    show.join(paired)
    show.until(lambda: "Machine studio-b has joined from 127.0.0.1" in show.texts())
    show.members.pop().close()
    show.until(lambda: [one.id for one in show.alarms.active] == ["machines.studio-b"])
    show.join(paired)
    show.until(lambda: not show.alarms.active)


def test_a_killed_port_is_open_again_and_machines_are_back(show: Show) -> None:
    member = show.join(show.pair("studio-b", MachinePart.CAPTURE))
    show.until(lambda: member.is_welcome)
    port, process = show.keeper.port, show.keeper._process.child
    psutil.Process(process.pid).kill()
    show.until(lambda: any(one.id == "machines" for one in show.alarms.active))
    show.until(lambda: member.is_welcome and not show.alarms.active)
    assert show.keeper.port == port


def test_a_stranger_is_an_alarm_and_an_event_and_commands_nothing(show: Show) -> None:
    paired = show.pair("foh", MachinePart.DESK)
    stranger = show.join(msgspec.structs.replace(paired, keys=make_keys()))
    raw = msgspec.Raw(msgspec.msgpack.encode(EndShow()))
    stranger.send(DeskCommand(1, 2**62, raw))
    show.until(lambda: any(one.id == "machines.stranger" for one in show.alarms.active))
    assert any("is not paired with this machine" in text for text in show.texts())
    assert show.health.refused
    assert not show.commands


def test_a_port_in_use_keeps_the_show_from_starting(show: Show, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    at = HostPort("127.0.0.1", show.keeper.port)
    with ShowEndpoint(other), pytest.raises(DeskError, match="cannot be listened on"):
        MachineKeeper(at, other, "Another", show.alarms, show.events)


def test_a_desk_commands_as_far_as_its_role_goes(show: Show) -> None:
    desk = show.join(show.pair("foh", MachinePart.DESK, Role.VIEW))
    show.until(lambda: desk.is_welcome)
    refused = show.answer_to(desk, 1, StopLive())
    assert not refused.ok
    assert "needs the role control" in refused.text
    assert show.answer_to(desk, 3, AskPicture("program", 320, 180)).ok
    show.commands.clear()
    able = show.join(show.pair("console", MachinePart.DESK, Role.CONTROL))
    show.until(lambda: able.is_welcome)
    done = show.answer_to(able, 2, StopLive())
    assert done == Reply(True, "StopLive done")
    assert show.commands == [StopLive(operator="console")]


def test_a_command_that_is_late_or_malformed_is_not_done(show: Show) -> None:
    desk = show.join(show.pair("foh", MachinePart.DESK))
    show.until(lambda: desk.is_welcome)
    late = msgspec.Raw(msgspec.msgpack.encode(GoLive("rtmp://example.invalid/live")))
    desk.send(DeskCommand(1, time.monotonic_ns() - 1, late))
    desk.send(DeskCommand(2, 2**62, msgspec.Raw(msgspec.msgpack.encode({"type": "Explode"}))))
    show.until(lambda: len([one for one in show.received if isinstance(one, DeskAnswer)]) == 2)
    texts = [one.reply.text for one in show.received if isinstance(one, DeskAnswer)]
    assert "too late" in texts[0]
    assert "cannot be read" in texts[1]
    assert not show.commands


def test_a_desk_gets_the_status_and_the_pictures(show: Show) -> None:
    path = show.folder / "camera-0.picture"
    camera = CameraStatus("cam", CameraState.SEEING, picture=PictureStatus(str(path), 32, 16))
    section = InputsHealth([camera])
    desk = show.join(show.pair("foh", MachinePart.DESK))
    show.until(lambda: desk.is_welcome)
    with LatestPicture.create(path, 32, 16) as picture:

        def all_there() -> bool:
            show.endpoint.publish(section)
            picture.publish(np.full((16, 32, 3), (250, 0, 0), np.uint8), 77)
            return any(isinstance(one, DeskPicture) for one in show.received)

        show.until(all_there)
    sent = [one for one in show.received if isinstance(one, DeskSection)]
    assert msgspec.msgpack.decode(sent[0].payload, type=InputsHealth) == section
    shown = next(one for one in show.received if isinstance(one, DeskPicture))
    assert (shown.path, shown.width, shown.height, shown.t_ns) == (str(path), 32, 16, 77)
    pixels = cv2.imdecode(np.frombuffer(shown.jpeg, np.uint8), cv2.IMREAD_COLOR_RGB)
    assert np.abs(pixels.astype(int) - (250, 0, 0)).max() < 10
