"""Write the songs of the show First Light: `python -m avatars.authoring.clips.first_light`.

Writes talk.ogg, night_sky.ogg and their lyrics into assets/shows/first_light, in seconds.
"""

from __future__ import annotations

from pathlib import Path

from avatars.authoring.dance.first_light import BALLAD, BALLAD_LINES, TALK, TALK_LINES
from avatars.authoring.dance.lyrics import write_lyrics
from avatars.authoring.dance.song import write_song

FOLDER = Path(__file__).resolve().parents[3] / "assets" / "shows" / "first_light"


def write(folder: Path) -> None:
    """Write the songs and their lyrics into a folder."""
    for name, score, lines in (
        ("talk", TALK, TALK_LINES),
        ("night_sky", BALLAD, BALLAD_LINES),
    ):
        write_song(folder / f"{name}.ogg", score)
        write_lyrics(folder, name, lines, score)


if __name__ == "__main__":
    write(FOLDER)
