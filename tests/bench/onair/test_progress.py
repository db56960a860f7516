"""Outputs count as sending again also when a replaced media process counts from zero."""

from __future__ import annotations

from renderer.bench.faults.progress import PacketProgress

BEFORE = {"hls-1": 40000, "rtmp-2": 39000}


def test_counts_that_go_on_advance_once_each_has_grown() -> None:
    progress = PacketProgress(BEFORE)
    assert not progress.has_advanced(BEFORE)
    assert not progress.has_advanced(BEFORE | {"hls-1": 40001})
    assert progress.has_advanced({"hls-1": 40002, "rtmp-2": 39001})


def test_counts_from_zero_advance_as_soon_as_they_grow() -> None:
    progress = PacketProgress(BEFORE)
    assert not progress.has_advanced({"hls-1": 0, "rtmp-2": 0})
    assert not progress.has_advanced({"hls-1": 3, "rtmp-2": 0})
    assert progress.has_advanced({"hls-1": 4, "rtmp-2": 1})


def test_an_output_that_was_not_there_before_has_to_send() -> None:
    progress = PacketProgress({})
    assert not progress.has_advanced({"hls-1": 0})
    assert progress.has_advanced({"hls-1": 1})
