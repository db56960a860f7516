"""Test the HLS folder, its web server, and a real browser that plays it."""

from __future__ import annotations

import http.client
import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from email.message import Message
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest
from browser import Browser
from showing import BEEPS, HEIGHT, RATE, WIDTH, Showing, play, send, wait_until

from renderer.errors import OutputError
from renderer.output.media import MediaProcess
from renderer.output.output_words import parse_outputs
from renderer.output.spec import PLAYLIST, OutputSpec
from renderer.output.web import folder_server
from renderer.output.web.bounded_server import MAX_CONNECTIONS
from renderer.output.web.playlist_id import identify_playlist
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


def ask(server: WatchServer, path: str, **headers: str) -> tuple[int, Message, bytes]:
    address = urlsplit(server.url)
    assert address.hostname and address.port
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=5)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def get(server: WatchServer, path: str, host: str | None = None) -> tuple[int, str, bytes]:
    status, headers, body = ask(server, path, **({"Host": host} if host else {}))
    return status, headers["Content-Type"], body


def connect(server: WatchServer, request: bytes = b"") -> socket.socket:
    address = urlsplit(server.url)
    assert address.hostname and address.port
    connection = socket.create_connection((address.hostname, address.port), 10)
    connection.sendall(request)
    return connection


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
    # Without an edit list, the stream starts later by the priming packet of the sound: 21 ms.
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
    # Without its end mark a player would wait for more.
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
    os.mkfifo(folder / "pipe.m4s")
    for path in (
        "/stream/../secret.mp4", "/stream/%2e%2e/secret.mp4", "/../secret.mp4", "//etc/passwd",
        "/stream/link.mp4", "/stream/notes.txt", "/stream/inner.mp4", "/stream/pipe.m4s",
        "/stream/", "/stream",
        "/stream/missing.m4s", "/etc/passwd", "/watch.html", "/stream/..", "/stream/\\secret.mp4",
    ):  # fmt: skip
        status, _, body = get(server, path)
        assert (status, body) == (404, b"not found\n"), path


def test_another_sites_name_for_this_machine_gets_nothing(
    served: tuple[Path, WatchServer],
) -> None:
    _, server = served
    for host in ("evil.example:80", "192.0.2.1", socket.gethostname(), "[2001:db8::1]:80", "::"):
        assert get(server, "/", host=host)[0] == 404, host
    for host in ("localhost", f"localhost:{urlsplit(server.url).port}", "127.0.0.1", "[::1]:80"):
        assert get(server, "/", host=host)[0] == 200, host


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


@pytest.mark.parametrize("bind", ["0.0.0.0", "127.0.0.2", "::1", "::"])
def test_it_listens_where_it_is_told_to(bind: str, tmp_path: Path) -> None:
    with closing(serve_folder(tmp_path, 0, bind)) as server:
        assert get(server, "/")[0] == 200


def test_others_may_watch_by_number_or_this_machines_name_alone(tmp_path: Path) -> None:
    with closing(serve_folder(tmp_path, 0, "0.0.0.0")) as server:
        for host in ("192.0.2.1:80", "[2001:db8::1]", socket.gethostname()):
            assert get(server, "/", host=host)[0] == 200, host
        assert get(server, "/", host="evil.example")[0] == 404


@pytest.mark.parametrize("bind", ["192.0.2.1", "2001:db8::1", "here", ""])
def test_an_address_of_another_machine_is_an_error(bind: str, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="is no address of this machine"):
        serve_folder(tmp_path, 0, bind)


@pytest.mark.parametrize(
    ("header", "status", "part"),
    [
        ("bytes=0-3", 206, slice(0, 4)),
        ("bytes=4-", 206, slice(4, 10)),
        ("bytes=4-99", 206, slice(4, 10)),
        ("bytes=-3", 206, slice(7, 10)),
        ("bytes=-99", 206, slice(0, 10)),
        ("bytes=10-", 416, slice(0, 0)),
        ("bytes=-0", 416, slice(0, 0)),
        ("bytes=5-4", 200, slice(0, 10)),
        ("bytes=-", 200, slice(0, 10)),
        ("bytes=0-1,4-5", 200, slice(0, 10)),
        ("bytes=0x1-2", 200, slice(0, 10)),
        ("lines=1-2", 200, slice(0, 10)),
        (f"bytes=0-{'9' * 30}", 200, slice(0, 10)),
    ],
)
def test_a_part_of_a_file_can_be_had(
    header: str, status: int, part: slice, served: tuple[Path, WatchServer]
) -> None:
    folder, server = served
    content = b"0123456789"
    (folder / "init.mp4").write_bytes(content)
    told, headers, body = ask(server, "/stream/init.mp4", Range=header)
    assert (told, body) == (status, content[part])
    expected = {206: f"bytes {part.start}-{part.stop - 1}/10", 416: "bytes */10"}
    assert headers["Content-Range"] == expected.get(status)


def test_a_file_that_is_replaced_while_it_is_sent_arrives_as_it_was(
    served: tuple[Path, WatchServer],
) -> None:
    folder, server = served
    path = folder / "segment_00000.m4s"
    path.write_bytes(b"a" * 30_000_000)
    with connect(
        server, b"GET /stream/segment_00000.m4s HTTP/1.0\r\nHost: localhost\r\n\r\n"
    ) as slow:
        body = slow.recv(1000).partition(b"\r\n\r\n")[2]
        (folder / "new").write_bytes(b"b")
        (folder / "new").replace(path)
        while piece := slow.recv(1 << 20):
            body += piece
    assert body == b"a" * 30_000_000


