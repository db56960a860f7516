"""Test the conversion of sound whose rate, layout and format change midway."""

from __future__ import annotations

from collections.abc import Iterator

import av
import numpy as np
import pytest

from renderer.sound_conversion import SoundConverter

HERTZ = 440.0


def tone(
    layout: str, rate: int, sample_format: str, seconds: float = 1.0
) -> Iterator[av.AudioFrame]:
    """Yield a tone in frames of a fiftieth of a second, with timestamps as decoders give them."""
    size, channels = rate // 50, av.AudioLayout(layout).nb_channels
    for number in range(round(seconds * 50)):
        t = (np.arange(size) + number * size) / rate
        wave = np.tile(0.5 * np.sin(2 * np.pi * HERTZ * t), (channels, 1))
        if sample_format == "s16":
            data = (wave.T.reshape(1, -1) * 32767).astype(np.int16)
        else:
            data = wave.astype(np.float32)
        frame = av.AudioFrame.from_ndarray(data, sample_format, layout)
        frame.sample_rate = rate
        frame.pts = number * size
        yield frame


def converted(*kinds: tuple[str, int, str]) -> tuple[np.ndarray, str, float]:
    converter = SoundConverter("flt", "mono", 16_000)
    parts = [out for kind in kinds for frame in tone(*kind) for out in converter.convert(frame)]
    parts += converter.finish()
    return (
        np.concatenate([part.to_ndarray().reshape(-1) for part in parts]),
        converter.fault,
        converter.lost_s,
    )


@pytest.mark.parametrize(
    "second",
    [("mono", 22_050, "fltp"), ("stereo", 48_000, "fltp"), ("5.1", 44_100, "fltp"),
     ("stereo", 44_100, "s16")],
)  # fmt: skip
def test_a_change_of_kind_is_not_heard(second: tuple[str, int, str]) -> None:
    samples, fault, _ = converted(("stereo", 44_100, "fltp"), second, ("stereo", 44_100, "fltp"))
    assert fault == ""
    assert len(samples) == pytest.approx(3 * 16_000, abs=60)
    for start in (2000, 18_000, 34_000):
        part = samples[start : start + 12_000]
        loudest = np.argmax(np.abs(np.fft.rfft(part * np.hanning(len(part)))))
        assert loudest * 16_000 / len(part) == pytest.approx(HERTZ, abs=2)
        assert np.abs(part).max() > 0.3


def test_sound_that_cannot_be_converted_is_left_out_and_reported(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = av.AudioResampler

    class OneKind:
        def __init__(self, *wanted: object) -> None:
            self._real = real(*wanted)

        def resample(self, frame: av.AudioFrame | None) -> list[av.AudioFrame]:
            if frame is not None and frame.sample_rate == 22_050:
                raise ValueError("no such layout")
            return self._real.resample(frame)

    monkeypatch.setattr(av, "AudioResampler", OneKind)
    samples, fault, lost_s = converted(
        *[("mono", rate, "fltp") for rate in (44_100, 22_050, 44_100)]
    )
    assert "22050 Hz, mono" in fault and "no such layout" in fault
    assert len(samples) == pytest.approx(2 * 16_000, abs=60)
    assert lost_s == pytest.approx(1.0)
