"""`python -m avatars.authoring.clips.demo`: makes the demo's song, performance clip and truth.

Writes assets/demo/song.ogg, performance.mp4 and performance.npz, in five minutes or so: the 900
frames are drawn one by one, in software where there is no GPU. `--song` or `--truth` makes that
part alone.
"""

from __future__ import annotations

import sys
from pathlib import Path

from avatars.authoring.dance.dance import perform
from avatars.authoring.dance.song import write_song
from avatars.authoring.figure.source import Source
from avatars.authoring.performer.performer import build_performer
from avatars.errors import AvatarError

FOLDER = Path(__file__).resolve().parents[3] / "assets" / "demo"


def main(arguments: list[str]) -> int:
    """Write the demo's files; 0 when all went well."""
    parts = set(arguments) or {"--song", "--truth", "--clip"}
    FOLDER.mkdir(parents=True, exist_ok=True)
    if "--song" in parts:
        write_song(FOLDER / "song.ogg")
    try:
        with Source.fetch() as source:
            performer = build_performer(source)
    except AvatarError as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    performance = perform(performer.heads)
    # pyrender and its GL are imported only where there is something to draw.
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
