"""Test that another encoder replaces one that fails on air, and that no output ends with it."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from itertools import count
from pathlib import Path

import av
import numpy as np
import pytest
from showing import HEIGHT, RATE, WIDTH, RtmpServer, time_ns, wait_until

from renderer.errors import EncoderError
from renderer.output.encode import codecs, fallback_encoder
from renderer.output.encode.codecs import SOFTWARE, Codec
from renderer.output.encode.encoder import ProgramEncoder
from renderer.output.encode.fallback_encoder import MOST_FAILURES
from renderer.output.encode.format import ProgramFormat
from renderer.output.encode.packets import EncodedPacket, Muxer
from renderer.output.encode.picture_encoder import PictureEncoder
from renderer.output.output_words import parse_output
from renderer.output.requests import Add
from renderer.output.sinks.outputs import Outputs
from renderer.output.sinks.rtmp_transport import RtmpTransport
from renderer.output.sinks.transport import StreamsChangedError
from renderer.processes.child import Child
from renderer.protocol.outputs import OutputState, OutputStatus
from renderer.transport.pixel_layout import PixelLayout

HARDWARE = Codec("libx264", "nv12", {"preset": "ultrafast", "tune": "zerolatency"})
"""Stands for a hardware encoder: another layout, and other parameter sets than the software's."""
PROGRAM = ProgramFormat(WIDTH, HEIGHT, Fraction(RATE), live=True)
PICTURE = np.full((HEIGHT * 3 // 2, WIDTH), 128, np.uint8)
BREAKS_AT = RATE
"""Picture from which the encoder that is used first refuses everything."""


@dataclass
class Breaking:
    """From which picture on the first encoder of a size refuses everything."""

    at: int = BREAKS_AT


Break = Callable[[tuple[Codec, ...]], Breaking]


@pytest.fixture
def break_first(monkeypatch: pytest.MonkeyPatch) -> Break:
    """Return a function that sets the hardware, and lets the first encoder of a size fail."""

    def set_hardware(hardware: tuple[Codec, ...]) -> Breaking:
        breaking = Breaking()
        first: dict[int, PictureEncoder] = {}
        counts: dict[int, int] = {}
        encode = PictureEncoder.encode

        def encode_or_fail(self: PictureEncoder, *arguments: object) -> list[EncodedPacket]:
            width = self._stream.codec_context.width
            if first.setdefault(width, self) is self:
                counts[width] = counts.get(width, 0) + 1
                if counts[width] > breaking.at:
                    raise OSError(5, "the device is lost")
            return encode(self, *arguments)  # type: ignore[arg-type]

        monkeypatch.setattr(codecs, "HARDWARE", hardware)
        monkeypatch.setattr(PictureEncoder, "encode", encode_or_fail)
        return breaking

    return set_hardware


@pytest.fixture
def hang_first(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Yield a function that lets a method of the first encoder of a size never return."""
    released = threading.Event()
    monkeypatch.setattr(fallback_encoder, "HUNG_S", 1.0)

    def hang(method: str) -> None:
        first: dict[int, PictureEncoder] = {}
        counts: dict[int, int] = {}
        act = getattr(PictureEncoder, method)

        def act_or_hang(self: PictureEncoder, *arguments: object) -> list[EncodedPacket]:
            width = self._stream.codec_context.width
            if first.setdefault(width, self) is self:
                counts[width] = counts.get(width, 0) + 1
                if counts[width] > (BREAKS_AT if method == "encode" else 0):
                    released.wait()
                    return []
            return act(self, *arguments)  # type: ignore[no-any-return]

        monkeypatch.setattr(PictureEncoder, method, act_or_hang)

    yield hang
    released.set()
    for thread in threading.enumerate():
        if thread.name == "encoder":
            thread.join(60.0)


def encode_pictures(encoder: ProgramEncoder, outputs: Outputs | None = None) -> list[EncodedPacket]:
    """Encode three seconds as the media process does; return the program's packets."""
    made: list[EncodedPacket] = []
    for number in range(3 * RATE):
        at_ns, join = time_ns(number), number == 0
        if outputs is not None:
            outputs.offer_picture(PICTURE, PixelLayout.I420, at_ns, 0, join)
            # A rendition's queue drops what its thread has not encoded yet.
            drain(outputs)
        try:
            packets = encoder.encode(PICTURE, at_ns, 0, join, PixelLayout.I420)
        except OSError:
            continue
        made += packets
        if outputs is not None:
            outputs.offer(packets)
    return made + encoder.finish()


def drain(outputs: Outputs) -> None:
    """Wait until the renditions' encoders have taken every picture."""
    deadline = time.monotonic() + 60.0
    while any(one._queue._items for one in outputs._renditions._open):
        assert time.monotonic() < deadline
        time.sleep(0.001)


def read_times(path: Path) -> list[float]:
    with av.open(str(path)) as file:
        return [frame.time for frame in file.decode(video=0)]


def test_a_fresh_encoder_of_the_same_kind_goes_on_in_the_same_file(
    break_first: Break, tmp_path: Path
) -> None:
    break_first(())
    encoder = ProgramEncoder(PROGRAM, None)
    outputs = Outputs(encoder.header, PROGRAM)
    full, small = tmp_path / "full.mp4", tmp_path / "small.mp4"
    outputs.add(Add("full", parse_output(str(full))))
    outputs.add(Add("small", parse_output(f"{small}#size=160x90")))
    encode_pictures(encoder, outputs)
    assert set(outputs.encoder_notes) == {"160x90"}
    statuses = outputs.end()
    encoder.close()
    assert "the device is lost" in encoder.note and "another libx264 goes on" in encoder.note
    for status, path in zip(statuses, (full, small), strict=True):
        assert status.state is OutputState.ENDED, status.detail
        assert not status.parts
        # The picture for which the encoder was replaced is not lost.
        assert len(read_times(path)) == 3 * RATE - MOST_FAILURES + 1
    assert sorted(one.name for one in tmp_path.glob("*.mp4")) == ["full.mp4", "small.mp4"]


def test_software_goes_on_in_the_next_part_and_after_a_discontinuity(
    break_first: Break, tmp_path: Path
) -> None:
    break_first((HARDWARE,))
    avoided: set[str] = set()
    encoder = ProgramEncoder(PROGRAM, None, avoided)
    assert encoder.layout is PixelLayout.NV12
    outputs = Outputs(encoder.header, PROGRAM, avoided)
    for name, word in (
        ("full", f"{tmp_path}/full.mp4"),
        ("small", f"{tmp_path}/small.mp4#size=160x90"),
        ("web", f"hls:{tmp_path}/web#size=160x90"),
    ):
        outputs.add(Add(name, parse_output(word)))
    encode_pictures(encoder, outputs)
    assert avoided == {HARDWARE.name}
    statuses = {one.name: one for one in outputs.end()}
    encoder.close()
    assert all(one.state is OutputState.ENDED for one in statuses.values())
    for name in ("full", "small"):
        assert [Path(part.path).name for part in statuses[name].all_parts] == [
            f"{name}.mp4",
            f"{name}.part2.mp4",
        ]
        first, second = (read_times(Path(part.path)) for part in statuses[name].all_parts)
        assert len(first) == BREAKS_AT
        assert len(first) + len(second) == 3 * RATE - MOST_FAILURES + 1
    playlist = (tmp_path / "web" / "live.m3u8").read_text()
    assert playlist.count("#EXT-X-DISCONTINUITY") == 1
    assert playlist.count("#EXT-X-MAP") == 2
    assert playlist.endswith("#EXT-X-ENDLIST\n")
    last = [line for line in playlist.splitlines() if line.endswith(".m4s")][-1]
    whole = tmp_path / "late.mp4"
    whole.write_bytes(
        b"".join((tmp_path / "web" / one).read_bytes() for one in ("init_2.mp4", last))
    )
    assert read_times(whole)[-1] == pytest.approx(3.0, abs=0.2), "its times go on"


def test_an_encoder_that_hangs_is_replaced_without_a_missing_picture(
    hang_first: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(codecs, "HARDWARE", ())
    hang_first("encode")
    encoder = ProgramEncoder(PROGRAM, None)
    outputs = Outputs(encoder.header, PROGRAM)
    full, small = tmp_path / "full.mp4", tmp_path / "small.mp4"
    outputs.add(Add("full", parse_output(str(full))))
    outputs.add(Add("small", parse_output(f"{small}#size=160x90")))
    encode_pictures(encoder, outputs)
    statuses = outputs.end()
    encoder.close()
    for note in (encoder.note, outputs.encoder_notes["160x90"]):
        assert (
            note == "The encoder libx264 hangs (it did not return for 1 s); another libx264 goes on"
        )
    for status, path in zip(statuses, (full, small), strict=True):
        assert status.state is OutputState.ENDED, status.detail
        assert len(read_times(path)) == 3 * RATE


def test_an_encoder_that_hangs_at_the_end_keeps_no_recording_open(
    hang_first: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(codecs, "HARDWARE", ())
    hang_first("finish")
    encoder = ProgramEncoder(PROGRAM, None)
    outputs = Outputs(encoder.header, PROGRAM)
    paths = tmp_path / "full.mp4", tmp_path / "small.mp4"
    outputs.add(Add("full", parse_output(str(paths[0]))))
    outputs.add(Add("small", parse_output(f"{paths[1]}#size=160x90")))
    encode_pictures(encoder, outputs)
    assert all(one.state is OutputState.ENDED for one in outputs.end())
    encoder.close()
    # Live, an encoder has returned each picture before its end.
    assert [len(read_times(path)) for path in paths] == [3 * RATE, 3 * RATE]


def test_streams_get_the_new_parameter_sets(break_first: Break) -> None:
    break_first((HARDWARE,))
    encoder = ProgramEncoder(PROGRAM, None)
    header = encoder.header
    packets = encode_pictures(encoder)
    changed = encoder.header
    encoder.close()
    assert changed != header
    assert {one.header for one in packets if one.starts_picture} == {b"", changed}
    transport = io.BytesIO()
    muxer = Muxer(transport, header, "mpegts", {})
    for packet in packets:
        muxer.write(packet)
    muxer.close()
    transport.seek(0)
    with av.open(transport, "r") as file:
        assert len(list(file.decode(video=0))) == 3 * RATE - MOST_FAILURES + 1


def test_an_rtmp_connection_is_made_again_for_another_encoder(break_first: Break) -> None:
    break_first((HARDWARE,))
    encoder = ProgramEncoder(PROGRAM, None)
    header = encoder.header
    packets = encode_pictures(encoder)
    encoder.close()
    muxer = Muxer(io.BytesIO(), header, "flv", {})
    transport = RtmpTransport(Child.__new__(Child), muxer, header)
    changed = next(one for one in packets if one.header)
    with pytest.raises(StreamsChangedError, match="another encoder goes on") as refused:
        transport.write(changed)
    assert refused.value.header == changed.header
    muxer.close()


def test_a_stream_is_connected_again_and_goes_on(break_first: Break, server: RtmpServer) -> None:
    breaking = break_first((HARDWARE,))
    breaking.at = 1_000_000
    encoder = ProgramEncoder(PROGRAM, None)
    outputs = Outputs(encoder.header, PROGRAM)
    outputs.add(Add("live", parse_output(server.url)))
    numbers, viewed = count(), list[int]()

    def view() -> None:
        with av.open(server.url, options={"rw_timeout": "20000000"}) as viewer:
            viewed.append(next(viewer.decode(video=0)).width)

    def send_until(true: Callable[[OutputStatus], bool]) -> OutputStatus:
        """Send pictures until the stream's status is as wanted; return it."""
        deadline = time.monotonic() + 60.0
        while not true(status := outputs.statuses()[0]):
            assert time.monotonic() < deadline, status
            number = next(numbers)
            with suppress(OSError):
                join = outputs.take_keyframe_requests()
                outputs.offer(encoder.encode(PICTURE, time_ns(number), 0, join, PixelLayout.I420))
            time.sleep(1 / RATE)  # As the program does; a stream takes no more.
        return status

    try:
        before = send_until(lambda one: one.packets > RATE)
        breaking.at = 0
        send_until(lambda one: one.state is OutputState.RETRYING)
        after = send_until(
            lambda one: one.state is OutputState.RUNNING and one.packets > before.packets + 3 * RATE
        )
        assert any("another encoder goes on" in one.detail for one in after.history)
        viewing = threading.Thread(target=view)
        viewing.start()
        send_until(lambda _: not viewing.is_alive())
        viewing.join()
        assert viewed == [WIDTH]
    finally:
        outputs.end()
        encoder.close()


def test_encoders_that_keep_failing_are_not_replaced_for_ever(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuse(*_: object) -> list[EncodedPacket]:
        raise OSError(5, "the device is lost")

    monkeypatch.setattr(codecs, "HARDWARE", ())
    monkeypatch.setattr(PictureEncoder, "encode", refuse)
    encoder = ProgramEncoder(PROGRAM, None)
    refused = 0
    with pytest.raises(EncoderError, match=r"pictures in a row .*the device is lost"):
        for number in range(10 * MOST_FAILURES):
            try:
                encoder.encode(PICTURE, time_ns(number), 0, False, PixelLayout.I420)
            except OSError:
                refused += 1
    encoder.close()
    assert refused < 10 * MOST_FAILURES
    assert encoder.name == SOFTWARE.name

    # A rendition's outputs end; the program is not concerned.
    outputs = Outputs(b"", PROGRAM)
    outputs.add(Add("small", parse_output(f"{tmp_path}/small.mp4#size=160x90")))
    for number in range(10 * MOST_FAILURES):
        outputs.offer_picture(PICTURE, PixelLayout.I420, time_ns(number), 0, False)
        drain(outputs)
    assert wait_until(lambda: outputs.statuses()[0].state is OutputState.FAILED, 60.0)
    (status,) = outputs.end()
    assert "the device is lost" in status.detail
