"""Define the actions of outputs: go live, record, and start, stop, retry the chosen one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from renderer.desk.actions.action import Action, Confirm, Group
from renderer.desk.actions.needs import needs_show
from renderer.desk.actions.show_actions import is_on_air
from renderer.desk.messages import translate
from renderer.desk.panels.checks.model import find_problems
from renderer.desk.panels.outputs.model import RETRY, START, STOP, OutputRow, output_rows
from renderer.desk.words import tr
from renderer.protocol.outputs import (
    GoLive,
    OutputsHealth,
    RetryOutput,
    StartOutput,
    StartRecording,
    StopLive,
    StopOutput,
    StopRecording,
)
from renderer.protocol.schema import Command

if TYPE_CHECKING:
    from renderer.desk.model import DeskModel

OUTPUTS: Final = "outputs"


def chosen_output(desk: DeskModel) -> OutputRow | None:
    """Return the row of the chosen output; None if none is chosen."""
    name = desk.selected_output.value
    if not name:
        return None
    rows = output_rows(desk.status.of(OutputsHealth), is_known=desk.in_contact.value)
    return next((row for row in rows if row.name == name), None)


def _needs_recording(desk: DeskModel) -> str:
    return needs_show(desk)


def _record(desk: DeskModel) -> Command | None:
    if desk.status.of(OutputsHealth).recording:
        return StopRecording()
    path = desk.new_recording()
    return None if path is None else StartRecording(path)


def _go_live(desk: DeskModel) -> Command:
    return StopLive() if is_on_air(desk) else GoLive(without_failed=desk.skips_failed)


def _needs_go(desk: DeskModel) -> str:
    """Require that the show's own check has no problem; on air it has been passed."""
    if reason := needs_show(desk):
        return reason
    problems = () if is_on_air(desk) else find_problems(desk.status)
    if not problems:
        return ""
    return tr(
        "No-go: {thing}, {fault}. Mend it, or answer for it by name (Outputs, go-live check).",
        thing=translate(problems[0].thing), fault=translate(problems[0].text),
    )  # fmt: skip


def _answer(desk: DeskModel) -> Command:
    return GoLive(without_failed=desk.skips_failed, override=desk.operator)


def _needs_problem(desk: DeskModel) -> str:
    if reason := needs_show(desk):
        return reason
    if is_on_air(desk):
        return tr("The show is on air.")
    if not find_problems(desk.status):
        return tr("Nothing stands in the way: go live.")
    return "" if desk.operator.strip() else tr("Say first who sits at this desk: F9.")


def _needs_button(id: str) -> Callable[[DeskModel], str]:
    """Return a function that says why the chosen output cannot take an action."""

    def refusal(desk: DeskModel) -> str:
        if reason := needs_show(desk):
            return reason
        row = chosen_output(desk)
        if row is None:
            return tr("Choose an output in the list first.")
        if id == START and not is_on_air(desk):
            return tr("The show is not on air. Go live first: every planned output starts then.")
        if id in row.buttons:
            return ""
        if id == RETRY and STOP in row.buttons:
            return tr("A recording is a file: it has no connection to open again.")
        return (
            tr("{name} has been opened already.", name=row.name)
            if id == START
            else tr("{name} is not open.", name=row.name)
        )

    return refusal


def _start(desk: DeskModel) -> Command | None:
    row = chosen_output(desk)
    return None if row is None else StartOutput(row.target)


def _step(step: int) -> Callable[[DeskModel], None]:
    def press(desk: DeskModel) -> None:
        rows = output_rows(desk.status.of(OutputsHealth), is_known=True)
        names = [row.name for row in rows]
        if names:
            chosen = desk.selected_output.value
            place = names.index(chosen) + step if chosen in names else 0
            desk.selected_output.set(names[min(max(place, 0), len(names) - 1)])

    return press


ACTIONS: Final = (
    Action(
        "outputs.live", "Go live", Group.OUTPUTS, _go_live, "Ctrl+L",
        confirm=Confirm.ONCE, refusal=_needs_go,
        summary="Put the program on air with every planned output",
    ),
    Action(
        "outputs.answer", "Go live all the same", Group.OUTPUTS, _answer, "Ctrl+Shift+L",
        confirm=Confirm.TWICE, refusal=_needs_problem,
        summary="Go on air with the problems that the check found; your name answers for it in "
        "the log",
    ),
    Action(
        "outputs.off", "Take off air", Group.OUTPUTS, lambda _: StopLive(), "Ctrl+O",
        confirm=Confirm.TWICE,
        refusal=lambda desk: needs_show(desk)
        or ("" if is_on_air(desk) else tr("The show is not on air.")),
        summary="Stop the streams; a recording continues",
    ),
    Action(
        "outputs.record", "Record", Group.OUTPUTS, _record, "Ctrl+R",
        refusal=_needs_recording,
        is_on=lambda desk: desk.status.of(OutputsHealth).recording,
        title_on="Stop recording", summary="Record the program to a new file",
    ),
    Action(
        START, "Start", Group.OUTPUTS, _start, "Return", OUTPUTS,
        refusal=_needs_button(START), summary="Start the chosen output; the others go on",
    ),
    Action(
        RETRY, "Retry", Group.OUTPUTS, lambda desk: RetryOutput(desk.selected_output.value), "Y",
        OUTPUTS, refusal=_needs_button(RETRY),
        summary="Close the chosen output's connection and open it again at once",
    ),
    Action(
        STOP, "Stop", Group.OUTPUTS, lambda desk: StopOutput(desk.selected_output.value), "X",
        OUTPUTS, Confirm.TWICE, _needs_button(STOP),
        summary="End the chosen output; the others go on",
    ),
    Action(
        "outputs.next", "Next output", Group.OUTPUTS, _step(1), "Down", OUTPUTS,
        refusal=needs_show, summary="Choose the next output",
    ),
    Action(
        "outputs.previous", "Previous output", Group.OUTPUTS, _step(-1), "Up", OUTPUTS,
        refusal=needs_show, summary="Choose the previous output",
    ),
    Action(
        "outputs.add", "Add output", Group.OUTPUTS,
        lambda desk: desk.output_requested.set(desk.output_requested.value + 1), "N", OUTPUTS,
        refusal=needs_show, summary="Type the address of another output; on air it starts alone",
    ),
)  # fmt: skip
