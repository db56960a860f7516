"""The HLS folder, its web server, and a real browser that plays it."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pytest
from showing import BEEPS, RATE, WIDTH, Showing, play, send, wait_until

from renderer.errors import OutputError
from renderer.output.media import MediaProcess
from renderer.output.spec import OutputSpec
from renderer.output.web.watch import WatchServer, serve_folder

Start = Callable[..., MediaProcess]


def hls(folder: Path) -> OutputSpec:
    return OutputSpec("hls", str(folder))


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Path, WatchServer]]:
    folder = tmp_path / "watch"
    folder.mkdir()
    server = serve_folder(folder, 0)
    yield folder, server
    server.close()


def get(server: WatchServer, path: str, host: str | None = None) -> tuple[int, str, bytes]:
    address = urlsplit(server.url)
    assert address.hostname and address.port
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=5)
    try:
        connection.request("GET", path, headers={"Host": host} if host else {})
        answer = connection.getresponse()
        return answer.status, answer.headers["Content-Type"], answer.read()
    finally:
        connection.close()


def test_the_folder_holds_the_whole_show_in_two_second_segments(
    start: Start, song: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "new" / "watch"
    media = start(False, song)
    media.add(hls(folder))
    for number in range(5 * RATE):
        send(media, number)
    assert media.finish().outputs[0].state == "ended"
    playlist = (folder / "live.m3u8").read_text()
    assert "#EXT-X-PLAYLIST-TYPE:EVENT" in playlist
    assert "#EXT-X-INDEPENDENT-SEGMENTS" in playlist
    assert playlist.rstrip().endswith("#EXT-X-ENDLIST")
    lengths = [float(text) for text in re.findall(r"#EXTINF:([\d.]+)", playlist)]
    np.testing.assert_allclose(lengths, [2.0, 2.0, 1.0], atol=0.05)
    seen = play(folder / "live.m3u8")
    assert len(seen.times) == 5 * RATE
    np.testing.assert_allclose(seen.beeps, seen.flashes, atol=0.02)
    # Muxed without an edit list, all starts later by the sound's first packet: 21 ms.
    np.testing.assert_allclose(seen.flashes, BEEPS, atol=0.03)


def test_a_new_show_replaces_the_old_one_and_nothing_else(start: Start, tmp_path: Path) -> None:
    (tmp_path / "segment_00099.m4s").write_bytes(b"old")
    (tmp_path / "notes.txt").write_text("mine")
    media = start(False)
    media.add(hls(tmp_path))
    for number in range(RATE):
        send(media, number)
    media.finish()
    assert not (tmp_path / "segment_00099.m4s").exists()
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_a_folder_that_is_a_file_is_an_error(start: Start, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    media = start(False)
    with pytest.raises(OutputError, match="file exists"):
        media.add(hls(tmp_path / "file"))


def test_a_full_disk_ends_the_folder_and_what_is_there_plays(
    start: Start, small_disk: Path
) -> None:
    media = start(False)
    media.add(hls(small_disk / "watch"))
    for number in range(8 * RATE):
        send(media, number, noise=14)
    (output,) = media.finish().outputs
    assert output.state == "failed"
    assert output.detail.startswith("no space left on device")
    playlist = small_disk / "watch" / "live.m3u8"
    # Without its end a player would wait for more.
    assert "#EXT-X-ENDLIST" in playlist.read_text()
    assert len(play(playlist).times) >= 2 * RATE


def test_pages_and_segments_have_their_types(served: tuple[Path, WatchServer]) -> None:
    folder, server = served
    for name in ("live.m3u8", "init.mp4", "segment_00000.m4s"):
        (folder / name).write_bytes(name.encode())
    kinds = {
        "/": "text/html; charset=utf-8",
        "/watch.js": "text/javascript; charset=utf-8",
        "/hls.light.min.js": "text/javascript; charset=utf-8",
        "/stream/live.m3u8": "application/vnd.apple.mpegurl",
        "/stream/init.mp4": "video/mp4",
        "/stream/segment_00000.m4s": "video/iso.segment",
        "/stream/live.m3u8?again": "application/vnd.apple.mpegurl",
    }
    for path, kind in kinds.items():
        status, told, body = get(server, path)
        assert (status, told) == (200, kind)
        assert body


def test_nothing_else_can_be_had(served: tuple[Path, WatchServer]) -> None:
    folder, server = served
    (folder.parent / "secret.mp4").write_bytes(b"secret")
    (folder / "link.mp4").symlink_to(folder.parent / "secret.mp4")
    (folder / "notes.txt").write_bytes(b"secret")
    (folder / "inner.mp4").mkdir()
    for path in (
        "/stream/../secret.mp4", "/stream/%2e%2e/secret.mp4", "/../secret.mp4", "//etc/passwd",
        "/stream/link.mp4", "/stream/notes.txt", "/stream/inner.mp4", "/stream/", "/stream",
        "/stream/missing.m4s", "/etc/passwd", "/watch.html", "/stream/..", "/stream/\\secret.mp4",
    ):  # fmt: skip
        status, _, body = get(server, path)
        assert (status, body) == (404, b"not found\n"), path


def test_another_sites_name_for_this_machine_gets_nothing(
    served: tuple[Path, WatchServer],
) -> None:
    _, server = served
    assert get(server, "/", host="evil.example:80")[0] == 404
    assert get(server, "/", host=f"localhost:{urlsplit(server.url).port}")[0] == 200


def test_a_missing_folder_and_a_taken_port_are_errors(served: tuple[Path, WatchServer]) -> None:
    folder, server = served
    with pytest.raises(OutputError, match="does not exist"):
        serve_folder(folder / "missing", 0)
    port = urlsplit(server.url).port
    assert port is not None
    for taken in (port, -1, 99_999):
        with pytest.raises(OutputError, match="cannot be listened on"):
            serve_folder(folder, taken)


def test_a_closed_server_leaves_no_thread(tmp_path: Path) -> None:
    before = threading.active_count()
    server = serve_folder(tmp_path, 0)
    assert get(server, "/")[0] == 200
    server.close()
    assert threading.active_count() <= before + 1


class Browser:
    """A headless Chromium, spoken to over its debugging pipe."""

    FLAGS = (
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--autoplay-policy=no-user-gesture-required", "--remote-debugging-pipe",
    )  # fmt: skip

    def __init__(self, program: str, profile: Path, url: str) -> None:
        to_read, self._to = os.pipe()
        self._from, to_write = os.pipe()
        # The browser listens on descriptor 3 and answers on 4.
        shell = f'exec "$@" 3<&{to_read} 4>&{to_write}'
        self._process = subprocess.Popen(
            ["bash", "-c", shell, "bash", program, *self.FLAGS, f"--user-data-dir={profile}"],
            pass_fds=(to_read, to_write), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(to_read)
        os.close(to_write)
        self._count, self._rest, self._session = 0, b"", ""
        target = self.ask("Target.createTarget", url=url)["targetId"]
        attached = self.ask("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]

    def ask(self, method: str, **params: object) -> dict[str, Any]:
        self._count += 1
        message: dict[str, Any] = {"id": self._count, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while True:
            while b"\0" not in self._rest:
                part = os.read(self._from, 1 << 20)
                assert part, "the browser has ended"
                self._rest += part
            text, _, self._rest = self._rest.partition(b"\0")
            answer: dict[str, Any] = json.loads(text)
            if answer.get("id") == self._count:
                assert "result" in answer, answer
                result: dict[str, Any] = answer["result"]
                return result

    def evaluate(self, expression: str) -> Any:
        told = self.ask("Runtime.evaluate", expression=expression, returnByValue=True)
        return told["result"].get("value")

    def close(self) -> None:
        self._session = ""
        self.ask("Browser.close")
        self._process.wait(10)
        os.close(self._to)
        os.close(self._from)


@pytest.fixture
def browse(tmp_path: Path) -> Iterator[Callable[[str], Browser]]:
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("no Chromium is installed")
    opened: list[Browser] = []

    def browse(url: str) -> Browser:
        opened.append(Browser(program, tmp_path / "profile", url))
        return opened[-1]

    yield browse
    for browser in opened:
        browser.close()


def test_a_browser_waits_for_the_show_plays_it_live_and_seeks_to_its_start(
    start: Start,
    song: Path,
    served: tuple[Path, WatchServer],
    browse: Callable[[str], Browser],
) -> None:
    folder, server = served
    browser = browse(server.url)
    state = "document.getElementById('state').textContent"
    assert wait_until(lambda: browser.evaluate(state) == "Waiting for the show…")
    media = start(True, song)
    media.add(hls(folder))
    showing = Showing(media)
    time_of = "document.getElementById('video').currentTime"
    assert wait_until(lambda: (browser.evaluate(time_of) or 0.0) > 0.5, 40), browser.evaluate(state)
    first = browser.evaluate(time_of)
    assert wait_until(lambda: browser.evaluate(time_of) > first + 1.0)
    assert browser.evaluate("document.getElementById('video').videoWidth") == WIDTH
    assert browser.evaluate("document.getElementById('video').seekable.start(0)") == 0
    assert browser.evaluate(state) == ""
    showing.stop()
    media.finish()
    browser.evaluate("document.getElementById('video').currentTime = 0")
    assert wait_until(lambda: 0.2 < browser.evaluate(time_of) < first)
    assert wait_until(lambda: browser.evaluate(state) == "The show has ended.", 40)
