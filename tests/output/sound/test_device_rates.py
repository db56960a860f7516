"""Test devices that have no 48 kHz: opened at their own rate, and heard at the right pitch."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from renderer.errors import OutputError
from renderer.output.sound.devices import open_device
from renderer.output.sound.resampling import AdaptiveReader, SampleRing
from renderer.output.sound.settings import RATE

OWN_RATE = 44_100


class Driver:
    """A PortAudio stream of a device with one rate."""

    rates: tuple[int, ...] = (OWN_RATE,)

    def __init__(self, *, samplerate: int, **_: Any) -> None:
        import sounddevice

        if samplerate not in self.rates:
            raise sounddevice.PortAudioError(
                "Error opening InputStream: Invalid sample rate", -9997
            )
        self.active = True

    def start(self) -> None: ...

    def abort(self) -> None: ...

    def close(self) -> None: ...


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> type[Driver]:
    import sounddevice

    own = {
        "name": "Box", "max_input_channels": 1, "max_output_channels": 0,
        "default_samplerate": float(OWN_RATE),
    }  # fmt: skip
    monkeypatch.setattr(
        sounddevice, "query_devices", lambda number=None, kind=None: [own] if kind is None else own
    )
    monkeypatch.setattr(sounddevice, "InputStream", Driver)
    return Driver


def test_a_device_without_48_khz_is_opened_at_its_own_rate(driver: type[Driver]) -> None:
    stream, rate = open_device(lambda *_: None, "Box", channels=1, is_input=True)
    stream.close()
    assert rate == OWN_RATE


def test_a_device_whose_rates_all_fail_is_told(
    driver: type[Driver], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(driver, "rates", ())
    with pytest.raises(OutputError, match=r"microphone Box.*Invalid sample rate"):
        open_device(lambda *_: None, "Box", channels=1, is_input=True)


def test_sound_of_another_rate_keeps_its_pitch() -> None:
    ring = SampleRing(1, OWN_RATE)
    t = np.arange(2 * OWN_RATE) / OWN_RATE
    tone = 0.5 * np.sin(2.0 * np.pi * 1000.0 * t).astype(np.float32)
    for start in range(0, len(tone), 441):
        ring.write(tone[None, start : start + 441], 1e9 + start * 1e9 / OWN_RATE)
    reader = AdaptiveReader(ring)
    out = np.zeros((1, RATE // 2), np.float32)
    parts = []
    for block in range(4):
        begin = 1.4e9 + block * 0.1e9
        part = out[:, : RATE // 10]
        assert reader.read(part, RATE // 10, begin, begin + 0.1e9)
        parts.append(part[0].copy())
    heard = np.concatenate(parts)[RATE // 10 :]
    spectrum = np.abs(np.fft.rfft(heard * np.hanning(len(heard))))
    assert np.argmax(spectrum) * RATE / len(heard) == pytest.approx(1000.0, abs=5.0)
