"""Serve the watch page and the files of one HLS folder over HTTP, and nothing else."""

from __future__ import annotations

import errno
import hmac
import ipaddress
import os
import re
import socket
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

from renderer.output.spec import LIVE_PLAYLIST
from renderer.output.web.blocking import hold_part, hold_playlist
from renderer.output.web.bounded_server import Address, BoundedServer
from renderer.output.web.byte_range import parse_range
from renderer.output.web.playlist_id import PlaylistId, identify_playlist

IDLE_S: Final = 15.0
"""Seconds after which a connection is closed that sends no request or accepts no data."""
PIECE: Final = 256 * 1024
"""Bytes sent per call."""

PAGES = Path(__file__).resolve().parents[3] / "assets" / "web"
PAGE_FILES = {
    "/": ("watch.html", "text/html; charset=utf-8"),
    "/watch.js": ("watch.js", "text/javascript; charset=utf-8"),
    "/hls.light.min.js": ("hls.light.min.js", "text/javascript; charset=utf-8"),
}
STREAM_TYPES = {
    ".m3u8": "application/vnd.apple.mpegurl",
    ".m4s": "video/iso.segment",
    ".mp4": "video/mp4",
    # The credentials of a segment, beside it.
    ".c2pa": "application/c2pa",
}
STREAM_NAME = re.compile(r"/stream/((?:[A-Za-z0-9_][A-Za-z0-9_-]*/)?[A-Za-z0-9_][A-Za-z0-9_.-]*)")
"""Address of a file of the stream: in its folder, or in that of one of its renditions."""
POLICY = "default-src 'self'; media-src 'self' blob:; worker-src blob:; style-src 'unsafe-inline'"

_OPEN_FLAGS: Final = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    # A pipe in the folder must not block the thread.
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_BINARY", 0)
)


class FolderServer(BoundedServer):
    """Serves one HLS folder; see BoundedServer.

    Args:
        earlier: the playlist of an earlier show; nothing of the folder is served while it is there.
        token: first part of every address, without which nothing is served; empty for none.
    """

    def __init__(
        self,
        folder: Path,
        bind: Address,
        port: int,
        earlier: PlaylistId | None = None,
        token: str = "",
    ) -> None:
        self.folder = folder
        self._token = token
        self._earlier = earlier
        self.is_public = not bind.is_loopback
        super().__init__(bind, port, _Handler)

    def strip_token(self, address: str) -> str:
        """Return an address without the token; empty if it has not the right one."""
        if not self._token:
            return address
        given, separator, rest = address.removeprefix("/").partition("/")
        # In constant time, so that it cannot be guessed a letter at a time.
        is_right = hmac.compare_digest(given.encode(), self._token.encode())
        return f"/{rest}" if is_right and separator else ""

    @property
    def holds_earlier_show(self) -> bool:
        """Return whether the folder still contains the earlier show."""
        return self._earlier is not None and identify_playlist(self.folder) == self._earlier


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = IDLE_S

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def log_message(self, format: str, *args: Any) -> None:
        """Log nothing: a player requests every second, and viewers' addresses are not logged."""

    @property
    def _server(self) -> FolderServer:
        return cast(FolderServer, self.server)

    def _answer(self, with_body: bool) -> None:
        address, _, query = self.path.partition("?")
        path, kind = self._find(self._server.strip_token(address))
        # Another site could point its own name at this machine (DNS rebinding) to read the stream.
        if path is None or not _is_own_host(self.headers.get("Host", ""), self._server.is_public):
            self._refuse(with_body)
            return
        if path.name == LIVE_PLAYLIST:
            status = hold_playlist(path.parent, query)
            if status is not HTTPStatus.OK:
                self._refuse(with_body, status)
                return
        elif path.parent != PAGES:
            hold_part(path.parent, path.name)
        try:
            with _open_regular(path) as file:
                self._send_file(file, kind, with_body)
        except FileNotFoundError:
            self._refuse(with_body)

    def _find(self, address: str) -> tuple[Path | None, str]:
        """Return the file and content type of an address; None if it is not served."""
        if address in PAGE_FILES:
            name, kind = PAGE_FILES[address]
            return PAGES / name, kind
        match = STREAM_NAME.fullmatch(address)
        if match is None or self._server.holds_earlier_show:
            return None, ""
        path = self._server.folder / match[1]
        # A link in the folder must not point outside it.
        inside = path.resolve() == path and path.suffix in STREAM_TYPES
        return (path, STREAM_TYPES[path.suffix]) if inside else (None, "")

    def _send_file(self, file: BinaryIO, kind: str, with_body: bool) -> None:
        size = os.fstat(file.fileno()).st_size
        part = (
            parse_range(self.headers.get("Range"), size) if "If-Range" not in self.headers else None
        )
        if part is None:
            self._begin(HTTPStatus.OK, kind, size)
            part = range(size)
        elif part:
            self._begin(HTTPStatus.PARTIAL_CONTENT, kind, len(part), f"{part[0]}-{part[-1]}/{size}")
        else:
            self._begin(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, kind, 0, f"*/{size}")
        if with_body:
            self._send_bytes(file, part)
        self._server.note_progress(self.request)

    def _send_bytes(self, file: BinaryIO, part: range) -> None:
        """Send part of a file in pieces, by the kernel where supported."""
        at = part.start
        while at < part.stop:
            sent = self.request.sendfile(file, at, min(PIECE, part.stop - at))
            if not sent:
                # The file has become shorter: the announced length cannot be sent.
                self.close_connection = True
                return
            at += sent
            self._server.note_progress(self.request)

    def _refuse(self, with_body: bool, status: HTTPStatus = HTTPStatus.NOT_FOUND) -> None:
        body = f"{status.phrase.lower()}\n".encode()
        self._begin(status, "text/plain", len(body))
        if with_body:
            self.wfile.write(body)

    def _begin(self, status: HTTPStatus, kind: str, length: int, part: str = "") -> None:
        """Send a response's status and headers."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(length))
        self.send_header("Accept-Ranges", "bytes")
        if part:
            self.send_header("Content-Range", f"bytes {part}")
        # The playlist grows, and the next show writes segments of the same names.
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()


@contextmanager
def _open_regular(path: Path) -> Iterator[BinaryIO]:
    """Open a file for reading.

    Raises:
        FileNotFoundError: there is no readable regular file of that name.
    """
    try:
        descriptor = os.open(path, _OPEN_FLAGS)
    except OSError as fault:
        raise FileNotFoundError(errno.ENOENT, "no such file") from fault
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise FileNotFoundError(errno.ENOENT, "no regular file")
    with os.fdopen(descriptor, "rb", buffering=0) as file:
        yield cast(BinaryIO, file)


def _is_own_host(header: str, is_public: bool) -> bool:
    """Return whether a Host header names this machine in a way that no other site can.

    For a public server those are all IP addresses, since only names can be resolved elsewhere, and
    this machine's name.
    """
    host = header.strip().lower()
    host = host.rpartition(":")[0] if not host.endswith("]") and ":" in host else host
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        own = socket.gethostname().lower()
        return is_public and host in (own, f"{own}.local")
    return is_public or address.is_loopback
