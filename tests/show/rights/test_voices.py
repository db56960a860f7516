"""Test whose voices a show needs a consent for."""

from __future__ import annotations

from pathlib import Path

import pytest

from renderer.output.sound.settings import MicrophonePlan, SoundPlan
from renderer.rights.declaration import Declaration
from renderer.show.plan import ShowPlan
from renderer.show.rights.gate import find_voices


def plan(*microphones: MicrophonePlan, live: bool = True) -> ShowPlan:
    return ShowPlan(
        ("camera:0", "guest:Mai"), (Path("idol.vrm"),), None, Declaration("Hana, Mai"),
        live=live, sound=SoundPlan(microphones),
    )  # fmt: skip


GUEST = MicrophonePlan("mic-2", "Mai", "guest:Mai")
OTHER = MicrophonePlan("mic-1", "Hana", "default")


def test_a_guest_whose_voice_is_mixed_is_captured_by_voice() -> None:
    assert find_voices(plan(GUEST)) == {"Mai"}
    assert find_voices(plan(GUEST, OTHER)) == {"Mai", "Hana"}


def test_a_guest_heard_in_another_performers_place_is_named() -> None:
    assert "Mai" in find_voices(plan(MicrophonePlan("mic-1", "Hana", "guest:Mai")))


@pytest.mark.parametrize("silent", [plan(), plan(GUEST, live=False)])
def test_a_guest_who_is_not_heard_needs_no_consent_to_it(silent: ShowPlan) -> None:
    assert not find_voices(silent)
