"""Play an HLS folder in a browser, on this machine or on others."""

from __future__ import annotations

import errno
import ipaddress
import re
import socket
import threading
from contextlib import suppress
from pathlib import Path
from typing import Final

from renderer.errors import OutputError
from renderer.output.web.bounded_server import Address
from renderer.output.web.folder_server import FolderServer
from renderer.output.web.playlist_id import PlaylistId

LOOPBACK: Final = "127.0.0.1"
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{8,128}")


class WatchServer:
    """Serves the watch page and one folder, in a thread.

    Args:
        folder: of an HLS output; may still be empty.
        port: 0 for any free one.
        bind: address of this machine to listen on; 0.0.0.0 or :: for all, so that others can watch.
        earlier: the playlist of an earlier show, which is not served.
        token: part of the address, without which nobody can watch; empty for none.

    Raises:
        OutputError: the folder or address does not exist, or the port is in use.
    """

    def __init__(
        self,
        folder: Path,
        port: int = 0,
        bind: str = LOOPBACK,
        earlier: PlaylistId | None = None,
        token: str = "",
    ) -> None:
        if token and not _TOKEN.fullmatch(token):
            raise OutputError(
                "the watch page's token",
                "is not 8 to 128 letters, digits, - and _",
                "leave it out for a generated one",
            )
        if not folder.is_dir():
            raise OutputError(
                f"the folder {folder}", "does not exist", "name the folder of an hls: output"
            )
        address = _parse_bind(bind)
        try:
            self._server = FolderServer(folder.resolve(), address, port, earlier, token)
        except (OSError, OverflowError) as fault:
            if isinstance(fault, OSError) and fault.errno == errno.EADDRNOTAVAIL:
                raise _no_address(bind) from fault
            raise OutputError(
                f"port {port}", "cannot be listened on", "name another, or 0 for a free one"
            ) from fault
        self.url = f"http://{_url_host(address)}:{self._server.server_port}/"
        self.url += f"{token}/" if token else ""
        self._thread = threading.Thread(
            target=self._server.serve_forever, name="watch server", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Stop serving, close all connections and free the port."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def serve_folder(folder: Path, port: int = 0, bind: str = LOOPBACK, token: str = "") -> WatchServer:
    """Serve an HLS folder for browsers; see WatchServer."""
    return WatchServer(folder, port, bind, token=token)


def _parse_bind(bind: str) -> Address:
    try:
        return ipaddress.ip_address(bind)
    except ValueError:
        raise _no_address(bind) from None


def _no_address(bind: str) -> OutputError:
    return OutputError(
        f"the address {bind}",
        "is no address of this machine",
        "name one in numbers, or 0.0.0.0 for all that it has",
    )


def _url_host(bind: Address) -> str:
    """Return the host name with which a browser reaches a server bound to `bind`."""
    if not bind.is_unspecified:
        return f"[{bind}]" if bind.version == 6 else str(bind)
    # Find the outgoing interface's address. Nothing is sent: 192.0.2.1 is for documentation.
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, suppress(OSError):
        probe.connect(("192.0.2.1", 9))
        return str(probe.getsockname()[0])
    return LOOPBACK
