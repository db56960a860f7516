"""Handle Ctrl-C and SIGTERM: while modules are still being imported, and as a request to stop."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

_IMPORTING: Final = "<frozen importlib"
_INTERRUPTED: Final = 130
"""Exit status of a process that Ctrl-C ended (128 + SIGINT)."""


def end_while_loading() -> None:
    """Install a SIGINT handler that ends the process at once during an import.

    Some libraries catch any exception raised while they import an optional dependency, including
    KeyboardInterrupt, and treat the dependency as missing; Ctrl-C during start-up was lost. Outside
    imports KeyboardInterrupt is raised as usual.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupt)


@contextmanager
def stop_on_signals() -> Iterator[threading.Event]:
    """Yield an event that SIGINT and SIGTERM set; the handlers before are restored afterwards."""
    stop = threading.Event()
    previous = {
        number: signal.signal(number, lambda *_: stop.set())
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield stop
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def _interrupt(_number: int, frame: FrameType | None) -> None:
    while frame is not None:
        if frame.f_code.co_filename.startswith(_IMPORTING):
            os._exit(_INTERRUPTED)
        frame = frame.f_back
    raise KeyboardInterrupt
