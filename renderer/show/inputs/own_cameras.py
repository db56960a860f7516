"""Find the cameras of a document that show a file or a performer's own camera, and its input."""

from __future__ import annotations

from renderer.errors import ShowError
from renderer.show.document.entries.stage import CameraEntry
from renderer.show.plan import ShowPlan
from renderer.spelling import nearest


def find_source_entries(plan: ShowPlan) -> list[CameraEntry]:
    """Return the cameras of a plan's document that show a file or a performer's own camera."""
    document = plan.document
    return [] if document is None else [one for one in document.show.cameras if one.is_picture]


def find_shown_inputs(plan: ShowPlan) -> set[int]:
    """Return the numbers of the inputs whose own pictures are sources.

    Raises:
        ShowError: a camera names a performer whom no input shows.
    """
    return {find_input(plan, one) for one in find_source_entries(plan) if one.input}


def find_input(plan: ShowPlan, entry: CameraEntry) -> int:
    """Return the number of the input that shows a camera's performer, from 0.

    Raises:
        ShowError: the performer is not in the show, or no input shows them.
    """
    names = [one.strip() for one in plan.declaration.performer.split(",")]
    word = str(entry.input)
    if word in names:
        performer = names.index(word)
    elif word.isdecimal() and int(word) >= 1:
        performer = int(word) - 1
    else:
        meant = nearest(word, names)
        raise ShowError(
            f"Camera {entry.number}",
            f"shows the input of {word[:40]!r}, who is not in the show",
            f"did you mean {meant!r}?" if meant else "name a performer, or a number from 1",
        )
    number = performer // plan.performers
    if number >= len(plan.inputs):
        raise ShowError(
            f"Camera {entry.number}",
            f"shows performer {performer + 1}, whom no input shows",
            f"the show has {len(plan.inputs)} inputs",
        )
    return number
