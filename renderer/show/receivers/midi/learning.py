"""Bind the next MIDI message to a command, as an edit of the show's document."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Final

import msgspec

from renderer.errors import RendererError, ShowError
from renderer.protocol.control.midi import ForgetMidi, LearnMidi
from renderer.protocol.document import EditDocument, InsertItem, RemoveItem, SetValue
from renderer.protocol.schema import Command, Reply
from renderer.show.control.registry import Answer
from renderer.show.document.entries.midi import MidiEntry
from renderer.show.receivers.learnable import require_learnable
from renderer.show.receivers.midi.bindings import bind_learned
from renderer.show.receivers.midi.messages import MidiMessage

LEARN_S: Final = 20.0
"""Time in which a message that is to be learned must come."""
_PATH: Final[list[str | int]] = ["control", "midi", "bindings"]

Handle = Callable[[Command, Callable[[Reply], None]], None]
"""Executes a command, and answers it."""


class MidiLearning:
    """What waits for a MIDI message. Belongs to the tick's thread.

    Args:
        handle: executes the edits.
    """

    def __init__(self, handle: Handle) -> None:
        self._handle = handle
        self._waiting: tuple[LearnMidi, Answer, float] | None = None

    @property
    def address(self) -> str:
        """Return the address that waits for a message; empty for none."""
        return "" if self._waiting is None else self._waiting[0].address

    def begin(self, command: LearnMidi, answer: Answer) -> None:
        """Wait for a message; it is answered when one has come, or none did in time.

        Raises:
            ShowError: there is no such command, or an argument of it is missing or wrong.
        """
        require_learnable(command)
        self.stop("another message is learned now")
        self._waiting = command, answer, time.monotonic() + LEARN_S

    def bind(self, message: MidiMessage, entry: MidiEntry) -> None:
        """Bind the message that has come, in place of what it called before.

        Args:
            entry: of the document.
        """
        if self._waiting is None:
            return
        command, answer, _ = self._waiting
        self._waiting = None
        try:
            learned = bind_learned(command, message)
        except RendererError as refused:
            answer(Reply(False, f"{refused}."))
            return
        item = msgspec.to_builtins(learned)
        places = [
            number
            for number, one in enumerate(entry.bindings)
            if (one.message, one.channel, one.number) == message.key
        ]
        edits: list[InsertItem | SetValue | RemoveItem] = []
        if places:
            edits += [RemoveItem(_PATH, number) for number in reversed(places[1:])]
            edits += [SetValue([*_PATH, places[0]], item)]
        else:
            edits += [InsertItem(_PATH, len(entry.bindings), item)]
        edit = EditDocument(
            edits=[*edits],
            label=f"bind {message} to {command.address}",
            operator=command.operator or entry.operator,
        )
        self._handle(edit, partial(_answer, answer, f"{message} calls {command.address}."))

    def forget(self, command: ForgetMidi, entry: MidiEntry, answer: Answer) -> None:
        """Remove the bindings of an address.

        Raises:
            ShowError: it has none.
        """
        address = command.address
        places = [number for number, one in enumerate(entry.bindings) if one.address == address]
        if not places:
            known = ", ".join(dict.fromkeys(one.address for one in entry.bindings))
            raise ShowError(
                f"Address {address[:60]}",
                "is bound to no MIDI message",
                f"name one of {known}" if known else "learn one first",
            )
        edit = EditDocument(
            edits=[RemoveItem(_PATH, number) for number in reversed(places)],
            label=f"forget MIDI of {address}",
            operator=command.operator or entry.operator,
        )
        self._handle(edit, partial(_answer, answer, f"No MIDI message calls {address}."))

    def expire(self) -> None:
        """Stop waiting for a message that has not come in time."""
        if self._waiting is not None and time.monotonic() > self._waiting[2]:
            self.stop(f"none came within {LEARN_S:.0f} s")

    def stop(self, why: str) -> None:
        """Stop waiting, and answer why."""
        if self._waiting is not None:
            command, answer, _ = self._waiting
            self._waiting = None
            answer(Reply(False, f"No MIDI message was learned for {command.address}: {why}."))


def _answer(answer: Answer, done: str, reply: Reply) -> None:
    """Answer a command with what became of its edit."""
    answer(Reply(True, done) if reply.ok else reply)
