"""Parse the sources of screens, and check them against a set's screens."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from renderer.errors import StageError
from renderer.path_checks import require_file
from renderer.stage.records import ScreenFeed, ScreenSource

if TYPE_CHECKING:  # The set reader would load trimesh.
    from renderer.stage.sets.stage_set import Screen


def parse_screen_source(word: str) -> ScreenSource:
    """Parse `wall=loop.mp4`, `left=program` or `floor=generated`.

    Raises:
        RendererError: the word does not have this form, or the file does not exist.
    """
    screen, equals, shown = word.partition("=")
    if not (screen and equals and shown):
        raise StageError(
            f"Screen {word[:60]}",
            "does not say what a screen shows",
            "write it like wall=loop.mp4, left=program or wall=generated",
        )
    for feed in (ScreenFeed.GENERATED, ScreenFeed.PROGRAM):
        if shown == feed.value:
            return ScreenSource(screen, feed)
    file = Path(shown)
    require_file(file, "screen file", "name a video or a picture, program or generated")
    return ScreenSource(screen, ScreenFeed.FILE, file)


def check_screen_sources(sources: Iterable[ScreenSource], screens: Sequence[Screen]) -> None:
    """Check that every source's screen exists and has one source.

    Raises:
        StageError: the set has no such screen, or a screen has two sources.
    """
    names = sorted({screen.name for screen in screens})
    chosen = tuple(sources)
    for source in chosen:
        if source.screen not in names:
            raise StageError(
                f"Screen {source.screen[:60]}",
                "is not in the stage set",
                f"name one of {', '.join(names)}" if names else "choose a set with screens",
            )
    require_one_source(chosen)


def require_one_source(sources: Iterable[ScreenSource]) -> None:
    """Check that no screen has two sources.

    Raises:
        StageError: one has.
    """
    seen: set[str] = set()
    for source in sources:
        if source.screen in seen:
            raise StageError(
                f"Screen {source.screen}", "is given two sources", "give each screen one"
            )
        seen.add(source.screen)


def screen_files(sources: Iterable[ScreenSource]) -> list[Path]:
    """Return the files of the sources, each once."""
    return list(dict.fromkeys(one.file for one in sources if one.file is not None))
