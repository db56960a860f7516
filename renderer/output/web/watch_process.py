"""Run a watch page as a child process of the show whose HLS folder it serves."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from renderer.output.web.watch import serve_folder
from renderer.processes.child import Child


def run(child: Child, folder: Path, port: int) -> None:
    """Serve a folder until the show closes the process or ends.

    Args:
        child: this process; reports the page's address when it is ready.
        folder: of an HLS output.
        port: 0 for any free one.

    Raises:
        OutputError: the folder does not exist, or the port is in use.
    """
    with closing(serve_folder(folder, port)) as server:
        child.ready(server.url)
        child.stopping.wait()
