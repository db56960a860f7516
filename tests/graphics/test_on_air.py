"""A show creates nothing on the GPU after its first second, whatever the governor gives up."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import moderngl
import pytest

from avatars import load_avatar
from avatars.instance import AvatarInstance
from renderer.graphics.limits import NO_LIMITS, Limits
from renderer.graphics.renderer import StageRenderer
from renderer.paths import IDOL
from renderer.show.concert_scene import ConcertScene
from renderer.stage.concert import StagedSong
from renderer.tools.duet_staging import BEATS, BPM, STAGING
from renderer.tools.song_titles import song_titles

SIZE = (64, 36)
SCALE = 0.75
FRAMES = 97
"""One from each beat of the song, so that every shot, look and cue is drawn."""
KINDS = (
    "texture", "texture3d", "texture_array", "depth_texture", "renderbuffer",
    "depth_renderbuffer", "buffer", "program", "vertex_array", "framebuffer", "sampler",
)  # fmt: skip
LIMITS = (
    NO_LIMITS,
    Limits(mirror=False, defocus=False, shadow_every=2, crowd=0.4),
    Limits(mirror=False, bloom=False, outlines_from=200.0, detail=2.0),
    Limits(smoothing=False),
    Limits(smoothing=False, scale=SCALE),
)


def test_nothing_is_created_after_the_first_second(monkeypatch: pytest.MonkeyPatch) -> None:
    idol = load_avatar(IDOL)
    instance = AvatarInstance(idol)
    titles = song_titles()
    scene = ConcertScene(
        [idol], SIZE[0] / SIZE[1], StagedSong(replace(STAGING, beats=BEATS), titles), {}
    )
    created: list[str] = []
    with StageRenderer(*SIZE, scene.set, [idol], scales=[SCALE]) as drawing:
        drawing.prepare_effects()
        drawing.prepare_titles(titles)
        step_ns = round(60e9 * BEATS / BPM / FRAMES)

        def draw(number: int) -> None:
            now = number * step_ns
            assert drawing.draw(scene.state(number, now, 0, now, [instance])) == ()
            drawing.collect()

        draw(0)
        for kind in KINDS:
            create = getattr(moderngl.Context, kind)

            def note(*args: Any, kind: str = kind, create: Any = create, **options: Any) -> Any:
                created.append(kind)
                return create(*args, **options)

            monkeypatch.setattr(moderngl.Context, kind, note)
        for number, limits in zip(range(1, FRAMES), itertools.cycle(LIMITS), strict=False):
            drawing.limits = limits
            draw(number)
            assert not created, f"frame {number}, {limits}"
