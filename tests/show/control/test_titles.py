"""Test title commands: what they show and hide, and what they refuse."""

from __future__ import annotations

import numpy as np
import pytest

from renderer.errors import ShowError
from renderer.protocol.schema import Reply, command_types
from renderer.protocol.titles import HideTitle, ShowLogo, ShowLyrics, ShowTitle
from renderer.show.control.registry import CommandRegistry
from renderer.show.control.title_board import TitleBoard
from renderer.show.control.titles import TitleCommands
from renderer.stage.records import Camera, Screens, StageState
from renderer.stage.text.lyrics import SungLine
from renderer.stage.text.titles import ANIMATION_S, Logo, LowerThird, Titles

LINE = SungLine("la", 0.5)
LOGO = Logo(np.zeros((2, 2, 4), np.uint8))
PLAN = Titles((LINE,), LowerThird("Planned"), LOGO, "Virtual")
SECOND = 1_000_000_000


def state() -> StageState:
    camera = Camera((0.0, 0.0, 1.0), (0.0, 0.0, 0.0), 1.0)
    return StageState(0, 0, 0, (), (), (0.0,) * 3, camera, titles=PLAN, screens=Screens(lyric=LINE))


def test_without_a_command_titles_are_those_of_the_plan() -> None:
    seen = state()
    assert TitleCommands(TitleBoard(has_lyrics=True)).apply(seen, SECOND) is seen


def test_a_lower_third_enters_stays_and_leaves() -> None:
    titles = TitleCommands(TitleBoard(has_lyrics=True))
    answers: list[Reply] = []
    titles.apply(state(), 10 * SECOND)
    titles.show_title(ShowTitle(" Hana ", "Vocal", 0.0), answers.append)
    assert answers[0].ok
    assert titles.health().name == "Hana"

    def third(seconds: float) -> LowerThird | None:
        return titles.apply(state(), round(seconds * SECOND)).titles.lower_third

    half = third(10.0 + ANIMATION_S / 2)
    assert half is not None
    assert (half.name, half.role, half.is_low) == ("Hana", "Vocal", False)
    assert half.shown == pytest.approx(0.5)
    stayed = third(500.0)
    assert stayed is not None
    assert stayed.shown == 1.0
    titles.hide_title(HideTitle(), answers.append)
    leaving = third(500.0 + ANIMATION_S / 2)
    assert leaving is not None
    assert leaving.shown == pytest.approx(0.5)
    # Then the plan's own titles are back.
    assert third(500.0 + ANIMATION_S) == PLAN.lower_third
    assert titles.health().name == ""


def test_a_lower_third_leaves_after_its_time_and_from_where_it_is() -> None:
    titles = TitleCommands(TitleBoard(has_lyrics=False))
    answers: list[Reply] = []
    titles.apply(state(), 0)
    titles.show_title(ShowTitle("Hana", seconds=4.0), answers.append)
    shown = titles.apply(state(), 2 * SECOND).titles.lower_third
    assert shown is not None
    assert shown.is_low
    assert titles.apply(state(), 4 * SECOND).titles.lower_third == PLAN.lower_third
    titles.show_title(ShowTitle("Hana", seconds=0.0), answers.append)
    titles.apply(state(), 4 * SECOND + SECOND // 10)
    titles.hide_title(HideTitle(), answers.append)
    assert titles.apply(state(), 4 * SECOND + SECOND // 5).titles.lower_third == PLAN.lower_third


def test_lyrics_and_logo_are_left_out_and_come_back_but_never_the_label() -> None:
    titles = TitleCommands(TitleBoard(has_lyrics=True))
    answers: list[Reply] = []
    titles.show_lyrics(ShowLyrics(False), answers.append)
    titles.show_logo(ShowLogo(False), answers.append)
    bare = titles.apply(state(), SECOND)
    assert bare.titles == Titles(lower_third=PLAN.lower_third, disclosure="Virtual")
    assert bare.screens.lyric is None
    titles.show_lyrics(ShowLyrics(True), answers.append)
    titles.show_logo(ShowLogo(), answers.append)
    assert titles.apply(state(), SECOND).titles == PLAN
    assert all(answer.ok for answer in answers)


@pytest.mark.parametrize(
    "command",
    [
        ShowTitle(""), ShowTitle("  "), ShowTitle("a\nb"), ShowTitle("x" * 121),
        ShowTitle("a", "r" * 121), ShowTitle("a", seconds=0.5),
        ShowTitle("a", seconds=-1.0), ShowTitle("a", seconds=float("nan")),
        ShowTitle("a", seconds=float("inf")),
    ],
)  # fmt: skip
def test_what_cannot_be_shown_is_refused_in_one_sentence(command: ShowTitle) -> None:
    titles = TitleCommands(TitleBoard(has_lyrics=True))
    with pytest.raises(ShowError):
        titles.show_title(command, lambda _: None)
    registry = CommandRegistry()
    answers: list[Reply] = []
    registry.register(ShowTitle, titles.show_title)
    registry.handle(command, answers.append)
    assert not answers[0].ok
    assert titles.apply(state(), 0).titles == PLAN


def test_the_commands_are_part_of_the_protocol() -> None:
    assert {ShowTitle, HideTitle, ShowLyrics, ShowLogo} <= set(command_types())
