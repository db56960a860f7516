"""Convert decoded sound of any, even changing, format to 48 kHz stereo."""

from __future__ import annotations

from collections.abc import Iterator

import av
import numpy as np
import numpy.typing as npt
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler

from renderer.output.encode.packets import AUDIO_CLOCK

Samples = npt.NDArray[np.float32]


class UnconvertibleError(Exception):
    """The sound's format cannot be converted to stereo; the message names the format."""


class StereoConverter:
    """Converts frame by frame, also where rate, layout or sample format change midway.

    libav's resampler handles one format. When the format changes it is flushed and recreated, so
    that no sample is lost; each change costs less than a millisecond of smoothing.
    """

    def __init__(self) -> None:
        self._resampler: AudioResampler | None = None
        self._format: tuple[int, str, str] | None = None

    def convert(self, frame: AudioFrame) -> Iterator[Samples]:
        """Yield the samples completed by this frame, (2, n) float32 each.

        Raises:
            UnconvertibleError: its format cannot be converted.
        """
        form = frame.sample_rate, frame.layout.name, frame.format.name
        if form != self._format:
            yield from self.flush()
            self._format = form
            self._resampler = AudioResampler(format="fltp", layout="stereo", rate=AUDIO_CLOCK)
        if self._resampler is None:
            # A previous frame of this format could not be converted.
            raise UnconvertibleError(_describe(frame))
        try:
            frames = self._resampler.resample(frame)
        except (OSError, ValueError, av.FFmpegError) as fault:
            self._resampler = None
            raise UnconvertibleError(_describe(frame)) from fault
        yield from map(_samples, frames)

    def flush(self) -> Iterator[Samples]:
        """Yield the samples that the resampler still buffers; the next frame creates a new one."""
        resampler, self._resampler, self._format = self._resampler, None, None
        if resampler is not None:
            yield from map(_samples, resampler.resample(None))


def _describe(frame: AudioFrame) -> str:
    return f"{frame.layout.nb_channels} channels at {frame.sample_rate} Hz"


def _samples(frame: AudioFrame) -> Samples:
    samples: Samples = frame.to_ndarray().astype(np.float32, copy=False)
    return samples
