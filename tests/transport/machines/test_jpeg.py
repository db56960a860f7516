"""Test pictures on their way between machines: whole, or none."""

from __future__ import annotations

import random

import numpy as np

from renderer.transport.machines.jpeg import decode_jpeg, encode_jpeg


def picture(width: int, height: int) -> np.ndarray:
    ramp = np.linspace(0, 255, width, dtype=np.uint8)
    return np.ascontiguousarray(np.broadcast_to(ramp[None, :, None], (height, width, 3)))


def test_a_picture_arrives_almost_as_it_was() -> None:
    sent = picture(64, 36)
    sent[..., 2] = 0
    data = encode_jpeg(sent)
    assert data is not None
    got = decode_jpeg(data, 64, 36)
    assert got is not None
    assert np.abs(got.astype(int) - sent).mean() < 4.0


def test_another_size_is_refused_before_it_is_decoded() -> None:
    data = encode_jpeg(np.zeros((4000, 6000, 3), np.uint8))
    assert data is not None
    bomb = data.replace((4000).to_bytes(2) + (6000).to_bytes(2), b"\xff\xdc\xff\xdc", 1)
    assert decode_jpeg(bomb, 64, 36) is None
    assert decode_jpeg(data, 64, 36) is None


def test_what_is_no_picture_is_none() -> None:
    rng, data = random.Random(1), encode_jpeg(picture(64, 36))
    assert data is not None
    for _ in range(300):
        cut = bytearray(data[: rng.randrange(len(data))])
        for _ in range(rng.randrange(4)):
            if cut:
                cut[rng.randrange(len(cut))] = rng.randrange(256)
        got = decode_jpeg(bytes(cut), 64, 36)
        assert got is None or got.shape == (36, 64, 3)
