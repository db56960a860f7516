"""A small web server, for this machine only, that plays an HLS folder in a browser."""

from __future__ import annotations

import re
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from renderer.errors import OutputError

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
}
STREAM_NAME = re.compile(r"/stream/([A-Za-z0-9_][A-Za-z0-9_.-]*)")
POLICY = "default-src 'self'; media-src 'self' blob:; worker-src blob:; style-src 'unsafe-inline'"


class WatchServer:
    """Serves the watch page and one folder on 127.0.0.1, in a thread.

    Args:
        folder: of an HLS output; it may still be empty.
        port: 0 for any free one.

    Raises:
        OutputError: there is no such folder, or the port is taken.
    """

    def __init__(self, folder: Path, port: int = 0) -> None:
        if not folder.is_dir():
            raise OutputError(
                f"the folder {folder}", "does not exist", "name the folder of an hls: output"
            )
        try:
            self._server = _Server(folder.resolve(), port)
        except (OSError, OverflowError) as fault:
            raise OutputError(
                f"port {port}", "cannot be listened on", "name another, or 0 for a free one"
            ) from fault
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        self._thread = threading.Thread(
            target=self._server.serve_forever, name="watch server", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Stop serving, and free the port."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def serve_folder(folder: Path, port: int = 0) -> WatchServer:
    """Serve the HLS folder for a browser on this machine; see WatchServer."""
    return WatchServer(folder, port)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        super().__init__(("127.0.0.1", port), _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    # A connection that a browser keeps open for later is closed after this many seconds.
    timeout = 30

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet: a player asks every second."""

    def _answer(self, with_body: bool) -> None:
        path, kind = self._find(self.path.partition("?")[0])
        # A page elsewhere could have its own name point here, and read the stream.
        host = self.headers.get("Host", "").rpartition(":")[0]
        if path is None or host not in ("127.0.0.1", "localhost"):
            self._reply(HTTPStatus.NOT_FOUND, "text/plain", b"not found\n", with_body)
            return
        try:
            body = path.read_bytes()
        except OSError:
            self._reply(HTTPStatus.NOT_FOUND, "text/plain", b"not found\n", with_body)
            return
        self._reply(HTTPStatus.OK, kind, body, with_body)

    def _find(self, address: str) -> tuple[Path | None, str]:
        """The file and content type of an address; None for all that is not offered."""
        if address in PAGE_FILES:
            name, kind = PAGE_FILES[address]
            return PAGES / name, kind
        match = STREAM_NAME.fullmatch(address)
        if match is None:
            return None, ""
        path = self.server.folder / match[1]
        # A link in the folder must not lead out of it.
        inside = path.resolve().parent == self.server.folder and path.suffix in STREAM_TYPES
        return (path, STREAM_TYPES[path.suffix]) if inside else (None, "")

    def _reply(self, status: HTTPStatus, kind: str, body: bytes, with_body: bool) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        # The playlist grows, and the next show writes segments of the same names.
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        if with_body:
            self.wfile.write(body)
