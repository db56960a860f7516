"""Compute what is derived from a message once, however often panels and actions ask for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

D = TypeVar("D")
P = ParamSpec("P")
T = TypeVar("T")


def remember_newest(derive: Callable[Concatenate[D, P], T]) -> Callable[Concatenate[D, P], T]:
    """Return a function that derives from each message once.

    Messages are distinguished by identity, since they are replaced and never changed; of several
    the newest is remembered.

    Args:
        derive: takes the message first; its other arguments can be hashed.
    """
    newest: list[D] = []
    found: dict[object, T] = {}

    def derive_once(message: D, /, *args: P.args, **kwargs: P.kwargs) -> T:
        if not newest or newest[0] is not message:
            newest[:] = [message]
            found.clear()
        key = args, tuple(kwargs.items())
        if key not in found:
            found[key] = derive(message, *args, **kwargs)
        return found[key]

    return derive_once
