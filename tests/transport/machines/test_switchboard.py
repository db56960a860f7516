"""Test who may join a show from another machine, what is passed on, and what is refused."""

from __future__ import annotations

import random
import socket
import time

import msgspec
import pytest
import zmq
from machine_studio import Studio

from renderer.protocol.machines import MachinePart
from renderer.protocol.outputs import StopLive
from renderer.protocol.schema import SCHEMA_VERSION, Reply
from renderer.transport.machines.card import read_card
from renderer.transport.machines.member import connect, receive, send
from renderer.transport.machines.messages import (
    CaptureData,
    CaptureOrder,
    CaptureState,
    DeskAnswer,
    DeskCommand,
    DeskSection,
    OpenCapture,
    SignOfLife,
    WantCapture,
    encode,
)
from renderer.transport.machines.store import make_keys

ORDER = CaptureOrder(performers=2, picture_width=320, focal=1.1)
STOP = DeskCommand(7, 2**62, msgspec.Raw(msgspec.msgpack.encode(StopLive())))


def is_joined(studio: Studio, name: str) -> bool:
    """Return whether the show knows that a machine takes part."""
    return any(one.name == name and one.is_joined for one in studio.board.health().machines)


def test_a_paired_machine_joins_and_knows_the_show_s_clock(studio: Studio) -> None:
    member = studio.join(studio.pair("studio-b", MachinePart.CAPTURE))
    studio.until(lambda: member.is_welcome and member.clock.is_known)
    # Both are on this machine, so that the clocks are the same.
    assert abs(member.clock.offset_ns) <= member.clock.round_trip_ms * 1e6 / 2 + 1
    studio.until(lambda: studio.board.health().machines[0].round_trip_ms > 0.0)
    (status,) = studio.board.health().machines
    assert (status.name, status.is_joined, status.address) == ("studio-b", True, "127.0.0.1")
    assert member.title == "First Light"


def test_a_machine_that_is_gone_is_known_to_be(studio: Studio) -> None:
    member = studio.join(studio.pair("studio-b", MachinePart.CAPTURE))
    studio.until(lambda: is_joined(studio, "studio-b"))
    studio.members.clear()
    member.close()
    studio.until(lambda: not is_joined(studio, "studio-b"))
    assert [one.name for one in studio.board.health().machines] == ["studio-b"]


def test_a_switchboard_that_starts_again_has_its_machines_again(studio: Studio) -> None:
    member = studio.join(studio.pair("studio-b", MachinePart.CAPTURE))
    studio.until(lambda: is_joined(studio, "studio-b"))
    port = studio.board.port
    studio.board.close()
    studio.board = studio.open(port)
    studio.until(lambda: is_joined(studio, "studio-b") and member.is_welcome)


def test_a_stranger_with_the_show_s_key_is_refused_and_reported(studio: Studio) -> None:
    show = studio.pair("studio-b", MachinePart.DESK)
    studio.store.remove_machine("studio-b")
    studio.join(msgspec.structs.replace(show, keys=make_keys()))
    studio.until(lambda: studio.board.health().refused)
    assert "127.0.0.1 was refused: it is not paired" in studio.board.health().stranger
    assert not studio.commands
    assert not studio.members[0].is_welcome


def test_one_that_speaks_something_else_is_refused_and_reported(studio: Studio) -> None:
    with socket.create_connection(("127.0.0.1", studio.board.port)) as stranger:
        stranger.sendall(b"\xff" + bytes(8) + b"\x7f\x03" + bytes(64))
        studio.until(lambda: studio.board.health().refused)
    assert "does not know the show's key" in studio.board.health().stranger


def test_one_without_encryption_is_refused_and_reported(studio: Studio) -> None:
    dealer = studio.context.socket(zmq.DEALER)
    dealer.set(zmq.LINGER, 0)
    with dealer:
        dealer.connect(f"tcp://127.0.0.1:{studio.board.port}")
        dealer.send(encode(STOP))
        studio.until(lambda: studio.board.health().refused)
    assert not studio.commands


def test_a_revoked_machine_is_heard_no_more(studio: Studio) -> None:
    member = studio.join(studio.pair("studio-b", MachinePart.DESK))
    studio.until(lambda: is_joined(studio, "studio-b"))
    studio.store.remove_machine("studio-b")
    studio.until(lambda: "revoked" in studio.told["studio-b"][-1])
    member.send(STOP)
    refused = studio.board.health().refused
    studio.until(lambda: studio.board.health().refused > refused + 1)
    assert not studio.commands


