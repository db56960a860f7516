"""Convert decoded sound to one format, also where its own format changes midway."""

from __future__ import annotations

from collections.abc import Iterator

import av
from av.audio.frame import AudioFrame


class SoundConverter:
    """Converts decoded sound to one sample format, channel layout and rate.

    A resampler takes one input format only. Where a file's rate, layout or sample format changes,
    as in joined recordings, the old resampler is flushed and a new one created.

    Args:
        sample_format: FFmpeg's name of the output sample format, such as `flt`.
        layout: FFmpeg's name of the output channel layout, such as `mono`.
        rate: output sample rate in Hz.

    Attributes:
        fault: why some of the sound could not be converted and was dropped; empty if none was.
        lost_s: seconds of sound dropped.
    """

    def __init__(self, sample_format: str, layout: str, rate: int) -> None:
        self._wanted = (sample_format, layout, rate)
        self._resampler: av.AudioResampler | None = None
        self._kind: tuple[str, str, int] | None = None
        self.fault = ""
        self.lost_s = 0.0

    def convert(self, frame: AudioFrame) -> Iterator[AudioFrame]:
        """Yield the converted frames that this frame completes."""
        kind = (frame.format.name, frame.layout.name, frame.sample_rate)
        if kind != self._kind:
            yield from self.finish()
            self._kind = kind
        if self._resampler is None:
            self._resampler = av.AudioResampler(*self._wanted)
        yield from self._resample(frame)

    def finish(self) -> Iterator[AudioFrame]:
        """Yield the samples that the resampler still buffers."""
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
