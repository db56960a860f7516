"""The desk as a child process of the show that opened it."""

from __future__ import annotations

from renderer.processes.child import Child

FROZEN_S = 20.0
"""A window whose event loop does not turn for this long is closed and opened again."""


def run(child: Child) -> int:
    """Open the desk and stay until its window is closed or the show wants it to end.

    Returns:
        0 where a person closed the window: the show leaves it closed.

    Raises:
        DeskError: there is no display.
    """
    from renderer.desk.shell.app import run_desk  # Qt is loaded in the child alone.

    child.ready()

    def poll() -> bool:
        child.expect(FROZEN_S)
        return child.stopping.is_set()

    return run_desk(poll=poll)
