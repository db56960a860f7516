"""Run three-vrm in headless Chromium, which draws on request over HTTP."""

from __future__ import annotations

import json
import queue
import shutil
import subprocess
import threading
from collections.abc import Mapping, Sequence
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

from renderer import paths
from renderer.bench.peers.turns import AbsentError, group_processor_s
from renderer.closing import Closing

VERSION: Final = "3.5.5"
_THREE: Final = "0.180.0"
_INSTALL_S: Final = 180.0
_ANSWER_S: Final = 180.0
"""Timeout for the start and for a round, seconds; a busy machine without a GPU is slow."""

_FOLDER: Final = Path(__file__).parent
_TYPES: Final = {".html": "text/html", ".js": "text/javascript", ".vrm": "model/gltf-binary"}


def install() -> Path:
    """Return the folder whose node_modules contain three-vrm; install it from npm if missing.

    Raises:
        AbsentError: npm is missing or cannot install it.
    """
    folder = paths.cache_folder() / f"three-vrm-{VERSION}"
    if (folder / "node_modules" / "@pixiv" / "three-vrm" / "lib").is_dir():
        return folder
    npm = shutil.which("npm")
    if npm is None:
        raise AbsentError("npm is not installed, and three-vrm not at hand")
    options = ("--no-save", "--no-audit", "--no-fund", "--ignore-scripts")
    packages = (f"three@{_THREE}", f"@pixiv/three-vrm@{VERSION}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            [npm, "install", "--prefix", str(folder), *options, *packages],
            capture_output=True, text=True, timeout=_INSTALL_S, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise AbsentError(f"npm could not fetch three-vrm ({error})") from error
    if done.returncode:
        raise AbsentError(f"npm could not fetch three-vrm ({done.stderr.strip()[-200:]})")
    return folder


class Browser(Closing):
    """three-vrm on a page of headless Chromium.

    Attributes:
        adapter: name of the renderer below WebGL.

    Args:
        job: description of the scene, as read by threevrm.js.
        avatar: its file.
        profile: folder for the browser's profile.

    Raises:
        AbsentError: Chromium or three-vrm is missing or does not start.
    """

    def __init__(self, job: Mapping[str, Any], avatar: Path, profile: Path) -> None:
        chromium = shutil.which("chromium") or shutil.which("chromium-browser")
        if chromium is None:
            raise AbsentError("Chromium is not installed")
        modules = install()
        self._asked: queue.Queue[int] = queue.Queue()
        self._results: queue.Queue[tuple[str, str]] = queue.Queue()
        handler = partial(_Page, job, avatar, modules, self._asked, self._results)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{self._server.server_port}/threevrm.html"
        self._process = subprocess.Popen(
            [chromium, "--headless=new", "--no-sandbox", "--use-gl=angle", "--use-angle=gl-egl",
             "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist", "--disable-gpu-vsync",
             f"--user-data-dir={profile}", address],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        try:
            self.adapter = self._answer("ready")
        except BaseException:
            self.close()
            raise

    def draw(self, frames: int) -> Sequence[float]:
        """Draw frames; return the milliseconds of each, by the clock."""
        self._asked.put(frames)
        times: list[float] = json.loads(self._answer("drawn"))
        return times

    def processor_s(self) -> float:
        """Return the processor seconds of the browser's processes; 0 if unknown."""
        return group_processor_s(self._process.pid)

    def _answer(self, wanted: str) -> str:
        try:
            kind, text = self._results.get(timeout=_ANSWER_S)
        except queue.Empty:
            raise AbsentError(f"Chromium did not answer within {_ANSWER_S:.0f} s") from None
        if kind != wanted:
            raise AbsentError(f"three-vrm failed in Chromium ({text})")
        return text

    def close(self) -> None:
        """End the browser and the server."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(10.0)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._server.shutdown()
        self._server.server_close()


class _Page(BaseHTTPRequestHandler):
    """Serves the page, its modules and the avatar, and passes requests and results on."""

    def __init__(
        self,
        job: Mapping[str, Any],
        avatar: Path,
        modules: Path,
        asked: queue.Queue[int],
        results: queue.Queue[tuple[str, str]],
        *args: Any,
    ) -> None:
        self._job, self._avatar, self._modules = job, avatar, modules
        self._asked, self._results = asked, results
        super().__init__(*args)

    def do_GET(self) -> None:
        """Answer with the job, the next number of frames, or a file."""
        if self.path == "/job":
            self._send(json.dumps(self._job).encode())
        elif self.path == "/next":
            self._send(str(self._asked.get()).encode())
        else:
            self._send_file()

    def _send_file(self) -> None:
        if self.path == "/avatar.vrm":
            file = self._avatar
        elif self.path.startswith("/node_modules/"):
            file = (self._modules / self.path.lstrip("/")).resolve()
            if not file.is_relative_to(self._modules.resolve()):
                file = self._modules / "missing"
        else:
            file = _FOLDER / Path(self.path).name
        if file.is_file():
            self._send(file.read_bytes(), _TYPES.get(file.suffix, "application/octet-stream"))
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        """Pass a result on."""
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self._results.put((self.path.lstrip("/"), body))
        self._send(b"")

    def _send(self, body: bytes, kind: str = "application/json") -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Log nothing: results go to the report."""
