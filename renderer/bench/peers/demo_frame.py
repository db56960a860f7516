"""`python -m renderer.bench.peers.demo_frame WIDTH HEIGHT COUNT`: draw demo frames on request.

The house idol at rest in the hall, through all shots of the demo's song in COUNT frames.
"""

from __future__ import annotations

import sys

from avatars import load_avatar
from avatars.instance import AvatarInstance
from renderer.bench.peers.turns import serve
from renderer.graphics.renderer import StageRenderer
from renderer.paths import IDOL
from renderer.show.concert_scene import ConcertScene
from renderer.stage.concert import StagedSong
from renderer.tools.duet_staging import BEATS, BPM, STAGING
from renderer.tools.song_titles import song_titles


def _main(width: int, height: int, count: int) -> None:
    idol = load_avatar(IDOL)
    instance = AvatarInstance(idol)
    titles = song_titles()
    scene = ConcertScene([idol], width / height, StagedSong(STAGING, titles), {})
    step_ns = round(60e9 * BEATS / BPM / count)
    with StageRenderer(width, height, scene.set, [idol]) as drawing:
        drawing.prepare_effects()
        drawing.prepare_titles(titles)

        def draw(number: int) -> None:
            now = number % count * step_ns
            drawing.draw(scene.state(number, now, 0, now, [instance]))
            drawing.collect()

        serve(draw)


if __name__ == "__main__":
    _main(*map(int, sys.argv[1:]))
