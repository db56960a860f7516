"""Test that every encoded picture has the show's mark, also one that is sent again."""

from __future__ import annotations

import io
from fractions import Fraction

import av
import numpy as np
import pytest

from renderer.output.encode.encoder import ProgramEncoder
from renderer.output.encode.format import ProgramFormat
from renderer.output.encode.packets import VIDEO_CLOCK, EncodedPacket
from renderer.output.encode.rendition import Rendition
from renderer.output.encode.rendition_encoder import RenditionEncoder
from renderer.rights.watermark.detect import search_pictures
from renderer.rights.watermark.payload import Payload
from renderer.transport.pixel_layout import PixelLayout

WIDTH, HEIGHT, RATE = 640, 360, 30
SHOW = 0xE1B2C


@pytest.fixture
def planes() -> np.ndarray:
    """Return a picture like a lit stage: smooth light, some texture."""
    down, across = np.mgrid[0:HEIGHT, 0:WIDTH]
    light = 90 + 60 * np.sin(across / 90.0) * np.cos(down / 60.0)
    light += np.random.default_rng(5).normal(0, 4, light.shape)
    picture = np.full((HEIGHT * 3 // 2, WIDTH), 128, np.uint8)
    picture[:HEIGHT] = np.clip(light, 16, 235)
    return picture


@pytest.mark.parametrize("mark", [SHOW, None])
def test_a_held_picture_is_marked_once_each_time(planes: np.ndarray, mark: int | None) -> None:
    before = planes.copy()
    program = ProgramFormat(WIDTH, HEIGHT, Fraction(RATE), live=False, mark=mark)
    encoder = ProgramEncoder(program, None)
    packets = []
    for number in range(8):
        packets += encoder.encode(planes, number * 1_000_000_000 // RATE, 0, number == 0)
    packets += encoder.finish()
    encoder.close()
    # The ring's picture itself stays as it came.
    np.testing.assert_array_equal(planes, before)
    decoder = av.CodecContext.create("h264", "r")
    with av.open(io.BytesIO(encoder.header), format="nut") as header:
        decoder.extradata = header.streams.video[0].codec_context.extradata
    shown = [
        frame.to_ndarray(format="gray")
        for packet in (*(av.Packet(one.data) for one in packets if one.clock == VIDEO_CLOCK), None)
        for frame in decoder.decode(packet)
    ]
    assert len(shown) == 8
    found = search_pictures(shown, WIDTH, HEIGHT)
    assert found.payload == (None if mark is None else Payload(SHOW, 0))


def test_a_scaled_rendition_has_a_mark_of_its_own_size(planes: np.ndarray) -> None:
    program = ProgramFormat(2 * WIDTH, 2 * HEIGHT, Fraction(RATE), live=False, mark=SHOW)
    large = np.repeat(np.repeat(planes, 2, axis=0), 2, axis=1)
    packets: list[EncodedPacket] = []
    encoder = RenditionEncoder(
        program, Rendition((WIDTH, HEIGHT)), (), packets.extend, pytest.fail, lambda: 0.0
    )
    for number in range(8):
        at_ns = number * 1_000_000_000 // RATE
        encoder.put_picture(large, PixelLayout.I420, at_ns, 0, number == 0)
    encoder.close()
    assert encoder.join(60.0)
    decoder = av.CodecContext.create("h264", "r")
    with av.open(io.BytesIO(encoder.header), format="nut") as header:
        decoder.extradata = header.streams.video[0].codec_context.extradata
    shown = [
        frame.to_ndarray(format="gray")
        for packet in (*(av.Packet(one.data) for one in packets), None)
        for frame in decoder.decode(packet)
    ]
    assert len(shown) == 8 and shown[0].shape == (HEIGHT, WIDTH)
    assert search_pictures(shown, WIDTH, HEIGHT).payload == Payload(SHOW, 0)
