"""Test SRT streams against srt-tools: both modes, encryption, and a peer that stops or refuses."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from showing import RATE, Showing, play, wait_until
from srt_peer import SrtPeer, free_udp_port

from renderer.errors import OutputError
from renderer.output.media import MediaProcess
from renderer.output.output_words import parse_output
from renderer.output.spec import OutputSpec, warn_of_typed_keys
from renderer.output.srt_address import parse_srt
from renderer.protocol.outputs import OutputStatus

Start = Callable[..., MediaProcess]
Receive = Callable[[str], SrtPeer]
SECRET = "encore-on-air"


@pytest.fixture
def receive(tmp_path: Path) -> Iterator[Receive]:
    """Yield a function that starts receivers; all are ended."""
    started: list[SrtPeer] = []

    def begin(address: str) -> SrtPeer:
        started.append(SrtPeer(address, tmp_path / f"received_{len(started)}.ts"))
        return started[-1]

    yield begin
    for peer in started:
        peer.close()


def status_of(media: MediaProcess, name: str) -> OutputStatus:
    return next(status for status in media.statuses() if status.name == name)


def test_an_encrypted_stream_reaches_a_listener_with_flash_and_beep_together(
    start: Start, song: Path, receive: Receive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SRT_SECRET", SECRET)
    port = free_udp_port()
    peer = receive(f"srt://127.0.0.1:{port}?mode=listener&passphrase={SECRET}&pbkeylen=32")
    media = start(True, song)
    word = f"srt://127.0.0.1:{port}?passphrase={{env:SRT_SECRET}}&pbkeylen=32&latency=60"
    output = media.add(parse_output(word))
    showing = Showing(media)
    assert wait_until(lambda: status_of(media, output).seconds > 3.2)
    showing.stop()
    (status,) = media.finish().outputs
    assert (status.state, status.detail, status.dropped) == ("ended", "", 0)
    assert status.address == f"srt://127.0.0.1:{port}"
    assert wait_until(lambda: len(play(peer.path).times) >= showing.sent - 2 * RATE // 10)
    seen = play(peer.path)
    assert seen.flashes
    matched = [min(seen.beeps, key=lambda b, f=flash: abs(b - f)) for flash in seen.flashes]
    np.testing.assert_allclose(matched, seen.flashes, atol=0.021)


def test_callers_of_a_listener_come_and_go(start: Start, receive: Receive) -> None:
    port = free_udp_port()
    media = start(True)
    name = media.add(parse_output(f"srt://127.0.0.1:{port}?mode=listener"))
    showing = Showing(media)
    assert status_of(media, name).state == "running"
    first, second = (receive(f"srt://127.0.0.1:{port}?mode=caller") for _ in range(2))
    assert wait_until(lambda: min(first.received, second.received) > 10_000)
    first.close()
    before = second.received
    assert wait_until(lambda: second.received > before + 20_000)
    assert status_of(media, name).state == "running"
    third = receive(f"srt://127.0.0.1:{port}?mode=caller")
    assert wait_until(lambda: third.received > 10_000)
    showing.stop()
    assert media.finish().outputs[0].state == "ended"
    # The third joined at a keyframe that it had asked for.
    assert len(play(third.path).times) > RATE // 10


def test_before_air_what_cannot_be_reached_is_an_error(
    start: Start, receive: Receive, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_udp_port()
    peer = receive(f"srt://127.0.0.1:{port}?mode=listener&passphrase={SECRET}")
    monkeypatch.delenv("SRT_SECRET", raising=False)
    media = start(True)
    cases = {
        f"srt://127.0.0.1:{port}?passphrase=another+one+here": "the passphrase is wrong",
        f"srt://127.0.0.1:{port}": "one side has a passphrase and the other has none",
        f"srt://127.0.0.1:{free_udp_port()}": "nothing answers there by SRT",
        "srt://nowhere.invalid:9000": "host is unknown",
        f"srt://127.0.0.1:{port}?passphrase={{env:SRT_SECRET}}": "SRT_SECRET: is not set",
        "srt://192.0.2.1:9000?mode=listener": "cannot be listened on",
    }
    with pytest.raises(OutputError) as told:
        media.add_all([parse_output(address) for address in cases])
    for reason in cases.values():
        assert reason in str(told.value)
    assert "another" not in str(told.value)
    assert media.statuses() == []
    assert peer.received == 0
    media.finish()


def test_a_stopped_receiver_is_told_and_found_again(start: Start, receive: Receive) -> None:
    port = free_udp_port()
    address = f"srt://127.0.0.1:{port}?mode=listener"
    peer = receive(address)
    media = start(True)
    name = media.add(parse_output(f"srt://127.0.0.1:{port}"))
    showing = Showing(media)
    assert wait_until(lambda: peer.received > 10_000)
    os.kill(peer.process.pid, signal.SIGSTOP)
    assert wait_until(lambda: status_of(media, name).state != "running")
    assert status_of(media, name).detail
    peer.close()
    assert wait_until(lambda: status_of(media, name).state == "retrying")
    again = receive(address)
    assert wait_until(lambda: again.received > 10_000)
    assert status_of(media, name).state == "running"
    showing.stop()
    media.finish()


@pytest.mark.parametrize(
    ("word", "fault"),
    [
        ("srt://", "not a host and a port"),
        ("srt://host", "not a host and a port"),
        ("srt://host:0", "not a host and a port"),
        ("srt://host:99999", "host or port"),
        ("srt://host:1/path", "not a host and a port"),
        ("srt://:9000", "no host"),
        ("srt://host:1?mode=rendezvous", "mode"),
        ("srt://:1?mode=caller", "lacks the host"),
        ("srt://host:1?latency=fast", "latency"),
        ("srt://host:1?latency=9000", "latency over"),
        ("srt://host:1?pbkeylen=8", "pbkeylen"),
        ("srt://host:1?passphrase=short", "has 5 bytes"),
        ("srt://host:1?passphrase=", "without a value"),
        ("srt://host:1?latency=1&latency=2", "twice"),
        ("srt://host:1?bandwidth=2", "unknown option 'bandwidth'"),
        (f"srt://host:1?streamid={'x' * 513}", "too long"),
    ],
)
def test_a_wrong_address_is_told_in_a_sentence(word: str, fault: str) -> None:
    with pytest.raises(OutputError, match=fault) as told:
        parse_output(word)
    assert "short" not in str(told.value)


@settings(max_examples=50)
@given(st.text(max_size=40))
def test_any_text_is_an_address_or_an_error(text: str) -> None:
    try:
        address = parse_srt(f"srt://{text}")
    except OutputError as told:
        assert "\n" not in str(told)
    else:
        assert 0 < address.port < 65536


def test_a_passphrase_is_neither_shown_nor_left_without_a_warning() -> None:
    spec = parse_output("srt://host:9000?passphrase=0123456789&streamid=me")
    assert "0123456789" not in repr(spec) + repr(spec.server)
    (warning,) = warn_of_typed_keys([spec])
    assert "passphrase={env:NAME}" in warning and "0123456789" not in warning
    assert not warn_of_typed_keys([OutputSpec("srt", "srt://host:9000?passphrase={env:NAME}")])