def test_a_machine_of_another_version_is_refused_with_a_sentence(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    show = studio.pair("studio-b", MachinePart.CAPTURE)
    monkeypatch.setattr("renderer.transport.machines.member.SCHEMA_VERSION", SCHEMA_VERSION + 1)
    studio.join(show)
    studio.until(lambda: any("refused" in text for text in studio.told["studio-b"]))
    assert f"machine version {SCHEMA_VERSION + 1}" in studio.told["studio-b"][-1]
    (status,) = studio.board.health().machines
    assert not status.is_joined
    assert "install the same version" in status.detail


def test_a_version_that_cannot_be_read_otherwise_is_refused_too(studio: Studio) -> None:
    show = studio.pair("studio-b", MachinePart.CAPTURE)
    with connect(
        studio.context, f"tcp://127.0.0.1:{studio.board.port}", show.server, show.keys
    ) as dealer:
        future = {"type": "SignOfLife", "schema": 99, "version": "9.0", "something": "else"}
        deadline = time.monotonic() + 60.0
        while not studio.board.health().machines[0].detail:
            assert time.monotonic() < deadline
            studio.board.serve(0.01)
            try:
                dealer.send(msgspec.msgpack.encode(future), zmq.DONTWAIT)
            except zmq.Again:
                continue
    assert "machine version 99" in studio.board.health().machines[0].detail


def test_a_machine_takes_only_the_part_that_it_is_paired_for(studio: Studio) -> None:
    show = studio.pair("studio-b", MachinePart.CAPTURE)
    studio.join(msgspec.structs.replace(show, part=MachinePart.DESK))
    studio.until(lambda: any("paired as a capture" in text for text in studio.told["studio-b"]))
    studio.members[0].send(STOP)
    studio.until(lambda: studio.board.health().machines[0].detail)
    assert not studio.commands


def test_a_capture_commands_nothing(studio: Studio) -> None:
    member = studio.join(studio.pair("studio-b", MachinePart.CAPTURE))
    studio.until(lambda: is_joined(studio, "studio-b"))
    member.send(STOP)
    studio.until(lambda: studio.board.health().malformed)
    assert "may not send DeskCommand" in studio.board.health().fault
    assert not studio.commands


def test_a_second_process_of_a_capture_is_refused(studio: Studio) -> None:
    show = studio.pair("studio-b", MachinePart.CAPTURE)
    studio.join(show)
    studio.until(lambda: is_joined(studio, "studio-b"))
    first = studio.told["studio-b"]
    studio.join(show)
    second = studio.told["studio-b"]
    studio.until(lambda: any("another process" in text for text in (*first, *second)))


def test_a_desk_s_command_arrives_and_is_answered(studio: Studio) -> None:
    member = studio.join(studio.pair("studio-b", MachinePart.DESK))
    studio.until(lambda: is_joined(studio, "studio-b"))
    member.send(STOP)
    studio.until(lambda: studio.commands)
    ((machine, command, desk),) = studio.commands
    assert (machine.name, command) == ("studio-b", STOP)
    assert studio.board.desks() == [desk]
    answers = [DeskAnswer(7, Reply(True, "done")), DeskSection(b"ShowHealth", b"x")]
    for one in answers:
        studio.board.send(desk, one)
    studio.until(lambda: studio.received["studio-b"] == answers)


def test_landmarks_reach_the_process_that_waits_for_them(studio: Studio) -> None:
    member = studio.join(studio.pair("studio-b", MachinePart.CAPTURE))
    card = read_card(studio.session)
    assert card is not None
    with connect(studio.context, card.endpoint, card.server, card.keys) as waiting:
        got: list[object] = []

        def ask() -> bool:
            send(waiting, WantCapture("studio-b", ORDER))
            got.extend(receive(waiting))
            return OpenCapture(ORDER) in studio.received["studio-b"]

        studio.until(ask)
        assert CaptureState() in got
        member.send(CaptureData(b"landmarks"))
        studio.until(lambda: got.extend(receive(waiting)) or CaptureData(b"landmarks") in got)


@pytest.mark.parametrize(
    ("paired", "reason"),
    [(None, "not paired"), (MachinePart.CAPTURE, "has not joined"), (MachinePart.DESK, "a desk")],
)
def test_the_process_that_waits_learns_why_nothing_comes(
    studio: Studio, paired: MachinePart | None, reason: str
) -> None:
    if paired is not None:
        studio.pair("studio-b", paired)
    card = read_card(studio.session)
    assert card is not None
    with connect(studio.context, card.endpoint, card.server, card.keys) as waiting:
        got: list[object] = []

        def learn() -> bool:
            send(waiting, WantCapture("studio-b", ORDER))
            got.extend(receive(waiting))
            return any(isinstance(one, CaptureState) and reason in one.fault for one in got)

        studio.until(learn)


def test_malformed_messages_are_counted_and_change_nothing(studio: Studio) -> None:
    rng = random.Random(5)
    desk = studio.join(studio.pair("desk-a", MachinePart.DESK))
    show = studio.pair("studio-b", MachinePart.CAPTURE)
    whole = encode(SignOfLife(SCHEMA_VERSION, "1.0", MachinePart.CAPTURE, "x"))
    wanted, sent = 2000, 0
    with connect(
        studio.context, f"tcp://127.0.0.1:{studio.board.port}", show.server, show.keys
    ) as dealer:

        def flood() -> bool:
            nonlocal sent
            for _ in range(50):
                data = rng.randbytes(rng.randrange(200))
                if rng.random() < 0.5:
                    data = whole[: rng.randrange(len(whole))]
                try:
                    dealer.send(data, zmq.DONTWAIT)
                    sent += 1
                except zmq.Again:
                    break
            return studio.board.health().malformed >= wanted

        studio.until(flood)
    assert sent >= wanted
    assert not studio.commands
    desk.send(STOP)
    studio.until(lambda: studio.commands)
