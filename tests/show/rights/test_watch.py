"""Test the take-down of an avatar that is no longer allowed during a show."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from renderer.errors import RightsError
from renderer.protocol.alarms import Alarms, Severity
from renderer.rights.clause import Clause, Outcome, Verdict
from renderer.rights.policy import StudioPolicy
from renderer.show.rights.watch import RightsWatch

START = datetime(2026, 12, 1, 20, tzinfo=UTC)
ALLOWED = Verdict("Idol", "Mai", ())
REVOKED = Verdict(
    "Idol", "Mai", (Clause(Outcome.DENY, "licence.revoked", {"issuer": "Label Ltd"}),)
)


class Case:
    """Gives the verdicts that a test sets."""

    policy = StudioPolicy(take_down_s=30.0)

    def __init__(self, *verdicts: Verdict) -> None:
        self.verdicts = verdicts
        self.fault: RightsError | None = None

    def refresh(self) -> None:
        if self.fault is not None:
            raise self.fault

    def judge(self, now: datetime) -> tuple[Verdict, ...]:
        return self.verdicts


class Show:
    """A watch with a clock that a test moves."""

    def __init__(self, *verdicts: Verdict) -> None:
        self.case = Case(*verdicts)
        self.now = START
        self.alarms = Alarms()
        self.log: list[str] = []
        self.watch = RightsWatch(self.case, self.alarms, self.log.append, lambda: self.now)  # type: ignore[arg-type]

    def after(self, seconds: float) -> frozenset[int]:
        self.now = START + timedelta(seconds=seconds)
        self.watch.poll()
        return self.watch.hidden


def test_a_revoked_avatar_leaves_after_the_countdown_and_the_others_stay() -> None:
    show = Show(ALLOWED, ALLOWED)
    assert show.after(0) == frozenset()
    assert not show.alarms.active
    show.case.verdicts = (ALLOWED, REVOKED)
    show.watch.check()
    assert show.after(1) == frozenset()
    (alarm,) = show.alarms.active
    assert alarm.severity is Severity.CRITICAL
    assert alarm.text == "Idol leaves the picture in 30 s: Label Ltd revoked its licence"
    assert show.after(30.5) == frozenset()
    assert show.after(31) == {1}
    assert show.alarms.active[0].text.startswith("Idol is not shown")
    assert show.log == ["Idol is no longer allowed: Label Ltd revoked its licence"]


def test_an_engine_that_goes_on_with_a_show_never_shows_what_is_denied() -> None:
    """Its predecessor's countdown may be over, which it does not know."""
    show = Show(ALLOWED, REVOKED)
    show.watch.take_down_denied()
    assert show.watch.hidden == {1}
    assert show.alarms.active[0].text.startswith("Idol is not shown")
    show.case.verdicts = (ALLOWED, ALLOWED)
    show.watch.check()
    assert show.after(1) == frozenset()


def test_a_suspension_that_ends_brings_the_avatar_back() -> None:
    show = Show(REVOKED)
    show.after(0)
    assert show.after(30) == {0}
    show.case.verdicts = (ALLOWED,)
    show.watch.check()
    assert show.after(31) == frozenset()
    assert not show.alarms.active
    assert show.log[-1] == "Idol is allowed again"


def test_an_end_is_warned_of_and_kept_without_another_check() -> None:
    """The dates count even if the thread that checks hangs in the network."""
    show = Show(Verdict("Idol", "Mai", (), until=START + timedelta(minutes=20)))
    assert show.after(0) == frozenset()
    assert not show.alarms.active
    show.after(6 * 60)
    assert show.alarms.active[0].severity is Severity.WARNING
    assert show.after(20 * 60 - 1) == frozenset()
    assert show.after(20 * 60) == frozenset()
    assert "leaves the picture" in show.alarms.active[0].text
    assert show.after(20 * 60 + 30) == {0}


def test_documents_that_became_unusable_are_told_and_the_last_verdict_stands() -> None:
    show = Show(ALLOWED)
    show.case.fault = RightsError("licence it", "cannot be read", "restore it")
    show.watch.check()
    assert show.after(1) == frozenset()
    assert show.alarms.active[0].id == "rights.documents"
    show.case.fault = None
    show.watch.check()
    assert not show.alarms.active


@pytest.mark.parametrize("seconds", [0.1, 5.0, 29.9])
def test_the_countdown_s_text_changes_every_five_seconds_alone(seconds: float) -> None:
    show = Show(REVOKED)
    for tenth in range(int(seconds * 10)):
        show.after(tenth / 10)
    assert all(alarm.count <= 7 for alarm in show.alarms.active)
