"""Test that a performer's recordings are erased, others' are kept, and the proof is signed."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from renderer.capture.records import Observation
from renderer.cli import main
from renderer.errors import RightsError
from renderer.motion.core.sources import Source
from renderer.motion.face.calibration_store import profile_path
from renderer.motion.priors.weights import card_path
from renderer.motion.takes.own_models import prior_path
from renderer.motion.takes.write import TakeWriter
from renderer.rights.consent import issue_consent, read_consent, withdraw_consent
from renderer.rights.erasure import erase, find_recorded, read_proof
from renderer.rights.provenance.certificate import make_chain
from tests.rights.documents import CONSENT, MAI, NOW


@pytest.fixture
def crew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ENCORE_DATA", str(tmp_path / "data"))
    takes = tmp_path / "takes" / "monday"
    takes.mkdir(parents=True)
    for name, performers in (("own", "mai"), ("shared", "Bo, Mai"), ("other", "Maia")):
        with TakeWriter(takes / f"{name}.mcap", {"performer": performers}) as take:
            take.put(Source.CAMERA, Observation(0, 0, (640, 480)))
    for path in (profile_path("Mai"), prior_path("Mai"), card_path(prior_path("Mai"))):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(path.name.encode())
    profile_path("Bo").write_bytes(b"Bo's")
    (tmp_path / "mai.consent").write_text(issue_consent(CONSENT, MAI))
    return tmp_path


def _left(crew: Path) -> set[str]:
    return {path.name for path in crew.rglob("*") if path.is_file()} - {"mai.consent", "it.json"}


def test_everything_of_the_performer_goes_and_the_proof_says_so(
    crew: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = _left(crew)
    words = ["consent", "erase", str(crew / "mai.consent"), str(crew / "takes")]
    words += ["--proof", str(crew / "it.json")]
    assert main(words) == 1
    assert _left(crew) == before
    digest = hashlib.sha256((crew / "takes" / "monday" / "own.mcap").read_bytes()).hexdigest()
    assert main([*words, "--yes"]) == 1  # The shared take is kept.
    kept = {"shared.mcap", "other.mcap", "Bo.json", "certificate.pem", "certificate.key"}
    assert _left(crew) == kept
    assert main(["verify", str(crew / "it.json")]) == 0
    told = capsys.readouterr().out
    assert digest in told and "motion prior" in told and MAI.did in told
    assert "Mai," not in (crew / "it.json").read_text()


def test_a_shared_take_is_erased_on_demand(crew: Path) -> None:
    words = ["consent", "erase", str(crew / "mai.consent"), str(crew / "takes"), "--shared"]
    assert main([*words, "--proof", str(crew / "it.json"), "--yes"]) == 0
    assert not (crew / "takes" / "monday" / "shared.mcap").exists()
    assert (crew / "takes" / "monday" / "other.mcap").exists()


def test_a_proof_cannot_be_changed(crew: Path) -> None:
    from renderer.rights.consent_file import load_consent

    consent = load_consent(crew / "mai.consent")
    data = erase(find_recorded(consent, [crew]), consent, make_chain(NOW), NOW)
    proof = read_proof(data, "it")
    assert len(proof.erased) == 5
    for old, new in ((b"take", b"tape"), (proof.consent[:8].encode(), b"00000000")):
        with pytest.raises(RightsError, match="was changed"):
            read_proof(data.replace(old, new), "it")


def test_a_take_that_nobody_can_read_is_told(crew: Path) -> None:
    from renderer.rights.consent_file import load_consent

    (crew / "takes" / "broken.mcap").write_bytes(b"no take")
    with pytest.raises(RightsError, match="not known whose"):
        find_recorded(load_consent(crew / "mai.consent"), [crew / "takes"])


def test_retention_and_withdrawal_end_what_may_be_kept(crew: Path) -> None:
    from renderer.rights.consent_file import load_consent

    consent = load_consent(crew / "mai.consent")
    (take,) = [one for one in find_recorded(consent, [crew]) if one.path.stem == "own"]
    days = timedelta(days=CONSENT.retention_days)
    assert not take.has_ended(consent, take.recorded + days - timedelta(seconds=1))
    assert take.has_ended(consent, take.recorded + days)
    assert datetime.now(UTC) - take.recorded < timedelta(hours=1)
    withdrawal = withdraw_consent(consent, MAI, NOW, erase=True)
    withdrawn = read_consent((crew / "mai.consent").read_text(), "it", (withdrawal,))
    assert take.has_ended(withdrawn, NOW)
