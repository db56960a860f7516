"""Which room of the show handles which command."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from renderer.errors import RendererError
from renderer.protocol.schema import Command, Reply

Answer = Callable[[Reply], None]
"""Sends the reply to a command. To be called once, now or in a later tick."""

C = TypeVar("C", bound=Command)


class CommandRegistry:
    """Handlers by the type of their command. Belongs to the tick's thread."""

    def __init__(self) -> None:
        """Start without handlers."""
        self._handlers: dict[type[Command], Callable[[Any, Answer], None]] = {}

    def register(self, kind: type[C], handler: Callable[[C, Answer], None]) -> None:
        """Have every command of a kind handled so.

        Raises:
            ValueError: the kind has a handler already.
        """
        if kind in self._handlers:
            raise ValueError(f"{kind.__name__} has a handler already")
        self._handlers[kind] = handler

    def handle(self, command: Command, answer: Answer) -> None:
        """Hand a command to its handler; one that is refused is answered with the reason.

        Raises:
            Exception: what a handler raises that is no refusal, after the desk was answered.
        """
        handler = self._handlers.get(type(command))
        if handler is None:
            answer(Reply(False, f"This show has no part that handles {type(command).__name__}."))
            return
        try:
            handler(command, answer)
        except RendererError as refused:
            answer(Reply(False, f"{refused}."))
        except Exception as fault:
            name = type(command).__name__
            answer(Reply(False, f"{name} failed ({type(fault).__name__}); the show goes on."))
            raise
