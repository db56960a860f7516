"""Test that every message survives encoding, and that the schema imports no engine."""

from __future__ import annotations

import functools
import operator
import subprocess
import sys

import msgspec
import pytest

from renderer.protocol.outputs import GoLive, OutputState, OutputStatus
from renderer.protocol.performers import DirectorCommand, FreezeLimb
from renderer.protocol.schema import Section, command_types, section_types
from renderer.protocol.show import ShowHealth, ShowState
from renderer.protocol.status import Status


def test_commands_are_found_and_what_they_share_is_none() -> None:
    kinds = command_types()
    assert {GoLive, FreezeLimb} <= set(kinds)
    assert DirectorCommand not in kinds
    decoder = msgspec.msgpack.Decoder(functools.reduce(operator.or_, kinds))
    for command in (GoLive("rtmp://a/b", without_failed=True), FreezeLimb(1, "leftArm")):
        assert decoder.decode(msgspec.msgpack.encode(command)) == command


@pytest.mark.parametrize("kind", section_types())
def test_sections_have_defaults_and_survive_the_wire(kind: type[Section]) -> None:
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(kind()), type=kind) == kind()


def test_a_state_that_is_none_is_refused() -> None:
    wrong = {"name": "a", "kind": "mp4", "address": "b", "state": "levitating"}
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(wrong, OutputStatus)
    assert msgspec.convert({**wrong, "state": "failed"}, OutputStatus).state is OutputState.FAILED


def test_a_status_holds_the_newest_of_each_kind() -> None:
    status = Status([ShowHealth(frames=1)])
    newer = status.with_sections([ShowHealth(state=ShowState.ON_AIR, frames=2)])
    assert (status.of(ShowHealth).frames, newer.of(ShowHealth).frames) == (1, 2)
    assert newer != status
    assert newer == Status([ShowHealth(state=ShowState.ON_AIR, frames=2)])


def test_the_vocabulary_loads_no_engine() -> None:
    code = (
        "import sys; from renderer.protocol.schema import section_types; section_types();"
        "rooms = {m.split('.')[1] for m in sys.modules if m.startswith('renderer.')};"
        "heavy = {'numpy', 'torch', 'mediapipe', 'moderngl', 'av', 'PySide6', 'zmq'};"
        "print(sorted(rooms - {'protocol'}), sorted(heavy & set(sys.modules)))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[] []"
