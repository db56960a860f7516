"""Measure the chase of LTC: tape at the wrong speed, a dropout, and a jump."""

from __future__ import annotations

from collections import Counter
from typing import Final

import numpy as np

from renderer.show.cues.runner import Performed
from renderer.show.direction.director import StageDirector
from renderer.show.document.editor import validate
from renderer.show.document.entries.control import TimecodeEntry
from renderer.show.event_log import EventLog
from renderer.show.receivers.timecode.control import LtcInput, TimecodeControl
from renderer.show.receivers.timecode.ltc import encode
from renderer.show.receivers.timecode.smpte import RATES, SECOND_NS, to_label
from renderer.stage.text.titles import TitlePlan

SPEED: Final = 1.01
SAMPLE_RATE: Final = 48_000
BLOCK: Final = 480
FRAMES: Final = 25 * 60
CUE_EVERY: Final = 7
"""Timecode frames from one cue to the next."""
LOST: Final = (20.0, 23.0)
"""Seconds of the tape that are silent."""
JUMP_AT: Final = 25 * 40
JUMP_BY: Final = 25 * 20
"""Frame at which the tape jumps ahead, and by how many."""
FRAME_NS: Final = SECOND_NS // 30


def measure_timecode() -> tuple[float, int]:
    """Return by how many frames of the show a cue was off at most, and how many ran twice or never.

    The frame in which a cue runs counts: up to one frame passes between its time and that.

    Cues that the jump leaves out do not count.
    """
    rate = RATES["25"]
    start = 3600 * 25
    numbers = [*range(JUMP_AT), *range(JUMP_AT + JUMP_BY, FRAMES + JUMP_BY)]
    wanted = list(range(CUE_EVERY, FRAMES + JUMP_BY, CUE_EVERY))
    cues = [
        {
            "number": str(number),
            "trigger": {"on": "timecode", "at": str(to_label(start + number, rate))},
            "actions": [{"do": "text", "text": str(number)}],
        }
        for number in wanted
    ]
    show = validate({"cue_lists": [{"name": "Main", "cues": cues}]})
    director = StageDirector(show, TitlePlan(), EventLog())
    entry = TimecodeEntry(source="ltc")
    control = TimecodeControl(entry, director)
    reader = LtcInput(SAMPLE_RATE, rate, control.take)
    labels = [to_label(start + number, rate) for number in numbers]
    wave = encode(labels, rate, SAMPLE_RATE, speed=SPEED)
    wave += np.random.default_rng(1).normal(0.0, 0.01, len(wave))
    first, last = (round(edge * SAMPLE_RATE) for edge in LOST)
    wave[first:last] = 0.0
    fired: Counter[int] = Counter()
    shown: dict[int, int] = {}
    next_ns = 0
    for at in range(0, len(wave), BLOCK):
        now_ns = (at + BLOCK) * SECOND_NS // SAMPLE_RATE
        reader.feed(wave[at : at + BLOCK], now_ns)
        while next_ns <= now_ns:
            director.now_ns = next_ns
            director.runner.advance(next_ns)
            control.poll(next_ns)
            for event in director.runner.take_events():
                if isinstance(event, Performed) and event.cue:
                    fired[int(event.cue)] += 1
                    shown[int(event.cue)] = next_ns
            next_ns += FRAME_NS
    # When the tape passes a frame: after the jump, those in front of it are missing.
    places = {number: place for place, number in enumerate(numbers)}
    off, wrong = 0.0, 0
    tail = 25  # The last second of the tape may still be on its way.
    for number in wanted:
        place = places.get(number)
        if place is None or place >= len(numbers) - tail:
            continue
        wrong += fired[number] != 1
        if number in shown:
            due_ns = place / (25 * SPEED) * SECOND_NS
            off = max(off, abs(shown[number] - due_ns) / FRAME_NS)
    return off, wrong
