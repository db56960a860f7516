"""Test low-latency HLS: the playlist's law, blocking requests, and what is left afterwards."""

from __future__ import annotations

import http.client
import io
import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import av
import numpy as np
import pytest
from showing import BEEPS, RATE, Showing, play, send, wait_until

from renderer.errors import OutputError
from renderer.output.interrupted import END_MARK
from renderer.output.media import MediaProcess
from renderer.output.sinks.hls_playlist import LISTED, Part, Segment, write_live
from renderer.output.spec import LIVE_PLAYLIST, OutputSpec
from renderer.output.watch_address import WatchAddress, parse_watch_address
from renderer.output.web import blocking
from renderer.output.web.watch import WatchServer, serve_folder

Start = Callable[..., MediaProcess]


@pytest.fixture
def page(tmp_path: Path) -> Iterator[WatchServer]:
    with closing(serve_folder(tmp_path)) as server:
        yield server


def get(server: WatchServer, path: str) -> tuple[int, bytes]:
    address = urlsplit(server.url)
    connection = http.client.HTTPConnection(str(address.hostname), address.port or 0, timeout=20)
    with closing(connection):
        connection.request("GET", f"{address.path}{path}")
        answer = connection.getresponse()
        return answer.status, answer.read()


def check_law(text: str) -> None:
    """Assert what the second edition of HLS demands of a low-latency media playlist."""
    target = int(re.findall(r"#EXT-X-TARGETDURATION:(\d+)", text)[0])
    part_target = float(re.findall(r"PART-TARGET=([\d.]+)", text)[0])
    hold_back = float(re.findall(r"PART-HOLD-BACK=([\d.]+)", text)[0])
    assert "CAN-BLOCK-RELOAD=YES" in text
    assert hold_back >= 2 * part_target
    parts: list[float] = []
    independent: list[bool] = []
    for line in text.splitlines():
        if line.startswith("#EXT-X-PART:"):
            parts.append(float(re.findall(r"DURATION=([\d.]+)", line)[0]))
            independent.append("INDEPENDENT=YES" in line)
        elif line.startswith("#EXTINF:"):
            length = float(line.removeprefix("#EXTINF:").rstrip(","))
            assert round(length) <= target
            if parts:
                assert sum(parts) == pytest.approx(length, abs=1e-3)
                assert independent[0] and not any(independent[1:])
                # All but the last part of a segment have at least 85 % of the part target.
                assert all(0.85 * part_target <= one for one in parts[:-1])
            assert all(one <= part_target + 1e-6 for one in parts)
            parts, independent = [], []
    assert text.startswith("#EXTM3U\n") and "#EXT-X-MAP" in text


def test_a_player_of_parts_gets_every_picture_once_and_in_order(
    start: Start, song: Path, tmp_path: Path, page: WatchServer
) -> None:
    media = start(True, song)
    media.add(OutputSpec("hls", str(tmp_path)))
    showing = Showing(media)
    assert wait_until(lambda: (tmp_path / LIVE_PLAYLIST).exists())
    got: list[str] = []
    data = b""
    segment, part = 0, 0
    while segment < 2:
        status, body = get(page, f"stream/{LIVE_PLAYLIST}?_HLS_msn={segment}&_HLS_part={part}")
        assert status == 200
        text = body.decode()
        check_law(text)
        edge = blocking.read_edge(tmp_path)
        assert edge is not None
        fresh = [name for name in re.findall(r'PART:.*URI="([^"]+)"', text) if name not in got]
        (hint,) = re.findall(r'PRELOAD-HINT:TYPE=PART,URI="([^"]+)"', text)
        for name in [*fresh, hint]:
            status, body = get(page, f"stream/{name}")
            assert status == 200, name
            got.append(name)
            data += body
        match = re.fullmatch(r"segment_(\d+)\.(\d+)\.m4s", hint)
        assert match
        segment, part = int(match[1]), int(match[2]) + 1
    showing.stop()
    media.finish()
    numbers = [tuple(map(int, re.findall(r"\d+", name)[:2])) for name in got]
    assert numbers == sorted(set(numbers))
    seen = play(io.BytesIO((tmp_path / "init.mp4").read_bytes() + data))
    assert len(seen.times) > 4 * RATE
    np.testing.assert_allclose(np.diff(seen.times), 1 / RATE, atol=2e-3)
    np.testing.assert_allclose(seen.flashes, BEEPS[: len(seen.flashes)], atol=0.03)
    text = (tmp_path / LIVE_PLAYLIST).read_text()
    assert END_MARK in text and "EXT-X-PART:" not in text
    assert not list(tmp_path.glob("segment_*.*.m4s"))
    assert play(tmp_path / LIVE_PLAYLIST).times == play(tmp_path / "live.m3u8").times


