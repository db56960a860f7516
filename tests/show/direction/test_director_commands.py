"""Test every command to a directed show: what it refuses, and what keys call."""

from __future__ import annotations

import contextlib
import math
import re
from typing import Any

import pytest
from directed_stage import DOCUMENT, Stage
from hypothesis import given, settings
from hypothesis import strategies as st

from renderer.errors import RendererError, ShowError
from renderer.protocol.control.keys import PressKey
from renderer.protocol.schema import Reply, command_types
from renderer.show.control.addresses import all_addresses, find_command
from renderer.show.document.editor import validate

ODD: st.SearchStrategy[Any] = st.sampled_from(
    [0, 1, 2, 3, -1, 10**12, 0.0, 0.5, 1e308, -5.5, math.inf, math.nan, True, False, "", "1", "2",
     "Gold", "chorus", "sparks", "x" * 500, "Main", "꽃", "\0", None, [], {}]
)  # fmt: skip


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_no_command_stops_the_show(data: st.DataObject) -> None:
    """Any commands with any values, between frames of any length, are done or refused."""
    stage = Stage()
    addressed = [one for one in all_addresses() if not one.address.startswith("/document/save")]
    for _ in range(data.draw(st.integers(1, 12))):
        one = data.draw(st.sampled_from(addressed))
        address = re.sub(r"\{\w+\}", lambda _: str(data.draw(ODD)) or "0", one.address)
        names = [name for name in one.arguments if data.draw(st.booleans())]
        arguments = {name: data.draw(ODD) for name in names}
        with contextlib.suppress(RendererError):
            command = find_command(address, arguments)
            replies: list[Reply] = []
            stage.desk.commands.handle(command, replies.append)
            assert replies and replies[0].text
        stage.number += data.draw(st.sampled_from([0, 1, 30, 3000]))
        stage.commands.poll()
        moment = stage.frame(plays=data.draw(st.booleans()))
        assert math.isfinite(moment.camera.fov_y) and 0.0 <= stage.director.mix.share <= 1.0
        stage.commands.health()


@pytest.mark.parametrize(
    ("address", "arguments", "part"),
    [
        ("/camera/9", {}, "is not in the show; name one of 1, 2, 3"),
        ("/look/Glod", {}, "did you mean Gold?"),
        ("/effect/rain", {}, "name one of confetti"),
        ("/master", {"level": 2.0}, "out of range"),
        ("/master", {"level": math.nan}, "out of range"),
        ("/black", {"seconds": -1.0}, "out of range"),
        ("/fade", {"seconds": math.inf}, "out of range"),
        ("/camera/1", {"dissolve": math.nan}, "out of range"),
        ("/camera/1", {"wipe": -1.0}, "out of range"),
        ("/take", {"stinger": "Flash"}, "shows no camera"),
        ("/camera/2", {"stinger": "Flash"}, "is not in the show"),
        ("/song/start", {"song": "Sung"}, "did you mean Song"),
        ("/song/resume", {}, "is not paused"),
        ("/song/start", {"count_in": 99}, "out of range"),
        ("/song/seek", {"cue": "1"}, "waits for no time of a song"),
        ("/crowd", {"energy": 7}, "out of range"),
        ("/title", {"name": "x" * 200}, "no single line"),
        ("/go", {"list": "Mian"}, "is not in the show; name one of Main"),
        ("/cue/77/start", {}, "is not in the list Main"),
        ("/take", {}, "shows no camera"),
        ("/back", {}, "at its beginning"),
    ],
)
def test_a_command_that_cannot_be_done_is_refused_in_a_sentence(
    address: str, arguments: dict[str, Any], part: str
) -> None:
    stage = Stage()
    before = stage.frame()
    reply = stage.send(find_command(address, arguments))
    assert not reply.ok and part in reply.text
    assert stage.frame().look == before.look


def test_every_command_has_an_address_of_its_own() -> None:
    addresses = [one.address for one in all_addresses()]
    assert len(set(addresses)) == len(addresses) == len(command_types())
    for one in all_addresses():
        assert one.summary and not one.summary.endswith(".")
    for address, arguments, part in (
        ("/goo", {}, "did you mean /go?"),
        ("/go", {"lst": "a"}, "did you mean list?"),
        ("/camera/x", {}, "cannot be sent"),
        ("/master", {}, "cannot be sent"),
        ("", {}, "encore commands"),
    ):
        with pytest.raises(ShowError, match=part.replace("?", r"\?")):
            find_command(address, arguments)


def test_keys_of_the_document_give_their_commands_in_the_name_of_who_presses() -> None:
    keys = {"F9": {"address": "/look/Gold", "arguments": {"seconds": 0}}}
    stage = Stage({**DOCUMENT, "keys": keys, "operators": [
        {"name": "Mina", "role": "rights"}, {"name": "Guest", "role": "view"}]})  # fmt: skip
    reply = stage.send(PressKey(key="F9", operator="Guest"))
    assert not reply.ok and "Guest" in reply.text
    assert stage.send(PressKey(key="F9", operator="Mina")).ok
    assert stage.director.state.look == "Gold"
    reply = stage.send(PressKey(key="F8", operator="Mina"))
    assert not reply.ok and "calls nothing" in reply.text


@pytest.mark.parametrize(
    ("address", "said"), [("/goo", "is no command"), ("/key/F9", "calls a key")]
)
def test_keys_that_call_nothing_are_refused(address: str, said: str) -> None:
    with pytest.raises(RendererError, match=said):
        validate({**DOCUMENT, "keys": {"F9": {"address": address}}})
