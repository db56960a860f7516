"""`python -m renderer.tools.compile_kernels`: compile what a show compiles, before the first show.

numba compiles a function at its first call and caches the code beside the source, or in the user's
cache where that cannot be written. On two cores that takes most of a minute: the set-up spends it,
rather than the first show.
"""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from typing import Final

import numpy as np

from avatars import load_avatar
from avatars.contact.records import NO_CONTACTS
from avatars.instance import AvatarInstance
from avatars.names import ARKIT, HUMAN_BONES
from renderer.errors import RendererError
from renderer.motion.trust.arm_appearance import ArmAppearance
from renderer.motion.warm_up import warm_up
from renderer.output.audio.playback import SongPlayback
from renderer.output.sound.program_sound import ProgramSound
from renderer.output.sound.settings import SoundPlan
from renderer.paths import CLIP, IDOL
from renderer.rights.declaration import Declaration
from renderer.rights.face_view import draw_head
from renderer.show.event_log import EventLog
from renderer.show.picture import open_picture
from renderer.show.plan import ShowPlan

_SIZE = (256, 144)
_RATE = 30


def compile_motion() -> None:
    """Solve a frame, judge an arm's colours, and mix sound."""
    ProgramSound(SoundPlan(), SongPlayback(None), live=False).close()
    warm_up()
    ArmAppearance().judge(None, np.ones(2, np.bool_), 0.0)


def compile_picture() -> None:
    """Pose an avatar and draw it in a frame of a live show.

    The avatar's head is drawn as the search for photographed faces draws it, too.

    Raises:
        RendererError: OpenGL is not usable.
    """
    avatar = load_avatar(IDOL)
    draw_head(avatar, 0.0)
    plan = ShowPlan((str(CLIP),), (IDOL,), None, Declaration(""), size=_SIZE, rate=_RATE, live=True)
    instance = AvatarInstance(avatar)
    rotations = np.tile(np.array((0, 0, 0, 1), np.float32), (len(HUMAN_BONES), 1))
    root, face, gaze = (np.zeros(count, np.float32) for count in (3, len(ARKIT), 2))
    instance.update(rotations, root, face, gaze, 1.0 / _RATE)
    instance.touch(NO_CONTACTS)
    with ExitStack() as opened:
        picture = open_picture(plan, [avatar], _SIZE, plan.titles, EventLog(), opened)
        picture.renderer.draw(picture.scene.state(0, 0, 0, 0, [instance]))
        for _ in picture.renderer.finish():
            pass


def _compile(part: Callable[[], None]) -> str:
    """Compile one part, and return what is wrong or an empty text."""
    try:
        part()
    except RendererError as fault:
        return f"{fault}; the first show compiles the rest"
    return ""


def main() -> int:
    """Compile, and print how long it took; without OpenGL, say so and go on."""
    began = time.monotonic()
    with ProcessPoolExecutor(len(PARTS), multiprocessing.get_context("spawn")) as processes:
        for fault in filter(None, processes.map(_compile, PARTS)):
            sys.stderr.write(f"{fault}\n")
    sys.stdout.write(f"Compiled in {time.monotonic() - began:.0f} s.\n")
    return 0


PARTS: Final[tuple[Callable[[], None], ...]] = (compile_motion, compile_picture)
"""What is compiled at the same time; the parts use different modules."""

if __name__ == "__main__":
    sys.exit(main())
