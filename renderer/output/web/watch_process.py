"""A watch page as a child process of the show whose HLS folder it serves."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from renderer.output.web.watch import serve_folder
from renderer.processes.child import Child


def run(child: Child, folder: Path, port: int) -> None:
    """Serve a folder until the show wants no more, or is gone.

    Args:
        child: this process; tells the page's address when it is ready.
        folder: of an HLS output.
        port: 0 for any free one.

    Raises:
        OutputError: there is no such folder, or the port is taken.
    """
    with closing(serve_folder(folder, port)) as server:
        child.ready(server.url)
        child.stopping.wait()
