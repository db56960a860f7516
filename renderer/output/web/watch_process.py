"""Run a watch page as a child process of the show whose HLS folder it serves."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from renderer.output.web.playlist_id import PlaylistId
from renderer.output.web.watch import WatchServer
from renderer.processes.child import Child


def run(
    child: Child, folder: Path, bind: str, port: int, token: str, earlier: PlaylistId | None
) -> None:
    """Serve a folder until the show closes the process or ends.

    Args:
        child: this process; reports the page's address when it is ready.
        folder: of an HLS output.
        bind, token: see WatchServer.
        port: 0 for any free one.
        earlier: the playlist of an earlier show, which is not served.

    Raises:
        OutputError: the folder does not exist, or the port is in use.
    """
    with closing(WatchServer(folder, port, bind, earlier, token)) as server:
        child.ready(server.url)
        child.stopping.wait()
