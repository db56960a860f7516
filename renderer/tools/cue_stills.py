"""Draw stills of a show at positions of its song, with dancers in place of the performers.

The cues run as on air, so that looks, cameras and effects can be judged before anybody performs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Final

from avatars import load_avatar
from renderer.errors import OutputError, ShowError
from renderer.graphics.drawables.screens.media import ScreenLibrary
from renderer.graphics.quality import FULL
from renderer.graphics.renderer import StageRenderer
from renderer.rights.footage.check import FootageCheck
from renderer.show.direction.open import open_scene, titles_to_prepare
from renderer.show.direction.open_sources import open_files
from renderer.show.direction.scene import DirectedScene
from renderer.show.document.entries.songs import SongEntry
from renderer.show.document.plan import order_songs
from renderer.show.document.schema import ShowFile
from renderer.show.event_log import EventLog
from renderer.show.plan import ShowPlan
from renderer.show.rights.gate import find_disclosure, open_rights, require_footage
from renderer.show.rights.label import disclose
from renderer.show.songs.grid import SECOND_NS, BeatGrid, parse_position
from renderer.stage.sets.screen_sources import screen_files
from renderer.tools.dancer import FPS, FRAMES, Dancer
from renderer.tools.duet import keep_still
from renderer.tools.provenance import RenderedWork

SIZE: Final = (1280, 720)
SAMPLES: Final = 4
"""Of multisampling, as on a GPU."""
STEPS: Final = 10
"""Frames a second for which the director is advanced between two stills."""
APART_M: Final = 1.4
"""Distance between two dancers, metres: as far as outstretched arms need."""


def draw_stills(
    plan: ShowPlan,
    positions: Sequence[str],
    folder: Path,
    size: tuple[int, int] | None,
    notify: Callable[[str], None],
    song_name: str = "",
) -> None:
    """Draw a still at each position of a song into a folder, as marked and signed JPEG files.

    They are named by bar and beat, those of a named song by its name, too.

    Args:
        plan: of a show that its document directs.
        positions: bars and beats, such as "9:1", in any order.
        folder: where; it is made if it is missing.
        size: of the pictures, pixels; None for SIZE.
        notify: called with progress messages.
        song_name: of the song; the first one if empty. What the songs before it leave is on stage.

    Raises:
        RendererError: the show is not directed, it has no such song, a position is none, or a
            file cannot be written.
    """
    song = None if plan.document is None else _choose_song(plan.document.show, song_name)
    if plan.document is None or song is None or not plan.document.show.is_directed:
        raise ShowError("The show", "has no song with cues", "write one with encore show --new")
    grid = BeatGrid(song.beat)
    times = sorted((grid.time_ns(parse_position(word)), word) for word in positions)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise OutputError(
            str(folder), f"cannot be made ({fault.strerror})", "choose another folder"
        ) from fault
    avatars = [load_avatar(path) for path in plan.avatars]
    case = open_rights(plan, avatars)
    work = RenderedWork(plan.declaration, case.require_allowed(), plan.mark)
    require_footage(plan, FootageCheck(plan.declaration.show))
    titles = disclose(plan.titles, find_disclosure(plan, case))
    middle = (len(avatars) - 1) / 2.0
    dancers = [
        Dancer(avatar, row, ((row - middle) * APART_M, 0.0), mirror=row % 2 == 1)
        for row, avatar in enumerate(avatars)
    ]
    width, height = size or SIZE
    scene = open_scene(replace(plan, live=False), titles, avatars, width / height, {}, EventLog())
    assert isinstance(scene, DirectedScene)  # A directed document gives no other.
    scene.sources = open_files(replace(plan, live=False), max(width, height))
    instances = [dancer.instance for dancer in dancers]
    number = 0
    if song_name:
        scene.director.songs.advance(0)
        scene.director.songs.start(song_name)
    prefix = f"{song_name.lower().replace(' ', '-')}-" if song_name else ""
    with (
        closing(scene.sources) if scene.sources is not None else nullcontext(),
        ScreenLibrary(screen_files((*plan.screens, *plan.cue_screens))) as library,
        StageRenderer(
            width, height, scene.set, avatars, quality=FULL, samples=SAMPLES, library=library
        ) as renderer,
    ):
        if renderer.draws_screen_cameras:
            scene.use_screen_cameras()
        renderer.prepare_effects()
        renderer.prepare_titles(titles_to_prepare(plan, titles))
        for at_ns, word in times:
            while number * SECOND_NS // STEPS < at_ns:
                now_ns = number * SECOND_NS // STEPS
                frame = round(now_ns / SECOND_NS * FPS) % FRAMES
                for dancer in dancers:
                    dancer.pose_at(frame)
                scene.state(number, now_ns, 0, now_ns, instances)
                number += 1
            # The stage's screens show the frame before.
            for early_ns in (SECOND_NS // FPS, 0):
                now_ns = max(at_ns - early_ns, 0)
                for dancer in dancers:
                    dancer.pose_frame(round(now_ns / SECOND_NS * FPS) % FRAMES)
                state = scene.state(number, now_ns, 0, now_ns, instances)
                renderer.draw(scene.director.board.apply(state, now_ns))
                while renderer.collect() is not None:
                    pass
            file = folder / f"{prefix}{word.replace(':', '-')}.jpg"
            keep_still(work.mark(renderer.picture(), at_ns), file)
            work.sign(file)
            notify(f"{file}: {song.name} {word}, camera {scene.director.presenter.on_air.camera}")


def _choose_song(show: ShowFile, name: str) -> SongEntry | None:
    """Return the song of a name, the first one for an empty name; None if there is none."""
    return next((one for one in order_songs(show) if name in ("", one.name)), None)
