"""Test outputs with a size and a bit rate of their own, and HLS in several renditions."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import av
import numpy as np
import pytest
from showing import HEIGHT, RATE, WIDTH, RtmpServer, Showing, play, send
from showing import wait_until as wait

from renderer.errors import OutputError
from renderer.output.encode.format import ProgramFormat
from renderer.output.encode.packets import EncodedPacket
from renderer.output.encode.picture_queue import SLOTS
from renderer.output.encode.rendition import Rendition
from renderer.output.media import MediaProcess
from renderer.output.output_options import write_options
from renderer.output.output_words import parse_output, parse_outputs, parse_recording
from renderer.output.sinks.renditions import Renditions
from renderer.output.web.watch import serve_folder
from renderer.protocol.outputs import OutputState
from renderer.transport.pixel_layout import PixelLayout

Start = Callable[..., MediaProcess]


def test_a_smaller_recording_has_every_picture_and_all_the_sound(
    start: Start, song: Path, tmp_path: Path
) -> None:
    media = start(False, song)
    full, small = tmp_path / "full.mp4", tmp_path / "small.mp4"
    media.add_all([parse_output(str(full)), parse_recording(f"{small}#size=160x90")])
    for number in range(4 * RATE):
        assert send(media, number)
    statuses = media.finish().outputs
    assert [one.rendition for one in statuses] == ["", "160x90"]
    assert [one.state for one in statuses] == [OutputState.ENDED] * 2
    for path, size in ((full, (WIDTH, HEIGHT)), (small, (160, 90))):
        with av.open(str(path)) as file:
            frames = [frame.width for frame in file.decode(video=0)]
            assert (file.streams.video[0].width, file.streams.video[0].height) == size
        assert len(frames) == 4 * RATE
        seen, whole = play(path), play(full)
        assert seen.flashes == pytest.approx(whole.flashes, abs=1e-3)
        assert seen.beeps == pytest.approx(whole.beeps, abs=1e-3)
        assert seen.sound_from == whole.sound_from == 0.0
    assert small.stat().st_size < full.stat().st_size


def test_a_live_rendition_holds_its_rate_and_the_program_is_not_encoded_for_nobody(
    start: Start, tmp_path: Path
) -> None:
    media = start(True)
    small = [f"{tmp_path}/{name}.mp4#size=160x90,bitrate=100k" for name in "ab"]
    media.add_all([parse_output(word) for word in small])
    showing = Showing(media)
    assert wait(lambda: all(one.seconds > 3 for one in media.statuses()), 60)
    showing.stop()
    statuses = media.finish().outputs
    for status in statuses:
        assert status.rendition == "160x90, 100 kbit/s"
        assert status.target_kbit_s == 0 or status.target_kbit_s == pytest.approx(100)
    first, second = (Path(f"{tmp_path}/{name}.mp4") for name in "ab")
    with av.open(str(first)) as one, av.open(str(second)) as other:
        theirs = {bytes(packet) for packet in other.demux(video=0) if packet.size}
        ours = [bytes(packet) for packet in one.demux(video=0) if packet.size]
    # The same encoder's packets, as far as both recordings were open.
    assert sum(packet in theirs for packet in ours) > len(ours) / 2


def test_a_stream_is_sent_in_its_own_size(start: Start, server: RtmpServer, tmp_path: Path) -> None:
    media = start(True)
    media.add(parse_output(f"{server.url}#size=160x90,bitrate=300k"))
    full = tmp_path / "full.mp4"
    media.add(parse_output(str(full)))
    showing = Showing(media)
    assert wait(lambda: media.statuses()[0].seconds > 2, 60)
    with av.open(server.url, options={"rw_timeout": "20000000"}) as viewer:
        frame = next(viewer.decode(video=0))
        assert (frame.width, frame.height) == (160, 90)
    showing.stop()
    stream, recording = media.finish().outputs
    assert stream.state is OutputState.ENDED, stream.detail
    assert recording.rendition == "" and recording.state is OutputState.ENDED


def test_hls_lists_its_renditions_and_serves_them(start: Start, tmp_path: Path) -> None:
    folder = tmp_path / "web"
    specs = parse_outputs(f"hls:{folder}#size={WIDTH}x{HEIGHT}+160x90,bitrate=800k+100k")
    assert {spec.watch_folder for spec in specs} == {folder}
    media = start(False)
    media.add_all(specs)
    for number in range(3 * RATE):
        assert send(media, number)
    assert all(one.state is OutputState.ENDED for one in media.finish().outputs)
    master = (folder / "low_latency.m3u8").read_text()
    lines = re.findall(r"#EXT-X-STREAM-INF:(.*)\n(.*)\n", master)
    assert [uri for _, uri in lines] == ["180p/low_latency.m3u8", "90p/low_latency.m3u8"]
    for (line, _), size, bits in zip(lines, ("320x180", "160x90"), (800, 100), strict=True):
        assert f"BANDWIDTH={(bits + 160) * 1000}," in line and f"RESOLUTION={size}" in line
        assert re.search(r'CODECS="avc1\.[0-9a-f]{6},mp4a\.40\.2"', line)
    server = serve_folder(folder)
    try:
        for name, (width, height) in (("180p", (320, 180)), ("90p", (160, 90))):
            with av.open(f"{server.url}stream/{name}/live.m3u8") as player:
                frame = next(player.decode(video=0))
                assert (frame.width, frame.height) == (width, height)
        with av.open(f"{server.url}stream/live.m3u8") as player:
            assert len(player.streams.video) == 2
        for bad in ("90p/.variant", "90p/../../secret.mp4", ".90p/live.m3u8", "a/b/live.m3u8"):
            with pytest.raises(HTTPError) as refused:
                urlopen(f"{server.url}stream/{bad}", timeout=10)
            refused.value.close()
    finally:
        server.close()


def test_a_view_is_a_rendition_of_the_same_address() -> None:
    wide, small, tall = parse_outputs("hls:web#size=1920x1080+1280x720+vertical")
    assert [one.address for one in (wide, small, tall)] == [
        "web/1080p",
        "web/720p",
        "web/vertical",
    ]
    assert [one.view for one in (wide, small, tall)] == ["program", "program", "vertical"]
    assert tall.options.rendition.size is None
    assert small.options.rendition == Rendition((1280, 720))
    assert small.options.variants == ("1080p", "720p", "vertical")


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("show.mp4#size=1281x720", "is none that can be encoded"),
        ("show.mp4#size=big", "is none that can be encoded"),
        ("show.mp4#size=1280x720+640x360", "which only an hls: output has"),
        ("show.mp4#bitrate=5", "is none from 50k to 400M"),
        ("show.mp4#size=640x360,size=1280x720", "is given twice"),
        ("show.mp4#size=", "is empty"),
        ("show.mp4#image=png", "is no folder of images"),
        ("frames:folder#image=gif", "cannot be written"),
        ("frames:folder#bitrate=2500k", "which only video has"),
        ("rtmp://host/app/key#fallback=folder", "which only a recording has"),
        ("hls:web#size=1280x720+640x360,bitrate=1M", "has 2 sizes and 1 bit rates"),
        ("hls:web#size=1280x720+1280x720", "names one twice"),
        ("hls:web#size=1280x720+tall", "is none that can be encoded"),
    ],
)
def test_an_option_that_makes_no_sense_is_refused(word: str, why: str) -> None:
    with pytest.raises(OutputError, match=re.escape(why)):
        parse_outputs(word)


def test_a_sharp_may_belong_to_a_name_or_a_key() -> None:
    assert parse_output("show#2.mp4").address == "show#2.mp4"
    spec = parse_output("rtmp://host/app/key#1#size=640x360,bitrate=1.5M")
    assert spec.stream.key == "key#1"
    assert spec.options.rendition == Rendition((640, 360), 1500)
    assert spec.shown == "rtmp://host/app/…"


def test_a_document_s_options_become_the_word_s() -> None:
    assert write_options("a.mp4") == "a.mp4"
    assert write_options("a.mp4", "640x360", 900, "b") == (
        "a.mp4#size=640x360,bitrate=900k,fallback=b"
    )
    assert write_options("a.mp4#size=640x360", kbit_s=900) == "a.mp4#size=640x360,bitrate=900k"


def test_a_distorted_picture_is_refused_with_a_size_that_fits(start: Start) -> None:
    media = start(False)
    with pytest.raises(OutputError, match="use a size such as 320x180"):
        media.add(parse_output("never.mp4#size=180x180"))


def test_what_is_the_program_s_anyway_needs_no_other_encoder() -> None:
    program = ProgramFormat(1280, 720, Fraction(30), True)
    assert Rendition((1280, 720)).simplify(program) == Rendition()
    exact = replace(program, bitrate=2_500_000)
    assert Rendition((1280, 720), 2500).simplify(exact) == Rendition()
    assert Rendition(None, 2000).simplify(exact) == Rendition(None, 2000)
    assert Rendition((640, 360), 900).simplify(program) == Rendition((640, 360), 900)
    assert Rendition((640, 360)).apply(program).width == 640


def test_an_output_that_is_stopped_gets_what_is_still_in_its_encoder() -> None:
    delivered: list[EncodedPacket] = []
    after: list[int] = []
    program = ProgramFormat(WIDTH, HEIGHT, Fraction(RATE), live=False)
    renditions = Renditions(
        program, (), lambda _, packets: delivered.extend(packets), pytest.fail, lambda _: 0.0
    )
    small = Rendition((160, 90))
    renditions.reserve(small)
    renditions.release(small)
    picture = np.full((HEIGHT * 3 // 2, WIDTH), 128, np.uint8)
    for number in range(5):
        at_ns = number * 10**9 // RATE
        renditions.put_picture(picture, PixelLayout.I420, at_ns, 0, False)
    # Look-ahead holds pictures back, which come with the end.
    renditions.finish(small, lambda: after.append(len(delivered)))
    renditions.end(60.0)
    assert after == [5] and renditions.is_empty


def test_a_slow_encoder_drops_live_pictures_and_they_stay_counted() -> None:
    program = ProgramFormat(WIDTH, HEIGHT, Fraction(RATE), live=True)
    may_go_on = threading.Event()
    renditions = Renditions(
        program, (), lambda *_: may_go_on.wait(60.0), pytest.fail, lambda _: 0.0
    )
    small = Rendition((160, 90))
    renditions.reserve(small)
    picture = np.full((HEIGHT * 3 // 2, WIDTH), 128, np.uint8)
    for number in range(20):
        renditions.put_picture(picture, PixelLayout.I420, number * 10**9 // RATE, 0, False)
    lost = renditions.lost(small)
    assert 20 - SLOTS - 1 <= lost < 20
    renditions.release(small)
    renditions.retire(())
    assert renditions.lost(small) == lost
    may_go_on.set()
    renditions.end(60.0)
    renditions.retire(())
    assert renditions.lost(small) == lost
