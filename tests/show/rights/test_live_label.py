"""Test that the label of a running show follows its declaration and its licences."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from renderer.errors import RightsError
from renderer.output.spec import OutputSpec
from renderer.protocol.alarms import Alarms, Severity
from renderer.rights.case import RightsCase, open_case
from renderer.rights.clause import Outcome
from renderer.rights.credentials.trust_list import keep_trust_list, trust_list_path
from renderer.rights.decision import AvatarFile
from renderer.rights.declaration import Declaration
from renderer.rights.licence import hash_file, issue_licence, new_urn
from renderer.show.document.editor import validate
from renderer.show.document.plan import read_declaration
from renderer.show.document.read import ReadShow
from renderer.show.plan import ShowPlan
from renderer.show.rights.live_label import LiveLabel
from renderer.show.rights.watch import RightsWatch
from renderer.stage.records import Camera, StageState
from renderer.stage.text.label import LabelPlace
from tests.rights.documents import CLOSED, FACTS, LABEL, NOW, TERMS, trust

MP4 = OutputSpec("mp4", "show.mp4")
IMAGES = OutputSpec("frames", "pictures")
VIEW = Camera((0.0, 1.0, 4.0), (0.0, 1.0, 0.0), 0.6)
FRAME = StageState(0, 0, 0, (), (), (0.0,) * 3, VIEW)


def document(**rights: Any) -> dict[str, Any]:
    declared = {"show": "First Light", "territories": ["KR"], **rights}
    return {
        "performers": [{"name": "Mai"}],
        "inputs": [{"address": "camera:0"}],
        "rights": declared,
    }


class Running:
    """A running show whose document and licence a test changes."""

    def __init__(self, folder: Path, *outputs: OutputSpec) -> None:
        self.avatar = folder / "idol.vrm"
        self.avatar.write_bytes(b"an avatar")
        self.license()
        data = document()
        self.show = validate(data)
        read = ReadShow(folder / "show.toml", "", data, data, self.show)
        # Performers and use are those of options, which stand.
        declared = replace(read_declaration(self.show), performer="Mai")
        self.plan = ShowPlan(
            ("camera:0",), (self.avatar,), None, declared, recordings=outputs, document=read
        )
        self.alarms, self.log = Alarms(), list[str]()
        self.case = self._open_case(declared)
        self.label = LiveLabel(self.plan, self.case, self.alarms, self.log.append)
        self.label.connect(lambda: self.show)
        self.watch = RightsWatch(
            self.case, self.alarms, self.log.append, lambda: NOW, follow=self.label.follow
        )

    def license(self, **changes: Any) -> None:
        terms = replace(TERMS, sha256=hash_file(self.avatar), **changes)
        text = issue_licence(terms, LABEL, "Label Ltd", new_urn())
        self.avatar.with_suffix(".licence").write_text(text)

    def edit(self, **rights: Any) -> None:
        self.show = validate(document(**rights))
        self.watch.check()

    @property
    def shown(self) -> tuple[str, float]:
        titles = self.label.apply(FRAME).titles
        return titles.disclosure, titles.label.height

    def _open_case(self, declared: Declaration) -> RightsCase:
        file = AvatarFile("Idol", hash_file(self.avatar), CLOSED)
        facts = replace(FACTS, declaration=declared)
        return open_case([(self.avatar, file)], ["Mai"], facts)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("CONFIG", "DATA", "CACHE"):
        monkeypatch.setenv(f"ENCORE_{name}", str(tmp_path / name))
    keep_trust_list(trust(), trust_list_path())
    return tmp_path


def test_the_label_follows_the_territories_and_the_verdict_too(folder: Path) -> None:
    show = Running(folder, MP4)
    assert "가상 공연" in show.shown[0]
    assert show.watch.verdicts[0].outcome is Outcome.ALLOW
    show.edit(territories=["JP"])
    assert "가상 공연" not in show.shown[0] and show.shown[0]
    assert any("disclosure label is now" in line for line in show.log)
    show.edit(territories=["DE"])
    assert show.watch.verdicts[0].outcome is Outcome.DENY
    show.edit(territories=["KR"])
    assert "가상 공연" in show.shown[0]
    assert show.watch.verdicts[0].outcome is Outcome.ALLOW


def test_the_label_follows_a_licence_that_is_replaced(folder: Path) -> None:
    show = Running(folder, MP4)
    text, height = show.shown
    show.license(depicts="Ann", label="Made with a licence")
    show.watch.check()
    assert show.shown[1] > height
    assert "Ann" in show.shown[0] and "Made with a licence" in show.shown[0]
    show.license()
    show.watch.check()
    assert show.shown == (text, height)


def test_an_output_on_air_without_a_required_mark_raises_an_alarm(folder: Path) -> None:
    show = Running(folder, IMAGES)
    show.watch.check()
    assert not show.alarms.active
    show.license(depicts="Ann")
    show.watch.check()
    (alarm,) = show.alarms.active
    assert alarm.severity is Severity.CRITICAL and "content credentials" in alarm.text
    assert "Ann" in show.shown[0], "the label follows all the same"
    with pytest.raises(RightsError, match="content credentials"):
        show.label.check_outputs([IMAGES])
    show.license()
    show.watch.check()
    assert not show.alarms.active


def test_the_label_is_taken_off_by_a_name_alone_which_the_log_keeps(folder: Path) -> None:
    show = Running(folder, MP4)
    before = show.shown
    show.edit(without_disclosure="K")
    assert show.shown == before
    assert [one.severity for one in show.alarms.active] == [Severity.CRITICAL]
    show.edit(without_disclosure="Kim, producer")
    assert show.shown[0] == "" and not show.alarms.active
    assert any("Kim, producer answers" in line for line in show.log)


def test_options_stand_until_their_field_is_edited(folder: Path) -> None:
    show = Running(folder, MP4)
    optional = replace(show.plan.declaration, territories=("JP",))
    plan = replace(show.plan, declaration=optional)
    label = LiveLabel(plan, show.case, show.alarms, show.log.append)
    label.connect(lambda: show.show)
    text = label.disclosure.label
    show.show = validate(document(show="First Light", content=["violent"]))
    label.follow()
    assert label.disclosure.label == text
    show.show = validate(document(territories=["KR"]))
    label.follow()
    assert label.disclosure.label == text, "the document says what it said"
    show.show = validate(document(territories=["KR", "US"]))
    label.follow()
    assert "가상 공연" in label.disclosure.label


def test_material_over_transparency_gets_no_label(folder: Path) -> None:
    show = Running(folder, MP4)
    plan = replace(show.plan, is_keyed=True)
    keyed = LiveLabel(plan, show.case, show.alarms, show.log.append)
    assert keyed.apply(FRAME) is FRAME
    assert show.label.apply(FRAME).titles.label.place is LabelPlace.TOP_LEFT
