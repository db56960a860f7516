"""Fire the cues that wait for a time of incoming timecode, each once a pass."""

from __future__ import annotations

from renderer.errors import ShowError
from renderer.show.cues.runner import CueRunner
from renderer.show.cues.sheet import Cue
from renderer.show.cues.triggers import SongTriggers
from renderer.show.document.cues import OnTimecode
from renderer.show.receivers.timecode.smpte import TimecodeRate, parse_label, to_ns

_DAY = "timecode"


class TimecodeTriggers:
    """Fires cues by timecode as a song's cues are fired by its time.

    Cues of a dropout that is over fire late; a jump leaves the tracked state of what lies before.

    Args:
        runner: of the cues.
        rate: of the timecode.
    """

    def __init__(self, runner: CueRunner, rate: TimecodeRate) -> None:
        self._triggers = _Triggers(runner, rate)

    def reload(self) -> None:
        """Read the runner's sheet, which was edited."""
        self._triggers.reload()

    def advance(self, position_ns: int | None, now_ns: int) -> None:
        """Fire what has become due; nothing while there is no timecode."""
        if position_ns is not None:
            self._triggers.advance(_DAY, position_ns, now_ns)


class _Triggers(SongTriggers):
    def __init__(self, runner: CueRunner, rate: TimecodeRate) -> None:
        self._timecode_rate = rate
        super().__init__(runner)

    def _find_time(self, cue: Cue) -> tuple[str, int] | None:
        if not isinstance(cue.trigger, OnTimecode):
            return None
        try:
            return _DAY, to_ns(
                parse_label(cue.trigger.at, self._timecode_rate), self._timecode_rate
            )
        except ShowError:  # A warning says so at the start.
            return None
