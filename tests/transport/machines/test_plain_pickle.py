"""Test that messages of another machine are records of the program, and can be nothing else."""

from __future__ import annotations

import os
import pickle
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renderer.errors import DeskError, OutputError
from renderer.output.encode.format import ProgramFormat
from renderer.output.pacing import ShowClock
from renderer.output.requests import Ready
from renderer.protocol.log import EventKind
from renderer.protocol.show import ShowHealth, ShowState
from renderer.show.host.resume import ResumeState
from renderer.show.remote_engine.records import Passed
from renderer.show.supervision.messages import AddEvent, OpenMedia, Publish, TakeOver
from renderer.transport.machines.plain_pickle import dumps, loads
from renderer.transport.pixel_layout import PixelLayout
from renderer.transport.rpc import Event, Refusal, Request


@pytest.mark.parametrize(
    "message",
    [
        Passed(0, Request(1, Publish(ShowHealth(ShowState.ON_AIR, 1.0, 2, 30.0)))),
        Passed(0, Request(2, AddEvent(EventKind.STATE, "It begins", {"a": [1, None]}))),
        Passed(1, Event(Ready("libx264", PixelLayout.I420, ShowClock(1, 2), {}))),
        Request(
            3, OpenMedia("p", ProgramFormat(64, 64, Fraction(30), True), Path("song.flac"), None)
        ),
        Event(TakeOver(ResumeState((64, 64), 30))),
    ],
)
def test_messages_come_as_they_were_sent(message: object) -> None:
    assert loads(dumps(message)) == message


def test_errors_come_as_they_were_sent() -> None:
    error = OutputError("the disk", "is full", "empty it")
    got: Refusal = loads(dumps(Refusal(1, error)))
    assert type(got.error) is OutputError
    assert str(got.error) == str(error)


class Command:
    """Pickles as a call of a function."""

    def __init__(self, function: Any, *arguments: Any) -> None:
        self._call = function, arguments

    def __reduce__(self) -> Any:
        return self._call


@pytest.mark.parametrize(
    "command",
    [
        Command(os.system, "true"),
        Command(eval, "1"),
        Command(getattr, Path, "home"),
        # Functions and other classes of the program are no records.
        Command(loads, b""),
        Command(Command, None),
    ],
)
def test_nothing_is_called(command: Command) -> None:
    with pytest.raises(DeskError, match="cannot be read"):
        loads(pickle.dumps(command))


@given(st.binary(max_size=200))
def test_damaged_messages_are_refused(data: bytes) -> None:
    try:
        loads(data)
    except DeskError as fault:
        assert "cannot be read" in str(fault)
