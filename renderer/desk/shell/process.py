"""Run the desk as a child process of the show that opened it."""

from __future__ import annotations

from renderer.processes.child import Child

FROZEN_S = 20.0
"""Seconds; a window whose event loop blocks for longer is closed and reopened."""


def run(child: Child) -> int:
    """Open the desk and run it until its window is closed or the show stops it.

    Returns:
        0 if the user closed the window: the show does not reopen it.

    Raises:
        DeskError: there is no display.
    """
    from renderer.desk.shell.app import run_desk  # Only the child loads Qt.

    child.ready()

    def poll() -> bool:
        child.expect(FROZEN_S)
        return child.stopping.is_set()

    return run_desk(poll=poll)
