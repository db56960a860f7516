"""Test that FFmpeg opens local files of any name."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from renderer.media_address import LOCAL_FILES_ONLY, file_address


@pytest.mark.parametrize(
    "name",
    ["take:1.wav", "http:song.wav", "concat:x.wav", "data:,a.wav", "file:b.wav", "100%25.wav",
     "C:evening.wav", "-.wav", "a b?c#d.wav"],
)  # fmt: skip
def test_a_file_of_any_name_is_written_and_read(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with av.open(file_address(name), "w", format="wav") as out:
        stream = out.add_stream("pcm_s16le", rate=8000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 80), np.int16), "s16", "mono")
        frame.rate = 8000
        out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    assert [entry.name for entry in tmp_path.iterdir()] == [name]
    for address in (file_address(name), file_address(tmp_path / name)):
        with av.open(address, options=LOCAL_FILES_ONLY) as file:
            assert sum(frame.samples for frame in file.decode(audio=0)) == 80
