"""Decoded sound of any kind as sound of one kind, also where its own kind changes midway."""

from __future__ import annotations

from collections.abc import Iterator

import av
from av.audio.frame import AudioFrame


class SoundConverter:
    """Converts decoded sound to one sample format, channel layout and rate.

    A resampler takes sound of one kind alone. Where a file's rate, layout or format changes, as in
    recordings that were joined, the old resampler is emptied and a new one takes over.

    Args:
        sample_format: FFmpeg's name of the samples that come out, such as `flt`.
        layout: FFmpeg's name of their channels, such as `mono`.
        rate: samples a second.

    Attributes:
        fault: why some of the sound could not be converted and was left out; empty if all was.
        lost_s: seconds that were left out.
    """

    def __init__(self, sample_format: str, layout: str, rate: int) -> None:
        self._wanted = (sample_format, layout, rate)
        self._resampler: av.AudioResampler | None = None
        self._kind: tuple[str, str, int] | None = None
        self.fault = ""
        self.lost_s = 0.0

    def convert(self, frame: AudioFrame) -> Iterator[AudioFrame]:
        """Yield what a decoded frame completes."""
        kind = (frame.format.name, frame.layout.name, frame.sample_rate)
        if kind != self._kind:
            yield from self.finish()
            self._kind = kind
        if self._resampler is None:
            self._resampler = av.AudioResampler(*self._wanted)
        yield from self._resample(frame)

    def finish(self) -> Iterator[AudioFrame]:
        """Yield what the resampler still holds."""
        if self._resampler is not None and self._kind is not None:
            yield from self._resample(None)
        self._resampler = self._kind = None

    def _resample(self, frame: AudioFrame | None) -> list[AudioFrame]:
        assert self._resampler is not None
        try:
            return self._resampler.resample(frame)
        except (av.FFmpegError, ValueError) as error:
            sample_format, layout, rate = self._kind or ("", "", 0)
            reason = getattr(error, "strerror", None) or str(error)
            self.fault = (
                f"changes to sound of {rate} Hz, {layout}, {sample_format}, which cannot be "
                f"converted ({reason}) and is left out"
            )
            self._resampler = None
            if frame is not None:
                self.lost_s += frame.samples / frame.sample_rate
            return []
