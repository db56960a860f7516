"""Test that takes carry their performers' consents, and are read while those allow it alone."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from renderer.capture.records import Observation
from renderer.cli import main
from renderer.errors import MotionError, RightsError
from renderer.motion.core.sources import Source
from renderer.motion.takes.read import open_take
from renderer.motion.takes.write import TakeWriter
from renderer.paths import IDOL
from renderer.rights.consent import ConsentTerms, issue_consent, read_consent, withdraw_consent
from renderer.rights.credentials.keys import PASSPHRASE_VARIABLE
from renderer.rights.declaration import Declaration
from renderer.rights.takes.consents import FOLDER
from renderer.rights.takes.encryption import (
    TakeEncryption,
    read_take_head,
    require_kept,
    unlock_take,
)
from renderer.rights.takes.keys import erase_take_key, find_take_key, make_take_key
from renderer.rights.takes.training import TrainingTakes, require_training
from renderer.show.performers.option_binding import AuxiliaryOptions
from renderer.show.plan import ShowPlan
from renderer.show.rights.takes import protect_take, require_reuse
from tests.rights.documents import CONSENT, MAI

NOW = datetime.now(UTC).replace(microsecond=0)
RECORDS = 200


@dataclass(frozen=True)
class Crew:
    """A crew's folder with Mai's consent, and its hash."""

    folder: Path
    consent: Path

    @property
    def sha256(self) -> str:
        return read_consent(self.consent.read_text(), "it").sha256

    def plan(self, *names: str) -> ShowPlan:
        return ShowPlan(
            ("camera:0",),
            (IDOL,),
            None,
            Declaration(", ".join(names)),
            companions=AuxiliaryOptions(take=self.folder / "take.mcap"),
            consents=(self.consent,),
        )

    def record(self, *names: str, path: str = "take.mcap") -> Path:
        protected = protect_take(self.plan(*names), names)
        take = self.folder / path
        about = {"performer": ", ".join(names), **protected.about}
        with TakeWriter(take, about, protected.encryption) as writer:
            for number in range(RECORDS):
                writer.put(Source.CAMERA, Observation(number * 1000, number, (640, 480)))
        return take

    def withdraw(self) -> None:
        given = read_consent(self.consent.read_text(), "it")
        text = withdraw_consent(given, MAI, NOW - timedelta(seconds=1), erase=True)
        self.consent.with_suffix(".withdrawal").write_text(text)


def _terms(**changes: object) -> ConsentTerms:
    times = {"since": NOW - timedelta(days=60), "until": NOW + timedelta(days=60)}
    return msgspec.structs.replace(CONSENT, **times, **changes)


@pytest.fixture
def crew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Crew:
    for name in ("CONFIG", "DATA", "CACHE"):
        monkeypatch.setenv(f"ENCORE_{name}", str(tmp_path / name))
    monkeypatch.setenv(PASSPHRASE_VARIABLE, "correct horse")
    consent = tmp_path / "mai.consent"
    consent.write_text(issue_consent(_terms(), MAI))
    return Crew(tmp_path, consent)


@pytest.fixture
def keyed(crew: Crew) -> Crew:
    make_take_key(crew.consent, "", NOW)
    return crew


def test_recording_needs_no_passphrase_and_reading_does(
    keyed: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(PASSPHRASE_VARIABLE)
    take = keyed.record("Mai")
    assert b"Mai" not in take.read_bytes()
    with pytest.raises(RightsError, match="has no passphrase"):
        open_take(take, unlock_take)
    monkeypatch.setenv(PASSPHRASE_VARIABLE, "wrong horse")
    with pytest.raises(RightsError, match="cannot be opened"):
        open_take(take, unlock_take)
    monkeypatch.setenv(PASSPHRASE_VARIABLE, "correct horse")
    read = open_take(take, unlock_take)
    assert (read.about["performer"], read.about["consent"]) == ("Mai", keyed.sha256)
    assert len(list(read.entries())) == RECORDS
    assert not read.warnings
    with pytest.raises(MotionError, match="is encrypted"):
        open_take(take)


def test_without_a_key_a_take_is_plain_and_carries_the_consent(crew: Crew) -> None:
    read = open_take(crew.record("Bo", "Mai"))
    assert read.about["consent"] == f", {crew.sha256}"


def test_a_studio_can_require_encryption(crew: Crew) -> None:
    config = crew.folder / "CONFIG" / "rights.toml"
    config.parent.mkdir()
    config.write_text("encrypt_takes = true\n")
    with pytest.raises(RightsError, match=r"no key for Mai .*encore consent key"):
        crew.record("Mai")
    make_take_key(crew.consent, "", NOW)
    assert crew.record("Mai").exists()
    with pytest.raises(RightsError, match="has a key already"):
        make_take_key(crew.consent, "", NOW)


def test_it_is_unreadable_after_a_withdrawal_and_after_its_retention(keyed: Crew) -> None:
    take = keyed.record("Mai")
    keyed.withdraw()
    with pytest.raises(RightsError, match="withdrew the consent"):
        open_take(take, unlock_take)
    given = read_consent(keyed.consent.read_text(), "it")
    require_kept(given, NOW, NOW + timedelta(days=29), "it")
    with pytest.raises(RightsError, match="retention_days"):
        require_kept(given, NOW, NOW + timedelta(days=30), "it")


def test_a_withdrawal_in_the_user_s_data_counts(keyed: Crew) -> None:
    take = keyed.record("Mai")
    keyed.withdraw()
    folder = keyed.folder / "DATA" / FOLDER
    folder.mkdir()
    for path in (keyed.consent, keyed.consent.with_suffix(".withdrawal")):
        path.rename(folder / path.name)
    with pytest.raises(RightsError, match="withdrew the consent"):
        open_take(take, unlock_take)


def test_erasing_the_key_makes_every_copy_unreadable(keyed: Crew) -> None:
    take = keyed.record("Mai")
    backup = keyed.folder / "backup"
    backup.write_bytes(take.read_bytes())
    proof = keyed.folder / "it.json"
    words = ["consent", "erase", str(keyed.consent), str(take), "--proof", str(proof), "--yes"]
    assert main(words) == 0
    assert not take.exists()
    assert "take key" in proof.read_text()
    assert find_take_key(keyed.sha256) is None
    assert not list((keyed.folder / "DATA" / "take-keys").iterdir())
    with pytest.raises(RightsError, match="was erased"):
        open_take(backup, unlock_take)


def test_what_is_kept_for_its_time_keeps_its_key(keyed: Crew) -> None:
    take = keyed.record("Mai")
    words = ["consent", "erase", str(keyed.consent), str(take), "--ended", "--yes"]
    assert main([*words, "--proof", str(keyed.folder / "it.json")]) == 0
    assert open_take(take, unlock_take).about["performer"] == "Mai"


def test_one_of_two_performers_opens_a_shared_take(keyed: Crew) -> None:
    take = keyed.record("Mai", "Bo")
    head = take.read_bytes()[12:]
    length = int.from_bytes(take.read_bytes()[8:12], "little")
    found = read_take_head(head[:length], "it")
    assert (found.people, [one.consent for one in found.sealings]) == (2, [keyed.sha256])
    words = ["consent", "erase", str(keyed.consent), str(take), "--yes"]
    assert main([*words, "--proof", str(keyed.folder / "it.json")]) == 1
    assert take.exists()


def test_a_wrapped_key_of_another_take_does_not_open_it(keyed: Crew) -> None:
    one, other = keyed.record("Mai"), keyed.record("Mai", path="other.mcap")
    size = 12 + int.from_bytes(one.read_bytes()[8:12], "little")
    mixed = keyed.folder / "mixed.mcap"
    mixed.write_bytes(one.read_bytes()[:size] + other.read_bytes()[size:])
    with pytest.raises(MotionError):
        open_take(mixed, unlock_take)


def test_two_takes_have_two_keys(keyed: Crew) -> None:
    record = find_take_key(keyed.sha256)
    assert record is not None
    heads = [TakeEncryption({keyed.sha256: record}, 1, NOW) for _ in range(2)]
    assert heads[0]._key != heads[1]._key
    assert erase_take_key(keyed.sha256) == record
    assert erase_take_key(keyed.sha256) is None


def test_models_are_trained_on_agreed_takes_alone(crew: Crew) -> None:
    take = crew.record("Mai")
    with pytest.raises(RightsError, match="did not agree"):
        require_training([take], [str(crew.consent)], NOW)
    with pytest.raises(RightsError, match="there is no consent"):
        require_training([take], ["yes"], NOW)
    crew.consent.write_text(issue_consent(_terms(training=True), MAI))
    digest = hashlib.sha256(take.read_bytes()).hexdigest()
    found = require_training([take, Path("a.bvh")], [str(crew.consent)], NOW)
    assert found == TrainingTakes((digest,), ("Mai",))
    both = crew.record("Mai", "Bo", path="both.mcap")
    with pytest.raises(RightsError, match="is of Bo"):
        require_training([both], [str(crew.consent)], NOW)
    crew.withdraw()
    with pytest.raises(RightsError, match="withdrew"):
        require_training([take], [str(crew.consent)], NOW)


def test_a_take_is_shown_again_only_if_its_performer_agreed(crew: Crew) -> None:
    take = crew.record("Mai")
    require_reuse(take)  # No consent is at hand: the crew answers.
    with pytest.raises(RightsError, match="reuse_takes"):
        require_reuse(take, [crew.consent])
    crew.consent.write_text(issue_consent(_terms(reuse_takes=True), MAI))
    require_reuse(take, [crew.consent])
    require_reuse(Path("dance.vrma"), [crew.consent])
