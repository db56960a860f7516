"""Engines for tests: processes that have an engine's pipes, and draw one grey."""

from __future__ import annotations

import time
from fractions import Fraction
from typing import Final

from renderer.output.encode.format import ProgramFormat
from renderer.processes.child import Child
from renderer.protocol.log import EventKind
from renderer.protocol.pictures import PROGRAM
from renderer.show.report import ShowReport
from renderer.show.supervision.engine import EngineHost
from renderer.show.supervision.messages import EngineJob

WIDTH, HEIGHT, RATE = 320, 180, 20
PROGRAM_FORMAT: Final = ProgramFormat(WIDTH, HEIGHT, Fraction(RATE), live=True)
WHITE: Final = 220
DRAWN: Final = RATE
"""Frames after which it says so."""


def draw_white(child: Child, job: EngineJob) -> None:
    """Take over when asked to, go on with the show's clock, and draw white until the end."""
    host = EngineHost(child, job)
    child.ready()
    taken = host.await_take_over()
    if taken is None:
        return
    folder = host.open_bus("A show").folder
    media = host.open_media(PROGRAM, PROGRAM_FORMAT, job.plan)
    clock = media.clock
    assert clock is not None
    host.events.add(EventKind.STATE, f"{folder.is_dir()} {taken.state.run}")
    number = 0
    while not child.stopping.wait(1 / RATE):
        if (planes := media.frame_buffer()) is None:
            continue
        planes[:HEIGHT], planes[HEIGHT:] = WHITE, 128
        now_ns = time.monotonic_ns()
        media.submit(
            number, now_ns - clock.origin_ns, now_ns, clock.run, media.layout, clock.origin_ns
        )
        number += 1
        if number == DRAWN:
            host.events.add(EventKind.STATE, "drawn")
    media.close()
    report = ShowReport.of_a_lost_engine(
        performer="Mina", frames=number, show_seconds=1.0, skipped=0, outputs=()
    )
    host.finish(report, [])
