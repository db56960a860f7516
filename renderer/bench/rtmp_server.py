"""Run a real stream server on this machine: nginx with its RTMP module."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import Final

from renderer.closing import Closing
from renderer.errors import SetupError

MODULE: Final = Path("/usr/lib/nginx/modules/ngx_rtmp_module.so")
_START_S: Final = 15.0
_LOOK_EVERY_S: Final = 0.05


def is_installed() -> bool:
    """Return whether nginx with the RTMP module is installed."""
    return shutil.which("nginx") is not None and MODULE.exists()


class RtmpServer(Closing):
    """nginx on loopback, IPv4 and IPv6, with all its files in a private folder.

    The applications `live` and `live/inner` accept every stream, `closed` none.
    """

    def __init__(self, folder: Path, on_publish: str = "") -> None:
        """Start the server.

        Args:
            folder: created for the server's files.
            on_publish: URL that receives a POST for every published stream; empty for none.

        Raises:
            SetupError: the server does not start.
        """
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        folder.mkdir()
        hook = f"on_publish {on_publish};\n" if on_publish else ""
        (folder / "nginx.conf").write_text(
            f"load_module {MODULE};\n"
            "daemon off; master_process off; worker_processes 1;\n"
            f"pid {folder}/nginx.pid; error_log {folder}/error.log;\n"
            "events { worker_connections 64; }\n"
            f"rtmp {{ server {{ listen 127.0.0.1:{self.port}; listen [::1]:{self.port};\n"
            f"{hook}"
            "application live { live on; wait_key on; }\n"
            "application live/inner { live on; }\n"
            "application closed { live on; deny publish all; } } }\n"
        )
        self.start()

    @property
    def url(self) -> str:
        """Return the URL for publishing and watching."""
        return f"rtmp://127.0.0.1:{self.port}/live/key"

    @property
    def closed_url(self) -> str:
        """Return the URL that rejects all publishers."""
        return f"rtmp://127.0.0.1:{self.port}/closed/key"

    @property
    def pid(self) -> int:
        """Return the server's process ID."""
        if self._process is None:
            raise SetupError("nginx", "does not run", "start it first")
        return self._process.pid

    def start(self) -> None:
        """Start the server again after `kill`.

        Raises:
            SetupError: the server does not start.
        """
        self._process = subprocess.Popen(
            ["nginx", "-p", str(self._folder), "-c", str(self._folder / "nginx.conf")],
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + _START_S
        while not self._is_listening():
            if time.monotonic() > deadline:
                self.kill()
                raise SetupError("nginx", "does not start", f"see {self._folder / 'error.log'}")
            time.sleep(_LOOK_EVERY_S)

    def kill(self) -> None:
        """Kill the server at once, as a power failure would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def close(self) -> None:
        """Stop the server."""
        self.kill()

    def _is_listening(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
        except OSError:
            return False
        return True
