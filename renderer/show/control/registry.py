"""Dispatch commands to their handlers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from renderer.errors import RendererError
from renderer.protocol.schema import Command, Reply

Answer = Callable[[Reply], None]
"""Sends the reply to a command. Must be called once, immediately or in a later tick."""

C = TypeVar("C", bound=Command)


class CommandRegistry:
    """Handlers by the type of their command. Belongs to the tick's thread.

    Attributes:
        check: called with each command of an operator; raises RendererError to refuse it.
    """

    def __init__(self) -> None:
        """Start without handlers."""
        self._handlers: dict[type[Command], Callable[[Any, Answer], None]] = {}
        self.check: Callable[[Command], None] = _accept

    def register(self, kind: type[C], handler: Callable[[C, Answer], None]) -> None:
        """Register the handler for commands of a kind.

        Raises:
            ValueError: the kind already has a handler.
        """
        if kind in self._handlers:
            raise ValueError(f"{kind.__name__} has a handler already")
        self._handlers[kind] = handler

    def handle(self, command: Command, answer: Answer, *, is_own: bool = False) -> None:
        """Pass a command to its handler; if that refuses it, reply with the reason.

        Args:
            command: of an operator.
            answer: sends the reply.
            is_own: whether a cue of the show sends it, which no operator has to be allowed.

        Raises:
            Exception: any other exception of the handler, after the desk has been answered.
        """
        handler = self._handlers.get(type(command))
        if handler is None:
            answer(Reply(False, f"This show has no part that handles {type(command).__name__}."))
            return
        try:
            if not is_own:
                self.check(command)
            handler(command, answer)
        except RendererError as refused:
            end = "" if refused.remedy.endswith("?") else "."
            answer(Reply(False, f"{refused}{end}"))
        except Exception as fault:
            name = type(command).__name__
            answer(Reply(False, f"{name} failed ({type(fault).__name__}); the show goes on."))
            raise


def _accept(_command: Command) -> None:
    """Accept any command."""
