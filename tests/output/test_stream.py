"""Test streams to a real RTMP server that is killed, frozen or rejects us."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil
import pytest
from showing import RATE, RtmpServer, Seen, Showing, play, send, send_live, wait_until

from renderer.errors import OutputError
from renderer.output.media import MediaProcess
from renderer.output.output_words import parse_output
from renderer.output.spec import OutputSpec
from renderer.protocol.outputs import OutputStatus

Start = Callable[..., MediaProcess]


def rtmp(url: str) -> OutputSpec:
    return OutputSpec("rtmp", url)


def status_of(media: MediaProcess, name: str) -> OutputStatus:
    return next(status for status in media.statuses() if status.name == name)


def children(media: MediaProcess) -> set[int]:
    """Return the processes that the media process has started."""
    assert media.pid is not None
    tasks = Path(f"/proc/{media.pid}/task").glob("*/children")
    return {int(child) for task in tasks for child in task.read_text().split()}


def watch(url: str, seconds: float, seen: list[Seen]) -> threading.Thread:
    """Start a viewer in a thread."""
    viewer = threading.Thread(target=lambda: seen.append(play(url, seconds)))
    viewer.start()
    return viewer


def test_a_viewer_gets_flash_and_beep_together(
    start: Start, song: Path, server: RtmpServer
) -> None:
    media = start(True, song)
    name = media.add(rtmp(server.url))
    showing = Showing(media)
    seen: list[Seen] = []
    viewer = watch(server.url, 2.5, seen)
    viewer.join(20)
    assert status_of(media, name).state == "running"
    assert 0.0 < status_of(media, name).latency_p50_ms < 1000.0
    showing.stop()
    assert media.finish().outputs[0].state == "ended"
    player = seen[0]
    assert len(player.times) > 2 * RATE
    assert len(player.flashes) >= 1
    matched = [min(player.beeps, key=lambda b, f=flash: abs(b - f)) for flash in player.flashes]
    # FLV times are in milliseconds.
    np.testing.assert_allclose(matched, player.flashes, atol=0.021)


def test_a_killed_server_is_found_again_and_the_recording_has_no_gap(
    start: Start, server: RtmpServer, tmp_path: Path
) -> None:
    path = tmp_path / "show.mp4"
    media = start(True)
    media.add(OutputSpec("mp4", str(path)))
    name = media.add(rtmp(server.url))
    showing = Showing(media)
    assert wait_until(lambda: status_of(media, name).packets > 40)
    server.kill()
    assert wait_until(lambda: status_of(media, name).state == "retrying")
    assert status_of(media, name).detail
    server.start()
    assert wait_until(lambda: status_of(media, name).state == "running")
    seen: list[Seen] = []
    watch(server.url, 0.5, seen).join(20)
    showing.stop()
    assert status_of(media, name).dropped > 0
    report = media.finish()
    assert [output.state for output in report.outputs] == ["ended", "ended"]
    # The stream restarted at a keyframe and can be decoded from there.
    assert len(seen[0].times) > RATE // 3
    times = play(path).times
    assert len(times) == report.frames == showing.sent - report.dropped
    assert report.outputs[0].dropped == 0


def test_a_frozen_server_holds_up_neither_the_recording_nor_the_end(
    start: Start, server: RtmpServer, tmp_path: Path
) -> None:
    path = tmp_path / "show.mp4"
    # More than the kernel buffers for a reader that does not read.
    media = start(True, None, 60_000_000)
    media.add(OutputSpec("mp4", str(path)))
    name = media.add(rtmp(server.url))
    sent = 0
    for number in range(150):
        if number == 10:
            server.freeze()
        sent += wait_until(lambda number=number: send(media, number, noise=250))
    report = media.finish()
    recorded, streamed = report.outputs
    assert (recorded.state, recorded.dropped) == ("ended", 0)
    assert len(play(path).times) == report.frames == sent == 150
    assert streamed.name == name
    assert streamed.packets < recorded.packets


@pytest.mark.parametrize("fate", [signal.SIGKILL, signal.SIGSTOP])
def test_a_relay_that_dies_or_hangs_is_replaced(
    start: Start, server: RtmpServer, fate: signal.Signals
) -> None:
    media = start(True)
    name = media.add(rtmp(server.url))
    showing = Showing(media)
    assert wait_until(lambda: status_of(media, name).packets > 10)
    assert media.pid is not None
    (relay,) = psutil.Process(media.pid).children()
    relay.send_signal(fate)
    assert wait_until(lambda: status_of(media, name).state == "retrying", 30.0)
    word = "killed" if fate is signal.SIGKILL else "hung"
    assert word in status_of(media, name).detail
    assert wait_until(lambda: status_of(media, name).state == "running", 30.0)
    showing.stop()
    media.finish()
    assert not psutil.pid_exists(relay.pid), "not even as a zombie"


def test_a_relay_that_is_stopped_for_a_while_is_reported_and_continues(
    start: Start, server: RtmpServer
) -> None:
    media = start(True)
    name = media.add(rtmp(server.url))
    showing = Showing(media)
    assert wait_until(lambda: status_of(media, name).packets > 10)
    assert media.pid is not None
    (relay,) = psutil.Process(media.pid).children()
    relay.suspend()
    assert wait_until(lambda: status_of(media, name).state == "stalled", 30.0)
    assert "no sign of life" in status_of(media, name).detail
    relay.resume()
    assert wait_until(lambda: status_of(media, name).state == "running", 30.0)
    assert psutil.Process(media.pid).children() == [relay], "it was given time"
    showing.stop()
    assert media.finish().outputs[0].state == "ended"


def test_before_air_what_cannot_be_reached_is_an_error(start: Start, server: RtmpServer) -> None:
    media = start(True)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        cases = {
            "rtmp://127.0.0.1:1/live/key": "no server takes connections",
            "rtmp://nowhere.invalid/live/key": "host is unknown",
            f"rtmp://127.0.0.1:{silent.getsockname()[1]}/live/key": "silent for 5 s",
            server.closed_url: "the server refused the stream",
        }
        for url, reason in cases.items():
            with pytest.raises(OutputError, match=reason) as told:
                media.add(rtmp(url))
            assert "/key" not in str(told.value)
    assert media.statuses() == []
    media.finish()


@pytest.mark.parametrize(
    ("path", "name", "query"),
    [
        ("live/a/b/c", "a/b/c", ""),
        ("live/key?sig=a/b+c==&e=1", "key", "sig=a/b c==&e=1"),
        ("live/?streamname=s&sig=a/b", "", "streamname=s&sig=a/b"),
        ("live?streamname=s", "", "streamname=s"),
        ("live/k:1/x|'y'\\z];[w", "k:1/x|'y'\\z];[w", ""),
    ],
)
def test_the_server_is_given_the_key_as_it_was_written(
    path: str, name: str, query: str, start: Start, server: RtmpServer
) -> None:
    media = start(True)
    output = media.add(parse_output(f"rtmp://127.0.0.1:{server.port}/{path}"))
    send_live(media, 0, 5)
    assert media.remove(output).state == "ended"
    assert server.published == [("live", name, query)]


def test_a_server_is_reached_by_ipv6_and_shown_in_brackets(
    start: Start, server: RtmpServer
) -> None:
    media = start(True)
    output = media.add(parse_output(f"rtmp://[::1]:{server.port}/live/key"))
    send_live(media, 0, 5)
    status = media.remove(output)
    assert (status.state, status.address) == ("ended", f"rtmp://[::1]:{server.port}/live/…")
    assert server.published == [("live", "key", "")]


def test_a_key_in_a_file_reaches_the_server_and_nothing_else(
    start: Start, server: RtmpServer, tmp_path: Path
) -> None:
    path = tmp_path / "key"
    path.write_text("secret/key?t=1\n")
    media = start(True)
    output = media.add(parse_output(f"rtmp://127.0.0.1:{server.port}/live/{{file:{path}}}"))
    send_live(media, 0, 5)
    tree = [media.pid, *children(media)] if media.pid else []
    assert len(tree) > 1
    for pid in tree:
        assert b"secret" not in Path(f"/proc/{pid}/cmdline").read_bytes()
    assert "secret" not in repr(media.remove(output))
    assert server.published == [("live", "secret/key", "t=1")]
    path.write_text("")
    with pytest.raises(OutputError, match="is empty"):
        media.add(parse_output(f"rtmp://127.0.0.1:{server.port}/live/{{file:{path}}}"))
    assert "secret" not in repr(media.finish())


def test_a_stream_taken_off_the_air_ends_while_the_show_continues(
    start: Start, server: RtmpServer
) -> None:
    media = start(True)
    name = media.add(rtmp(server.url))
    send_live(media, 0, 10)
    assert media.remove(name).state == "ended"
    send_live(media, 10, 5)
    # The same address can be used again.
    again = media.add(rtmp(server.url))
    send_live(media, 15, 10)
    assert wait_until(lambda: status_of(media, again).packets > 0)
    assert [output.name for output in media.finish().outputs] == [again]
