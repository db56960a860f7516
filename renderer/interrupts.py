"""Ctrl-C while the program is still loading."""

from __future__ import annotations

import os
import signal
from types import FrameType
from typing import Final

_IMPORTING: Final = "<frozen importlib"
_INTERRUPTED: Final = 130
"""The exit status of what Ctrl-C has ended."""


def end_while_loading() -> None:
    """Let Ctrl-C end the process at once wherever a module is being imported.

    Some libraries take whatever is raised while they look for an optional one as its absence, a
    KeyboardInterrupt among that: Ctrl-C in the program's first seconds was lost. Elsewhere it is
    raised as ever.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupt)


def _interrupt(_number: int, frame: FrameType | None) -> None:
    while frame is not None:
        if frame.f_code.co_filename.startswith(_IMPORTING):
            os._exit(_INTERRUPTED)
        frame = frame.f_back
    raise KeyboardInterrupt
