"""Find child processes by the names that `ChildProcess` gave them."""

from __future__ import annotations

from collections.abc import Iterator

import psutil

from renderer.processes.process import BOOT


def find_named_children(pid: int) -> dict[str, psutil.Process]:
    """Return the running descendants of a process, by name.

    Args:
        pid: of the ancestor.

    Returns:
        The younger process if two have the same name; empty if the ancestor has exited.
    """
    try:
        below = psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return {}
    named = sorted(_match_name(below), key=lambda pair: pair[1].create_time())
    return dict(named)


def _match_name(processes: list[psutil.Process]) -> Iterator[tuple[str, psutil.Process]]:
    for process in processes:
        try:
            words = process.cmdline()
            if BOOT in words and process.status() != psutil.STATUS_ZOMBIE:
                process.create_time()  # psutil caches it, in case a process exits before the sort.
                yield words[-1], process
        except psutil.Error:
            continue  # It has just exited.
