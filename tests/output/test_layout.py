"""NV12 and I420 encode to the same film, whichever the encoder takes."""

from __future__ import annotations

import io
from fractions import Fraction

import av
import numpy as np
import numpy.typing as npt
import pytest

from renderer.output.encode import codecs
from renderer.output.encode.codecs import SOFTWARE, Codec
from renderer.output.encode.encoder import ProgramEncoder
from renderer.output.encode.format import ProgramFormat
from renderer.output.encode.packets import Muxer
from renderer.transport.pixel_layout import PixelLayout

WIDTH, HEIGHT = 128, 96
U8 = npt.NDArray[np.uint8]


def planes_of(layout: PixelLayout) -> U8:
    """A picture of ramps, in either layout."""
    luma = np.linspace(16, 235, HEIGHT * WIDTH).astype(np.uint8).reshape(HEIGHT, WIDTH)
    chroma = np.linspace((60, 200), (200, 60), HEIGHT * WIDTH // 4).astype(np.uint8)
    flat = chroma if layout is PixelLayout.NV12 else chroma.T
    return np.concatenate((luma, flat.reshape(HEIGHT // 2, WIDTH)))


def film(given: PixelLayout) -> tuple[PixelLayout, U8]:
    """The layout that the encoder asks for, and the first frame of a film, as I420."""
    program = ProgramFormat(WIDTH, HEIGHT, Fraction(30), live=False)
    maker = ProgramEncoder(program, None)
    file = io.BytesIO()
    muxer = Muxer(file, maker.header, "mp4", {"movflags": "frag_keyframe+empty_moov"})
    packets = [
        packet
        for number in range(3)
        for packet in maker.encode(planes_of(given), number * 10**9 // 30, 0, False, given)
    ]
    for packet in [*packets, *maker.finish()]:
        muxer.write(packet)
    muxer.close()
    maker.close()
    file.seek(0)
    with av.open(file) as made:
        return maker.layout, next(made.decode(video=0)).to_ndarray(format="yuv420p")


@pytest.mark.parametrize("taken", [PixelLayout.I420, PixelLayout.NV12])
@pytest.mark.parametrize("given", [PixelLayout.I420, PixelLayout.NV12])
def test_any_layout_becomes_the_same_film(
    monkeypatch: pytest.MonkeyPatch, taken: PixelLayout, given: PixelLayout
) -> None:
    codec = Codec("libx264", taken.value, SOFTWARE.live, SOFTWARE.offline)
    monkeypatch.setattr(codecs, "HARDWARE", (codec,))
    asked, frame = film(given)
    assert asked is taken
    assert np.abs(frame.astype(int) - planes_of(PixelLayout.I420)).mean() < 1.5
