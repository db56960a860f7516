"""Map show time to the program's clock, which never runs backwards.

Show time restarts at zero when a rehearsal ends and the show goes live. Encoders and recordings
need increasing times, so each run of show time is placed after the previous one.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A frame's position on the program's clock.

    Attributes:
        t_program_ns: time on the program's clock.
        begins_run: whether it is the first frame of a later run, at which the song restarts.
    """

    t_program_ns: int
    begins_run: bool


class ProgramTimeline:
    """Places the frames of every run on the program's clock; the first run keeps its times.

    Args:
        frame_ns: duration of a frame.
        lead_ns: how far sound is encoded ahead of pictures. A new run begins this long after the
            last frame's end, so that no sound past its start has been encoded before.
    """

    def __init__(self, frame_ns: int, lead_ns: int) -> None:
        self._frame_ns, self._lead_ns = frame_ns, lead_ns
        self._run: int | None = None
        self._offset_ns = 0
        self._end_ns = 0

    def place(self, run: int, t_show_ns: int) -> Place:
        """Return the next frame's position.

        Args:
            run: number of the run of show time; a larger number than before begins a new one.
            t_show_ns: show time within the run.
        """
        begins = self._run is not None and run > self._run
        if begins:
            self._offset_ns = self._end_ns + self._lead_ns - t_show_ns
        self._run = run
        t_program_ns = t_show_ns + self._offset_ns
        self._end_ns = max(self._end_ns, t_program_ns + self._frame_ns)
        return Place(t_program_ns, begins)
