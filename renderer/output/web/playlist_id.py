"""Identify the playlist that an earlier show left in a folder, so that it is not served."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from renderer.output.spec import PLAYLIST


class PlaylistId(NamedTuple):
    """What tells one file of a name from the next: its number in the file system and its time.

    The time is compared for equality alone, since clocks may be set back during a show.
    """

    inode: int
    modified_ns: int


def identify_playlist(folder: Path) -> PlaylistId | None:
    """Return the identity of the playlist in an HLS folder; None if there is none."""
    try:
        found = (folder / PLAYLIST).stat()
    except OSError:
        return None
    return PlaylistId(found.st_ino, found.st_mtime_ns)
