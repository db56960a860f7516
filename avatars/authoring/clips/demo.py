"""Generate the demo's song, lyrics, clip and truth: `python -m avatars.authoring.clips.demo`.

Writes assets/demo/song.ogg, song.*.lrc, performance.mp4 and performance.npz in about five minutes:
the 900 frames are rendered one by one, in software if there is no GPU. `--song`, `--lyrics`,
`--truth` or `--clip` generates only that part.
"""

from __future__ import annotations

import sys
from pathlib import Path

from avatars.authoring.dance.dance import perform
from avatars.authoring.dance.lyrics import write_lyrics
from avatars.authoring.dance.song import write_song
from avatars.authoring.figure.source import Source
from avatars.authoring.performer.performer import build_performer
from avatars.errors import AvatarError

FOLDER = Path(__file__).resolve().parents[3] / "assets" / "demo"


def main(arguments: list[str]) -> int:
    """Write the demo's files and return the exit status, 0 on success."""
    parts = set(arguments) or {"--song", "--lyrics", "--truth", "--clip"}
    FOLDER.mkdir(parents=True, exist_ok=True)
    if "--song" in parts:
        write_song(FOLDER / "song.ogg")
    if "--lyrics" in parts:
        write_lyrics(FOLDER)
    if not parts & {"--truth", "--clip"}:
        return 0
    try:
        with Source.fetch() as source:
            performer = build_performer(source)
    except AvatarError as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    performance = perform(performer.heads)
    # Import pyrender, which needs OpenGL, here, so that importing this module does not need it.
    from avatars.authoring.clips.clip import write_clip, write_truth

    if "--truth" in parts:
        write_truth(FOLDER / "performance.npz", performer, performance)
    if "--clip" in parts:
        write_clip(FOLDER / "performance.mp4", performer, performance)
    for path in sorted((*FOLDER.glob("performance.*"), *FOLDER.glob("song.*"))):
        sys.stdout.write(f"{path}: {path.stat().st_size / 1e6:.2f} MB\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
