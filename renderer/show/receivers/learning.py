"""Bind the next message of a kind to a command, as an edit of the show's document."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, Generic, Protocol, TypeVar

import msgspec

from renderer.errors import RendererError, ShowError
from renderer.protocol.document import Edit, EditDocument, InsertItem, RemoveItem, SetValue
from renderer.protocol.schema import Command, Reply
from renderer.show.control.registry import Answer
from renderer.show.receivers.learnable import Learnable, require_learnable

LEARN_S: Final = 20.0
"""Time in which a message that is to be learned must come."""

Handle = Callable[[Command, Callable[[Reply], None]], None]
"""Executes a command, and answers it."""


class LearnCommand(Learnable, Protocol):
    """A command to bind the next message, of an operator."""

    @property
    def operator(self) -> str:
        """Return who gave it; empty for the one of the messages."""
        ...


class ForgetCommand(Protocol):
    """A command to remove the messages that are bound to an address."""

    @property
    def address(self) -> str:
        """Return the address of the command that they call."""
        ...

    @property
    def operator(self) -> str:
        """Return who gave it; empty for the one of the messages."""
        ...


class Bound(Protocol):
    """A binding of the document."""

    @property
    def address(self) -> str:
        """Return the address of the command that it calls."""
        ...


LearnT = TypeVar("LearnT", bound=LearnCommand)


class MessageLearning(Generic[LearnT]):
    """What waits for a message. Belongs to the tick's thread.

    Args:
        kind: of the messages, for answers; its lower case is the document's word for it.
        handle: executes the edits.
    """

    def __init__(self, kind: str, handle: Handle) -> None:
        self._kind, self._handle = kind, handle
        self._path: list[str | int] = ["control", kind.lower(), "bindings"]
        self._waiting: tuple[LearnT, Answer, float] | None = None

    @property
    def address(self) -> str:
        """Return the address that waits for a message; empty for none."""
        return "" if self._waiting is None else self._waiting[0].address

    def begin(self, command: LearnT, answer: Answer) -> None:
        """Wait for a message; it is answered when one has come, or none did in time.

        Raises:
            ShowError: there is no such command, or an argument of it is missing or wrong.
        """
        require_learnable(command)
        self.stop("another message is learned now")
        self._waiting = command, answer, time.monotonic() + LEARN_S

    def bind(
        self,
        message: str,
        make: Callable[[LearnT], object],
        is_bound: Sequence[bool],
        operator: str,
    ) -> None:
        """Bind the message that has come, in place of what it called before.

        Args:
            message: that has come, for the answer.
            make: returns the document's binding of a command to it; raises RendererError.
            is_bound: for each binding of the document, whether it is of that message.
            operator: of an edit by a command without one.
        """
        if self._waiting is None:
            return
        command, answer, _ = self._waiting
        self._waiting = None
        try:
            item = msgspec.to_builtins(make(command))
        except RendererError as refused:
            answer(Reply(False, f"{refused}."))
            return
        places = [number for number, is_same in enumerate(is_bound) if is_same]
        edits: list[Edit] = [RemoveItem(self._path, number) for number in reversed(places[1:])]
        if places:
            edits.append(SetValue([*self._path, places[0]], item))
        else:
            edits.append(InsertItem(self._path, len(is_bound), item))
        edit = EditDocument(
            edits=edits,
            label=f"bind {message} to {command.address}",
            operator=command.operator or operator,
        )
        self._handle(edit, partial(_answer, answer, f"{message} calls {command.address}."))

    def forget(
        self, command: ForgetCommand, bindings: Sequence[Bound], operator: str, answer: Answer
    ) -> None:
        """Remove the bindings of an address; `operator` as of `bind`.

        Raises:
            ShowError: it has none.
        """
        address = command.address
        places = [number for number, one in enumerate(bindings) if one.address == address]
        if not places:
            known = ", ".join(dict.fromkeys(one.address for one in bindings))
            raise ShowError(
                f"Address {address[:60]}",
                f"is bound to no {self._kind} message",
                f"name one of {known}" if known else "learn one first",
            )
        edit = EditDocument(
            edits=[RemoveItem(self._path, number) for number in reversed(places)],
            label=f"forget {self._kind} of {address}",
            operator=command.operator or operator,
        )
        done = f"No {self._kind} message calls {address}."
        self._handle(edit, partial(_answer, answer, done))

    def expire(self) -> None:
        """Stop waiting for a message that has not come in time."""
        if self._waiting is not None and time.monotonic() > self._waiting[2]:
            self.stop(f"none came within {LEARN_S:.0f} s")

    def stop(self, why: str) -> None:
        """Stop waiting, and answer why."""
        if self._waiting is not None:
            command, answer, _ = self._waiting
            self._waiting = None
            text = f"No {self._kind} message was learned for {command.address}: {why}."
            answer(Reply(False, text))


def _answer(answer: Answer, done: str, reply: Reply) -> None:
    """Answer a command with what became of its edit."""
    answer(Reply(True, done) if reply.ok else reply)