def test_waiting_requests_are_answered_when_the_show_ends_or_stalls(
    start: Start, tmp_path: Path, page: WatchServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    media = start(False)
    media.add(OutputSpec("hls", str(tmp_path)))
    for number in range(RATE):
        send(media, number)
    assert wait_until(lambda: blocking.read_edge(tmp_path) is not None)
    path = f"stream/{LIVE_PLAYLIST}?_HLS_msn="
    assert get(page, f"{path}3")[0] == 400
    for wrong in ("x", "1&_HLS_part=x", "-1", "", f"{'9' * 30}"):
        assert get(page, f"{path}{wrong}")[0] == (200 if not wrong else 400), wrong
    with monkeypatch.context() as patch:
        patch.setattr(blocking, "LONGEST_S", 0.05)
        assert get(page, f"{path}1")[0] == 503
    looked = threading.Event()

    def look(folder: Path) -> blocking.Edge | None:
        edge = read_edge(folder)
        looked.set()
        return edge

    read_edge = blocking.read_edge
    monkeypatch.setattr(blocking, "read_edge", look)
    with ThreadPoolExecutor() as pool:
        asked = pool.submit(get, page, f"{path}1")
        assert looked.wait(30.0), "the request is held"
        media.finish()
        status, body = asked.result()
    assert status == 200 and END_MARK.encode() in body


def test_the_playlist_rolls_and_stays_short() -> None:
    segments = [Segment(f"segment_{number:05d}.m4s", 2.0) for number in range(3600)]
    segments[0].header = ['#EXT-X-MAP:URI="init.mp4"']
    segments[100].header = ["#EXT-X-DISCONTINUITY", '#EXT-X-MAP:URI="init_2.mp4"']
    text = write_live(segments, [], [Part("p", 0.4, True)], "hint", False).decode()
    check_law(text)
    assert f"#EXT-X-MEDIA-SEQUENCE:{3600 - LISTED}\n" in text
    assert "#EXT-X-DISCONTINUITY-SEQUENCE:1\n" in text
    assert '#EXT-X-MAP:URI="init_2.mp4"' in text and 'URI="init.mp4"' not in text
    assert len(text) < 4000


def test_nothing_is_served_without_the_token(tmp_path: Path) -> None:
    (tmp_path / "live.m3u8").write_bytes(b"list")
    with closing(serve_folder(tmp_path, token="a-token-of-ours")) as server:
        assert server.url.endswith("/a-token-of-ours/")
        assert get(server, "")[0] == get(server, "stream/live.m3u8")[0] == 200
        server.url = server.url.replace("/a-token-of-ours/", "/")
        for path in ("", "stream/live.m3u8", "a-token-of-our/", "a-token-of-ours", "x/stream/a"):
            assert get(server, path)[0] == 404, path
    for token in ("short", "with/slash/in-it", "ümlaut-in-it"):
        with pytest.raises(OutputError, match="8 to 128"):
            serve_folder(tmp_path, token=token)


def test_every_part_can_be_decoded_after_the_ones_before(start: Start, tmp_path: Path) -> None:
    media = start(False)
    media.add(OutputSpec("hls", str(tmp_path)))
    for number in range(3 * RATE):
        send(media, number)
    assert wait_until(lambda: len(list(tmp_path.glob("segment_00000.*.m4s"))) >= 4)
    init = (tmp_path / "init.mp4").read_bytes()
    first = (tmp_path / "segment_00000.0.m4s").read_bytes()
    with av.open(io.BytesIO(init + first)) as file:
        assert sum(1 for _ in file.decode(video=0)) == 0.4 * RATE
    media.finish()


@pytest.mark.parametrize(
    ("word", "bind", "port"),
    [
        ("0.0.0.0", "0.0.0.0", 0),
        ("192.168.1.4:8080", "192.168.1.4", 8080),
        ("[::]:8080", "::", 8080),
        ("::1", "::1", 0),
    ],
)
def test_a_watch_page_has_an_address(word: str, bind: str, port: int) -> None:
    address = parse_watch_address(word)
    assert address == WatchAddress(bind, port)
    assert bool(address.make_token()) is (bind != "::1")


@pytest.mark.parametrize("word", ["", "here", "1.2.3.4:x", "1.2.3.4:99999", "1.2.3", "[::1", ":80"])
def test_another_word_is_no_address_of_a_watch_page(word: str) -> None:
    with pytest.raises(OutputError, match="in numbers"):
        parse_watch_address(word)
