"""Hold what the operator has chosen and asked for at this desk, shared by panels. No Qt."""

from __future__ import annotations

from renderer.desk.settings import OperatorSettings
from renderer.desk.widgets.observable import Observable


class DeskChoices:
    """The choices of one desk; none of them reaches the show by itself.

    Attributes named `_asked` count requests, such as to open the palette: each is a press.

    Attributes:
        dissolve_s: length of a dissolve, seconds.
        is_locked: whether panels stay where they are.
        perspective: id of the one in front.
        selected_cue: number of the cue chosen in the list; empty for none.
        selected_performer: number of the performer for the next press, from 0.
        takes: files of the take bin.
        takes_whole: whether the next take moves the whole idol, not the chosen limb.
        avatar_requested: count of requests to the library of avatars, and the newest one.
    """

    def __init__(self, settings: OperatorSettings) -> None:
        self.dissolve_s = Observable(settings.dissolve_s)
        self.is_locked = Observable(True)
        self.shows_notes = Observable(False)
        self.shows_alarms = Observable(False)
        self.shows_prompt = Observable(False)
        self.palette_requested = Observable(0)
        self.start_requested = Observable(0)
        self.output_requested = Observable(0)
        self.perspective = Observable(settings.perspective)
        self.selected_cue = Observable("")
        self.selected_output = Observable("")
        self.selected_bus = Observable("")
        self.selected_operator = Observable("")
        self.peaks_reset = Observable(0)
        self.tbar_requested = Observable(0)
        self.master_requested = Observable(0)
        self.avatar_requested = Observable((0, ""))
        self.language = Observable(settings.language)
        self.tour_requested = Observable(0)
        self.selected_performer = Observable(0)
        self.takes: Observable[tuple[str, ...]] = Observable(())
        self.takes_whole = Observable(False)
