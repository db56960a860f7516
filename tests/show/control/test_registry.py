"""Test that modules register their handlers: a new command needs only a new file."""

from __future__ import annotations

import pytest

from renderer.errors import ShowError
from renderer.protocol.outputs import GoLive, StopLive
from renderer.protocol.schema import Reply
from renderer.show.control.registry import Answer, CommandRegistry


def test_a_command_goes_to_the_handler_of_its_type() -> None:
    registry = CommandRegistry()
    answers: list[Reply] = []

    def go(command: GoLive, answer: Answer) -> None:
        answer(Reply(True, command.address))

    registry.register(GoLive, go)
    registry.handle(GoLive("rtmp://a/b"), answers.append)
    assert answers == [Reply(True, "rtmp://a/b")]
    with pytest.raises(ValueError, match="GoLive"):
        registry.register(GoLive, go)


def test_what_nobody_handles_is_answered() -> None:
    answers: list[Reply] = []
    CommandRegistry().handle(StopLive(), answers.append)
    assert not answers[0].ok
    assert "StopLive" in answers[0].text


def test_a_refusal_is_an_answer_and_a_fault_is_one_too() -> None:
    registry = CommandRegistry()
    answers: list[Reply] = []

    def refuse(_command: GoLive, _answer: Answer) -> None:
        raise ShowError("The stream", "is closed", "name another")

    def fail(_command: StopLive, _answer: Answer) -> None:
        raise KeyError("outputs")

    registry.register(GoLive, refuse)
    registry.register(StopLive, fail)
    registry.handle(GoLive(), answers.append)
    with pytest.raises(KeyError):
        registry.handle(StopLive(), answers.append)
    assert [answer.ok for answer in answers] == [False, False]
    assert "is closed" in answers[0].text
    assert "the show goes on" in answers[1].text