SERVE = """
import sys
from pathlib import Path
from renderer.output.web import folder_server
from renderer.output.web.bounded_server import MAX_CONNECTIONS
from renderer.output.web.watch import serve_folder
server = serve_folder(Path(sys.argv[1]))
print(server.url, flush=True)
sys.stdin.read()
"""


def test_clients_that_do_not_read_cost_no_memory(tmp_path: Path) -> None:
    with (tmp_path / "init.mp4").open("wb") as file:
        file.truncate(50_000_000)
    with subprocess.Popen(
        [sys.executable, "-c", SERVE, str(tmp_path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process, ExitStack() as clients:  # fmt: skip
        assert process.stdout is not None
        address = urlsplit(process.stdout.readline())
        before = peak_bytes(process.pid)
        request = b"GET /stream/init.mp4 HTTP/1.1\r\nHost: localhost\r\n\r\n"
        for _ in range(20):
            client = clients.enter_context(
                socket.create_connection((address.hostname, address.port), 10)
            )
            client.sendall(request)
            assert client.recv(100).startswith(b"HTTP/1.1 200")
        assert peak_bytes(process.pid) - before < 25_000_000
        process.kill()


def peak_bytes(pid: int) -> int:
    """Return the peak memory of a process."""
    match = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert match
    return 1024 * int(match[1])


def test_idle_connections_give_way_to_viewers(served: tuple[Path, WatchServer]) -> None:
    _, server = served
    threads = threading.active_count()
    with ExitStack() as opened:
        idle = [opened.enter_context(connect(server)) for _ in range(MAX_CONNECTIONS + 20)]
        assert get(server, "/")[0] == 200
        # The connections that had been idle for longest were closed.
        for connection in idle[:20]:
            assert connection.recv(1) == b""
        assert wait_until(lambda: threading.active_count() <= threads + MAX_CONNECTIONS)
        idle[-1].sendall(b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n")
        assert idle[-1].recv(100).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("request_bytes", [b"", b"GET /", b"GET / HTTP/1.1\r\nHost: localhost\r\n"])
def test_a_connection_without_a_whole_request_is_closed_in_time(
    request_bytes: bytes, served: tuple[Path, WatchServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder_server._Handler, "timeout", 0.3)
    with connect(served[1], request_bytes) as connection:
        assert connection.recv(1) == b""


def test_a_client_that_stops_reading_is_let_go(
    served: tuple[Path, WatchServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, server = served
    monkeypatch.setattr(folder_server._Handler, "timeout", 0.3)
    (folder / "init.mp4").write_bytes(bytes(50_000_000))
    threads = threading.active_count()
    request = b"GET /stream/init.mp4 HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with connect(server, request) as connection:
        assert connection.recv(100).startswith(b"HTTP/1.1 200")
        assert wait_until(lambda: threading.active_count() > threads)
        assert wait_until(lambda: threading.active_count() == threads)


def test_an_earlier_show_in_the_folder_is_not_served_as_this_one(
    start: Start, tmp_path: Path
) -> None:
    folder = tmp_path / "hls"
    for number in range(2):
        earlier = identify_playlist(folder)
        with ExitStack() as opened:
            folder.mkdir(exist_ok=True)
            page = opened.enter_context(closing(WatchServer(folder, earlier=earlier)))
            for name in (PLAYLIST, "init.mp4", "segment_00000.m4s"):
                assert get(page, f"/stream/{name}")[0] == 404, (number, name)
            assert get(page, "/")[0] == 200
            media = start(False)
            media.add(hls(folder))
            for frame in range(RATE):
                assert send(media, frame)
            media.finish()
            for name in (PLAYLIST, "init.mp4", "segment_00000.m4s"):
                assert get(page, f"/stream/{name}")[0] == 200, (number, name)


def test_closing_ends_open_connections(tmp_path: Path) -> None:
    threads = threading.active_count()
    server = serve_folder(tmp_path)
    with connect(server) as idle:
        assert get(server, "/")[0] == 200
        server.close()
        assert idle.recv(1) == b""
    assert threading.active_count() == threads


@pytest.fixture
def browse(tmp_path: Path) -> Iterator[Callable[[str], Browser]]:
    opened: list[Browser] = []

    def browse(url: str) -> Browser:
        opened.append(Browser(tmp_path / "profile", url))
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
    state = "document.getElementById('state')?.textContent"
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
    assert wait_until(lambda: browser.evaluate(state) == "The show has ended.", 90)


def test_a_browser_plays_one_of_several_renditions(
    start: Start,
    song: Path,
    served: tuple[Path, WatchServer],
    browse: Callable[[str], Browser],
) -> None:
    folder, server = served
    media = start(True, song)
    media.add_all(parse_outputs(f"hls:{folder}#size={WIDTH}x{HEIGHT}+160x90"))
    showing = Showing(media)
    browser = browse(server.url)
    time_of = "document.getElementById('video')?.currentTime"
    assert wait_until(lambda: (browser.evaluate(time_of) or 0.0) > 0.5, 60)
    first = browser.evaluate(time_of)
    assert wait_until(lambda: browser.evaluate(time_of) > first + 1.0, 60)
    assert browser.evaluate("document.getElementById('video').videoWidth") in (WIDTH, 160)
    showing.stop()
    media.finish()
