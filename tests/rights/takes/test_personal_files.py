"""Test that calibrations and own priors are encrypted at rest for their performer's consent."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from avatars.names import ARKIT
from renderer.cli import main
from renderer.errors import MotionError, RightsError
from renderer.motion.face.calibration_store import load_profile, profile_path, save_profile
from renderer.motion.face.landmarks import MEASURES
from renderer.motion.face.profile import FaceProfile
from renderer.motion.priors.weights import load_weights
from renderer.rights.consent_file import load_consent
from renderer.rights.credentials.keys import PASSPHRASE_VARIABLE
from renderer.rights.takes import encryption
from renderer.rights.takes.keys import erase_take_key, make_take_key
from renderer.rights.takes.personal_files import is_encrypted, open_personal, seal_personal
from renderer.show.rights.takes import protect_take
from renderer.training.model_file import write_model
from tests.rights.takes.test_takes import NOW, Crew
from tests.rights.takes.test_takes import crew as crew
from tests.rights.takes.test_takes import keyed as keyed

PROFILE = FaceProfile(
    np.zeros(len(ARKIT)),
    np.linspace(0.2, 0.9, len(ARKIT)),
    np.zeros(len(MEASURES)),
    np.ones(len(MEASURES)),
    np.zeros(2),
    np.ones(2),
    0.1,
)


def _save() -> Path:
    return save_profile(PROFILE, "Mai", seal=partial(seal_personal, performer="Mai"))


def test_a_calibration_is_encrypted_as_soon_as_the_consent_has_a_key(
    crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert b"points_rest" in _save().read_bytes()
    make_take_key(crew.consent, "", NOW)
    # Encrypting needs no passphrase, and finds the consent by its key.
    monkeypatch.delenv(PASSPHRASE_VARIABLE)
    kept = _save().read_bytes()
    assert is_encrypted(kept)
    assert b"Mai" not in kept and b"points_rest" not in kept
    with pytest.raises(RightsError, match="has no passphrase"):
        load_profile("Mai", unseal=open_personal)
    monkeypatch.setenv(PASSPHRASE_VARIABLE, "correct horse")
    again = load_profile("Mai", unseal=open_personal)
    assert again is not None
    np.testing.assert_array_equal(again.full, PROFILE.full)
    with pytest.raises(MotionError, match="cannot be read"):
        load_profile("Mai")


def test_one_that_was_stored_readable_is_still_read(crew: Crew) -> None:
    _save()
    make_take_key(crew.consent, "", NOW)
    assert load_profile("Mai", unseal=open_personal) is not None


def test_it_ends_with_the_consent_and_its_retention(
    keyed: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    _save()

    class Later:
        @staticmethod
        def now(_zone: object) -> object:
            return NOW + timedelta(days=31)

    with monkeypatch.context() as patched:
        patched.setattr(encryption, "datetime", Later)
        with pytest.raises(RightsError, match="retention_days"):
            load_profile("Mai", unseal=open_personal)
    # The clock that was 31 days ahead is remembered.
    (keyed.folder / "DATA" / "rights-clock").unlink()
    keyed.withdraw()
    with pytest.raises(RightsError, match="withdrew the consent"):
        load_profile("Mai", unseal=open_personal)


def test_erasing_the_key_makes_every_copy_unreadable(keyed: Crew) -> None:
    kept = _save().read_bytes()
    erase_take_key(keyed.sha256)
    with pytest.raises(RightsError, match="was erased"):
        open_personal(kept)


def test_a_changed_one_is_refused(keyed: Crew) -> None:
    path = _save()
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    with pytest.raises(MotionError, match="calibrate the face again"):
        load_profile("Mai", unseal=open_personal)


def test_a_studio_can_require_it(crew: Crew) -> None:
    config = crew.folder / "CONFIG" / "rights.toml"
    config.parent.mkdir()
    config.write_text("encrypt_takes = true\n")
    with pytest.raises(RightsError, match=r"no key of their consent \(encrypt_takes\)"):
        _save()
    assert not profile_path("Mai").exists()


def test_an_own_prior_is_encrypted_and_read_again(keyed: Crew, tmp_path: Path) -> None:
    path = tmp_path / "mai.npz"
    arrays = {"weights": np.arange(6.0).reshape(2, 3)}
    write_model(
        path, arrays, model="prior", version=1, purpose="", command="", seed=0, data=[],
        figures={}, limits="", seal=partial(seal_personal, performer="Mai"),
    )  # fmt: skip
    assert is_encrypted(path.read_bytes())
    shapes = {"weights": (2, 3)}
    again = load_weights(path, "prior", 1, shapes, open_personal)
    np.testing.assert_array_equal(again["weights"], arrays["weights"])
    with pytest.raises(MotionError, match="cannot be read"):
        load_weights(path, "prior", 1, shapes)


def test_a_consent_without_a_key_is_warned_of(
    crew: Crew, capsys: pytest.CaptureFixture[str]
) -> None:
    (warning,) = protect_take(crew.plan("Mai"), ["Mai"]).warnings
    assert "not encrypted for Mai" in warning and "encore consent key" in warning
    assert main(["consent", "check", str(crew.consent)]) == 0
    assert "stay readable" in capsys.readouterr().out
    make_take_key(crew.consent, "", NOW)
    assert protect_take(crew.plan("Mai"), ["Mai"]).warnings == ()
    assert main(["consent", "check", str(crew.consent)]) == 0
    assert "are encrypted" in capsys.readouterr().out


def test_a_take_is_encrypted_by_a_key_whose_consent_nobody_named(keyed: Crew) -> None:
    from dataclasses import replace

    plan = replace(keyed.plan("Mai"), consents=())
    protected = protect_take(plan, ["Mai"])
    assert protected.encryption is not None
    assert protected.about["consent"] == load_consent(keyed.consent).sha256
