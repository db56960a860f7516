"""Fixtures: real media processes with their inputs and targets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from media_fixtures import server as server
from media_fixtures import small_disk as small_disk
from media_fixtures import song as song
from showing import HEIGHT, RATE, WIDTH

from renderer.output.media import MediaProcess


@pytest.fixture
def start() -> Iterator[Callable[..., MediaProcess]]:
    """Yield a function that starts media processes; those that a failed test leaves are ended."""
    started: list[MediaProcess] = []

    def begin(live: bool, song: Path | None = None, bitrate: int | None = None) -> MediaProcess:
        media = MediaProcess(WIDTH, HEIGHT, RATE, live, song, bitrate)
        media.start()
        started.append(media)
        return media

    yield begin
    for media in started:
        if media.alive:
            media.finish()
        media.close()
